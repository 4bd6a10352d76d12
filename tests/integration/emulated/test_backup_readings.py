"""Readings for a backup over the wire, from devices of three makers: whole or an error, whatever breaks."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.backup.judgement import doubts
from netmgr.errors import DeviceError
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent

CLIENT = "readings"
PORTS = {"eos": "Ethernet1", "ios": "GigabitEthernet1", "junos": "ge-0/0/0"}
NETWORK = LabNetwork(
    client=CLIENT,
    nodes=tuple(
        LabNode(device=platform, platform=platform, interfaces=(LabInterface(name=port),))
        for platform, port in PORTS.items()
    ),
)
RUNNING = {
    "eos": "show running-config",
    "ios": "show running-config",
    "junos": r"get-configuration format=text.*",
}
BROKEN = ["truncate", "cut", "lost", "hang"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedLab]:
    lab = EmulatedLab(tmp_path_factory.mktemp("readings") / "lab")
    lab.up(NETWORK, Silent())
    yield lab
    lab.down(CLIENT)


def captured(lab, timeout=10):
    devices = [SimpleNamespace(name=platform, platform=platform) for platform in PORTS]
    fleet = NornirFleet(FORMS, workers=3, timeout=timeout, step=Silent().step)
    with fleet.session(lab_endpoints(lab, CLIENT, devices)) as session:
        return session.capture(PORTS)


def test_what_devices_show_is_whole_and_names_them(lab):
    for platform, capture in captured(lab).items():
        assert not isinstance(capture, DeviceError), capture
        assert doubts(capture, FORMS[platform], before=None) == ()
        assert capture.facts["hostname"]
        assert "uptime" not in capture.facts
        assert (capture.startup is None) == (platform == "junos")


@pytest.mark.parametrize("what", BROKEN)
def test_a_reading_that_breaks_is_never_good(lab, what):
    with lab.control(CLIENT) as control:
        for platform in PORTS:
            fault = Fault(RUNNING[platform], what, times=-1)
            control.ask("fault", platform, fault=fault.to_json())
        try:
            answers = captured(lab, timeout=1)
        finally:
            for platform in PORTS:
                control.ask("no faults", platform)
    good = [
        platform
        for platform, capture in answers.items()
        if not isinstance(capture, DeviceError) and not doubts(capture, FORMS[platform], before=None)
    ]
    assert good == []
