"""What the judgements are told of a change, from its configurations and the inventory."""

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.change.check_judgement import in_time
from netmgr.change.check_setting import setting
from netmgr.intent.adjacency import adjacencies
from netmgr.intent.resolve import resolve
from netmgr.model.check_state import Ping, Question
from netmgr.model.intended import Intended
from netmgr.platforms import FORMS

FILES = {
    "client.yaml": "id: acme\n",
    "defaults.yaml": "platform: frr\n",
    "hosts.yaml": "".join(
        f"r{n}: {{data: {{loopback: 10.255.0.{n}, lifecycle: {life}, bgp: {{asn: {65000 + n}, neighbors: {far}}}}}}}\n"
        for n, life, far in (
            (1, "active", "{10.255.0.3: {peer_as: 65003}}"),
            (2, "active", "{}"),
            (3, "active", "{}"),
            (4, "planned", "{}"),
        )
    ),
    "topology.yaml": "links:\n  - endpoints: ['r1:eth1', 'r2:eth1']\n    subnet: 10.0.0.0/31\n",
}
BEFORE = "interface lo\n ip address 10.255.0.1/32\nexit\ninterface eth1\n ip address 10.0.0.0/31\nexit\n"
AFTER = (
    "interface lo\n ip address 10.255.0.9/32\n ipv6 address 2001:db8::9/128\nexit\n"
    "interface eth1\n ip address 10.0.0.0/31\n shutdown\nexit\n"
)


def made():
    intent = resolve(MemoryInventories({"acme": FILES}, FORMS).load("acme"), FORMS)
    canonical = FORMS["frr"].canonical
    return setting(
        intent,
        {"r1": Intended(device="r1", platform="frr", candidate=AFTER, config=canonical(AFTER))},
        {"r1": canonical(BEFORE)},
        expected=adjacencies(intent),
        forms=FORMS,
    )


def test_loopbacks_are_those_of_the_plan_and_of_the_inventory_where_a_device_is_not_part_of_it():
    assert made().loopbacks == {
        "r1": ("10.255.0.9", "2001:db8::9"),
        "r2": ("10.255.0.2",),
        "r3": ("10.255.0.3",),
    }


def test_what_the_change_shuts_and_adds_and_who_is_next_to_whom():
    found = made()
    assert found.shut == {("r1", "eth1")}
    assert found.fresh == {("r1", "10.255.0.9"), ("r1", "2001:db8::9")}
    assert found.links == {("r1", "eth1"): ("r2", "eth1"), ("r2", "eth1"): ("r1", "eth1")}
    assert found.neighbors["r1"] == {"r2", "r3"}, "by its link, and by its session"
    assert found.neighbors["r3"] == {"r1"}


def test_pings_take_no_longer_than_there_is_time():
    asked = Question(pings=tuple(Ping(destination=f"10.0.0.{n}") for n in range(64)), wait=5)
    assert in_time(asked, 15.0) == asked
    assert in_time(asked, 14.9).wait == 4
    assert in_time(asked, 3.0).wait == 1
    assert in_time(asked, 2.9).pings == ()
    assert in_time(Question(routes=True), 1.0) == Question(routes=True)
