"""Cisco IOS (15) and IOS-XE (16 and later) through NAPALM's ios driver: `configure replace`, and its revert timer.

Source of the limits: Cisco IOS Configuration Fundamentals, "Configuration Rollback Confirmed Change": 1 to 120 minutes.
"""

import re

from netmgr.model.adoption import Adopted
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
from netmgr.platforms.ios.adjacency import configured, link_data, sides
from netmgr.platforms.ios.candidate import candidate
from netmgr.platforms.ios.canonical import canonical, paths
from netmgr.platforms.ios.interfaces import configured_interfaces, interfaces
from netmgr.platforms.ios.limits import NAMES, RANGES
from netmgr.platforms.ios.objections import objections
from netmgr.platforms.ios.ownership import LINES
from netmgr.platforms.ios.passwords import LOGINS
from netmgr.platforms.ios.remediation import remediation
from netmgr.platforms.ios.routes import route_commands, routes
from netmgr.platforms.ios.secrets import sanitized
from netmgr.platforms.ios.state import bgp_neighbors, ospf3_neighbors, ospf_neighbors
from netmgr.platforms.ios.verbatim import TERMINATORS, verbatim_problems

_RENDERED = (
    *(
        "bgp_keepalive",
        "bgp_maximum_paths_ibgp",
        "entry_descriptions",
    ),
    "aaa_authorization",
    *(
        "interfaces",
        "ipv6",
        "mtu",
        "switchport",
        "vlans",
        "lag",
        "subinterfaces",
        "forwarding",
        "vrfs",
        "vrf_interfaces",
    ),
    *(
        "vrf_descriptions",
        "vrf_families",
        "vrf_policies",
        "vrf_bgp",
        "route_distinguishers",
        "route_targets",
        "ospf",
    ),
    *("ospf3", "ospf_process", "ospf_networks", "ospf_area_types", "ospf_priority", "ospf_maximum_paths"),
    *("ospf_originate_always", "bgp", "bgp_confederation", "bgp_maximum_paths", "bgp_distance", "bgp_weight"),
    *("bgp_log_neighbor_changes", "bgp_default_ipv4_unicast", "bgp_allowas_in", "bgp_remove_private_as"),
    *("bgp_as_override", "bgp_ttl_security", "bgp_local_as", "bgp_passive", "automatic_router_ids", "bfd"),
    *("redistribution_metrics", "static_routes", "static_route_names", "static_route_tags", "prefix_lists"),
    *(
        "community_lists",
        "as_path_lists",
        "route_maps",
        "acls",
        "packet_filters",
        "statement_descriptions",
        "match_tag",
    ),
    *(
        "set_route_targets",
        "set_weight",
        "set_tag",
        "hostname",
        "domain",
        "dns",
        "ntp",
        "ntp_keys",
        "syslog_level",
    ),
    *(
        "syslog_servers",
        "syslog_transport",
        "snmp",
        "snmp_communities",
        "snmp_hosts",
        "aaa",
        "banner",
        "motd",
    ),
    *("users", "user_privileges", "source_interfaces", "service_vrfs", "dhcp", "extra_config"),
)
_FEATURES: dict[str, Support] = {
    **dict.fromkeys(_RENDERED, "rendered"),
    # A statement sets communities by themselves; lists of extended ones are another kind of list, not rendered yet.
    **dict.fromkeys(("extended_communities", "set_community_lists"), "absent"),
    # IOS passes the routes of eBGP neighbors without a policy: RFC 8212 cannot be had.
    "bgp_without_policy": "absent",
    # A VRF routes as soon as it has a family.
    "vrf_forwarding": "absent",
    # What cannot be had of these is objected to where it stands.
    **dict.fromkeys(("bgp_connect_retry", "aaa_server_vrfs"), "rendered"),
    # Gateways that several devices share are HSRP's or VRRP's, which have groups and states of their own.
    "anycast": "absent",
    # Entries have numbers; where routes came from and prefixes without a list are not matched.
    **dict.fromkeys(("statement_names", "inline_prefixes", "match_protocol"), "absent"),
    # A route map ends by refusing. What is logged where is one level for all facilities.
    **dict.fromkeys(("route_map_default", "syslog_files", "syslog_users"), "absent"),
    # `clock timezone` and `clock summer-time` want the offsets and rules that an IANA name stands for.
    "timezone": "absent",
    # `show running-config` does not show them: nobody could tell whether they are as intended.
    "snmp_users": "absent",
    # A key is shown as its hash alone; what a user may do is a privilege level.
    **dict.fromkeys(("user_ssh_keys", "user_roles"), "absent"),
}

#: What a fresh installation holds, and what it needs to be logged in to and replaced at all.
_FRESH = re.compile(
    r"(?:no )?(?:service|platform|aaa new-model|ip (?:http|ssh|scp|cef|domain|forward-protocol|source-route)|ipv6 cef"
    r"|cdp|lldp|login|diagnostic|spanning-tree|switch|system mtu|vtp|memory|call-home|mmi)\b.*"
    r"|hostname \S+|(?:username|enable) .*|subscriber templating|multilink bundle-name \S+|redundancy| mode \S+"
    r"|virtual-service \S+|control-plane|crypto pki .*| (?:enrollment|subject-name|revocation-check|rsakeypair) .*"
    r"|vrf definition Mgmt-\S+| (?:exit-)?address-family.*|interface \S+| shutdown| ip address dhcp"
    r"|(?: vrf forwarding Mgmt-\S+)|archive| (?:path|maximum|write-memory).*"
    r"|line .*| (?:login|transport|stopbits|exec-timeout|logging synchronous|privilege level|length|password)\b.*"
)

_WORD = r"[A-Za-z0-9_.,:/@*^$()+-]+"

#: How many words name the object of a line at the top level, where it is not the first two.
_SUBJECTS = re.compile(
    r"ip (?:community-list|access-list) \S+ \S+|(?:ip|ipv6) prefix-list \S+|ip as-path access-list \S+"
    r"|ipv6 access-list \S+|(?:ip|ipv6) route(?: vrf \S+)? \S+ \S+"
    r"|aaa (?:authentication|authorization|accounting) \S+ \S+"
    r"|snmp-server (?:community|host|user|group|view) \S+|(?:logging host|ntp server) \S+|router \S+ \S+|line \S+ \S+"
    r"|\S+(?: \S+)?"
)


def _subject(line: str) -> str:
    match = _SUBJECTS.match(line.removeprefix("no "))
    return match[0] if match else line


def _is_empty(config: str) -> bool:
    return all(_FRESH.fullmatch(line) for line in config.splitlines())


def _adopt(config: str) -> Adopted:
    from netmgr.platforms.ios.adopt import adopt  # one command in many reads configurations

    return adopt(config)


IOS = PlatformForm(
    name="ios",
    driver="ios",
    loopback="Loopback0",
    features=_FEATURES,
    interface_names=NAMES,
    ranges=RANGES,
    replace=True,
    merge=True,
    # `configure replace … force revert timer` counts whole minutes, and needs `archive` with a `path`.
    commit_confirm=TimerLimits(minimum=60, maximum=7200, step=60),
    commit_message=False,
    fenced=False,
    commit_control="ios",
    endings={"running": "end", "startup": "end"},
    canonical=canonical,
    candidate=candidate,
    settled=LOGINS.settled,
    remediation=remediation,
    redact=sanitized,
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
    adopt=_adopt,
    change_marker=r"! Last configuration change at .*",
    attribution="header",
    # An image, or a licence, without a protocol does not know its commands.
    state_requests=(
        StateRequest("show ip ospf neighbor", ospf_neighbors, optional=True),
        StateRequest("show ipv6 ospf neighbor", ospf3_neighbors, optional=True),
        StateRequest("show bgp all summary", bgp_neighbors, optional=True),
    ),
    # Whatever begins with `show` only shows, unless a pipe writes it somewhere.
    reads=(
        ReadCommand(
            "show … [| include|exclude|begin|section|count …]",
            rf"show(?: {_WORD})+(?: \| (?:include|exclude|begin|section|count)(?: {_WORD})+)?",
        ),
        ReadCommand("dir [FILESYSTEM:]", r"dir(?: [A-Za-z0-9-]+:)?"),
    ),
    interfaces=InterfaceRequest("show ip interface", interfaces, configured_interfaces),
    routes=RouteRequest(route_commands, routes),
    subject=_subject,
    management=ManagementPath(
        address=r"ip address ADDRESS \d+\.\S+(?: secondary)?|(?i:ipv6 address ADDRESS/\d+)",
        lines=r"(?:ip|ipv6) route .*|ip default-gateway .*|(?:no )?ip (?:routing|ssh|scp|domain) .*"
        r"|ipv6 unicast-routing|line vty .*|(?:no )?aaa .*|username .*|(?:radius|tacacs) .*|crypto key .*"
        r"|vrf definition .*",
    ),
)
