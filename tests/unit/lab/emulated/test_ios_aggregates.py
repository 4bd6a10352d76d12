"""Members of a switch's aggregate are like it, or are refused or suspended: what is set wrong is seen to be down."""

from textwrap import indent

import pytest

from netmgr.lab.emulated.ios.configuration import Configuration, children
from netmgr.lab.emulated.ios.editor import Editor, Rejected
from netmgr.lab.emulated.ios.engine import load
from netmgr.lab.emulated.ios.view import device_view
from netmgr.lab.emulated.state import LabState, cables
from netmgr.platforms import FORMS
from tests.unit.lab.emulated.ios_device import boot

IOS = FORMS["ios"]
PORTS = ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "GigabitEthernet1/0/3")
TRUNK = "switchport trunk allowed vlan 10,20\nswitchport mode trunk\n"


def typed(text):
    """The configuration that comes of these lines; the last one's refusal is raised."""
    configuration = Configuration(PORTS)
    editor = Editor(configuration)
    for line in text.splitlines():
        editor.type(line)
    return configuration


def section(configuration, name):
    line = configuration.first("interface", name)
    return line and [f"{'no ' * c.negated}{c.shown}" for c in children(line) if c.shown != "shutdown"]


def test_a_port_makes_its_aggregate_which_does_what_the_port_does():
    found = typed(f"interface Gi1/0/1\n{TRUNK}channel-group 1 mode active\n")
    assert section(found, "Port-channel1") == [*TRUNK.splitlines(), "no ip address"]


def test_what_the_aggregate_is_told_its_members_are_told():
    found = typed(
        f"interface Gi1/0/1\nchannel-group 1 mode active\ninterface Gi1/0/2\nswitchport mode access\n"
        f"interface po1\n{TRUNK}no switchport trunk allowed vlan\n"
    )
    assert section(found, "GigabitEthernet1/0/1") == [
        "switchport mode trunk",
        "no ip address",
        "channel-group 1 mode active",
    ]
    assert section(found, "GigabitEthernet1/0/2") == ["switchport mode access", "no ip address"]


def test_without_its_aggregate_no_port_is_a_member():
    found = typed(f"interface Gi1/0/1\n{TRUNK}channel-group 1 mode active\nno interface po1\n")
    assert section(found, "Port-channel1") is None
    assert section(found, "GigabitEthernet1/0/1") == [*TRUNK.splitlines(), "no ip address"]


@pytest.mark.parametrize(
    ("aggregate", "port"), [("no switchport", TRUNK), ("no switchport", ""), (TRUNK, "no switchport")]
)
def test_a_port_that_routes_is_no_member_of_what_switches_nor_the_other_way_round(aggregate, port):
    text = f"interface po1\n{aggregate}\ninterface Gi1/0/1\n{port}\nchannel-group 1 mode on\n"
    with pytest.raises(Rejected) as refused:
        typed(text)
    said = (
        "Command rejected (Port-channel1, Gi1/0/1): Either port is L2 and port-channel is L3, or vice-versa"
    )
    assert str(refused.value) == said


A = """\
hostname a
interface Port-channel1
 switchport trunk native vlan 99
 switchport trunk allowed vlan 10,20
 switchport mode trunk
interface GigabitEthernet1/0/1
 switchport trunk native vlan 99
 switchport trunk allowed vlan 10,20
 switchport mode trunk
 channel-group 1 mode active
interface Vlan10
 ip address 10.9.0.1 255.255.255.0
router bgp 1
 neighbor 10.9.0.2 remote-as 1
"""
B = A.replace("hostname a", "hostname b").replace("10.9.0.2", "10.9.0.9").replace("10.9.0.1", "10.9.0.2")
B = B.replace("10.9.0.9", "10.9.0.1")
MEMBER = "interface GigabitEthernet1/0/1\n"
WRONG = {
    "another VLAN": (
        f"{MEMBER} switchport trunk native vlan 99",
        f"{MEMBER} switchport trunk native vlan 98",
    ),
    "not all VLANs": ("vlan 10,20\n switchport mode trunk\n ch", "vlan 10\n switchport mode trunk\n ch"),
    "another MTU": (" channel-group", " mtu 9000\n channel-group"),
    "another mode": ("trunk\n channel", "access\n channel"),
    "nothing of it": (A[A.index(MEMBER) : A.index(" channel-group")], MEMBER),
}


def network(a, b):
    state = LabState(cables([(("a", PORTS[0]), ("b", PORTS[0]))]))
    for name, text in (("a", a), ("b", b)):
        configuration = Configuration(PORTS)
        assert Editor(configuration, booting=True).type_all(text) == []
        state.views[name] = lambda configuration=configuration: device_view(configuration)
    state.changed()
    return state


def ups(state):
    return [[state.up(d, i) for i in (PORTS[0], "Port-channel1", "Vlan10")] for d in ("a", "b")]


def test_a_member_like_its_aggregate_carries_its_vlans():
    state = network(A, B)
    assert ups(state) == [[True] * 3] * 2
    assert [s.since is not None for d in ("a", "b") for s in state.bgp(d)] == [True, True]


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG)
def test_one_that_is_not_is_suspended_and_the_link_is_down_at_both_ends(old, new):
    assert A.count(old) == 1
    state = network(A.replace(old, new), B)
    assert ups(state) == [[False] * 3] * 2
    assert [s.since is not None for d in ("a", "b") for s in state.bgp(d)] == [False, False]


BASE = "hostname r1\narchive\n path flash:bk\nvlan 10\nvlan 20\n"
ACCESS = "switchport access vlan 10\nswitchport mode access\n"
KINDS = {
    "trunk": (TRUNK, TRUNK),
    "one VLAN": (ACCESS, ACCESS),
    "routed": ("mtu 9000\nno switchport\nip address 10.0.0.1 255.255.255.0\n", "mtu 9000\nno switchport\n"),
}


def aggregated(kind):
    aggregate, port = (indent(lines, " ") for lines in KINDS[kind])
    ports = "".join(f"interface {name}\n{port} channel-group 1 mode active\n" for name in PORTS[:2])
    return f"{BASE}interface Port-channel1\n{aggregate}{ports}interface {PORTS[2]}\n"


@pytest.mark.parametrize("after", [*KINDS, None])
@pytest.mark.parametrize("before", KINDS)
def test_an_aggregate_is_made_another_one_by_what_differs(before, after):
    configuration = Configuration(PORTS)
    assert load(configuration, aggregated(before)) == []
    wanted = IOS.canonical(aggregated(after) if after else BASE)
    script = IOS.remediation(IOS.canonical(aggregated(before)), wanted).script
    assert Editor(configuration).type_all(script) == []
    assert IOS.canonical(configuration.text()) == wanted


@pytest.mark.parametrize("after", [*KINDS, None])
@pytest.mark.parametrize("before", KINDS)
def test_an_aggregate_is_replaced_by_any_other_kind(before, after, tmp_path):
    device = boot(tmp_path, aggregated(before), PORTS)
    shown = device.shown(device.device.running_text)
    assert IOS.canonical(shown) == IOS.canonical(aggregated(before))
    wanted = IOS.canonical(aggregated(after) if after else BASE)
    said = device.replace(IOS.candidate(wanted, shown), until_error=True, minutes=None, user="a")
    assert said == "Total number of passes: 1\nRollback Done\n"
    assert IOS.canonical(device.shown(device.device.running_text)) == wanted
    assert [port.suspended for port in device.view().interfaces.values()] == [False] * (4 if after else 3)
