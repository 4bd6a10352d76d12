"""Which feature a line of an IOS configuration is of, where a device is managed in part."""

from netmgr.platforms.line_features import ROUTING, LineFeatures

#: By how a line at the top level begins.
_TOP = (
    ("hostname", r"hostname "),
    ("domain", r"ip domain[ -](?:name|list)\b"),
    ("dns", r"ip name-server |ip domain[ -]lookup"),
    ("ntp", r"ntp "),
    ("syslog_level", r"logging (?:trap|buffered|console|monitor)\b"),
    ("syslog_servers", r"logging "),
    ("snmp_hosts", r"snmp-server (?:host|enable traps)\b"),
    ("snmp", r"snmp-server "),
    ("banner", r"banner login"),
    ("motd", r"banner (?:exec|motd)"),
    ("users", r"username "),
    ("aaa", r"aaa |(?:ip )?(?:tacacs|radius)(?:-server)? "),
    ("vlans", r"vlan \d"),
    ("interfaces", r"interface "),
    ("vrfs", r"vrf definition |ip vrf "),
    ("forwarding", r"ip routing$|ipv6 unicast-routing$"),
    *ROUTING,
)
#: What others have on an interface. That it routes, and in which VRF, is its own: its addresses hang on it.
_IN_INTERFACE = (
    ("switchport", r"(?<!no )switchport\b"),
    ("lag", r"channel-(?:group|protocol) |lacp "),
    ("packet_filters", r"ip access-group |ipv6 traffic-filter "),
    ("ospf3", r"ipv6 ospf |ospfv3 "),
    ("ospf", r"ip ospf "),
)

LINES = LineFeatures(_TOP, {"interfaces": _IN_INTERFACE})
