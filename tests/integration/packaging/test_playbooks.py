"""The playbooks that every workspace begins with are playbooks."""

import subprocess
import sys
from pathlib import Path

import pytest

PLAYBOOKS = sorted((Path(__file__).parents[3] / "playbooks").glob("*.yaml"))


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.name)
def test_ansible_accepts_it(playbook, tmp_path):
    command = [
        str(Path(sys.executable).with_name("ansible-playbook")),
        "--syntax-check",
        "-i",
        "localhost,",
        str(playbook),
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"HOME": str(tmp_path), "LANG": "C.UTF-8"},
    )
    assert (done.returncode, done.stdout.strip()) == (0, f"playbook: {playbook}")
