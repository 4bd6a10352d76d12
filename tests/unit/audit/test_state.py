"""The state of one device beside what is expected, case by case."""

from datetime import date
from itertools import pairwise

import pytest

from netmgr.audit.state import adjacencies, cabling, interfaces, said, software
from netmgr.audit.verdicts import together
from netmgr.errors import DeviceError
from netmgr.model.check_state import LldpNeighbor
from netmgr.model.intent import Adjacency, DeviceIntent, InterfaceIntent
from netmgr.model.software import Software, version_key
from netmgr.model.state import AdjacencyState, InterfaceState


def told(verdicts):
    found = together(verdicts)
    return [(f.rule, f.status, f.severity, f.detail) for f in found.findings], [p.rule for p in found.passed]


def device(name, *ends, lifecycle="active", enabled=True):
    return DeviceIntent.model_construct(
        name=name,
        lifecycle=lifecycle,
        interfaces=tuple(InterfaceIntent(name=own, peer=peer, enabled=enabled) for own, peer in ends),
    )


def network(lifecycle="active", **far):
    pair = (
        device("r1", ("eth1", ("r2", "eth1")), ("lo", None)),
        device("r2", ("eth1", ("r1", "eth1")), lifecycle=lifecycle, **far),
    )
    return {one.name: one for one in pair}


BGP = Adjacency(device="r1", protocol="bgp", peer="10.0.0.1", other="r2")
OSPF = Adjacency(device="r1", protocol="ospf", peer="eth1", other="r2")


def adjacency(protocol, peer, up, detail):
    return AdjacencyState(protocol=protocol, peer=peer, up=up, detail=detail)


def test_adjacencies():
    states = [adjacency("bgp", "10.0.0.1", False, "Active"), adjacency("ospf", "eth1", True, "Full/-")]
    assert told(adjacencies([BGP, OSPF], states, network())) == (
        [("bgp 10.0.0.1", "failed", "error", "10.0.0.1 to r2: Active")],
        ["ospf eth1"],
    )
    assert told(adjacencies([BGP], [], network())) == (
        [("bgp 10.0.0.1", "failed", "error", "10.0.0.1 to r2: not there")],
        [],
    )


def test_what_is_in_maintenance_may_be_down():
    assert told(adjacencies([BGP], [], network("maintenance")))[0][0][2] == "warning"


def test_a_device_that_cannot_tell_of_its_adjacencies():
    found = told(adjacencies([BGP, OSPF], DeviceError("r1", "state", "vtysh hangs"), network()))
    assert found == ([(None, "not_measured", "warning", "vtysh hangs")], [])


def interface(name, *, enabled=True, carrier=True):
    return InterfaceState(name=name, enabled=enabled, addresses=frozenset(), carrier=carrier)


LINKS = {
    "up": ([interface("eth1")], network(), ([], ["eth1"])),
    "no cable": (
        [interface("eth1", carrier=False)],
        network(),
        ([("eth1", "failed", "error", "eth1 to r2:eth1: no carrier")], []),
    ),
    "shut": (
        [interface("eth1", enabled=False)],
        network(),
        ([("eth1", "failed", "error", "eth1 to r2:eth1: shut")], []),
    ),
    "not there": ([], network(), ([("eth1", "failed", "error", "eth1 to r2:eth1: not there")], [])),
    "in maintenance": (
        [],
        network("maintenance"),
        ([("eth1", "failed", "warning", "eth1 to r2:eth1: not there")], []),
    ),
    "to nobody yet": ([], network("planned"), ([], [])),
    "shut at the other end": ([], network(enabled=False), ([], [])),
    "a platform that cannot tell": (None, network(), ([], [])),
}


@pytest.mark.parametrize("case", LINKS)
def test_interfaces(case):
    actual, devices, expected = LINKS[case]
    assert told(interfaces(devices["r1"], actual, devices)) == expected


def heard(name, port, interface="eth1"):
    return LldpNeighbor(interface=interface, device=name, port=port)


CABLES = {
    "as in topology.yaml": ([heard("r2", "eth1")], network(), ([], ["eth1"])),
    "with its domain": ([heard("r2.example.net", "eth1")], network(), ([], ["eth1"])),
    "among others": ([heard("phone", "p1"), heard("r2", "eth1")], network(), ([], ["eth1"])),
    "another port": (
        [heard("r2", "eth7")],
        network(),
        ([("eth1", "failed", "error", "eth1: r2:eth1 expected, r2:eth7 heard")], []),
    ),
    "nobody": (
        [heard("r9", "eth1", "eth8")],
        network(),
        ([(None, "not_measured", "info", "nobody is heard with LLDP on eth1")], []),
    ),
    "not told": (
        None,
        network(),
        ([(None, "not_measured", "info", "nobody is heard with LLDP on eth1")], []),
    ),
    "somebody else's device": ([heard("x", "y")], network("external"), ([], [])),
}


@pytest.mark.parametrize("case", CABLES)
def test_cabling(case):
    neighbors, devices, expected = CABLES[case]
    assert told(cabling(devices["r1"], neighbors, devices)) == expected


def test_what_is_shut_on_purpose_is_not_looked_at():
    devices = {**network(), "r1": device("r1", ("eth1", ("r2", "eth1")), enabled=False)}
    assert told(interfaces(devices["r1"], [], devices)) == ([], [])


ORDER = [
    "8.4",
    "8.4.4",
    "8.10",
    "15.2(7)E3",
    "15.9(3)M6",
    "15.9(3)M10",
    "17.9.4",
    "17.9.4a",
    "23.4R1.10",
    "23.4R1-S2",
    "23.4R2",
]


@pytest.mark.parametrize(("older", "newer"), list(pairwise(ORDER)))
def test_versions_in_order(older, newer):
    assert version_key(older) < version_key(newer)


KNOWN = Software.model_validate(
    {
        "checked": "2026-06-01",
        "source": "the maker",
        "supported": [
            {"versions": r"17\.9\..*", "minimum": "17.9.5", "until": "2026-12-31"},
            {"versions": r"17\.12\..*", "minimum": "17.12.3"},
        ],
    }
)
LOOKED_UP = "(looked up on 2026-06-01: the maker)"
LAST = date(2026, 11, 28)

VERSIONS = {
    "supported": ("17.9.5a", LAST, [], ["ios"]),
    "too old": (
        "17.9.4",
        LAST,
        [
            (
                "ios",
                "failed",
                "error",
                f"ios: 17.9.4 is older than 17.9.5, the oldest that is supported {LOOKED_UP}",
            )
        ],
        [],
    ),
    "another train": (
        "17.12.2",
        LAST,
        [
            (
                "ios",
                "failed",
                "error",
                f"ios: 17.12.2 is older than 17.12.3, the oldest that is supported {LOOKED_UP}",
            )
        ],
        [],
    ),
    "no train": (
        "16.12.1",
        LAST,
        [("ios", "failed", "error", f"ios: 16.12.1 is of no version that is supported {LOOKED_UP}")],
        [],
    ),
    "stale": (
        "17.12.3",
        date(2026, 11, 29),
        [
            (
                "ios",
                "not_measured",
                "info",
                "what is supported of ios was looked up on 2026-06-01; look again: the maker",
            )
        ],
        ["ios"],
    ),
    "not told": (None, LAST, [("ios", "not_measured", "warning", "no answer")], []),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_software(case):
    version, today, findings, passed = VERSIONS[case]
    assert told(software("ios", KNOWN, version, "no answer", today)) == (findings, passed)


def test_the_end_of_a_train_s_support():
    assert next(f[3] for f in told(software("ios", KNOWN, "17.9.5", "", date(2027, 1, 1)))[0]) == (
        f"ios: the support of 17.9.5 ended on 2026-12-31 {LOOKED_UP}"
    )


def test_what_cisco_says_of_itself():
    sentence = (
        "Cisco IOS Software [Cupertino], ISR Software (X86_64_LINUX), Version 17.9.4, RELEASE SOFTWARE (fc5)"
    )
    assert told(software("ios", KNOWN, sentence, "", LAST)) == VERSIONS["too old"][2:]


def test_a_platform_of_which_nothing_is_known():
    assert told(software("frr", None, "8.4", "", LAST)) == ([], [])


def test_what_nobody_could_tell_is_no_error():
    found = said("reach", "reachability", "not_measured", "x", rule="r", severity="error")
    assert found.severity == "warning"
