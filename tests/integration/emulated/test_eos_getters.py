"""What an emulated EOS device answers has the shapes of real devices' recorded answers, and NAPALM understands it.

A shape is what keys there are and of what type their values are; what only some devices tell is not asked for.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from netmgr.model.check_state import Getter, Question
from tests.integration.emulated.bench import config

RECORDED = Path(__file__).parents[2] / "data/napalm/eos"
FULL = {
    name: f"""\
interface Ethernet1
   description to the other one
   ip address 10.0.9.{own + 1}/24 secondary
   ipv6 address 2001:db8::{own}/127
   ip ospf network point-to-point
   ip ospf area 0.0.0.0
interface Ethernet2
   shutdown
interface Loopback0
   ip address 192.0.2.{own + 1}/32
   ip ospf area 0.0.0.0
ip routing
router ospf 1
router bgp {65001 + own}
   neighbor 2001:db8::{1 - own} remote-as {65002 - own}
   address-family ipv6
      neighbor 2001:db8::{1 - own} activate
"""
    for own, name in enumerate(("core1", "core2"))
}


@pytest.fixture
def pair(benches):
    for name, bench in benches.items():
        bench.settle(config(name))
        bench.ask("drift", text=FULL[name])
        bench.ask("save")
    return benches


GETTERS = (
    "get_facts",
    "get_interfaces",
    "get_interfaces_ip",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
    "get_bgp_neighbors",
    "get_config",
)


@pytest.mark.parametrize("getter", GETTERS)
def test_a_getter_gives_what_it_gives_of_a_real_device(pair, getter):
    recorded = json.loads(next((RECORDED / getter).glob("*/expected_result.json")).read_text())
    with pair["core1"].session() as session:
        found = getattr(session._driver, getter)()
    for answer in (found, recorded):
        answer.pop("uptime", None)  # of each moment
    assert shape(found) == shape(recorded)


ANSWERS = {
    "show version": ("get_facts/normal/show_version.json", {"hardwareRevision", "internalBuildId"}),
    "show hostname": ("get_facts/normal/show_hostname.json", set()),
    "show lldp neighbors": ("get_lldp_neighbors/normal/show_lldp_neighbors.json", set()),
    "show ip bgp summary vrf all": ("get_bgp_neighbors/normal/show_ip_bgp_summary_vrf_all.json", set()),
    "show ipv6 bgp summary vrf all": ("get_bgp_neighbors/normal/show_ipv6_bgp_summary_vrf_all.json", set()),
}


@pytest.mark.parametrize(("command", "recorded"), ANSWERS.items(), ids=ANSWERS)
def test_an_answer_has_every_key_that_a_real_device_gave(pair, command, recorded):
    file, absent = recorded
    real = keys(json.loads((RECORDED / file).read_text()))
    with pair["core1"].session() as session:
        told = keys(json.loads(session.show(f"{command} | json")))
    assert real - told == absent


def test_everything_that_netmgr_itself_asks_is_answered(pair):
    with pair["core1"].session() as session:
        states = {(s.protocol, s.peer): s.up for s in session.adjacencies()}
        seen = session.look(
            Question(
                routes=True, prefixes=("192.0.2.2/32", "203.0.113.0/24"), interfaces=True, lldp=True,
                getters=(Getter(name="get_facts"),),
            )
        )  # fmt: skip
    assert states == {("ospf", "Ethernet1"): True, ("bgp", "10.0.0.1"): True, ("bgp", "2001:db8::1"): True}
    assert seen.unanswered == {}
    assert seen.routes is not None
    assert seen.routes.present == {"192.0.2.2/32"}
    assert seen.routes.counts["ipv4 connected"] == 3
    assert {i.name: (i.enabled, i.carrier) for i in seen.interfaces or ()} == {
        "Ethernet1": (True, True), "Ethernet2": (False, False), "Loopback0": (True, True),
    }  # fmt: skip
    assert [(n.interface, n.device, n.port) for n in seen.lldp or ()] == [("Ethernet1", "core2", "Ethernet1")]


def test_a_device_without_bgp_tells_of_the_rest(pair):
    """Real devices answer what is asked of BGP with an error then."""
    pair["core1"].settle(config("core1"))
    pair["core1"].ask("drift", text=f"no router bgp 65001\n{FULL['core1'].partition('router bgp')[0]}")
    assert pair["core1"].ask("execute", line="show ip bgp summary vrf all | json") == "% BGP inactive"
    with pair["core1"].session() as session:
        assert [(s.protocol, s.peer, s.up) for s in session.adjacencies()] == [("ospf", "Ethernet1", True)]


@pytest.mark.parametrize("command", ["show version foo", "show me", "reload", "show ip bgp | include x"])
def test_an_unknown_command_fails_and_is_noted(pair, command):
    assert pair["core1"].ask("execute", line=command).startswith("% Invalid input")


def shape(value: Any) -> Any:
    """Types instead of values; of a dictionary whose keys are names, and of a list, the shapes that occur."""
    if isinstance(value, dict):
        if (
            all(isinstance(key, str) and key.islower() and key.replace("_", "").isalpha() for key in value)
            and value
        ):
            return {key: shape(inner) for key, inner in sorted(value.items())}
        return [sorted({json.dumps(shape(inner), sort_keys=True) for inner in value.values()})[:1]]
    if isinstance(value, list):
        return [sorted({json.dumps(shape(inner), sort_keys=True) for inner in value})[:1]]
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def keys(value: Any) -> set[str]:
    """Every key at any depth, but those that are names of things."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= keys(inner)
            if key.isalnum() and not key[-1].isdigit():
                found.add(key)
    elif isinstance(value, list):
        for inner in value:
            found |= keys(inner)
    return found
