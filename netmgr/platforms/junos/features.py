"""Which feature a line of a Junos configuration is of."""

import re

from netmgr.platforms.form import Path

#: The beginning of a statement's path → the feature that it is of.
_PATHS = (
    (r"system host-name\b", "hostname"),
    (r"system domain-name\b", "domain"),
    (r"system name-server\b", "dns"),
    (r"system time-zone\b", "timezone"),
    (r"system ntp\b", "ntp"),
    (r"system syslog host\b", "syslog_servers"),
    (r"system syslog file messages any\b", "syslog_level"),
    (r"system syslog file\b", "syslog_files"),
    (r"system syslog user\b", "syslog_users"),
    (r"system syslog\b", "syslog_level"),
    (r"system (?:root-authentication|login user)\b", "users"),
    (r"system login message\b", "banner"),
    (r"system login announcement\b", "motd"),
    (r"system (?:authentication-order|tacplus-server|radius-server|accounting)\b", "aaa"),
    (r"snmp v3\b", "snmp_users"),
    (r"snmp trap", "snmp_hosts"),
    (r"snmp\b", "snmp"),
    (r"interfaces .* (?:802\.3ad|aggregated-ether-options)\b|chassis aggregated-devices\b", "lag"),
    (r"interfaces .* (?:ethernet-switching|native-vlan-id)\b", "switchport"),
    (r"interfaces .* dhcp\b", "dhcp"),
    (r"interfaces .* filter\b", "packet_filters"),
    (r"firewall\b", "acls"),
    (r"interfaces\b", "interfaces"),
    (r"vlans\b", "vlans"),
    (r"policy-options prefix-list\b", "prefix_lists"),
    (r"policy-options community\b", "community_lists"),
    (r"policy-options as-path\b", "as_path_lists"),
    (r"policy-options policy-statement\b", "route_maps"),
    (r"(?:routing-instances \S+ )?routing-options (?:rib \S+ )?static\b", "static_routes"),
    (r"routing-instances \S+ protocols bgp\b", "vrf_bgp"),
    (r"routing-instances\b", "vrfs"),
    (r"routing-options (?:router-id|autonomous-system|confederation)\b|protocols bgp\b", "bgp"),
    (r"protocols ospf\b", "ospf"),
    (r"protocols ospf3\b", "ospf3"),
)


_PATTERNS = tuple((re.compile(pattern), feature) for pattern, feature in _PATHS)

OWNABLE = frozenset(feature for _, feature in _PATHS) - {"snmp_users"}
"""Features that a device can have managed by themselves: each has its lines, which say their whole paths."""


def feature_of(path: Path) -> str | None:
    """See ``PlatformForm.feature_of``."""
    said = path[-1].partition(" ")[2]
    return next((feature for pattern, feature in _PATTERNS if pattern.match(said)), None)
