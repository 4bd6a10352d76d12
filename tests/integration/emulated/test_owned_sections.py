"""Devices of three makers that are managed in part, over the wire: what is not owned is not told, before, after, or on
the way back. The devices' own text, not its canonical form, says so.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import ConfigRejected
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.change import CommitOrder
from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.platforms import FORMS
from netmgr.platforms.owned import in_part
from netmgr.ports.progress import Silent
from tests.waiting import wait_until

CLIENT = "trio"
#: The devices' clocks: a minute is a second and a half.
SCALE = 40.0
PORTS = {"eos": "Ethernet1", "ios": "GigabitEthernet1", "junos": "ge-0/0/0"}

RUNNING = {
    "eos": """\
hostname theirs
service routing protocols model multi-agent
ntp server 192.0.2.1
ntp server 192.0.2.2
snmp-server location cellar
interface Ethernet1
   description theirs
   no switchport
   ip address 10.0.0.0/31
   ip access-group edge in
ip access-list edge
   10 permit tcp any any eq ssh
   20 deny ip any any
ip as-path access-list one permit ^1$ any
ip as-path access-list one permit ^2$ any
ip routing
router bgp 65001
   neighbor 10.0.0.1 remote-as 65002
management api http-commands
   no shutdown
""",
    "ios": """\
version 16.9
service timestamps debug datetime msec
hostname theirs
archive
 path flash:backup
ip scp server enable
interface GigabitEthernet1
 description theirs
 ip address 10.0.0.0 255.255.255.254
 ip access-group edge in
 negotiation auto
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
ip as-path access-list 1 permit ^1$
ip as-path access-list 1 permit ^2$
ip access-list extended edge
 permit tcp any any eq 22
 deny ip any any
snmp-server location cellar
line vty 0 4
 transport input ssh
ntp server 192.0.2.1
ntp server 192.0.2.2
end
""",
    "junos": """\
set system host-name theirs
set system root-authentication encrypted-password "$6$salt$hash"
set system login user other uid 2005
set system login user other class read-only
set system services ssh
set system services netconf ssh
set system ntp server 192.0.2.1
set system ntp server 192.0.2.2
set interfaces ge-0/0/0 description theirs
set interfaces ge-0/0/0 unit 0 family inet filter input edge
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.0/31
set snmp location cellar
set policy-options as-path one "^1$"
set firewall family inet filter edge term ssh from protocol tcp
set firewall family inet filter edge term ssh then accept
set firewall family inet filter edge term rest then discard
set routing-options autonomous-system 65001
set protocols bgp group X type external
set protocols bgp group X neighbor 10.0.0.1 peer-as 65002
""",
}
#: What the inventory says of the owned features; it says other things of all the rest, or nothing.
INTENDED = {
    "eos": """\
hostname ours
ntp server 192.0.2.2
ntp server 192.0.2.3 prefer
interface Ethernet1
   no switchport
   ip address 10.9.9.9/31
ip access-list edge
   10 permit tcp any any eq ssh
   15 permit icmp any any
   20 deny ip any any
ip as-path access-list one permit ^2$ any
ip as-path access-list one permit ^1$ any
management api http-commands
   no shutdown
""",
    "ios": """\
hostname ours
interface GigabitEthernet1
 ip address 10.9.9.9 255.255.255.254
ip as-path access-list 1 permit ^2$
ip as-path access-list 1 permit ^1$
ip access-list extended edge
 permit tcp any any eq 22
 permit icmp any any
 deny ip any any
ntp server 192.0.2.2
ntp server 192.0.2.3 prefer
""",
    "junos": """\
set system host-name ours
set system ntp server 192.0.2.2
set system ntp server 192.0.2.3 prefer
set interfaces ge-0/0/0 unit 0 family inet address 10.9.9.9/31
set policy-options as-path one "^2$"
set firewall family inet filter edge term ssh from protocol tcp
set firewall family inet filter edge term ssh then accept
set firewall family inet filter edge term ping from protocol icmp
set firewall family inet filter edge term ping then accept
set firewall family inet filter edge term rest then discard
""",
}
OWNED = frozenset({"ntp", "snmp", "acls", "as_path_lists"})
#: (what goes, what comes) of the device's own text. What only moves is in neither.
CHANGED = {
    "eos": (
        {"ntp server 192.0.2.1", "snmp-server location cellar"},
        {"ntp server 192.0.2.3 prefer", "   15 permit icmp any any"},
    ),
    "ios": (
        {"ntp server 192.0.2.1", "snmp-server location cellar"},
        {"ntp server 192.0.2.3 prefer", " permit icmp any any"},
    ),
    "junos": (
        {
            "set system ntp server 192.0.2.1",
            "set snmp location cellar",
            'set policy-options as-path one "^1$"',
        },
        {
            "set system ntp server 192.0.2.3 prefer",
            "set firewall family inet filter edge term ping from protocol icmp",
            "set firewall family inet filter edge term ping then accept",
            'set policy-options as-path one "^2$"',
        },
    ),
}
NONSENSE = {"eos": "ip access-list more\n   10 bogus", "ios": "ntp bogus", "junos": "set system ntp bogus 1"}


@dataclass
class Part:
    """One device, which runs its owner's configuration."""

    platform: str
    lab: EmulatedLab
    control: Control

    def __post_init__(self) -> None:
        self.form = FORMS[self.platform]
        self.control.ask("reset", self.platform, text=RUNNING[self.platform])
        self.raw = self.shown()
        self.before = self.form.canonical(self.raw)

    def shown(self) -> str:
        """The device's own text, without separators and the time of its last change."""
        lines = self.control.ask("running", self.platform).splitlines()
        return "".join(f"{line}\n" for line in lines if line != "!" and "Last configuration" not in line)

    def session(self) -> NapalmSession:
        endpoint = lab_endpoints(self.lab, CLIENT, [Named(self.platform, self.platform)])[0]  # type: ignore[list-item]
        session = NapalmSession(endpoint, self.form, 3, JumpHosts(3))
        session.open()
        return session

    def target(self, intended: str) -> str:
        meant = self.form.canonical(intended)
        whole = Intended(device="x", platform=self.platform, candidate=meant, config=meant, owned=OWNED)
        return in_part(whole, self.form.canonical(self.shown()), self.form).config

    def order(self, after: str) -> CommitOrder:
        clock = SystemClock()
        return CommitOrder(
            change=clock.new_id(), commit=clock.new_id(), epoch=1, expected=sha256_hex(self.before),
            after=sha256_hex(after), seconds=120, message="test",
        )  # fmt: skip

    def changed(self) -> tuple[set[str], set[str]]:
        """(what went, what came) of the device's own text, line by line."""
        before, after = Counter(self.raw.splitlines()), Counter(self.shown().splitlines())
        return set(before - after), set(after - before)


@dataclass(frozen=True)
class Named:
    name: str
    platform: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedLab]:
    nodes = tuple(
        LabNode(device=name, platform=name, interfaces=(LabInterface(name=port),))
        for name, port in PORTS.items()
    )
    lab = EmulatedLab(tmp_path_factory.mktemp("trio") / "lab", scale=SCALE)
    lab.up(LabNetwork(client=CLIENT, nodes=nodes, links=()), Silent())
    yield lab
    lab.down(CLIENT)


@pytest.fixture(params=PORTS)
def part(request: Any, lab: EmulatedLab) -> Iterator[Part]:
    with lab.control(CLIENT) as control:
        yield Part(request.param, lab, control)


def test_owned_lines_change_and_no_other_line_does(part):
    session = part.session()
    target = part.target(INTENDED[part.platform])
    order = part.order(target)
    assert session.load(target, merge=True)
    assert session.commit(order).state == "pending"
    assert part.changed() == CHANGED[part.platform]
    assert session.confirm(order).state == "confirmed"
    assert session.read().digest == order.after
    assert part.changed() == CHANGED[part.platform]
    assert part.target(INTENDED[part.platform]) == target
    session.close()


@pytest.mark.parametrize("by", ["abort", "expiry"])
def test_what_is_not_confirmed_is_as_before_to_the_letter(part, by):
    session = part.session()
    target = part.target(INTENDED[part.platform])
    order = part.order(target)
    session.load(target, merge=True)
    assert session.commit(order).state == "pending"
    if by == "abort":
        assert session.abort(order).state == "rolled_back"
    else:
        wait_until(lambda: session.commit_state(order).state == "rolled_back", seconds=20)
    assert part.shown() == part.raw
    session.close()


def test_the_way_back_is_exact_too(part):
    session = part.session()
    target = part.target(INTENDED[part.platform])
    for text in (target, part.before):
        order = part.order(text)
        session.load(text, merge=True)
        session.commit(order)
        assert session.confirm(order).state == "confirmed"
        part.before = text
    assert part.changed() == (set(), set())
    session.close()


def test_a_line_that_is_refused_leaves_all_as_it_was(part):
    session = part.session()
    target = part.target(INTENDED[part.platform] + NONSENSE[part.platform])
    order = part.order(target)
    try:
        session.load(target, merge=True)
        # IOS knows a line when it is told it: then the device is taken back at once.
        state = session.commit(order)
        assert (part.platform, state.state) == ("ios", "rolled_back")
        said = state.detail
    except ConfigRejected as refused:
        said = str(refused)
    assert "bogus" in said
    assert part.shown() == part.raw
    session.close()


@pytest.mark.parametrize(
    ("part", "unheard", "lost"),
    [
        ("eos", r"\s*ntp server 192\.0\.2\.3 prefer", "ntp server 192.0.2.3 prefer"),
        (
            "junos",
            "load-configuration.*",
            "set firewall family inet filter edge term ping from protocol icmp",
        ),
    ],
    indirect=["part"],
)
def test_a_device_that_did_not_take_a_line_is_not_committed(part, unheard, lost):
    part.control.ask("fault", part.platform, fault=Fault(unheard, "ignore").to_json())
    session = part.session()
    with pytest.raises(ConfigRejected, match=f"the device did not take {lost}$"):
        session.load(part.target(INTENDED[part.platform]), merge=True)
    assert part.shown() == part.raw
    session.close()
