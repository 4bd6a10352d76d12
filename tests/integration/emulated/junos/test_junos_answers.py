"""What an emulated Junos device answers has the shapes of real devices' recorded answers, and NAPALM understands it.

A shape is what keys there are and of what type their values are; what only some devices tell is not asked for.
"""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from netmgr.errors import DeviceError
from netmgr.model.check_state import Getter, Ping, Question
from tests.integration.emulated.junos.bench import Bench, config
from tests.waiting import wait_until

RECORDED = Path(__file__).parents[3] / "data/napalm/junos"
FULL = (
    'set interfaces ge-0/0/0 description "to the other one"',
    "set interfaces ge-0/0/0 unit 0 family inet6 address 2001:db8::{n}/127",
    "set interfaces ge-0/0/1 disable",
    "set protocols bgp group X6 type external",
    "set protocols bgp group X6 family inet6 unicast",
    "set protocols bgp group X6 neighbor 2001:db8::{other} peer-as {peer}",
)
GETTERS = (
    "get_arp_table",
    "get_bgp_neighbors",
    "get_config",
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
)


@pytest.fixture
def pair(edge1, edge2) -> Bench:
    for bench, n, peer in ((edge1, 0, 65002), (edge2, 1, 65001)):
        lines = (line.format(n=n, other=1 - n, peer=peer) for line in FULL)
        bench.ask("reset", text=config(bench.device, *lines))
    return edge1


@pytest.mark.parametrize("getter", GETTERS)
def test_a_getter_gives_what_it_gives_of_a_real_device(pair, getter):
    recorded = json.loads(next((RECORDED / getter).glob("*/expected_result.json")).read_text())
    with pair.session() as session:
        found = getattr(session._driver, getter)()
    if getter == "get_bgp_neighbors":
        del recorded["frontend"]  # a routing instance
    assert found
    assert shape(found) == shape(recorded)


ANSWERS = {
    "get-bgp-neighbor-information": "get_bgp_neighbors/normal/get-bgp-neighbor-informationfrontend.xml",
    "get-bgp-summary-information": "get_bgp_neighbors/normal/get-bgp-summary-informationmaster.xml",
    "get-lldp-neighbors-information": "get_lldp_neighbors/normal/get-lldp-neighbors-information.xml",
    "get-arp-table-information": "get_arp_table/normal/get-arp-table-information.xml",
}


#: What NAPALM's driver looks for in the answers of later releases than the recorded ones.
NEWER = {"peer-cfg-rti", "peer-fwd-rti", "bgp-options-extended"}


@pytest.mark.parametrize("operation", ANSWERS)
def test_an_answer_has_no_element_that_a_real_device_did_not_give(pair, operation):
    """Otherwise something would be understood here that no device says."""
    real = {element.tag for element in ET.parse(RECORDED / ANSWERS[operation]).iter()}
    with pair.session() as session:
        told = {element.tag for element in session._driver.device.rpc(f"<{operation}/>").iter()}
    assert told - real <= NEWER


def test_everything_that_netmgr_itself_asks_is_answered(pair):
    with pair.session() as session:
        states = {(s.protocol, s.peer): s.up for s in session.adjacencies()}
        seen = session.look(
            Question(
                routes=True, prefixes=("192.0.2.2/32", "203.0.113.0/24"), interfaces=True, lldp=True,
                pings=(Ping(destination="10.0.0.1"), Ping(destination="203.0.113.1")),
                getters=(Getter(name="get_facts"),),
            )
        )  # fmt: skip
    assert states == {("ospf", "ge-0/0/0"): True, ("bgp", "10.0.0.1"): True, ("bgp", "2001:db8::1"): True}
    assert seen.unanswered == {}
    assert seen.routes is not None
    assert seen.routes.present == {"192.0.2.2/32"}
    assert seen.routes.counts == {"ipv4 connected": 2, "ipv4 ospf": 1, "ipv6 connected": 1}
    assert {i.name: (i.enabled, i.carrier) for i in seen.interfaces or ()} == {
        "ge-0/0/0": (True, True), "ge-0/0/1": (False, False), "lo0": (True, True),
    }  # fmt: skip
    assert [(n.interface, n.device, n.port) for n in seen.lldp or ()] == [("ge-0/0/0", "edge2", "ge-0/0/0")]
    assert seen.replied == {Ping(destination="10.0.0.1")}


@pytest.mark.parametrize(
    "command", ["show version foo", "show me", "request system reboot", "show bgp summary x"]
)
def test_an_unknown_command_fails_and_is_noted(pair, command):
    begun = pair.last
    with pair.session() as session, pytest.raises(DeviceError, match="syntax error"):
        session.show(command)
    assert [(e["event"], e["command"]) for e in pair.journal if e["n"] > begun and "command" in e] == [
        ("unknown", command)
    ]


def test_messages_are_in_chunks_where_both_ends_speak_version_1_1(pair):
    pair.ask(
        "drift", text="set system services netconf rfc-compliant\nset interfaces ge-0/0/0 description käse"
    )
    with pair.session() as session:
        assert session._driver.device._conn._session._framing.chunked
        assert "description käse" in session.read().running.replace('"', "")
        session.load(config("edge1"))
        session.discard()


def test_whoever_takes_netconf_away_is_cut_off_and_comes_back_by_the_timer(pair):
    before = pair.running
    after = "".join(line for line in before.splitlines(True) if "netconf" not in line)
    with pair.session() as session:
        order = pair.order(before, after)
        session.load(after)
        session.commit(order)
    with pytest.raises(DeviceError) as refused, pair.session():
        pass
    assert refused.value.kind == "unreachable"
    wait_until(lambda: pair.running == before, seconds=10)
    with pair.session() as session:
        assert session.commit_state(order).state == "rolled_back"


def shape(value: Any) -> Any:
    """Types instead of values; of a dictionary whose keys are names, and of a list, the shapes that occur."""
    if isinstance(value, dict):
        if value and all(key.islower() and key.replace("_", "").isalpha() for key in value):
            return {key: shape(inner) for key, inner in sorted(value.items()) if inner is not None}
        return [sorted({json.dumps(shape(inner), sort_keys=True) for inner in value.values()})[:1]]
    if isinstance(value, list):
        return [sorted({json.dumps(shape(inner), sort_keys=True) for inner in value})[:1]]
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )
