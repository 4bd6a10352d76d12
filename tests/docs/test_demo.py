"""`make demo`: the main job on real routers, each step with the exit code that it must have."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.lab
@pytest.mark.pages
def test_the_demo_runs_to_its_end_and_leaves_nothing_but_its_report(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{environment['PATH']}", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", ROOT / "docs/demo.sh"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "== Done" in done.stdout
    (report,) = tmp_path.iterdir()
    assert re.fullmatch(r"netmgr-demo-report\.\w{6}\.html", report.name)
    assert report.read_text().startswith("<!DOCTYPE html>")
