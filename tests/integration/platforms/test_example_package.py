"""The example's own tests, run as its author would: with the package installed, without netmgr's repository."""

import os
import subprocess
import sys

from tests.integration.platforms.conftest import EXAMPLE


def test_the_example_s_tests_pass(site):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(EXAMPLE), "tests"],
        cwd=EXAMPLE,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " failed" not in done.stdout
    assert " skipped" not in done.stdout
