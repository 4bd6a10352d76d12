"""What each kind of check says of a state before and after: one row for each case."""

from ipaddress import ip_address, ip_network

import pytest

from netmgr.change.check_judgement import held_back, judge, question
from netmgr.change.check_setting import Setting
from netmgr.model.check import (
    InterfacesCheck,
    LldpCheck,
    NapalmValidateCheck,
    PluginCheck,
    ReachabilityCheck,
    RoutesCheck,
    Tolerance,
)
from netmgr.model.check_state import Getter, LldpNeighbor, Ping, Routes, Seen
from netmgr.model.intent import DeviceIntent, InterfaceIntent
from netmgr.model.origins import Origin
from netmgr.model.state import InterfaceState
from netmgr.ports.checks import Check, Rule


def device(name, *links, lifecycle="active"):
    interfaces = tuple(InterfaceIntent(name=own, peer=peer) for own, peer in links)
    return DeviceIntent(name=name, platform="frr", lifecycle=lifecycle, interfaces=interfaces)


LINKS = {("r1", "eth1"): ("r2", "eth1"), ("r2", "eth2"): ("r3", "eth2")}
LINKS |= {far: near for near, far in LINKS.items()}


def setting(*, shut=(), fresh=(), **lifecycles):
    return Setting(
        devices={
            name: device(
                name,
                *((near[1], far) for near, far in LINKS.items() if near[0] == name),
                lifecycle=lifecycles.get(name, "active"),
            )
            for name in ("r1", "r2", "r3")
        },
        loopbacks={"r1": ("10.0.0.1", "2001:db8::1"), "r2": ("10.0.0.2", "2001:db8::2"), "r3": ("10.0.0.3",)},
        links=LINKS,
        shut=frozenset(shut),
        fresh=frozenset(fresh),
        neighbors={"r1": frozenset({"r2"}), "r2": frozenset({"r1", "r3"}), "r3": frozenset({"r2"})},
    )


def check(spec, **fields):
    return Check(name="c", spec=spec, origin=Origin("config/checks/a.yaml", 1), **fields)


def said(spec, before, now, where=None, *, name="r1", **fields):
    found = judge(check(spec, **fields), name, before, now, where or setting())
    return found.status, found.detail


def routes(present=(), **counts):
    tables = {table.replace("_", " "): number for table, number in counts.items()}
    return Seen(routes=Routes(counts=tables, present=frozenset(present)))


FIVE = Tolerance(percent=5)
ONE = Tolerance(count=1)
PREFIX = ip_network("192.0.2.0/24")


@pytest.mark.parametrize(
    ("spec", "before", "now", "status", "detail"),
    [
        ({}, {"ipv4_bgp": 5}, {"ipv4_bgp": 5}, "passed", "ipv4 bgp 5"),
        ({}, {}, {}, "passed", "no routes, as before"),
        ({}, {"ipv4_bgp": 5}, {"ipv4_bgp": 4}, "failed", "ipv4 bgp: 4 routes, 5 before (at most 0 lost)"),
        ({}, {"ipv4_bgp": 5}, {}, "failed", "ipv4 bgp: 0 routes, 5 before (at most 0 lost)"),
        ({}, {"ipv4_bgp": 5}, {"ipv4_bgp": 500}, "passed", "ipv4 bgp 500"),
        ({"lose_at_most": ONE}, {"ipv4_bgp": 5}, {"ipv4_bgp": 4}, "passed", "ipv4 bgp 4"),
        (
            {"lose_at_most": ONE},
            {"ipv4_bgp": 5},
            {"ipv4_bgp": 3},
            "failed",
            "ipv4 bgp: 3 routes, 5 before (at most 1 lost)",
        ),
        ({"lose_at_most": FIVE}, {"ipv4_bgp": 100}, {"ipv4_bgp": 95}, "passed", "ipv4 bgp 95"),
        (
            {"lose_at_most": FIVE},
            {"ipv4_bgp": 99},
            {"ipv4_bgp": 94},
            "failed",
            "ipv4 bgp: 94 routes, 99 before (at most 5% lost)",
        ),
        (
            {"gain_at_most": FIVE},
            {"ipv6_ospf": 100},
            {"ipv6_ospf": 106},
            "failed",
            "ipv6 ospf: 106 routes, 100 before (at most 5% gained)",
        ),
        (
            {"gain_at_most": Tolerance()},
            {},
            {"ipv6_ospf": 1},
            "failed",
            "ipv6 ospf: 1 routes, 0 before (at most 0 gained)",
        ),
        (
            {"protocols": ("ospf",)},
            {"ipv4_bgp": 5, "ipv4_ospf": 2},
            {"ipv4_ospf": 2},
            "passed",
            "ipv4 ospf 2",
        ),
        (
            {},
            {"ipv4_a": 1, "ipv4_b": 1, "ipv4_c": 1, "ipv4_d": 1, "ipv4_e": 1},
            {},
            "failed",
            "ipv4 a: 0 routes, 1 before (at most 0 lost); ipv4 b: 0 routes, 1 before (at most 0 lost); "
            "ipv4 c: 0 routes, 1 before (at most 0 lost); and 2 more",
        ),
    ],
)
def test_numbers_of_routes(spec, before, now, status, detail):
    spec = RoutesCheck(kind="routes", **spec)
    assert said(spec, routes(**before), routes(**now)) == (status, detail)


def test_prefixes_that_must_be_there():
    spec, there = RoutesCheck(kind="routes", present=(PREFIX,)), routes(present=["192.0.2.0/24"])
    assert said(spec, there, there)[0] == "passed"
    assert said(spec, there, routes()) == ("failed", "192.0.2.0/24: no route")
    assert said(spec, routes(), routes()) == ("pending", "192.0.2.0/24: no route (was so before)")
    assert said(spec, routes(), there)[0] == "passed"


def interfaces(*up, down=(), shut=()):
    return Seen(
        interfaces=tuple(
            InterfaceState(name=name, enabled=name not in shut, carrier=name in up, addresses=frozenset())
            for name in (*up, *down, *shut)
        )
    )


def test_interfaces_that_were_up():
    spec = InterfacesCheck(kind="interfaces")
    both = interfaces("eth1", "eth2")
    assert said(spec, both, both) == ("passed", "2 up")
    assert said(spec, both, interfaces("eth2", down=["eth1"])) == ("failed", "eth1: no carrier")
    assert said(spec, both, interfaces("eth2", shut=["eth1"])) == ("failed", "eth1: shut")
    assert said(spec, both, interfaces("eth2")) == ("failed", "eth1: not there")
    assert said(spec, interfaces("eth2", down=["eth1"]), interfaces("eth2", down=["eth1"])) == (
        "passed",
        "1 up",
    )


def test_interfaces_that_go_down_on_purpose():
    spec, both = InterfacesCheck(kind="interfaces"), interfaces("eth1", "eth2")
    own = setting(shut=[("r1", "eth1")])
    assert said(spec, both, interfaces("eth2", shut=["eth1"]), own) == (
        "passed",
        "1 up; eth1 is shut by this change",
    )
    far = setting(shut=[("r2", "eth1")])
    assert said(spec, both, interfaces("eth2", down=["eth1"]), far) == (
        "passed",
        "1 up; eth1 is down: its other end r2:eth1 is shut on purpose",
    )
    assert said(spec, both, interfaces("eth1", down=["eth2"]), far) == ("failed", "eth2: no carrier")


def test_interfaces_that_are_stated():
    spec = InterfacesCheck(kind="interfaces", up=("eth1",))
    down = interfaces("eth2", down=["eth1"])
    assert said(spec, down, down) == ("pending", "eth1: no carrier (was so before)")
    assert said(spec, interfaces("eth1"), interfaces(down=["eth1"])) == ("failed", "eth1: no carrier")


def heard(*neighbors):
    return Seen(lldp=tuple(LldpNeighbor(interface=i, device=d, port=p) for i, d, p in neighbors))


def test_lldp_neighbors():
    spec, right = LldpCheck(kind="lldp"), heard(("eth1", "r2.example.net", "eth1"), ("eth9", "x", "y"))
    assert said(spec, right, right) == ("passed", "1 neighbors as in topology.yaml")
    wrong = heard(("eth1", "r3", "eth2"))
    assert said(spec, right, wrong) == ("failed", "eth1: r2:eth1 expected, r3:eth2 heard")
    assert said(spec, right, heard()) == ("failed", "eth1: r2:eth1 expected, nobody heard")
    port = heard(("eth1", "r2", "eth2"))
    assert said(spec, right, port) == ("failed", "eth1: r2:eth1 expected, r2:eth2 heard")
    assert said(spec, wrong, wrong) == ("pending", "eth1: r2:eth1 expected, r3:eth2 heard (was so before)")
    assert said(spec, heard(("eth1", "r2", "eth2")), right)[0] == "passed"
    none = ("passed", "0 neighbors as in topology.yaml")
    assert said(spec, right, heard(), setting(shut=[("r2", "eth1")])) == none
    assert said(spec, right, heard(), setting(r2="external")) == none


def test_lldp_that_does_not_run():
    spec = LldpCheck(kind="lldp")
    silent = Seen(unanswered={"lldp": "lldpd does not answer"})
    found = judge(check(spec), "r1", silent, silent, setting())
    assert (found.status, found.detail, found.decisive) == ("not_measured", "lldpd does not answer", False)
    found = judge(check(spec), "r1", heard(), silent, setting())
    assert (found.status, found.decisive) == ("not_measured", True)


def replied(*pings):
    return Seen(replied=frozenset(pings))


R2 = Ping(destination="10.0.0.2", source="10.0.0.1")
R2_6 = Ping(destination="2001:db8::2", source="2001:db8::1")
R3 = Ping(destination="10.0.0.3", source="10.0.0.1")


def test_loopbacks_that_answer():
    spec = ReachabilityCheck(kind="reachability")
    assert set(question([check(spec)], "r1", setting()).pings) == {R2, R2_6, R3}
    every = replied(R2, R2_6, R3)
    assert said(spec, every, every) == ("passed", "3 addresses answer")
    assert said(spec, every, replied(R2, R3)) == ("failed", "r2 2001:db8::2: no answer")
    assert said(spec, replied(R2, R3), replied(R2, R3)) == (
        "pending",
        "r2 2001:db8::2: no answer (was so before)",
    )
    assert said(spec, replied(R2, R3), replied(R2)) == ("failed", "r3 10.0.0.3: no answer")


def test_what_was_not_there_before_is_no_excuse():
    spec = ReachabilityCheck(kind="reachability", loopbacks=("r2",))
    theirs = setting(fresh=[("r2", "10.0.0.2")])
    assert said(spec, replied(), replied(R2_6), theirs) == ("failed", "r2 10.0.0.2: no answer")
    ours = setting(fresh=[("r1", "10.0.0.1")])
    assert said(spec, replied(), replied(R2_6), ours) == ("failed", "r2 10.0.0.2: no answer")
    assert said(spec, Seen(), replied(R2_6)) == ("failed", "r2 10.0.0.2: no answer")


def test_stated_addresses():
    spec = ReachabilityCheck(kind="reachability", addresses=(ip_address("192.0.2.9"),))
    server = Ping(destination="192.0.2.9")
    assert question([check(spec)], "r1", setting()).pings == (server,)
    assert said(spec, replied(server), replied()) == ("failed", "192.0.2.9: no answer")
    both = ReachabilityCheck(kind="reachability", addresses=spec.addresses, loopbacks=("r3",))
    assert set(question([check(both)], "r1", setting()).pings) == {server, R3}


RULES = (
    Rule(name="get_facts", getter=Getter(name="get_facts"), expected={"hostname": "^r1$", "vendor": "^FRR$"}),
)


def test_napalm_validate():
    spec = NapalmValidateCheck(kind="napalm_validate", file="napalm/a.yaml")

    def facts(**values):
        return Seen(getters={"get_facts": values})

    good = facts(hostname="r1", vendor="FRR")
    assert said(spec, good, good, rules=RULES) == ("passed", "1 getters comply")
    bad = facts(hostname="r9", vendor="FRR")
    assert said(spec, good, bad, rules=RULES) == ("failed", "get_facts.hostname: '^r1$' expected, 'r9' found")
    assert said(spec, bad, bad, rules=RULES) == (
        "pending",
        "get_facts.hostname: '^r1$' expected, 'r9' found (was so before)",
    )
    worse = facts(hostname="r9", vendor="Other")
    assert said(spec, bad, worse, rules=RULES) == (
        "failed",
        "get_facts.vendor: '^FRR$' expected, 'Other' found",
    )
    silent = Seen(unanswered={"get_facts": "not implemented"})
    assert said(spec, good, silent, rules=RULES) == ("not_measured", "get_facts: not implemented")


class Hot:
    getters = ("get_environment",)

    def problem(self, options):
        return None

    def judge(self, device, before, after, options):
        return "failed", f"{device}: {before}\n{after} {options['most']}"


class Broken(Hot):
    def judge(self, device, before, after, options):
        raise KeyError("cpu")


def test_a_plug_in_is_asked_in_napalm_s_words():
    spec = PluginCheck(kind="hot", options={"most": 3})
    now = Seen(getters={"get_environment": {"cpu": 1}})
    assert question([check(spec, plugin=Hot())], "r1", setting()).getters == (Getter(name="get_environment"),)
    assert said(spec, Seen(), now, plugin=Hot()) == ("failed", "r1: None {'get_environment': {'cpu': 1}} 3")
    assert said(spec, now, Seen(), plugin=Hot()) == ("not_measured", "get_environment: no answer")
    assert said(spec, now, now, plugin=Broken()) == ("not_measured", "hot: KeyError: 'cpu'")


UNASKED = [
    (RoutesCheck(kind="routes"), "routes"),
    (InterfacesCheck(kind="interfaces"), "interfaces"),
    (ReachabilityCheck(kind="reachability"), "pings"),
]


@pytest.mark.parametrize(("spec", "part"), UNASKED, ids=[part for _, part in UNASKED])
def test_what_is_not_answered_is_not_measured_and_decides(spec, part):
    found = judge(check(spec), "r1", Seen(), Seen(unanswered={part: "vtysh is gone"}), setting())
    assert (found.status, found.detail, found.decisive) == ("not_measured", "vtysh is gone", True)


def test_without_a_state_before_nothing_can_be_compared():
    assert said(RoutesCheck(kind="routes"), Seen(), routes())[0] == "not_measured"
    assert said(InterfacesCheck(kind="interfaces"), Seen(), interfaces())[0] == "not_measured"


def test_a_failure_beside_a_device_that_is_still_to_be_changed_is_pending():
    lost = judge(check(RoutesCheck(kind="routes")), "r1", routes(ipv4_bgp=5), routes(), setting())
    assert held_back(lost, "r1", frozenset({"r3"}), setting()) == lost
    found = held_back(lost, "r1", frozenset({"r2", "r3"}), setting())
    assert (found.status, found.detail) == (
        "pending",
        "ipv4 bgp: 0 routes, 5 before (at most 0 lost) (a later wave changes r2)",
    )
    spec = ReachabilityCheck(kind="reachability", loopbacks=("r2",))
    unheard = judge(check(spec), "r1", replied(R2, R2_6), replied(R2), setting())
    found = held_back(unheard, "r1", frozenset({"r3"}), setting())
    assert (found.status, found.detail) == ("pending", "r2 2001:db8::2: no answer (a later wave changes r3)")


def test_one_question_for_all_checks():
    asked = question(
        [
            check(RoutesCheck(kind="routes", present=(PREFIX,))),
            check(RoutesCheck(kind="routes", present=(PREFIX, ip_network("::/0")))),
            check(InterfacesCheck(kind="interfaces")),
            check(LldpCheck(kind="lldp")),
            check(ReachabilityCheck(kind="reachability", loopbacks=("r3",), wait=3)),
            check(NapalmValidateCheck(kind="napalm_validate", file="napalm/a.yaml"), rules=RULES + RULES),
        ],
        "r1",
        setting(),
    )
    assert (asked.routes, asked.prefixes, asked.interfaces, asked.lldp) == (
        True,
        ("192.0.2.0/24", "::/0"),
        True,
        True,
    )
    assert (asked.pings, asked.wait, asked.getters) == ((R3,), 3, (Getter(name="get_facts"),))
