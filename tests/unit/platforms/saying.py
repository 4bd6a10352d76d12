"""A device of each platform that uses every feature, for the law that nothing which is said is left out."""

from pathlib import Path

import yaml

from netmgr.conformance import Saying
from tests.unit.inventory.samples import RICH

ROOT = Path(__file__).parents[3]
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
#: Every interface that sends hellos here has timers of its own, and the others are passive.
_TIMED = dict.fromkeys(
    ("ospf.hello_interval", "ospf.dead_interval", "ospf.passive.0"), "interfaces say it themselves"
)
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


def saying(platform):
    """The device, and which of its values change nothing, in the platform's own names."""
    data = yaml.safe_load(RICH["hosts.yaml"])["r1"]["data"]
    del data["extra_config"]
    for path, value in OTHER.items():
        put(data, path, value)
    names = dict(zip(PORTS, NAMES[platform], strict=True))
    otherwise = {
        ".".join(names.get(step, step) for step in path.split(".")): why
        for path, why in {**_TIMED, **SAID_OTHERWISE[platform]}.items()
    }
    templates = {path.name: path.read_text() for path in (ROOT / "templates" / platform).glob("*.j2")}
    return Saying(named(data, names), templates, otherwise)
