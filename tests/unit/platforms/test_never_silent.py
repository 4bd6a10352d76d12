"""Whatever an inventory says of a device stands in its configuration, or is refused, or is the host's: never left out.

Each value of a device that uses every feature is taken away by itself; the configuration must become another one,
unless the platform's form answers for the value.
"""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.errors import InputError
from netmgr.intent.feature_uses import all_uses
from netmgr.intent.features import FEATURES
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.intent.wiring import wire
from netmgr.model.device import DeviceData
from netmgr.platforms import FORMS
from tests.unit.inventory.samples import RICH

ROOT = Path(__file__).parents[3]
RENDERED = [name for name, form in FORMS.items() if form.driver and (ROOT / "templates" / name).is_dir()]
PORTS = ("eth1", "eth2", "eth3", "eth4", "eth5", "eth5.20", "bond0", "vlan10", "lo")
NAMES = {
    "frr": PORTS,
    "eos": (*(f"Ethernet{i}" for i in range(1, 6)), "Ethernet5.20", "Port-Channel1", "Vlan10", "Loopback0"),
    "ios": (
        *(f"GigabitEthernet{i}" for i in range(1, 6)),
        "GigabitEthernet5.20",
        "Port-channel1",
        "Vlan10",
        "Loopback0",
    ),
    "junos": (*(f"ge-0/0/{i}" for i in range(1, 6)), "ge-0/0/5.20", "ae0", "irb.10", "lo0"),
}
#: Values other than what would hold without them.
OTHER = {
    "system.syslog.level": "notice",
    "system.syslog.servers.1.port": 1514,
    "system.aaa.servers.0.port": 4949,
    "system.snmp.users.poller.auth": "md5",
    "interfaces.eth1.mtu": 9000,
    "interfaces.eth1.enabled": False,
    "interfaces.eth1.description": "uplink",
    "interfaces.eth3.lag_mode": "passive",
    "interfaces.bond0.trunk_vlans": [12, "14-16"],
    "vlans": {10: {"name": "users"}, 12: {}, 14: {}},
    "ospf.router_id": "10.255.9.1",
    "ospf.areas.0.interfaces.eth2.dead_interval": 21,
    "ospf.areas.0.interfaces.eth2.network_type": "point-to-point",
    "bgp.router_id": "10.255.9.2",
    "bgp.ebgp_requires_policy": False,
    "bgp.log_neighbor_changes": False,
    "bgp.neighbors.2001:db8:1::9.keepalive_interval": 2,
    "bgp.neighbors.2001:db8:1::9.hold_time": 11,
    "prefix_lists.ours.0.ge": 26,
    "prefix_lists.ours.0.le": 30,
    "community_lists.some.0.sequence": 7,
    "as_path_lists.own.0.sequence": 7,
    "route_maps.out.0.match.prefixes.0.ge": 26,
    "route_maps.out.0.match.prefixes.0.le": 30,
    "acls.in.entries.0.sequence": 7,
    "forwarding": {"ipv4": False, "ipv6": False},
    "vrfs.red.forwarding": {"ipv4": False, "ipv6": False},
    "vrfs.red.ospf.router_id": "10.255.9.3",
    "vrfs.red.bgp.router_id": "10.255.9.4",
    "vrfs.red.families": ["ipv6"],
}
#: What no configuration holds: it is for netmgr, or says how another value is meant.
OURS = {
    # Every interface that sends hellos here has timers of its own, and the others are passive.
    *("ospf.hello_interval", "ospf.dead_interval", "ospf.passive.0"),
    "uid",
    "role",
    "service.from",
    "service.to",
    "site",
    "lifecycle",
    "management",
    "acls.in.type",
    "acls.six.filters",
}
_EXPLICIT = "every session says its families itself"
_NO_NUMBERS = "the list is in the order of its lines"
#: Platform → value that changes nothing there, and why that is no silence.
SAID_OTHERWISE = {
    "frr": {"bgp.log_neighbor_changes": "false is the default"},
    "eos": {
        "as_path_lists.own.0.sequence": _NO_NUMBERS,
        "community_lists.some.0.sequence": _NO_NUMBERS,
        "bgp.default_ipv4_unicast": _EXPLICIT,
        "interfaces.eth5.mode": "an interface that asks for its address routes",
    },
    "ios": {
        "acls.in.entries.0.sequence": _NO_NUMBERS,
        "community_lists.some.0.sequence": _NO_NUMBERS,
        "bgp.default_ipv4_unicast": _EXPLICIT,
        "bgp.ebgp_requires_policy": "IOS asks for no policy; the form refuses true",
        "ospf.originate_default": "originate_always says it too",
    },
    "junos": {
        "as_path_lists.own.0.sequence": _NO_NUMBERS,
        "community_lists.some.0.sequence": _NO_NUMBERS,
        "route_maps.out.0.sequence": "the term has a name",
        "bgp.default_ipv4_unicast": _EXPLICIT,
        "bgp.ebgp_requires_policy": "Junos asks for no policy; the form refuses true",
        "bgp.log_neighbor_changes": "false is the default",
        "route_maps.out.0.set.route_target_options": "after communities of its own it adds either way",
    },
}


def put(tree, path, value):
    """Set the value at a dotted path, in which neighbors' addresses stand whole."""
    node, steps = tree, [s.replace("~", ".") for s in path.replace("eth5.20", "eth5~20").split(".")]
    for step in steps[:-1]:
        node = node[step if isinstance(node, dict) and step in node else int(step)]
    node[steps[-1]] = value


def named(node, names):
    if isinstance(node, dict):
        return {names.get(key, key): named(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [named(value, names) for value in node]
    return names.get(node, node) if isinstance(node, str) else node


def leaves(node, path=()):
    if isinstance(node, (dict, list)) and node:
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(value, (*path, step))
    else:
        yield path


def without(tree, path):
    """The tree without a leaf, and without the list that it was alone in."""
    rest = copy.deepcopy(tree)
    nodes = [rest]
    for step in path[:-1]:
        nodes.append(nodes[-1][step])
    del nodes[-1][path[-1]]
    if isinstance(nodes[-1], list) and not nodes[-1]:
        del nodes[-2][path[-2]]
    return rest


class Told:
    """A device of one platform that says everything, and what becomes of it."""

    def __init__(self, platform):
        data = yaml.safe_load(RICH["hosts.yaml"])["r1"]["data"]
        del data["extra_config"]
        for path, value in OTHER.items():
            put(data, path, value)
        self.form = FORMS[platform]
        self.data = named(data, dict(zip(PORTS, NAMES[platform], strict=True)))
        free = replace(
            self.form, features=dict.fromkeys(FEATURES, "rendered"), objections=lambda _data, _ipv6: ()
        )
        self.forms = {platform: free}
        hosts = yaml.safe_dump({"r1": {"platform": platform, "data": self.data}}, sort_keys=False)
        files = {"client.yaml": "id: acme\nsites: {hq: {}}\n", "hosts.yaml": hosts}
        self.inventory = MemoryInventories({"acme": files}, self.forms).load("acme")
        self.renderer = Renderer(TemplateDirectory(ROOT).sources("acme", frozenset({platform})))

    def answered(self):
        """The paths below ``data`` that the form leaves to the host or refuses."""
        one = wire(self.inventory)[0]
        uses = [path[3:] for feature, path in all_uses(one) if self.form.features[feature] != "rendered"]
        ipv6 = frozenset(name for name in one.interfaces if one.ipv6(name))
        objections = [objection.path for objection in self.form.objections(one.device.data, ipv6)]
        return {tuple(map(str, path)) for path in (*uses, *objections)}

    def text(self, data):
        """The configuration, None where the data makes no sense."""
        try:
            device = self.inventory.devices[0].model_copy(update={"data": DeviceData.model_validate(data)})
            intent = resolve(replace(self.inventory, devices=(device,)), self.forms)
            return self.renderer.render(intent.devices[0])
        except (ValueError, KeyError, InputError):
            return None


@pytest.mark.parametrize("platform", RENDERED)
def test_every_value_is_in_the_configuration_or_answered_for(platform):
    told = Told(platform)
    answered, whole = told.answered(), told.text(told.data)
    silent = set()
    for path in leaves(told.data):
        words = tuple(map(str, path))
        if ".".join(words) in OURS or any(words[: len(place)] == place for place in answered):
            continue
        if told.text(without(told.data, path)) == whole:
            silent.add(".".join(words))
    names = dict(zip(NAMES[platform], PORTS, strict=True))
    assert {".".join(names.get(step, step) for step in path.split(".")) for path in silent} == {
        *SAID_OTHERWISE[platform]
    }
