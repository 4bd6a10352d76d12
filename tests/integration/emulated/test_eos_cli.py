"""A client of emulated devices alone, from `lab up` to `lab down` with netmgr's own commands; no FRR is needed.

One device is hostile: what it says of itself is text for every output, and nothing else.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.cli.main import run
from netmgr.lab.emulated.control import Control
from netmgr.lab.frr.process import Process
from tests.waiting import wait_until

CLIENT = "duo"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% raw %} $(id) `id` \x1b[2J\x1b]0;owned\x07"
FILES = {
    "config/netmgr.yaml": "deploy: {timeout: 5}\n",
    f"inventory/{CLIENT}/client.yaml": f"id: {CLIENT}\n",
    f"inventory/{CLIENT}/defaults.yaml": "platform: eos\n",
    f"inventory/{CLIENT}/groups.yaml": "{}\n",
    f"inventory/{CLIENT}/hosts.yaml": "".join(
        f"core{n}: {{data: {{bgp: {{asn: {65000 + n}, router_id: 192.0.2.{n}, ebgp_requires_policy: false}}}}}}\n"
        for n in (1, 2)
    ),
    f"inventory/{CLIENT}/topology.yaml": 'links:\n  - endpoints: ["core1:Ethernet1", "core2:Ethernet1"]\n'
    "    subnet: 10.0.0.0/31\n    bgp: true\n",
    "templates/eos/main.j2": """\
hostname {{ device.name }}
{% for interface in device.interfaces %}
interface {{ interface.name }}
   no switchport
{% for address in interface.ipv4 %}
   ip address {{ address }}
{% endfor %}
{% endfor %}
ip routing
router bgp {{ device.bgp.asn }}
{% for neighbor in device.bgp.neighbors %}
   neighbor {{ neighbor.address }} remote-as {{ neighbor.peer_as }}
{% endfor %}
""",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("duo")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert netmgr(root, "lab", "up", "-c", CLIENT) == 0
    yield root
    assert netmgr(root, "lab", "down", "-c", CLIENT) == 0


def netmgr(workspace: Path, *words: str) -> int:
    return run(["-w", str(workspace), *words])


def console(workspace: Path, device: str, *lines: str) -> str:
    """What `lab exec` gives, which replaces the process that asks."""
    argv = [
        sys.executable,
        "-m",
        "netmgr.cli.main",
        "-w",
        str(workspace),
        "lab",
        "exec",
        "-c",
        CLIENT,
        device,
        "--",
    ]
    program = "import sys; from netmgr.cli.main import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, *argv[3:], *lines],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_from_an_empty_lab_to_a_rollback(workspace, capsys):
    def said(code: int, *words: str) -> str:
        capsys.readouterr()
        assert netmgr(workspace, *words) == code, capsys.readouterr()
        return capsys.readouterr().out

    status = json.loads(said(0, "lab", "status", "-c", CLIENT, "-o", "json"))
    assert {(d["device"], d["platform"], d["kind"], d["ready"]) for d in status["devices"]} == {
        ("core1", "eos", "emulated", True), ("core2", "eos", "emulated", True),
    }  # fmt: skip
    assert "emulated" in said(0, "lab", "status", "-c", CLIENT)

    first = ("--lab", "deploy", "-c", CLIENT, "--yes", "--takeover", "core1", "--takeover", "core2")
    assert "applied: 2 applied" in said(0, *first)
    assert "no changes" in said(0, "--lab", "plan", "-c", CLIENT, "--detailed-exitcode")
    assert "10.0.0.1" in console(workspace, "core1", "show ip bgp summary vrf all | json")

    console(workspace, "core1", "configure", "ntp server 192.0.2.66", "write memory")
    assert "ntp server 192.0.2.66" in said(2, "--lab", "audit", "-c", CLIENT, "--detailed-exitcode")
    change = json.loads(said(0, "--lab", "deploy", "-c", CLIENT, "--yes", "-o", "json"))
    assert [(d["device"], d["outcome"]) for d in change["devices"]] == [
        ("core1", "applied"),
        ("core2", "unchanged"),
    ]
    assert "ntp" not in console(workspace, "core1", "show running-config")

    said(0, "--lab", "rollback", change["change"], "-c", CLIENT, "--yes")
    assert "ntp server 192.0.2.66" in console(workspace, "core1", "show running-config")
    assert "certificate trusted" in said(0, "--lab", "doctor", "-c", CLIENT)


def test_a_hostile_device_harms_nothing(workspace, capsys):
    assert netmgr(workspace, "--lab", "deploy", "-c", CLIENT, "--yes") == 0
    control = Control(workspace / ".netmgr/emulated" / CLIENT)
    control.ask(
        "drift", "core2", text=f"interface Ethernet1\n   description {HOSTILE}\nhostname <b>{{{{7*7}}}}</b>"
    )
    control.close()
    for words in (
        ("--lab", "plan", "-c", CLIENT),
        ("--lab", "audit", "-c", CLIENT),
        ("--lab", "show", "-c", CLIENT, "show running-config"),
        ("--lab", "audit", "-c", CLIENT, "-o", "json"),
        ("--lab", "report", "--month", time.strftime("%Y-%m"), "-c", CLIENT, "--out", str(workspace / "out")),
    ):
        capsys.readouterr()
        assert netmgr(workspace, *words) in (0, 2)
        shown = capsys.readouterr()
        assert not {"\x1b", "\x07"} & set(shown.out + shown.err)
        assert "49" not in shown.out.replace("2026", "") or "{{ 7*7 }}" in shown.out
    for file in (workspace / "out").rglob("*.html"):
        assert "<script>alert" not in file.read_text()
    assert netmgr(workspace, "--lab", "deploy", "-c", CLIENT, "--yes") == 0
    assert "alert" not in console(workspace, "core2", "show running-config")


def test_a_lab_that_is_down_has_no_process_and_no_file(workspace, capsys):
    """Another client's lab comes and goes beside the one that is up."""
    for name, text in FILES.items():
        if name.startswith("inventory/"):
            path = workspace / name.replace(f"/{CLIENT}/", "/other/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.replace(f"id: {CLIENT}", "id: other"))
    assert netmgr(workspace, "lab", "up", "-c", "other") == 0
    record = workspace / ".netmgr/emulated/other/emulated.json"
    process = Process.read(record)
    assert process is not None
    assert process.alive()
    assert (record.parent.stat().st_mode & 0o777, record.stat().st_mode & 0o777) == (0o700, 0o600)
    assert netmgr(workspace, "lab", "up", "-c", "other") == 0
    assert Process.read(record) == process
    assert netmgr(workspace, "lab", "down", "-c", "other") == 0
    assert not process.alive()
    assert not record.parent.exists()
    assert netmgr(workspace, "lab", "status", "-c", "other") == 1
    assert netmgr(workspace, "lab", "status", "-c", CLIENT) == 0


def test_a_lab_whose_directory_is_gone_ends_by_itself(workspace):
    assert netmgr(workspace, "lab", "up", "-c", "other") == 0
    record = workspace / ".netmgr/emulated/other/emulated.json"
    process = Process.read(record)
    assert process is not None
    record.unlink()
    wait_until(lambda: not process.alive(), seconds=10)
    assert netmgr(workspace, "lab", "down", "-c", "other") == 0
