"""Real and emulated devices in one lab: each is what it is, and both go with it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.errors import DeviceError, LabError
from netmgr.lab.frr.process import Process
from netmgr.lab.kit import LabKit
from netmgr.lab.mixed import MixedLab
from netmgr.model.inventory import Device
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

ISP = """\
interface eth1
 ip address 198.51.100.0/31
router bgp 64500
 no bgp ebgp-requires-policy
 neighbor 198.51.100.1 remote-as 65001
"""
CORE = """\
interface {there}
   no switchport
   ip address 10.0.0.{own}/31
router bgp {asn}
   neighbor 10.0.0.{other} remote-as {peer}
"""
UPLINK = """\
interface Ethernet2
   no switchport
   ip address 198.51.100.1/31
router bgp 65001
   neighbor 198.51.100.0 remote-as 64500
"""


def eos(name: str, startup: str) -> LabNode:
    ports = tuple(LabInterface(name=f"Ethernet{n}") for n in (1, 2))
    return LabNode(device=name, platform="eos", interfaces=ports, startup=startup)


NETWORK = LabNetwork(
    client="mixed",
    nodes=(
        eos("core1", CORE.format(there="Ethernet1", own=0, other=1, asn=65001, peer=65002) + UPLINK),
        LabNode(device="isp", platform="frr", interfaces=(LabInterface(name="eth1"),), startup=ISP),
        eos("core2", CORE.format(there="Ethernet1", own=1, other=0, asn=65002, peer=65001)),
    ),
    links=(
        LabLink(a=("core1", "Ethernet1"), b=("core2", "Ethernet1")),
        LabLink(a=("core1", "Ethernet2"), b=("isp", "eth1")),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MixedLab, Path]]:
    base = tmp_path_factory.mktemp("mixed")
    lab = MixedLab(base / "lab", base / "emulated", LabKit())
    status = lab.up(NETWORK, Silent())
    assert [(d.device, d.kind, d.ready) for d in status.devices] == [
        ("core1", "emulated", True), ("isp", "real", True), ("core2", "emulated", True),
    ]  # fmt: skip
    yield lab, base
    lab.down("mixed")


def console(lab: MixedLab, device: str, *argv: str) -> str:
    done = subprocess.run(
        lab.console("mixed", device, argv), capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout


def test_each_console_is_the_devices_own(lab):
    assert console(lab[0], "isp", "vtysh", "-c", "show version").startswith("FRRouting")
    assert "Arista" in console(lab[0], "core2", "show version")


def test_a_lab_that_is_up_is_left_as_it_is_and_another_network_is_refused(lab):
    assert lab[0].up(NETWORK, Silent()) == lab[0].status("mixed")
    for nodes in (NETWORK.nodes[:1], NETWORK.nodes[1:2]):
        with pytest.raises(LabError, match="up with another network"):
            lab[0].up(LabNetwork(client="mixed", nodes=nodes), Silent())
    assert all(device.ready for device in lab[0].status("mixed").devices)


def test_all_of_them_are_spoken_to_in_one_session(lab):
    devices = [
        Device(name=node.device, platform=node.platform, hostname=node.device) for node in NETWORK.nodes
    ]
    names = [device.name for device in devices]
    fleet = NornirFleet(FORMS, workers=3, timeout=10, step=Silent().step)
    with fleet.session(lab_endpoints(lab[0], "mixed", devices)) as session:
        assert session.connect(names) == dict.fromkeys(names)
        readings = session.read(names)
        states = session.adjacencies(names)
    assert not [
        answer for answer in (*readings.values(), *states.values()) if isinstance(answer, DeviceError)
    ]
    assert "router bgp 64500" in readings["isp"].running
    assert "router bgp 65002" in readings["core2"].running
    # Between the two kinds nothing travels: the emulated end believes the real one, the real end hears nobody.
    assert {s.peer: s.up for s in states["core1"]} == {"10.0.0.1": True, "198.51.100.0": True}
    assert {s.peer: s.up for s in states["isp"]} == {"198.51.100.1": False}


def test_both_kinds_go_with_the_lab(lab):
    mixed, base = lab
    records = (base / "lab/mixed/supervisor.json", base / "emulated/mixed/emulated.json")
    processes = [Process.read(record) for record in records]
    assert all(process is not None and process.alive() for process in processes)
    assert mixed.down("mixed")
    wait_until(lambda: not any(process.alive() for process in processes), seconds=10)
    assert mixed.status("mixed") is None
    assert not mixed.down("mixed")
