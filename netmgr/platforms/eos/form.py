"""Arista EOS (4.23 and later) through NAPALM's eos driver: eAPI over HTTPS, and configuration sessions.

A session replaces the whole configuration (`rollback clean-config`, then every line), and can be committed with a timer
after which the device goes back by itself (EOS User Manual, "Configure Session").
"""

import re

from netmgr.model.adoption import Adopted
from netmgr.platforms.eos.canonical import candidate, canonical, paths
from netmgr.platforms.eos.dialect import FRESH
from netmgr.platforms.eos.interfaces import configured_interfaces, interfaces
from netmgr.platforms.eos.limits import NAMES, RANGES
from netmgr.platforms.eos.link_data import link_data
from netmgr.platforms.eos.objections import objections
from netmgr.platforms.eos.ownership import LINES
from netmgr.platforms.eos.passwords import LOGINS
from netmgr.platforms.eos.remediation import remediation
from netmgr.platforms.eos.routes import route_commands, routes
from netmgr.platforms.eos.secrets import redacted
from netmgr.platforms.eos.sides import sides
from netmgr.platforms.eos.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors
from netmgr.platforms.eos.verbatim import TERMINATORS, verbatim_problems
from netmgr.platforms.form import (
    InterfaceRequest,
    ManagementPath,
    PlatformForm,
    ReadCommand,
    RouteRequest,
    StateRequest,
    Support,
    TimerLimits,
)

_RENDERED = (
    *("bgp_keepalive", "entry_descriptions", "aaa_authorization"),
    *("aaa_server_vrfs", "vrf_forwarding"),
    *("interfaces", "ipv6", "mtu", "switchport", "vlans", "lag", "subinterfaces", "anycast", "forwarding"),
    *("vrfs", "vrf_interfaces", "vrf_descriptions", "vrf_bgp", "route_distinguishers", "route_targets"),
    *(
        "ospf",
        "ospf3",
        "ospf_process",
        "ospf_networks",
        "ospf_area_types",
        "ospf_priority",
        "ospf_maximum_paths",
    ),
    *(
        "ospf_originate_always",
        "bgp",
        "bgp_without_policy",
        "bgp_confederation",
        "bgp_maximum_paths",
        "bgp_distance",
    ),
    *("bgp_log_neighbor_changes", "bgp_default_ipv4_unicast", "bgp_weight", "bgp_allowas_in"),
    *(
        "bgp_remove_private_as",
        "bgp_as_override",
        "bgp_ttl_security",
        "bgp_passive",
        "automatic_router_ids",
        "bfd",
    ),
    *("static_routes", "static_route_names", "static_route_tags", "prefix_lists", "community_lists"),
    *("as_path_lists", "route_maps", "acls", "packet_filters", "statement_descriptions", "match_protocol"),
    *(
        "match_tag",
        "set_route_targets",
        "set_weight",
        "set_tag",
        "hostname",
        "domain",
        "dns",
        "ntp",
        "ntp_keys",
    ),
    *("syslog_level", "syslog_servers", "syslog_transport", "snmp", "snmp_communities", "snmp_hosts", "aaa"),
    *("banner", "motd", "timezone", "users", "user_ssh_keys", "user_privileges", "user_roles"),
    *("source_interfaces", "service_vrfs", "extra_config"),
)

_FEATURES: dict[str, Support] = {
    **dict.fromkeys(_RENDERED, "rendered"),
    # EOS keeps the keys of SNMPv3 users bound to its own engine: what it shows cannot be compared with a password.
    "snmp_users": "absent",
    # A VRF of EOS has both families, and its import and export have no policy of their own without EVPN or MPLS.
    "vrf_families": "absent",
    "vrf_policies": "absent",
    # Asked for by nobody yet; EOS has both.
    "dhcp": "absent",
    "extended_communities": "absent",
    # EOS sets the communities that a route map says.
    "set_community_lists": "absent",
    # `local-as` of EOS always replaces the device's own AS: elsewhere it is put before it.
    "bgp_local_as": "absent",
    # `maximum-paths` counts all of them; BGP's timer of attempts is EOS's own.
    "bgp_maximum_paths_ibgp": "absent",
    "bgp_connect_retry": "absent",
    # Redistribution has no metric of its own: a route map sets it.
    "redistribution_metrics": "absent",
    # Statements and entries have numbers; prefixes stand in lists.
    "statement_names": "absent",
    "inline_prefixes": "absent",
    # A route map ends by refusing. What is logged where is one level for all facilities.
    **dict.fromkeys(("route_map_default", "syslog_files", "syslog_users"), "absent"),
}

#: How many words name the object of a line at the top level, where it is not two.
_SUBJECTS = re.compile(
    r"(?:no )?(?:interface \S+|(?:ip|ipv6) (?:prefix-list|access-list(?: standard)?|community-list(?: regexp)?) \S+"
    r"|ip as-path access-list \S+|(?:ip|ipv6) route (?:vrf \S+ )?\S+|(?:ip|ipv6) router ospf \S+|aaa \S+ \S+"
    r"|snmp-server \S+ \S+|\S+(?: \S+)?)"
)


def _subject(line: str) -> str:
    match = _SUBJECTS.match(line)
    return match[0].removeprefix("no ") if match else line


def _is_empty(text: str) -> bool:
    return all(FRESH.fullmatch(line) for line in text.splitlines())


def _adopt(config: str) -> Adopted:
    from netmgr.platforms.eos.adopt import adopt  # one command in many reads configurations

    return adopt(config)


EOS = PlatformForm(
    name="eos",
    driver="eos",
    loopback="Loopback0",
    features=_FEATURES,
    interface_names=NAMES,
    ranges=RANGES,
    replace=True,
    merge=True,
    # hh:mm:ss of one day: NAPALM lets a whole day become no time at all.
    commit_confirm=TimerLimits(minimum=1, maximum=86_399),
    commit_message=False,
    fenced=False,
    commit_control="eos",
    # eAPI answers in JSON over HTTPS.
    framed=True,
    endings={"running": "end", "startup": "end"},
    https=True,
    port=443,
    canonical=canonical,
    adopt=_adopt,
    candidate=candidate,
    settled=LOGINS.settled,
    remediation=remediation,
    redact=redacted,
    is_empty=_is_empty,
    configured=configured,
    link_data=link_data,
    sides=sides,
    paths=paths,
    feature_of=LINES.of,
    ownable=LINES.names,
    verbatim=verbatim_problems,
    terminators=TERMINATORS,
    objections=objections,
    # eAPI answers in text; `| json` makes the text JSON.
    state_requests=(
        # Where BGP does not run, EOS answers with an error: "BGP inactive".
        StateRequest("show ip ospf neighbor vrf all | json", ospf_neighbors, optional=True),
        StateRequest("show ipv6 ospf neighbor vrf all | json", ospf3_neighbors, optional=True),
        StateRequest("show ip bgp summary vrf all | json", bgp_neighbors, optional=True),
        StateRequest("show ipv6 bgp summary vrf all | json", bgp_neighbors, optional=True),
    ),
    # Whatever begins with `show` only shows. No pipe but to JSON, no redirection or quote.
    reads=(ReadCommand("show … [| json]", r"show(?: [A-Za-z0-9_.,:/@*^$()+-]+)+(?: \| json)?"),),
    interfaces=InterfaceRequest("show interfaces | json", interfaces, configured_interfaces),
    routes=RouteRequest(route_commands, routes),
    subject=_subject,
    management=ManagementPath(
        address=r"ip(?:v6)? address ADDRESS/\d+(?: secondary)?",
        lines=r"ip(?:v6)? route .*|ip routing.*|ipv6 unicast-routing.*|vrf instance .*|management api http-commands"
        r"|ip default-gateway .*|aaa authentication .*|username .*",
    ),
)
