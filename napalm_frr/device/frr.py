"""FRR on this router: its configuration, its daemons, its startup file. Everything goes through ``vtysh``."""

from __future__ import annotations

import os
import re
import signal

from . import canonical
