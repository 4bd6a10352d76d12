"""A client of three makers whose devices are managed in part: plan, deploy, audit and rollback by the commands."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from netmgr.cli.main import run
from netmgr.lab.emulated.control import Control
from tests.integration.emulated.test_owned_sections import PORTS, RUNNING

ROOT = Path(__file__).parents[3]
CLIENT = "trio"
HOSTS = "".join(
    f"{name}:\n  platform: {name}\n  data:\n    owned_sections: [ntp, snmp]\n"
    f"    interfaces: {{{port}: {{}}}}\n"
    "    system: {hostname: ours, ntp: [192.0.2.2, 192.0.2.3]}\n"
    for name, port in PORTS.items()
)
#: (what goes, what comes) of each device's own text.
CHANGED = {
    **{
        name: ({"ntp server 192.0.2.1", "snmp-server location cellar"}, {"ntp server 192.0.2.3"})
        for name in ("eos", "ios")
    },
    "junos": (
        {"set system ntp server 192.0.2.1", "set snmp location cellar"},
        {"set system ntp server 192.0.2.3"},
    ),
}
#: What somebody types of their own, and of what is ours.
THEIRS = {
    "eos": "ip name-server 192.0.2.53",
    "ios": "ip name-server 192.0.2.53",
    "junos": "set system name-server 192.0.2.53",
}
OURS = {
    "eos": "ntp server 192.0.2.66",
    "ios": "ntp server 192.0.2.66",
    "junos": "set system ntp server 192.0.2.66",
}


@dataclass(frozen=True)
class Trio:
    """The workspace, and the way behind the devices."""

    root: Path
    control: Control

    def netmgr(self, *words: str) -> int:
        return run(["-w", str(self.root), "--lab", "-c", CLIENT, *words])

    def lines(self) -> dict[str, Counter[str]]:
        """Each device's own text, without separators and the time of its last change."""
        shown = {name: self.control.ask("running", name).splitlines() for name in PORTS}
        return {
            name: Counter(line for line in rows if line != "!" and "Last configuration" not in line)
            for name, rows in shown.items()
        }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("trio")
    for name in ("config", "templates"):
        shutil.copytree(ROOT / name, root / name)
    (root / "inventory" / CLIENT).mkdir(parents=True)
    (root / "inventory" / CLIENT / "client.yaml").write_text(f"id: {CLIENT}\n")
    (root / "inventory" / CLIENT / "hosts.yaml").write_text(HOSTS)
    assert run(["-w", str(root), "lab", "up", "-c", CLIENT]) == 0
    yield root
    assert run(["-w", str(root), "lab", "down", "-c", CLIENT]) == 0


@pytest.fixture
def trio(workspace: Path) -> Iterator[Trio]:
    control = Control(workspace / ".netmgr/emulated" / CLIENT)
    for name in PORTS:
        control.ask("reset", name, text=RUNNING[name])
    yield Trio(workspace, control)
    control.close()


def test_owned_lines_are_deployed_audited_and_rolled_back_and_no_other_line_moves(trio, capsys):
    before = trio.lines()
    capsys.readouterr()
    assert trio.netmgr("plan", "-o", "json") == 0
    planned = json.loads(capsys.readouterr().out)["devices"]
    assert {(d["action"], d["strategy"]) for d in planned} == {("merge", "commit_confirm")}
    assert trio.netmgr("deploy", "--yes", "-o", "json") == 0
    change = json.loads(capsys.readouterr().out)["change"]
    after = trio.lines()
    assert {n: (set(before[n] - after[n]), set(after[n] - before[n])) for n in PORTS} == CHANGED
    assert trio.netmgr("plan", "--detailed-exitcode") == 0

    for name, text in THEIRS.items():
        trio.control.ask("drift", name, text=text)
    theirs = trio.lines()
    assert trio.netmgr("audit", "--detailed-exitcode") == 0
    for name, text in OURS.items():
        trio.control.ask("drift", name, text=text)
    assert trio.netmgr("audit", "--detailed-exitcode") == 2
    assert trio.netmgr("deploy", "--yes") == 0
    assert trio.lines() == theirs

    capsys.readouterr()
    assert trio.netmgr("rollback", change, "--yes") == 5
    assert "changed since" in capsys.readouterr().err


def test_a_rollback_is_exact(trio, capsys):
    before = trio.lines()
    capsys.readouterr()
    assert trio.netmgr("deploy", "--yes", "-o", "json") == 0
    change = json.loads(capsys.readouterr().out)["change"]
    assert trio.lines() != before
    assert trio.netmgr("rollback", change, "--yes") == 0
    assert trio.lines() == before
