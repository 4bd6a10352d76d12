"""What netmgr gives Ansible for one run: the inventory, the secrets in it, what is allowed."""

import json
import os
from functools import cache
from typing import Any

from netmgr.adapters.ansible_plugins.launch import HANDOVER
from netmgr.model.redaction import Redactor


@cache
def document() -> dict[str, Any]:
    """``inventory`` (as of a script's ``--list``), ``secrets`` (name → value), ``local``, ``roots``, ``scratch``."""
    descriptor = int(os.environ[HANDOVER])
    read: dict[str, Any] = json.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
    return read


@cache
def redactor() -> Redactor:
    """Hides the secrets of this run."""
    return Redactor(document()["secrets"])
