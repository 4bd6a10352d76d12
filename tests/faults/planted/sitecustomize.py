"""Python runs this at its start where this directory is on PYTHONPATH: it breaks what the environment names."""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))

from tests.faults.bad_builds import BUILDS

if name := os.environ.get("FAULTS_BAD_BUILD"):
    BUILDS[name]()
    os.environ["FAULTS_PLANTED"] = name
