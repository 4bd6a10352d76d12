"""A client of two emulated Junos devices, from `lab up` to `lab down` with netmgr's own commands and templates.

One device is hostile: what it says of itself is text for every output, and nothing else.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.cli.main import run
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.journal import read_journal

ROOT = Path(__file__).parents[4]
CLIENT = "pair"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% raw %} $(id) `id` \x1b[2J\x1b]0;owned\x07"
SECRETS = {"NETMGR_SECRET_PAIR__ROOT": "$6$salt$hash", "NETMGR_SECRET_PAIR__BGP": "a secret of both ends"}
FILES = {
    "config/netmgr.yaml": "deploy: {timeout: 5}\n"
    "lab: {overlay: {ospf: {hello_interval: 1, dead_interval: 10}}}\n",
    f"inventory/{CLIENT}/client.yaml": f"id: {CLIENT}\n",
    f"inventory/{CLIENT}/defaults.yaml": "platform: junos\n"
    "data: {system: {ntp: [192.0.2.123], users: {root: {password: 'secret://env/root'}}}, ospf: {}}\n",
    f"inventory/{CLIENT}/groups.yaml": "{}\n",
    f"inventory/{CLIENT}/hosts.yaml": "".join(
        f"edge{n}: {{data: {{loopback: 192.0.2.{n}, bgp: {{asn: {65000 + n}, router_id: 192.0.2.{n},"
        " ebgp_requires_policy: false}}}\n"
        for n in (1, 2)
    ),
    f"inventory/{CLIENT}/topology.yaml": 'links:\n  - endpoints: ["edge1:ge-0/0/0", "edge2:ge-0/0/0"]\n'
    "    subnet: 10.0.0.0/31\n    ospf: {area: 0}\n    bgp: true\n",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("pair")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates/junos", root / "templates/junos")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        assert netmgr(root, "lab", "up", "-c", CLIENT) == 0
        yield root
        assert netmgr(root, "lab", "down", "-c", CLIENT) == 0


def netmgr(workspace: Path, *words: str) -> int:
    return run(["-w", str(workspace), *words])


@pytest.fixture
def said(workspace, capsys):
    def say(code: int, *words: str) -> str:
        capsys.readouterr()
        assert netmgr(workspace, *words) == code, capsys.readouterr()
        return capsys.readouterr().out

    return say


def ask(workspace: Path, what: str, device: str, **more):
    control = Control(workspace / ".netmgr/emulated" / CLIENT)
    try:
        return control.ask(what, device, **more)
    finally:
        control.close()


def test_from_an_empty_lab_to_a_rollback(workspace, said):
    status = json.loads(said(0, "lab", "status", "-c", CLIENT, "-o", "json"))
    assert {(d["device"], d["platform"], d["kind"], d["ready"]) for d in status["devices"]} == {
        ("edge1", "junos", "emulated", True), ("edge2", "junos", "emulated", True),
    }  # fmt: skip
    deployed = said(0, "--lab", "deploy", "-c", CLIENT, "--yes", "--takeover", "edge1", "--takeover", "edge2")
    assert "applied: 2 applied" in deployed
    assert "no changes" in said(0, "--lab", "plan", "-c", CLIENT, "--detailed-exitcode")
    assert "10.0.0.1" in ask(workspace, "execute", "edge1", line="show bgp summary")

    ask(
        workspace,
        "drift",
        "edge1",
        text="set system ntp server 192.0.2.66\ndelete system ntp server 192.0.2.123",
    )
    drift = said(2, "--lab", "audit", "-c", CLIENT, "--detailed-exitcode")
    assert "-set system ntp server 192.0.2.66\n+set system ntp server 192.0.2.123\n" in drift
    before = ask(workspace, "running", "edge1")
    change = json.loads(said(0, "--lab", "deploy", "-c", CLIENT, "--yes", "-o", "json"))
    assert [(d["device"], d["outcome"]) for d in change["devices"]] == [
        ("edge1", "applied"),
        ("edge2", "unchanged"),
    ]
    assert "192.0.2.66" not in ask(workspace, "running", "edge1")
    said(0, "--lab", "rollback", change["change"], "-c", CLIENT, "--yes")
    assert ask(workspace, "running", "edge1") == before


def test_a_change_that_is_held_is_confirmed_by_another_process(workspace, said):
    ask(workspace, "drift", "edge2", text="set system ntp server 192.0.2.66")
    held = json.loads(said(0, "--lab", "deploy", "-c", CLIENT, "--yes", "--hold", "-o", "json"))
    assert held["outcome"] == "pending"
    assert "rollback pending" in ask(workspace, "execute", "edge2", line="show system commit")
    program = "import sys; from netmgr.cli.main import run; sys.exit(run(sys.argv[1:]))"
    words = ["-w", str(workspace), "--lab", "confirm", held["change"], "-c", CLIENT, "-o", "json"]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT
    )  # fmt: skip
    assert json.loads(done.stdout)["outcome"] == "applied"
    assert "rollback pending" not in ask(workspace, "execute", "edge2", line="show system commit")
    assert "192.0.2.66" not in ask(workspace, "running", "edge2")


def test_a_commit_that_one_device_refuses_brings_both_back(workspace, said):
    hosts = workspace / f"inventory/{CLIENT}/hosts.yaml"
    good = hosts.read_text()
    before = {name: ask(workspace, "running", name) for name in ("edge1", "edge2")}
    begun = len(read_journal(workspace / f".netmgr/emulated/{CLIENT}/edge2.journal"))
    ask(workspace, "fault", "edge2", fault={
        "at": "commit-configuration .*confirmed.*", "what": "reject", "text": "no", "amount": 0, "times": 1,
    })  # fmt: skip
    hosts.write_text(good.replace("192.0.2.1,", "192.0.2.11,"))
    hosts.write_text(hosts.read_text().replace("router_id: 192.0.2.2", "router_id: 192.0.2.22"))
    try:
        result = json.loads(said(4, "--lab", "deploy", "-c", CLIENT, "--yes", "-o", "json"))
    finally:
        hosts.write_text(good)
    assert result["outcome"] == "rolled_back"
    assert {name: ask(workspace, "running", name) for name in before} == before
    events = [e["event"] for e in read_journal(workspace / f".netmgr/emulated/{CLIENT}/edge2.journal")][
        begun:
    ]
    assert "fault" in events
    assert "committed" not in events


def test_a_hostile_device_harms_nothing(workspace, said, capsys):
    assert netmgr(workspace, "--lab", "deploy", "-c", CLIENT, "--yes") == 0
    ask(workspace, "drift", "edge2", text=f'set interfaces ge-0/0/0 description "{HOSTILE}"')
    for words in (
        ("--lab", "plan", "-c", CLIENT),
        ("--lab", "audit", "-c", CLIENT),
        ("--lab", "show", "-c", CLIENT, "show configuration"),
        ("--lab", "audit", "-c", CLIENT, "-o", "json"),
    ):
        capsys.readouterr()
        assert netmgr(workspace, *words) in (0, 1, 2, 3), words
        shown = capsys.readouterr()
        assert not {"\x1b", "\x07"} & set(shown.out + shown.err)
        assert " 49 " not in shown.out
    ask(
        workspace,
        "reset",
        "edge2",
        text=ask(workspace, "running", "edge2").replace("\x1b", "").replace("\x07", ""),
    )
    assert netmgr(workspace, "--lab", "deploy", "-c", CLIENT, "--yes") == 0
    assert "alert" not in ask(workspace, "running", "edge2")
