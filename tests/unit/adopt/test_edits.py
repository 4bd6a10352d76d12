"""Differences of two readings, and the edits that hosts.yaml takes for them."""

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.intent.adopted_links import heard_links
from netmgr.intent.adoption import changes, edits, named, replaces
from netmgr.model.adoption import Edit
from netmgr.model.check_state import LldpNeighbor
from tests.unit.inventory.samples import FORMS, GOOD

NOW = {"system": {"syslog": {"level": "error"}}, "interfaces": {"eth1": {"description": "to x", "ipv4": "a"}}}


def test_what_is_equal_is_not_edited():
    assert changes(NOW, NOW) == ()
    assert changes({"a": True}, {"a": 1}) == (Edit(("a",), 1),)


def test_mappings_are_compared_by_key_and_lists_as_a_whole():
    before = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    assert changes(before, {"a": {"x": 1, "y": [2, 1], "z": {}}, "c": 2}) == (
        Edit(("b",), remove=True),
        Edit(("a", "y"), [2, 1]),
        Edit(("a", "z"), {}),
        Edit(("c",), 2),
    )


def test_what_is_gone_is_removed_where_it_stands():
    gone = changes(NOW, {})
    own = {"interfaces": {"eth1": {"ipv4": "a", "mtu": 9000}}, "system": {"ntp": ["192.0.2.1"]}}
    inherited = {"system": {"syslog": {"level": "error", "servers": ["192.0.2.2"]}}}
    assert edits(own, inherited, gone, NOW) == (
        Edit(("system", "syslog", "level"), None),
        Edit(("interfaces", "eth1"), remove=True),
    )


def test_what_follows_from_elsewhere_is_said_otherwise():
    before = {"interfaces": {"eth1": {"description": "to x", "ipv4": "a"}}, "bgp": {"x": True}}
    assert edits({}, {}, changes(before, {}), before) == (
        Edit(("interfaces", "eth1", "description"), ""),
        Edit(("bgp", "x"), False),
    )


def test_whether_something_that_stands_there_changes():
    own = {"bgp": {"asn": 5}}
    assert not replaces(own, [Edit(("bgp", "router_id"), "10.0.0.1"), Edit(("bgp", "asn"), 5)])
    assert replaces(own, [Edit(("bgp", "asn"), 6)])
    assert replaces(own, [Edit(("bgp", "asn"), remove=True)])


def test_references_are_renamed_wherever_they_stand():
    data = {"a": ["x secret://age/one y"], "b": {"c": "secret://age/two"}, "d": 5}
    names = {"one": "secret://env/r1", "two": "secret://file/r2"}
    assert named(data, names) == {"a": ["x secret://env/r1 y"], "b": {"c": "secret://file/r2"}, "d": 5}


INVENTORY = MemoryInventories({"acme": GOOD | {"hosts.yaml": GOOD["hosts.yaml"] + "r3: {}\n"}}, FORMS).load(
    "acme"
)
SYSTEMS = {"r1": "r1", "r2": "r2", "r3": "r3", "switch7.example": "r3"}


def heard(*neighbors):
    return tuple(LldpNeighbor(interface=i, device=d, port=p) for i, d, p in neighbors)


def links(told, **interfaces):
    return heard_links(INVENTORY, told, SYSTEMS, interfaces)


def test_links_are_found_once_whoever_tells():
    told = {"r1": heard(("eth2", "r3.example", "eth1")), "r3": heard(("eth1", "R1", "eth2"))}
    assert links(told) == (((("r1", "eth2"), ("r3", "eth1")),), ())
    assert links({"r3": heard(("eth1", "r1", "eth2"))}) == (((("r1", "eth2"), ("r3", "eth1")),), ())
    assert links({"r1": heard(("eth2", "Switch7.example", "eth1"))})[0] == ((("r1", "eth2"), ("r3", "eth1")),)


def test_links_that_the_inventory_has_are_not_new_and_others_in_their_place_are_doubtful():
    assert links({"r1": heard(("eth1", "r2", "eth1"))}) == ((), ())
    assert links({"r1": heard(("eth1", "r3", "eth1"))}) == (
        (),
        ("r1:eth1 hears r3:eth1, and the inventory joins it with r2:eth1",),
    )


def test_strangers_and_shared_segments_are_no_links():
    assert links({"r1": heard(("eth2", "phone", "port1"))}) == ((), ())
    assert links({"r1": heard(("eth2", "r2", "eth5"), ("eth2", "r3", "eth5"))}) == ((), ())
    assert links({"r1": heard(("eth2", "r1", "eth3"))}) == ((), ())


def test_short_names_of_ports():
    told = {"r1": heard(("eth2", "r3", "Gi0/1"))}
    assert links(told, r3=["GigabitEthernet0/1", "GigabitEthernet0/10"])[0] == (
        (("r1", "eth2"), ("r3", "GigabitEthernet0/1")),
    )
    assert links({"r1": heard(("eth2", "r3", "ge-0/0/0.0"))}, r3=["ge-0/0/0", "xe-0/0/0"])[0] == (
        (("r1", "eth2"), ("r3", "ge-0/0/0")),
    )
    assert links(told, r3=["GigabitEthernet0/1", "GigaMegaEthernet0/1"])[0] == (
        (("r1", "eth2"), ("r3", "Gi0/1")),
    )
