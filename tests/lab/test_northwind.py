"""The example client of several makers: EOS, IOS and Junos emulated, its providers real FRR; one change for all."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.cli.main import run
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault
from netmgr.platforms import FORMS
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parents[2]
CLIENT = "northwind"
DEVICES = {"core1": "eos", "core2": "eos", "edge1": "junos", "portland1": "ios", "spokane1": "ios"}
TAKEOVERS = [word for name in DEVICES for word in ("--takeover", name)]
SELECTED = ("-c", CLIENT, "-l", ",".join(DEVICES))
CHANGE = ("--lab", "deploy", *SELECTED, "--yes", *TAKEOVERS)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("northwind")
    for name in ("config", "templates"):
        shutil.copytree(ROOT / name, root / name)
    # Emulated devices tell the versions that they were calibrated against, and the support of old ones has ended.
    (root / "config/policies/versions.yaml").unlink()
    shutil.copytree(ROOT / "inventory" / CLIENT, root / "inventory" / CLIENT)
    secrets = root / "secrets" / CLIENT
    secrets.mkdir(parents=True, mode=0o700)
    for name in ("login", "netops", "ntp", "snmp", "tacacs"):
        (secrets / name).touch(0o600)
        (secrets / name).write_text(f"Secret-{name}-1")
    assert run(["-w", str(root), "lab", "up", "-c", CLIENT]) == 0
    yield root
    assert run(["-w", str(root), "lab", "down", "-c", CLIENT]) == 0


@pytest.fixture
def control(workspace: Path) -> Iterator[Control]:
    control = Control(workspace / ".netmgr/emulated" / CLIENT)
    yield control
    control.close()


def running(control: Control) -> dict[str, str]:
    """Each device's configuration, in canonical form: that of Junos shows statements as they came."""
    return {name: FORMS[os].canonical(control.ask("running", name)) for name, os in DEVICES.items()}


#: One device of each maker, and the command with which it arms its timer.
ARMED = {
    "core2": r"configure session netmgr-\S+ commit timer \S+",
    "portland1": "configure replace .*",
    "edge1": "commit-configuration .*confirmed.*",
}
#: What somebody types into each of them, past netmgr.
TYPED = {
    "core2": "ntp server 192.0.2.66",
    "portland1": "ntp server 192.0.2.66",
    "edge1": "set system ntp server 192.0.2.66",
}


#: What an audit says of a device that is as it should be.
WELL = "compliant"


def audited(workspace: Path, code: int, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Device → what the audit says of it; of one that is as it should be it says nothing else."""
    capsys.readouterr()
    said = run(["-w", str(workspace), "--lab", "audit", *SELECTED, "--detailed-exitcode", "-o", "json"])
    document = json.loads(capsys.readouterr().out)
    assert said == code, document
    assert [
        device["findings"]
        for device in document["devices"]
        if device["status"] == WELL and device["findings"]
    ] == []
    return {device["device"]: device["status"] for device in document["devices"]}


@pytest.mark.parametrize("device", ARMED)
def test_whoever_fails_all_of_them_stay_as_they_were(workspace, control, device):
    before = running(control)
    control.ask("fault", device, fault=Fault(ARMED[device], "reject").to_json())
    assert run(["-w", str(workspace), *CHANGE]) in (1, 4)
    assert running(control) == before


def test_all_of_them_change_together_and_read_as_intended(workspace, control, capsys):
    assert run(["-w", str(workspace), *CHANGE]) == 0
    assert run(["-w", str(workspace), "--lab", "plan", *SELECTED, "--detailed-exitcode"]) == 0
    # The edge's sessions with both cores and both providers, in both families; the cores' with each other as well.
    shown = control.ask("execute", "core1", line="show ip bgp summary vrf all | json")
    assert shown.count('"Established"') == 2
    shown = control.ask("execute", "edge1", line="show bgp summary")
    assert shown.count("Establ") == 8
    assert "Secret-" not in capsys.readouterr().out
    assert audited(workspace, 0, capsys) == dict.fromkeys(DEVICES, WELL)


def test_what_somebody_types_into_a_device_is_found_and_undone(workspace, control, capsys):
    before = running(control)
    for device, text in TYPED.items():
        control.ask("drift", device, text=text)
    found = {name: "drifted" if name in TYPED else WELL for name in DEVICES}
    assert audited(workspace, 2, capsys) == found
    assert run(["-w", str(workspace), "--lab", "deploy", *SELECTED, "--yes"]) == 0
    assert audited(workspace, 0, capsys) == dict.fromkeys(DEVICES, WELL)
    assert running(control) == before


#: What somebody types into one device of each maker that the inventory does not speak of, and the rule that it breaks.
AGAINST_RULES = {
    "core2": ("snmp-server community canary rw", "eos-snmp-read-only"),
    "portland1": ("snmp-server community canary RW", "ios-snmp-read-only"),
    "edge1": ("set system services telnet", "junos-no-cleartext-services"),
}


def parts(workspace: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str | None]]:
    """(device, part, rule) of what all parts of an audit find besides drift."""
    capsys.readouterr()
    run(["-w", str(workspace), "--lab", "audit", *SELECTED, "--part", "all", "-o", "json"])
    text = capsys.readouterr().out
    assert "canary" not in text
    return [
        (device["device"], finding["part"], finding["rule"])
        for device in json.loads(text)["devices"]
        for finding in device["findings"]
        if finding["status"] == "failed" and finding["part"] != "configuration"
    ]


def test_all_parts_of_an_audit_on_every_maker_s_devices(workspace, control, capsys):
    # Nobody of the three is lost on the way: each loopback answers once routes have settled.
    wait_until(lambda: parts(workspace, capsys) == [], seconds=30, every=1)
    for device, (text, _) in AGAINST_RULES.items():
        control.ask("drift", device, text=text)
    assert parts(workspace, capsys) == [
        (device, "compliance", AGAINST_RULES[device][1]) for device in DEVICES if device in AGAINST_RULES
    ]
    # The cable between a core and the edge: both ends say so, and the session that ran over it.
    control.ask("drift", "core1", text="interface Ethernet3\n   shutdown\n")
    found = [(device, rule) for device, part, rule in parts(workspace, capsys) if part == "state"]
    assert ("core1", "Ethernet3") in found
    assert ("edge1", "ge-0/0/0") in found
    assert {rule for device, rule in found if device == "core1"} >= {"ospf Ethernet3", "ospf3 Ethernet3"}
    assert run(["-w", str(workspace), "--lab", "deploy", *SELECTED, "--yes"]) == 0
    wait_until(lambda: parts(workspace, capsys) == [], seconds=30, every=1)


def test_drift_of_every_maker_is_waived_then_accepted(workspace, control, capsys):
    files = {path: path.read_text() for path in (workspace / "inventory" / CLIENT).iterdir()}
    before = running(control)
    for device, text in TYPED.items():
        control.ask("drift", device, text=text)
    typed = running(control)
    assert audited(workspace, 2, capsys) == {n: "drifted" if n in TYPED else WELL for n in DEVICES}
    drift = ("-w", str(workspace), "--lab", "drift")
    waive = (*drift, "waive", *TYPED, "-c", CLIENT, "--until", "2099-12-31", "-m", "a trial of time servers")
    assert run(list(waive)) == 0
    assert audited(workspace, 0, capsys) == {n: "drifted" if n in TYPED else WELL for n in DEVICES}
    assert run([*drift, "accept", *TYPED, "-c", CLIENT, "--yes", "--secrets", "file"]) == 0
    shown = capsys.readouterr().out
    assert "Secret-" not in shown
    assert run(["-w", str(workspace), "--lab", "plan", *SELECTED, "--detailed-exitcode"]) == 0
    # Nobody saved what was typed: that is told, and no drift.
    assert run(["-w", str(workspace), "--lab", "audit", *SELECTED, "--detailed-exitcode"]) == 0
    assert running(control) == typed != before
    comments = [
        line for text in files.values() for line in text.splitlines() if line.lstrip().startswith("#")
    ]
    kept = "".join(path.read_text() for path in files)
    assert [comment for comment in comments if comment not in kept] == []
