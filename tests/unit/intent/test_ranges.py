"""Ranges of platforms: the last value that each takes, and the first that it does not, with its line."""

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.intent.features import FEATURES
from netmgr.intent.ranges import RANGED, measured
from netmgr.intent.wiring import wire
from netmgr.platforms import FORMS
from netmgr.platforms.form import PlatformForm, Range
from tests.unit.inventory.samples import FORMS as SAMPLES
from tests.unit.inventory.samples import RICH

#: (platform, data of a device in one line, kind that it is of, value that stands in it).
PLACES = {
    "vlan": "vlans: {@: {}}",
    "mtu": "interfaces: {PORT: {mtu: @}}",
    "ospf_maximum_paths": "ospf: {maximum_paths: @}",
    "hello_interval": "ospf: {hello_interval: @}",
    "dead_interval": "ospf: {dead_interval: @}",
    "keepalive_interval": "bgp: {keepalive_interval: @}",
    "hold_time": "bgp: {hold_time: @}",
    "max_prefixes": "bgp: {asn: 1, router_id: 10.0.0.1, peer_groups: {g: {max_prefixes: @}}}",
    "maximum_paths": "bgp: {maximum_paths: @}",
    "prefix_list_sequence": "prefix_lists: {p: [{action: permit, prefix: 10.0.0.0/8, sequence: @}]}",
    "route_map_sequence": "route_maps: {m: [{action: permit, sequence: @}]}",
    "acl_sequence": "acls: {a: {entries: [{action: drop, sequence: @}]}}",
    "hostname_length": "system: {hostname: @}",
    "interface_name_length": "interfaces: {@: {}}",
    "description_length": "interfaces: {PORT: {description: @}}",
    "neighbor_description_length": "bgp: {asn: 1, router_id: 10.0.0.1, peer_groups: {g: {description: @}}}",
    "banner_length": "system: {banner: @}",
    "vlan_name_length": "vlans: {2: {name: @}}",
    "vrf_name_length": "vrfs: {@: {}}",
}
PORTS = {"frr": "eth1", "eos": "Ethernet1", "ios": "GigabitEthernet0/1", "junos": "ge-0/0/0"}
#: What the model itself takes: beyond it no platform is asked.
MODEL = {
    "vlan": (1, 4094),
    "mtu": (68, 65535),
    "hello_interval": (1, 65535),
    "dead_interval": (1, 65535),
    "hold_time": (3, 65535),
    "vlan_name_length": (1, 63),
}
CASES = [
    pytest.param(platform, kind, limit, id=f"{platform}-{kind}")
    for platform, form in FORMS.items()
    for kind, limit in form.ranges.items()
]


def everything(form: PlatformForm) -> PlatformForm:
    """The form with every feature, so that ranges alone speak."""
    from dataclasses import replace

    return replace(form, features=dict.fromkeys(FEATURES, "rendered"))


def problems(platform, kind, value):
    text = "x" * value if kind.endswith("_length") else value
    data = PLACES[kind].replace("PORT", PORTS[platform]).replace("@", str(text))
    files = {"client.yaml": "id: acme\n", "hosts.yaml": f"r1:\n  platform: {platform}\n  data:\n    {data}\n"}
    try:
        MemoryInventories({"acme": files}, {platform: everything(FORMS[platform])}).load("acme")
    except InputError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(("platform", "kind", "limit"), CASES)
def test_both_ends_of_a_range(platform, kind, limit):
    lowest, highest = MODEL.get(kind, (1, 2**32 - 1))
    what = kind.removesuffix("_length").replace("_", " ")
    for value in {max(limit.minimum, lowest), min(limit.maximum, highest)}:
        assert problems(platform, kind, value) == []
    for value in (limit.minimum - 1, limit.maximum + 1):
        if kind.endswith("_length"):
            if value < 0:
                continue
            said = f"{what} '{'x' * min(value, 60)}{'…' if value > 60 else ''}' has {value} characters; "
            takes = f"at least {limit.minimum}" if value < limit.minimum else limit.maximum
            said += f"platform {platform} takes {takes}"
        else:
            said = f"{what} {value} is not within {limit.minimum} to {limit.maximum} of platform {platform}"
        if lowest <= value <= highest:
            assert problems(platform, kind, value) == [f"inventory/acme/hosts.yaml:4: r1: {said}"]


def test_reserved_values():
    assert [problems("ios", "vlan", vlan) for vlan in (1001, 1006)] == [[], []]
    for vlan in (1002, 1005):
        said = f"vlan {vlan} is reserved on platform ios: they belong to FDDI and Token Ring"
        assert problems("ios", "vlan", vlan) == [f"inventory/acme/hosts.yaml:4: r1: {said}"]
        assert problems("eos", "vlan", vlan) == []


def test_everything_that_can_be_limited_is_measured_and_nothing_else_is_limited():
    one = wire(MemoryInventories({"acme": RICH}, SAMPLES).load("acme"))[0]
    assert {kind for kind, _, _, _ in measured(one)} <= {*RANGED}
    limited = {kind for form in FORMS.values() for kind in form.ranges}
    assert limited <= {*RANGED} & {*PLACES}
    assert all(isinstance(limit, Range) for form in FORMS.values() for limit in form.ranges.values())


def test_the_value_of_a_link_is_judged_on_both_ends():
    hosts = (
        "r1: {platform: eos, data: {loopback: 10.0.0.1}}\nr2: {platform: ios, data: {loopback: 10.0.0.2}}\n"
    )
    links = (
        'links:\n  - {endpoints: ["r1:Ethernet1", "r2:GigabitEthernet1"], subnet: 10.1.0.0/31, mtu: 9300}\n'
    )
    files = {"client.yaml": "id: acme\n", "hosts.yaml": hosts, "topology.yaml": links}
    forms = {name: everything(FORMS[name]) for name in ("eos", "ios")}
    with pytest.raises(InputError) as refused:
        MemoryInventories({"acme": files}, forms).load("acme")
    assert list(refused.value.problems) == [
        "inventory/acme/topology.yaml:2: r1: mtu 9300 is not within 68 to 9214 of platform eos",
        "inventory/acme/topology.yaml:2: r2: mtu 9300 is not within 68 to 9216 of platform ios",
    ]
