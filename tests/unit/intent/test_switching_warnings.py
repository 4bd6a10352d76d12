"""What resolution says of links whose two ends do not switch alike."""

import pytest

from tests.unit.intent.resolving import intent_of

LINK = '  - {endpoints: ["r1:eth1", "r2:eth1"]}\n'
LAG = "lag: bond0, lag_mode: "
ENDS = {
    "alike": ("mode: trunk, trunk_vlans: [10, 11]", 'mode: trunk, trunk_vlans: ["10-11"]', None),
    "access alike": ("mode: access, access_vlan: 1", "mode: access", None),
    "modes": (
        "mode: access, access_vlan: 10",
        "mode: trunk",
        "mode access and trunk differ; make them alike",
    ),
    "VLANs": (
        "mode: access, access_vlan: 10",
        "mode: access",
        "access_vlan 10 and 1 differ; make them equal",
    ),
    "native VLANs": (
        "mode: trunk, native_vlan: 10",
        "mode: trunk",
        "native_vlan 10 and 1 differ; make them equal",
    ),
    "VLANs of trunks": (
        "mode: trunk, trunk_vlans: [10, 11]",
        "mode: trunk",
        "trunk_vlans 10-11 and all differ; make them equal",
    ),
    "switches and routes": (
        "mode: access",
        "ipv4: 10.0.0.1/31",
        "one end switches, the other routes; make them alike",
    ),
    "routes and routes": ("ipv4: 10.0.0.0/31", "ipv4: 10.0.0.1/31", None),
    "switches and says nothing": ("mode: access", "description: x", None),
    "aggregates alike": (f"{LAG}active", f"{LAG}passive", None),
    "one aggregate": (
        f"{LAG}active",
        "description: x",
        "one end is a member of an aggregate, the other is not; write lag on both, or on neither",
    ),
    "nobody speaks first": (
        f"{LAG}passive",
        f"{LAG}passive",
        "both ends wait for the other's LACP; make one lag_mode active",
    ),
    "one speaks": (
        f'{LAG}"on"',
        f"{LAG}active",
        "one end speaks LACP, the other does not; make lag_mode alike",
    ),
}


@pytest.mark.parametrize(("near", "far", "said"), ENDS.values(), ids=ENDS)
def test_ends(near, far, said):
    hosts = "".join(
        f"{name}: {{data: {{vlans: {{10: {{}}, 11: {{}}}}, "
        f"interfaces: {{bond0: {{mode: trunk}}, eth1: {{{end}}}}}}}}}\n"
        for name, end in (("r1", near), ("r2", far))
    )
    expected = () if said is None else (f"inventory/acme/topology.yaml:2: r1: eth1 and r2:eth1: {said}",)
    assert intent_of(hosts, LINK).warnings == expected


def test_the_vlans_of_a_member_are_its_aggregate_s():
    hosts = "".join(
        f"{name}: {{data: {{interfaces: {{bond0: {{mode: trunk, native_vlan: {vlan}}}, eth1: {{lag: bond0}}}}, "
        "vlans: {2: {}}}}\n"
        for name, vlan in (("r1", 1), ("r2", 2))
    )
    assert intent_of(hosts, LINK).warnings == (
        "inventory/acme/topology.yaml:2: r1: eth1 and r2:eth1: native_vlan 1 and 2 differ; make them equal",
    )
