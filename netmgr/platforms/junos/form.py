"""Junos (Juniper) through NAPALM's junos driver: NETCONF, exact replacement, commit-confirm in whole minutes."""

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
from netmgr.platforms.junos.candidate import candidate
from netmgr.platforms.junos.canonical import canonical
from netmgr.platforms.junos.features import OWNABLE, feature_of
from netmgr.platforms.junos.interfaces import configured_interfaces, interfaces
from netmgr.platforms.junos.limits import NAMES, RANGES
from netmgr.platforms.junos.objections import objections
from netmgr.platforms.junos.passwords import LOGINS
from netmgr.platforms.junos.remediation import remediation
from netmgr.platforms.junos.routes import route_commands, routes
from netmgr.platforms.junos.secrets import redacted
from netmgr.platforms.junos.sides import link_data, sides
from netmgr.platforms.junos.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors
from netmgr.platforms.junos.verbatim import verbatim_problems

_RENDERED = (
    "aaa_server_vrfs",
    *("interfaces", "ipv6", "mtu", "switchport", "vlans", "lag", "subinterfaces", "dhcp"),
    *(
        "vrfs",
        "vrf_interfaces",
        "vrf_descriptions",
        "vrf_bgp",
        "route_distinguishers",
        "route_targets",
    ),
    # Junos names interfaces where others name networks.
    *("ospf", "ospf3", "ospf_networks", "ospf_area_types", "ospf_priority"),
    *("bgp", "bgp_confederation", "bgp_log_neighbor_changes", "bgp_remove_private_as", "bgp_as_override"),
    # Junos lets each session say its families, whatever is active without being said.
    *(
        "bgp_default_ipv4_unicast",
        "bgp_local_as",
        "bgp_passive",
        "automatic_router_ids",
        "bfd",
        "redistribution_metrics",
    ),
    *("static_routes", "static_route_tags"),
    *("prefix_lists", "community_lists", "as_path_lists", "route_maps", "acls", "packet_filters"),
    *("statement_names", "inline_prefixes", "match_protocol", "match_tag", "set_route_targets", "set_tag"),
    *("set_community_lists", "extended_communities"),
    *("hostname", "domain", "dns", "ntp", "ntp_keys", "syslog_level", "syslog_servers"),
    *("syslog_files", "syslog_users", "route_map_default"),
    *("snmp", "snmp_communities", "snmp_hosts", "aaa", "banner", "motd", "timezone"),
    *("users", "user_ssh_keys", "user_roles", "source_interfaces", "service_vrfs", "extra_config"),
)
_ABSENT = (
    # An instance has all families, and routes them.
    "vrf_families",
    "vrf_forwarding",
    # Keepalives follow from the hold time, as a third of it.
    "bgp_keepalive",
    "bgp_connect_retry",
    "bgp_maximum_paths_ibgp",
    # Terms of a filter have names alone.
    "entry_descriptions",
    # What a user may do, his class says.
    "aaa_authorization",
    # Routes IPv4 and IPv6 wherever there are addresses.
    "forwarding",
    # A gateway that devices share needs EVPN around it.
    "anycast",
    # Policies of a VRF name its targets themselves.
    "vrf_policies",
    # Junos has one process in each instance, without a number.
    "ospf_process",
    "ospf_maximum_paths",
    "ospf_originate_always",
    # Junos announces and takes everything where no policy says otherwise: the opposite of RFC 8212.
    "bgp_without_policy",
    "bgp_maximum_paths",
    "bgp_distance",
    "bgp_weight",
    "bgp_allowas_in",
    "bgp_ttl_security",
    "static_route_names",
    "statement_descriptions",
    "set_weight",
    # Junos' syslog speaks UDP.
    "syslog_transport",
    # Junos binds the keys of SNMPv3 users to its own engine: what it shows cannot be compared with a password.
    "snmp_users",
    # Junos has classes, not levels: write a role.
    "user_privileges",
)
_FEATURES: dict[str, Support] = {
    **dict.fromkeys(_RENDERED, "rendered"),
    **dict.fromkeys(_ABSENT, "absent"),
}

#: What a device has before anybody configures it (factory-default), and what netmgr's own login needs.
_FRESH = re.compile(
    r"set system (?:host-name|root-authentication|services (?:ssh|netconf)|syslog|management-instance|license"
    r"|processes|autoinstallation|commit factory-settings|login user)\b.*"
    r"|set chassis auto-image-upgrade.*|set interfaces (?:fxp0|em0|me0|vme)\b.*"
    r"|set protocols (?:lldp|igmp-snooping|rstp)\b.*"
    r"|set vlans default\b.*|set forwarding-options storm-control-profiles default all"
    r"|set routing-instances mgmt_junos\b.*"
)

#: How many words name the object of a line, where it is not two.
_SUBJECTS = re.compile(
    r"(?:set|deactivate|protect) (?P<path>system (?:login user|login class|services) \S+"
    r"|policy-options \S+ \S+|firewall family \S+ filter \S+|firewall \S+ \S+|protocols bgp group \S+"
    r"|routing-options (?:rib \S+ )?static route \S+|snmp (?:community|trap-group|v3 \S+) \S+|\S+(?: \S+)?)"
)


def _subject(line: str) -> str:
    match = _SUBJECTS.match(line)
    return match["path"] if match else line


def _is_empty(config: str) -> bool:
    return all(_FRESH.fullmatch(line) for line in config.splitlines())


def _adopt(config: str) -> Adopted:
    from netmgr.platforms.junos.adopt import adopt  # one command in many reads configurations

    return adopt(config)


JUNOS = PlatformForm(
    name="junos",
    driver="junos",
    loopback="lo0",
    features=_FEATURES,
    interface_names=NAMES,
    ranges=RANGES,
    replace=True,
    merge=True,
    # `commit confirmed` takes 1 to 65,535 minutes (CLI Reference, commit).
    commit_confirm=TimerLimits(minimum=60, maximum=65_535 * 60, step=60),
    commit_message=True,
    fenced=False,
    commit_control="junos",
    # NETCONF: XML in messages that say where they end (RFC 6242).
    framed=True,
    endings={"running": r"\}"},
    canonical=canonical,
    redact=redacted,
    is_empty=_is_empty,
    configured=configured,
    candidate=candidate,
    settled=LOGINS.settled,
    remediation=remediation,
    link_data=link_data,
    sides=sides,
    verbatim=verbatim_problems,
    state_requests=(
        StateRequest("show ospf neighbor instance all", ospf_neighbors),
        StateRequest("show ospf3 neighbor instance all", ospf3_neighbors),
        StateRequest("show bgp summary", bgp_neighbors),
    ),
    # Whatever begins with `show` only shows; of the pipes those that filter. No quote, no `save`.
    reads=(
        ReadCommand(
            "show … [| display set] [| match WORD]",
            r"show(?: [A-Za-z0-9_.,:/@*^$()+-]+)+"
            r"(?: \| (?:display (?:set|inheritance|json|xml)|(?:match|except|find) [A-Za-z0-9_.:/-]+|count|no-more))*",
        ),
    ),
    interfaces=InterfaceRequest("show interfaces terse", interfaces, configured_interfaces),
    routes=RouteRequest(route_commands, routes),
    subject=_subject,
    objections=objections,
    feature_of=feature_of,
    ownable=OWNABLE,
    flat=True,
    attribution="commits",
    adopt=_adopt,
    management=ManagementPath(
        address=r"(?!)",  # each line says its whole path: the address is one of the lines
        lines=r"\w+ (?:system (?:services|management-instance|login)|interfaces (?:fxp|em|me|vme|lo)\d*|"
        r"routing-instances mgmt_junos|routing-options)\b.*|\w+ interfaces .* address \S+",
    ),
)
