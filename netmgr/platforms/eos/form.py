"""Arista EOS (4.23 and later) through NAPALM's eos driver: eAPI over HTTPS, and configuration sessions.

A session replaces the whole configuration (`rollback clean-config`, then every line), and can be committed with a timer
after which the device goes back by itself (EOS User Manual, "Configure Session").
"""

import re

from netmgr.platforms.eos.canonical import candidate, canonical
from netmgr.platforms.eos.dialect import FRESH
from netmgr.platforms.eos.interfaces import configured_interfaces, interfaces
from netmgr.platforms.eos.limits import NAMES, RANGES
from netmgr.platforms.eos.link_data import link_data
from netmgr.platforms.eos.routes import route_commands, routes
from netmgr.platforms.eos.secrets import redacted
from netmgr.platforms.eos.sides import sides
from netmgr.platforms.eos.state import bgp_neighbors, configured, ospf3_neighbors, ospf_neighbors
from netmgr.platforms.eos.verbatim import verbatim_problems
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

_FEATURES: dict[str, Support] = {
    "interfaces": "rendered",
    "ipv6": "rendered",
    "mtu": "rendered",
    "switchport": "rendered",
    "vlans": "rendered",
    "lag": "rendered",
    "vrfs": "rendered",
    "vrf_interfaces": "rendered",
    "ospf": "rendered",
    "ospf3": "rendered",
    "bgp": "rendered",
    "static_routes": "rendered",
    "prefix_lists": "rendered",
    "community_lists": "rendered",
    "as_path_lists": "rendered",
    "route_maps": "rendered",
    "acls": "rendered",
    "packet_filters": "rendered",
    "extra_config": "rendered",
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
    https=True,
    port=443,
    canonical=canonical,
    candidate=candidate,
    redact=redacted,
    is_empty=_is_empty,
    configured=configured,
    link_data=link_data,
    sides=sides,
    verbatim=verbatim_problems,
    # eAPI answers in text; `| json` makes the text JSON.
    state_requests=(
        StateRequest("show ip ospf neighbor vrf all | json", ospf_neighbors),
        StateRequest("show ipv6 ospf neighbor vrf all | json", ospf3_neighbors),
        StateRequest("show ip bgp summary vrf all | json", bgp_neighbors),
        StateRequest("show ipv6 bgp summary vrf all | json", bgp_neighbors),
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
