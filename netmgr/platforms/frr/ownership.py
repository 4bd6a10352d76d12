"""Which feature a line of an FRR configuration is of."""

from netmgr.platforms.line_features import LineFeatures

#: By how a line at the top level begins.
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
#: Routing protocols on an interface are theirs, not the interface's.
_IN_INTERFACE = (("ospf3", r"ipv6 ospf6 "), ("ospf", r"ip ospf "))

LINES = LineFeatures(_TOP, {"interfaces": _IN_INTERFACE})
