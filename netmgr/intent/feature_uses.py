"""Which features a device's data uses, each with the path of the first value that needs it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netmgr.intent.policies import packet_filters
from netmgr.intent.sessions import bare_sessions
from netmgr.intent.wiring import Speaker, Wired
from netmgr.model.base import Frozen
from netmgr.model.policy import EXTENDED
from netmgr.model.routing import BgpPeer, Redistribution
from netmgr.model.system import AaaServer, DnsServer, NtpServer, Snmp, SnmpHost, SyslogServer, System

Path = tuple[object, ...]
"""For ``Origins.at``."""
Use = tuple[str, Path]

_LISTS = ("prefix_lists", "community_lists", "as_path_lists", "route_maps", "acls")
#: Key of an interface → the feature that it needs.
_OF_INTERFACES = {
    "mode": "switchport",
    "access_vlan": "switchport",
    "trunk_vlans": "switchport",
    "native_vlan": "switchport",
    "vlan_id": "subinterfaces",
    "lag": "lag",
    "lag_mode": "lag",
    "vrf": "vrf_interfaces",
    "dhcp": "dhcp",
    "anycast": "anycast",
    "acl_in": "packet_filters",
    "acl_out": "packet_filters",
}
_OF_PEERS = {
    "weight": "bgp_weight",
    "allowas_in": "bgp_allowas_in",
    "remove_private_as": "bgp_remove_private_as",
    "as_override": "bgp_as_override",
    "ttl_security": "bgp_ttl_security",
    "local_as": "bgp_local_as",
    "passive": "bgp_passive",
    "bfd": "bfd",
    "connect_retry": "bgp_connect_retry",
    "keepalive_interval": "bgp_keepalive",
}
_OF_SPEAKERS = {
    "connect_retry": "bgp_connect_retry",
    "keepalive_interval": "bgp_keepalive",
    "confederation": "bgp_confederation",
    "maximum_paths": "bgp_maximum_paths",
    "maximum_paths_ibgp": "bgp_maximum_paths_ibgp",
    "distance": "bgp_distance",
    "log_neighbor_changes": "bgp_log_neighbor_changes",
    "default_ipv4_unicast": "bgp_default_ipv4_unicast",
    "automatic_router_id": "automatic_router_ids",
}
_OF_VRFS = {
    "route_distinguisher": "route_distinguishers",
    "import_targets": "route_targets",
    "export_targets": "route_targets",
    "import_policy": "vrf_policies",
    "export_policy": "vrf_policies",
    "description": "vrf_descriptions",
    "families": "vrf_families",
}
_OF_STATEMENTS = {"name": "statement_names", "description": "statement_descriptions"}
_OF_MATCHES = {"prefixes": "inline_prefixes", "protocol": "match_protocol", "tag": "match_tag"}
_OF_SETS = {
    "route_targets": "set_route_targets",
    "community_list": "set_community_lists",
    "weight": "set_weight",
    "tag": "set_tag",
}
_OF_USERS = {"ssh_key": "user_ssh_keys", "privilege": "user_privileges", "role": "user_roles"}
#: What a redistribution says besides its policy.
_METRICS = {"metric": "redistribution_metrics", "metric_type": "redistribution_metrics"}


_Server = DnsServer | NtpServer | SyslogServer | SnmpHost | AaaServer


def features_used(one: Wired) -> dict[str, Path]:
    """Each feature that the device uses → path of the first value that needs it."""
    used: dict[str, Path] = {}
    for feature, path in all_uses(one):
        used.setdefault(feature, path)
    return used


def all_uses(one: Wired) -> Iterator[Use]:
    """(feature, path) of every value that needs a feature."""
    yield from _of_interfaces(one)
    yield from _of_routing(one)
    yield from _of_policies(one)
    yield from _of_system(one)


#: Where saying no is another thing than saying nothing.
_TRISTATE = ("log_neighbor_changes",)


def _said(value: Frozen, features: Mapping[str, str], path: Path) -> Iterator[Use]:
    """The features of the keys that say something."""
    for key, feature in features.items():
        said = getattr(value, key)
        if said is not None and said != () and (said is not False or key in _TRISTATE):
            yield feature, (*path, key)


def _of_interfaces(one: Wired) -> Iterator[Use]:
    data, base = one.device.data, ("devices", one.device.name, "data")
    for index, address in enumerate(data.loopback):
        yield "interfaces", (*base, "loopback")
        if address.version == 6:
            yield "ipv6", (*base, "loopback", index)
    for name in one.interfaces:
        own, path, attachment = one.settings(name), (*base, "interfaces", name), one.attachments.get(name)
        link: Path = ("links", attachment.index) if attachment else ()
        yield "interfaces", path if name in data.interfaces else link
        if one.ipv6(name):
            yield "ipv6", (*path, "ipv6") if own.ipv6 else (*link, "subnet")
        if one.mtu(name) is not None:
            yield "mtu", (*path, "mtu") if own.mtu is not None else (*link, "mtu")
        yield from _said(own, _OF_INTERFACES, path)
    for family in ("ipv4", "ipv6"):
        if getattr(data.forwarding, family) is not None:
            yield "forwarding", (*base, "forwarding", family)


def _of_routing(one: Wired) -> Iterator[Use]:
    data, base = one.device.data, ("devices", one.device.name, "data")
    yield from _of_ospf(one)
    for speaker in one.speakers:
        if speaker.asn is not None:
            yield from _of_speaker(one, speaker)
    for index, route in enumerate(data.static_routes):
        if route.prefix.version == 6:
            yield "ipv6", (*base, "static_routes", index)
        features = {"name": "static_route_names", "tag": "static_route_tags"}
        yield from _said(route, features, (*base, "static_routes", index))
    for key in ("static_routes", "vlans", *_LISTS, "vrfs", "extra_config"):
        if getattr(data, key):
            yield key, (*base, key)
    for name, vrf in data.vrfs.items():
        path = (*base, "vrfs", name)
        yield from _said(vrf, _OF_VRFS, path)
        for family in ("ipv4", "ipv6"):
            if getattr(vrf.forwarding, family) is not None:
                yield "vrf_forwarding", (*path, "forwarding", family)
        if vrf.ospf.process is not None:
            yield "ospf_process", (*path, "ospf", "process")


def _of_ospf(one: Wired) -> Iterator[Use]:
    data, base = one.device.data.ospf, ("devices", one.device.name, "data", "ospf")
    for name, on in one.ospf.items():
        path = (*base, "areas", on.area, "interfaces", name)
        origin = path if data.areas else ("links", one.attachments[name].index, "ospf")
        if one.ipv4(name) or not one.ipv6(name):
            yield "ospf", origin
        if one.ipv6(name):
            yield "ospf3", origin
        yield from _said(on.settings, {"priority": "ospf_priority", "bfd": "bfd"}, path)
    for number, area in data.areas.items():
        yield from _said(area, {"networks": "ospf_networks"}, (*base, "areas", number))
        if area.type != "normal":
            yield "ospf_area_types", (*base, "areas", number, "type")
        yield from _said(area, {"no_summary": "ospf_area_types"}, (*base, "areas", number))
    features = {
        "automatic_router_id": "automatic_router_ids",
        "process": "ospf_process",
        "maximum_paths": "ospf_maximum_paths",
        "originate_always": "ospf_originate_always",
    }
    yield from _said(data, features, base)
    yield from _redistributed(data.redistribute, base)


def _redistributed(sources: Mapping[Any, Redistribution], path: Path) -> Iterator[Use]:
    for source, how in sources.items():
        yield from _said(how, _METRICS, (*path, "redistribute", source))


def _of_speaker(one: Wired, speaker: Speaker) -> Iterator[Use]:
    data, base = speaker.data, ("devices", one.device.name, "data", *speaker.path)
    if speaker.vrf is None:
        yield "bgp", (*base, "asn")
        bare = bare_sessions(speaker)
        if bare and one.device.data.bgp.ebgp_requires_policy:
            yield "bgp_without_policy", (*base, "asn")
    elif data != type(data)() or speaker.neighbors:
        yield "vrf_bgp", base
    yield from _said(data, {k: f for k, f in _OF_SPEAKERS.items() if hasattr(data, k)}, base)
    yield from _redistributed(data.redistribute, base)
    yield from (("ipv6", (*base, "neighbors", str(a))) for a in data.neighbors if a.version == 6)
    yield from (("ipv6", (*base, "networks", i)) for i, n in enumerate(data.networks) if n.version == 6)
    peers: tuple[tuple[str, Iterable[tuple[object, BgpPeer]]], ...] = (
        ("peer_groups", data.peer_groups.items()),
        ("neighbors", data.neighbors.items()),
    )
    for kind, members in peers:
        for key, peer in members:
            path = (*base, kind, str(key))
            yield from _said(peer, _OF_PEERS, path)
            for family, exchange in peer.afi_safis.items():
                known = {k: f for k, f in _OF_PEERS.items() if hasattr(exchange, k)}
                yield from _said(exchange, known, (*path, "afi_safis", family))


def _of_policies(one: Wired) -> Iterator[Use]:
    data, base = one.device.data, ("devices", one.device.name, "data")
    for name, statements in data.route_maps.items():
        for index, statement in enumerate(statements):
            path = (*base, "route_maps", name, index)
            if statement.action == "default":
                yield "route_map_default", (*path, "action")
            yield from _said(statement, _OF_STATEMENTS, path)
            yield from _said(statement.match, _OF_MATCHES, (*path, "match"))
            yield from _said(statement.set, _OF_SETS, (*path, "set"))
            if statement.set.route_targets:
                yield "set_route_targets", (*path, "set", "route_target_options")
    for name, rules in data.community_lists.items():
        for index, rule in enumerate(rules):
            if any(community.startswith(EXTENDED) for community in rule.community):
                yield "extended_communities", (*base, "community_lists", name, index, "community")
    for name in data.acls:
        if name in packet_filters(data):
            yield "packet_filters", (*base, "acls", name)
        for index, entry in enumerate(data.acls[name].entries):
            features = {"name": "statement_names", "description": "entry_descriptions"}
            yield from _said(entry, features, (*base, "acls", name, "entries", index))


def _of_system(one: Wired) -> Iterator[Use]:
    system, base = one.device.data.system, ("devices", one.device.name, "data", "system")
    keys = ("hostname", "domain", "dns", "ntp", "ntp_keys", "aaa", "banner", "motd", "timezone", "users")
    for key in (*keys, "source_interfaces"):
        if getattr(system, key):
            yield key, (*base, key)
    if system.syslog.level is not None:
        yield "syslog_level", (*base, "syslog", "level")
    for key in ("servers", "files", "users"):
        if getattr(system.syslog, key):
            yield f"syslog_{key}", (*base, "syslog", key)
    for index, server in enumerate(system.syslog.servers):
        if server.port is not None or server.protocol != "udp":
            yield "syslog_transport", (*base, "syslog", "servers", index)
    for name, user in system.users.items():
        yield from _said(user, _OF_USERS, (*base, "users", name))
    if system.aaa and system.aaa.authorization:
        yield "aaa_authorization", (*base, "aaa", "authorization")
    if system.snmp:
        yield from _of_snmp(system.snmp, (*base, "snmp"))
    yield from _of_servers(system, base)


def _of_snmp(snmp: Snmp, base: Path) -> Iterator[Use]:
    yield "snmp", base
    for key in ("communities", "hosts", "users"):
        if getattr(snmp, key):
            yield f"snmp_{key}", (*base, key)


def _of_servers(system: System, base: Path) -> Iterator[Use]:
    """Servers that are reached in a VRF."""
    servers: tuple[tuple[Path, tuple[_Server, ...]], ...] = (
        (("dns",), system.dns),
        (("ntp",), system.ntp),
        (("syslog", "servers"), system.syslog.servers),
        (("snmp", "hosts"), system.snmp.hosts if system.snmp else ()),
        (("aaa", "servers"), system.aaa.servers if system.aaa else ()),
    )
    for path, members in servers:
        for index, server in enumerate(members):
            if server.vrf is not None:
                feature = "aaa_server_vrfs" if path[0] == "aaa" else "service_vrfs"
                yield feature, (*base, *path, index, "vrf")
