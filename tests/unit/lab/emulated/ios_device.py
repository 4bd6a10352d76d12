"""An emulated IOS device without a network, for tests."""

from pathlib import Path

from netmgr.lab.emulated.engine import Place
from netmgr.lab.emulated.ios.engine import IosEngine
from netmgr.lab.emulated.journal import Journal, read_journal
from netmgr.lab.emulated.state import LabState

BASE = """\
hostname r1
archive
 path flash:bk
file prompt quiet
ip scp server enable
ntp server 192.0.2.1
interface GigabitEthernet1
 description uplink
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet2
 no ip address
 shutdown
router bgp 65001
 neighbor 10.0.0.2 remote-as 65002
 address-family ipv4
  neighbor 10.0.0.2 activate
"""


def boot(
    directory: Path, startup: str = BASE, interfaces: tuple[str, ...] = (), scale: float = 1.0
) -> IosEngine:
    files = directory / "files"
    files.mkdir()
    state = LabState()
    place = Place("r1", interfaces, Journal(directory / "journal"), state, scale, files)
    engine = IosEngine(place, startup)
    state.views["r1"] = engine.view
    return engine


def events(directory: Path) -> list[str]:
    return [entry["event"] for entry in read_journal(directory / "journal")]
