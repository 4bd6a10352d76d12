"""FRRouting (8.4 and later) through the napalm_frr driver: replace, and commit-confirm with a timer on the device."""

import re

from napalm_frr.device.canonical import parse, render
from napalm_frr.device.delta import delta, script
from napalm_frr.sanitize import sanitized
from netmgr.model.adoption import Adopted
from netmgr.platforms.form import (
    InterfaceRequest,
    ManagementPath,
    PlatformForm,
    Range,
    ReadCommand,
    RouteRequest,
    StateRequest,
    Support,
    TimerLimits,
    at_most,
)
from netmgr.platforms.frr.interfaces import configured_interfaces, interfaces
from netmgr.platforms.frr.link_data import link_data
from netmgr.platforms.frr.ownership import LINES
from netmgr.platforms.frr.routes import route_commands, routes
from netmgr.platforms.frr.sides import sides
from netmgr.platforms.frr.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors
from netmgr.platforms.frr.verbatim import verbatim_problems

_NOT_YET = (
    *("ospf_networks", "ospf_area_types", "ospf_priority", "ospf_maximum_paths", "ospf_originate_always"),
    *("bgp_confederation", "bgp_maximum_paths", "bgp_maximum_paths_ibgp", "bgp_distance", "bgp_weight"),
    *(
        "bgp_allowas_in",
        "bgp_remove_private_as",
        "bgp_as_override",
        "bgp_local_as",
    ),
    *("bgp_ttl_security", "bgp_passive", "bfd", "redistribution_metrics"),
    *(
        "static_route_names",
        "static_route_tags",
        "statement_descriptions",
        "inline_prefixes",
        "match_protocol",
    ),
    *("match_tag", "set_route_targets", "set_weight", "set_tag"),
)

_FEATURES: dict[str, Support] = {
    "interfaces": "rendered",
    "ipv6": "rendered",
    "ospf": "rendered",
    "ospf3": "rendered",
    "bgp": "rendered",
    "static_routes": "rendered",
    "prefix_lists": "rendered",
    "community_lists": "rendered",
    "as_path_lists": "rendered",
    "route_maps": "rendered",
    "acls": "rendered",
    "vrfs": "rendered",
    "syslog_level": "rendered",
    "extra_config": "rendered",
    # RFC 8212 is FRR's own default.
    "bgp_without_policy": "rendered",
    "bgp_keepalive": "rendered",
    "bgp_connect_retry": "rendered",
    "bgp_default_ipv4_unicast": "rendered",
    "bgp_log_neighbor_changes": "rendered",
    "automatic_router_ids": "rendered",
    # FRR has no command for these; the host below it has.
    "mtu": "host",
    "forwarding": "host",
    "vrf_forwarding": "host",
    "hostname": "host",
    "domain": "host",
    "dns": "host",
    "ntp": "host",
    "ntp_keys": "host",
    "syslog_servers": "host",
    "syslog_transport": "host",
    "snmp": "host",
    "snmp_communities": "host",
    "snmp_hosts": "host",
    "snmp_users": "host",
    "aaa": "host",
    "aaa_authorization": "host",
    "aaa_server_vrfs": "host",
    "banner": "host",
    "motd": "host",
    "timezone": "host",
    "users": "host",
    "user_ssh_keys": "host",
    "user_privileges": "host",
    "user_roles": "host",
    "source_interfaces": "host",
    "service_vrfs": "host",
    # FRR runs in VRFs that the host has made; which interfaces these hold is the host's to say.
    "vrf_interfaces": "host",
    # BGP inside a VRF is not rendered yet: refused, so that nothing is left out silently.
    "vrf_bgp": "absent",
    "vrf_policies": "absent",
    "route_distinguishers": "absent",
    "route_targets": "absent",
    # A VRF of FRR has no description, and both families.
    "vrf_descriptions": "absent",
    "vrf_families": "absent",
    # FRR routes; it does not switch.
    "vlans": "absent",
    "lag": "absent",
    "switchport": "absent",
    "subinterfaces": "absent",
    "anycast": "absent",
    # The host's own client asks for addresses.
    "dhcp": "absent",
    # FRR has lists of standard communities, and sets those that it is told.
    "extended_communities": "absent",
    "set_community_lists": "absent",
    # FRR's access lists filter routes: they know neither protocols nor ports nor destinations.
    "packet_filters": "absent",
    # FRR numbers its statements, and processes only where it runs several.
    "statement_names": "absent",
    "entry_descriptions": "absent",
    # A route map ends by refusing. One log file has one level; terminals are vtysh's own business.
    **dict.fromkeys(("route_map_default", "syslog_files", "syslog_users"), "absent"),
    "ospf_process": "absent",
    # Nobody asked FRR for these yet, though it has most of them.
    **dict.fromkeys(_NOT_YET, "absent"),
}

#: What a fresh installation holds besides what the canonical form drops (versions, defaults, forwarding, hostname).
_FRESH = re.compile(r"log (syslog|file) .*|log timestamp .*|line vty|no ipv6 forwarding")


def _canonical(text: str) -> str:
    return render(parse(text))


#: How many words name the object of a line at the top level, where it is not two.
_SUBJECTS = re.compile(
    r"(?:no )?(?:(?:ip|ipv6) (?:prefix-list|access-list|protocol) \S+|bgp \S+-list (?:standard |expanded )?\S+"
    r"|bgp as-path access-list \S+|key chain \S+|\S+(?: \S+)?)"
)


def _subject(line: str) -> str:
    match = _SUBJECTS.match(line)
    return match[0].removeprefix("no ") if match else line


def _is_empty(canonical: str) -> bool:
    return all(_FRESH.fullmatch(line) for line in canonical.splitlines())


def _startup(canonical: str) -> str:
    """In the order in which FRR must be told, every section closed: the canonical order is one for readers."""
    return script(delta({}, parse(canonical)))[0]


def _adopt(config: str) -> Adopted:
    from netmgr.platforms.frr.adopt import adopt  # one command in many reads configurations

    return adopt(config)


#: FRR's own parser, where it takes less than the model (`list` in vtysh); Linux takes 15 characters.
_RANGES = {
    "route_map_sequence": Range(1, 65_535),
    "interface_name_length": at_most(15),
    "vrf_name_length": at_most(15),
}

FRR = PlatformForm(
    name="frr",
    driver="frr",
    loopback="lo",
    features=_FEATURES,
    replace=True,
    merge=True,
    # The timer is a process on the device: any number of seconds up to a day.
    commit_confirm=TimerLimits(minimum=1, maximum=86_400),
    commit_message=True,
    fenced=True,
    commit_control="frr",
    # The program on the router answers in one line of JSON.
    framed=True,
    endings={"running": "end"},
    canonical=_canonical,
    redact=sanitized,
    is_empty=_is_empty,
    configured=configured,
    startup=_startup,
    link_data=link_data,
    sides=sides,
    feature_of=LINES.of,
    ownable=LINES.names,
    verbatim=verbatim_problems,
    state_requests=(
        StateRequest("show ip ospf neighbor json", ospf_neighbors),
        StateRequest("show ipv6 ospf6 neighbor json", ospf3_neighbors),
        StateRequest("show bgp vrf all summary json", bgp_neighbors),
    ),
    # Whatever begins with `show` only shows. No pipe, redirection or quote: nothing but words.
    reads=(ReadCommand("show …", r"show(?: [A-Za-z0-9_.,:/@*^$()+-]+)+"),),
    interfaces=InterfaceRequest("show interface vrf all json", interfaces, configured_interfaces),
    routes=RouteRequest(route_commands, routes),
    subject=_subject,
    ranges=_RANGES,
    # SSH is the host's. FRR can take away the address, the interface, and the route that answers take.
    management=ManagementPath(
        address=r"(?:ip|ipv6) address ADDRESS/\d+",
        lines=r"(?:ip|ipv6) route .*|(?:no )?(?:ip|ipv6) forwarding|line vty",
    ),
    adopt=_adopt,
)
