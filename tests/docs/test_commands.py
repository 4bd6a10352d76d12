"""Every command block of the README and of docs/ runs, in its order, with the exit codes that the page gives."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from netmgr.adapters.workspace_files import make_workspace
from netmgr.lab.kit import LabKit
from netmgr.lab.mixed import MixedLab

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "```console\n" in page.read_text() or page.parent.name in ("tutorial", "how-to")
)
#: What a new user reads first is tried in the default run; `make pages`, which CI makes too, tries all of them.
FIRST = frozenset({"README", "first-change"})
#: `make test` runs these tests, `make demo` runs in test_demo.py.
MAKE = "make "


def commands(page):
    """(command, exit code) of each ``$ `` line in the page's console blocks; here-documents belong to their command."""
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, found = part, re.search(r"\s+# exit (\d+)\n", part)
            if "<<'END'" not in part:
                command = part.splitlines()[0]
            if not command.startswith(MAKE):
                yield command, int(found[1]) if found else 0


def _marked(page):
    return pytest.param(page, id=page.stem, marks=[] if page.stem in FIRST else [pytest.mark.pages])


@pytest.mark.lab
@pytest.mark.parametrize("page", [_marked(page) for page in PAGES])
def test_the_page_s_commands_run(page, tmp_path):
    """The tutorial begins with nothing, every other page in a workspace with the example clients."""
    expected = list(commands(page))
    assert expected, "a page without commands teaches nothing that can be tried"
    script = "".join(
        f"{{ {command.rstrip()}\n}}; code=$?; [ $code = {code} ] || {{ echo 'exit '$code; exit {100 + number}; }}\n"
        for number, (command, code) in enumerate(expected)
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    if page.parent.name != "tutorial":
        make_workspace(tmp_path / "work", examples=True)
        tmp_path /= "work"
    try:
        done = subprocess.run(
            ["bash", "-c", f"set -u\n{script}"],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    finally:
        for state in tmp_path.rglob(".netmgr"):
            for client in filter(Path.is_dir, (*state.glob("lab/*"), *state.glob("emulated/*"))):
                MixedLab(state / "lab", state / "emulated", LabKit()).down(client.name)
    failed = expected[done.returncode - 100] if done.returncode >= 100 else None
    assert (done.returncode, failed) == (0, None), done.stdout[-3000:] + done.stderr[-3000:]
