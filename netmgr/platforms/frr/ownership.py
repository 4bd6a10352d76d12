"""Which feature a line of an FRR configuration is of."""

import re

from netmgr.platforms.form import Path

#: By how a line at the top level begins; the first that matches.
_TOP = (
    ("interfaces", r"interface "),
    ("ospf3", r"router ospf6\b"),
    ("ospf", r"router ospf\b"),
    ("bgp", r"router bgp\b"),
    ("static_routes", r"(?:ip|ipv6) route "),
    ("prefix_lists", r"(?:ip|ipv6) prefix-list "),
    ("community_lists", r"bgp community-list "),
    ("as_path_lists", r"bgp as-path access-list "),
    ("acls", r"(?:ipv6 )?access-list "),
    ("route_maps", r"route-map "),
    ("vrfs", r"vrf "),
    ("syslog_level", r"log syslog(?: |$)"),
)
_TOP_LEVEL = tuple((feature, re.compile(rf"(?:no )?{pattern}")) for feature, pattern in _TOP)
_IN_INTERFACE = (("ospf3", re.compile(r"(?:no )?ipv6 ospf6 ")), ("ospf", re.compile(r"(?:no )?ip ospf ")))

OWNABLE = frozenset(feature for feature, _ in _TOP)


def feature_of(path: Path) -> str | None:
    """See ``PlatformForm.feature_of``. Routing protocols on an interface are theirs, not the interface's."""
    feature = next((name for name, pattern in _TOP_LEVEL if pattern.match(path[0])), None)
    if feature == "interfaces" and len(path) > 1:
        return next((name for name, pattern in _IN_INTERFACE if pattern.match(path[1])), feature)
    return feature
