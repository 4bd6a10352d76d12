"""The tests are worth something: a netmgr that is broken on purpose fails the quick ones, whatever was broken."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.bad_builds import BUILDS

pytestmark = [pytest.mark.faults, pytest.mark.tally("bad builds")]
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: What every test run tries of crashes and of what a change, a log, a lease and a redactor must do; the quickest first.
QUICK = (
    "tests/unit/model/test_difference.py",
    "tests/faults/test_durable.py",
    "tests/contract/locks/test_locks_contract.py",
    "tests/contract/store/test_service_log.py",
    "tests/integration/change/test_every_fault.py",
    "tests/integration/change/test_killed.py",
    "tests/faults/test_crash_points.py",
)
SECONDS = 900


@pytest.mark.parametrize("name", BUILDS)
def test_a_bad_build_fails(name):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *QUICK],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(HERE / "planted"), "FAULTS_BAD_BUILD": name},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "Error in sitecustomize" not in done.stderr, done.stderr
    assert done.returncode == 1, f"nothing failed, though {name}: {done.stdout[-800:]}"
    failed = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    assert len(failed) == 1, done.stdout[-2000:]
    print(f"{name}: {failed[0]}")
