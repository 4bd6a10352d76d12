"""What Junos cannot do of what the features that it has could ask for: refused where it stands, never left out."""

import re
from collections.abc import Iterator

from netmgr.model.device import DeviceData
from netmgr.model.policy import PrefixRule, RouteStatement
from netmgr.model.routing import Bgp, BgpInstance, BgpPeer
from netmgr.model.suggest import did_you_mean
from netmgr.platforms.form import Objection
from netmgr.platforms.junos.limits import HEADER, MEDIA_MTU, SYSLOG_FACILITIES, TAG, has_mtu
from netmgr.platforms.junos.longest import hidden
from netmgr.platforms.junos.names import OWN_POLICIES

#: Expressions over the text of a path that are the same over its AS numbers.
_PATHS = re.compile(r"\.\*|\^\$|[\^_](?:[0-9]+|\[0-9\]\+)(?:_(?:[0-9]+|\[0-9\]\+))*[_$]")

#: YANG conf-system 23.2R2: the highest number of an NTP key, the most seconds of a tacplus-server.
_NTP_KEY, _TACACS_TIMEOUT = 65534, 90
_MEGABITS = 4_000_000


def objections(data: DeviceData, ipv6: frozenset[str]) -> Iterator[Objection]:
    """See ``PlatformForm.objections``."""
    yield from _system(data)
    yield from _interfaces(data)
    yield from _ospf(data, ipv6)
    yield from _bgp(data.bgp, data.bgp, ("bgp",))
    for name, vrf in data.vrfs.items():
        yield from _bgp(vrf.bgp, data.bgp, ("vrfs", name, "bgp"))
        if vrf.ospf.router_id is not None and vrf.bgp.router_id not in (None, vrf.ospf.router_id):
            said = "junos has one router id for OSPF and BGP; write the same"
            yield Objection(("vrfs", name, "ospf", "router_id"), said)
        if vrf.route_distinguisher is None and (vrf.import_targets or vrf.export_targets):
            key = "import_targets" if vrf.import_targets else "export_targets"
            yield Objection(
                ("vrfs", name, key), "route targets need a route_distinguisher on junos; write one"
            )
    yield from _policies(data)


def _system(data: DeviceData) -> Iterator[Objection]:
    system = data.system
    for index, server in enumerate(system.ntp):
        if ":" not in server.address and not re.fullmatch(r"[0-9.]+", server.address):
            said = "junos asks time servers by address alone; write the address"
            yield Objection(("system", "ntp", index), said)
    if _NTP_KEY + 1 in system.ntp_keys:
        said = f"keys of time servers are 1 to {_NTP_KEY} on junos; choose another number"
        yield Objection(("system", "ntp_keys", _NTP_KEY + 1), said)
    for index, login in enumerate(system.aaa.servers if system.aaa else ()):
        if login.protocol == "tacacs+" and login.timeout is not None and login.timeout > _TACACS_TIMEOUT:
            said = f"a TACACS+ server has {_TACACS_TIMEOUT} seconds at most on junos; write fewer"
            yield Objection(("system", "aaa", "servers", index, "timeout"), said)
    yield from _syslog(data)
    yield from _snmp(data)
    if "dns" in system.source_interfaces:
        said = "junos asks resolvers from whichever interface leads to them; remove it"
        yield Objection(("system", "source_interfaces", "dns"), said)


def _syslog(data: DeviceData) -> Iterator[Objection]:
    syslog = data.system.syslog
    for kind, targets in (("files", syslog.files), ("users", syslog.users)):
        for name, levels in targets.items():
            for facility in levels.keys() - SYSLOG_FACILITIES:
                said = (
                    f"{facility} is no facility of junos; {did_you_mean(facility, sorted(SYSLOG_FACILITIES))}"
                )
                yield Objection(("system", "syslog", kind, name, facility), said)
    if "any" in syslog.files.get("messages", {}):
        said = "what any facility logs to messages is syslog's level; write it there"
        yield Objection(("system", "syslog", "files", "messages", "any"), said)


def _snmp(data: DeviceData) -> Iterator[Objection]:
    snmp = data.system.snmp
    if snmp is None:
        return
    for name, community in snmp.communities.items():
        acl = data.acls.get(community.acl or "")
        if acl is not None and (acl.type == "ipv6" or acl.filters != "routes"):
            said = f"clients of a community are an IPv4 acl with filters: routes on junos; write {community.acl} so"
            yield Objection(("system", "snmp", "communities", name, "acl"), said)
    groups: dict[str, tuple[object, ...]] = {}
    for index, host in enumerate(snmp.hosts):
        path = ("system", "snmp", "hosts", index)
        if host.community is None:
            yield Objection(path, "junos is sent no SNMPv3 notifications here; write a community")
        elif host.informs:
            yield Objection(path, "junos sends traps to a community, no informs; remove informs")
        elif groups.setdefault(host.community, (host.port, host.vrf)) != (host.port, host.vrf):
            said = (
                "the hosts of one community have one port and one vrf on junos; give each its own community"
            )
            yield Objection(path, said)


def _interfaces(data: DeviceData) -> Iterator[Objection]:
    for name, interface in data.interfaces.items():
        if interface.mtu is not None and not has_mtu(name):
            yield Objection(("interfaces", name, "mtu"), f"{name} has no mtu on junos; remove it")
        parent, dot, unit = name.rpartition(".")
        if not dot or parent == "irb" or unit == "0" or parent.startswith("lo"):
            continue
        above = data.interfaces.get(parent)
        for key in ("ipv4", "ipv6", "mode") if above else ():
            if getattr(above, key):
                said = f"beside subinterfaces ({name}) every frame is tagged on junos; move it to one of them"
                yield Objection(("interfaces", parent, key), said)
        if above and above.mtu is not None and above.mtu + HEADER + TAG > MEDIA_MTU.maximum:
            most = MEDIA_MTU.maximum - HEADER - TAG
            said = f"a tagged port's packets have {most} bytes at most on junos; write less"
            yield Objection(("interfaces", parent, "mtu"), said)


def _ospf(data: DeviceData, ipv6: frozenset[str]) -> Iterator[Objection]:
    said = "junos signs OSPFv2 alone (OSPFv3 needs IPsec, which is not rendered); remove it, or the interface's IPv6"
    signed = data.ospf.authentication is not None
    for area, content in data.ospf.areas.items():
        for name, settings in content.interfaces.items():
            here = ("ospf", "areas", area, "interfaces", name)
            if name in ipv6 and settings.authentication is not None:
                yield Objection((*here, "authentication"), said)
            elif name in ipv6 and signed and not (settings.passive or name in data.ospf.passive):
                yield Objection(("ospf", "authentication"), said)
                signed = False
    # CLI Reference, ``reference-bandwidth`` (Protocols OSPF): 4,000,000,000,000 bits at most.
    if (data.ospf.reference_bandwidth or 0) > _MEGABITS:
        said = f"the reference bandwidth is {_MEGABITS} Mbit/s at most on junos; write less"
        yield Objection(("ospf", "reference_bandwidth"), said)
    own = data.ospf.router_id
    if own is not None and data.bgp.asn is not None and data.bgp.router_id not in (None, own):
        yield Objection(("ospf", "router_id"), "junos has one router id for OSPF and BGP; write the same")


def _bgp(speaker: BgpInstance, device: Bgp, base: tuple[object, ...]) -> Iterator[Objection]:
    groups, neighbors = speaker.peer_groups, speaker.neighbors
    for name, group in groups.items():
        yield from _peer(group, (*base, "peer_groups", name))
        inside = {
            (neighbor.peer_as or group.peer_as) == device.asn
            for neighbor in neighbors.values()
            if neighbor.peer_group == name
        }
        if len(inside) > 1:
            said = f"group {name} has neighbors inside the AS and outside, which are two groups on junos; write two"
            yield Objection((*base, "peer_groups", name), said)
    for address, neighbor in neighbors.items():
        yield from _peer(neighbor, (*base, "neighbors", str(address)))


def _peer(peer: BgpPeer, path: tuple[object, ...]) -> Iterator[Objection]:
    exchanges = [((), peer), *((("afi_safis", family), said) for family, said in peer.afi_safis.items())]
    for below, exchange in exchanges:
        here = (*path, *below)
        if exchange.send_community not in (None, "both", "all"):
            said = (
                "junos always sends communities; remove send_community, and take them away by export_policy"
            )
            yield Objection((*here, "send_community"), said)
        if exchange.send_default_route:
            said = "junos sends a default route that it has; write it as a static route, and let export_policy pass it"
            yield Objection((*here, "send_default_route"), said)
    for key in ("import_policy", "export_policy"):
        names = {getattr(exchange, key) or getattr(peer, key) for _, exchange in exchanges[1:]}
        if len(names) > 1:
            said = f"a session has one {key} for all families on junos; write one route map for both"
            yield Objection((*path, "afi_safis"), said)


def _policies(data: DeviceData) -> Iterator[Objection]:
    for name, statements in data.route_maps.items():
        if OWN_POLICIES.fullmatch(name):
            yield Objection(
                ("route_maps", name), f"{name} is what netmgr calls a policy of its own; choose another"
            )
        for index, statement in enumerate(statements):
            yield from _statement(data, statement, ("route_maps", name, index, "match"))
    for name, rules in data.as_path_lists.items():
        for index, rule in enumerate(rules):
            if not _PATHS.fullmatch(rule.regex):
                said = "junos matches AS numbers, not text; write it like ^64500_, _64500_, _64500$, ^$ or .*"
                yield Objection(("as_path_lists", name, index, "regex"), said)


def _statement(data: DeviceData, statement: RouteStatement, path: tuple[object, ...]) -> Iterator[Objection]:
    match = statement.match
    lists = [
        key
        for key, rules in (
            ("prefix_list", data.prefix_lists.get(match.prefix_list or "", ())),
            ("community", data.community_lists.get(match.community or "", ())),
            ("as_path", data.as_path_lists.get(match.as_path or "", ())),
        )
        if rules and not _plain(key, rules)
    ]
    lists += ["acl"] if match.acl else []
    if len(lists) > 1:
        said = f"{' and '.join(lists)} are policies on junos, of which a statement asks one; write a statement for each"
        yield Objection((*path, lists[-1]), said)
    if match.prefix_list and match.prefixes:
        yield Objection((*path, "prefixes"), "junos asks prefix_list or prefixes; write them in one list")
    index = hidden(match.prefixes)
    if index is not None:
        said = (
            f"on junos the longest prefix alone decides, so that {match.prefixes[index].prefix} would hide another's "
            "routes; write a statement for each"
        )
        yield Objection((*path, "prefixes", index), said)
    hops = data.prefix_lists.get(match.next_hop or "", ())
    if not all(isinstance(rule, PrefixRule) and _host(rule) for rule in hops):
        said = "junos compares a next hop with addresses; write a list that permits whole addresses alone"
        yield Objection((*path, "next_hop"), said)


def _plain(key: str, rules: tuple[object, ...]) -> bool:
    """Whether a list is one of Junos' own, not a policy."""
    if key == "prefix_list":
        return all(isinstance(r, PrefixRule) and r.action == "permit" and _whole(r) for r in rules)
    return len(rules) == 1 and getattr(rules[0], "action", "") == "permit"


def _whole(rule: PrefixRule) -> bool:
    length = rule.prefix.prefixlen
    return (rule.ge in (None, length) and rule.le == length) or (rule.ge is None and rule.le is None)


def _host(rule: PrefixRule) -> bool:
    return rule.action == "permit" and rule.prefix.num_addresses == 1
