"""Which feature a line of an EOS configuration is of, where a device is managed in part."""

from netmgr.platforms.line_features import ROUTING, LineFeatures

#: By how a line at the top level begins.
_TOP = (
    ("hostname", r"hostname "),
    ("domain", r"dns domain "),
    ("dns", r"ip name-server |ip domain lookup"),
    ("ntp", r"ntp "),
    ("syslog_level", r"logging (?:trap|buffered|console|monitor|level)\b"),
    ("syslog_servers", r"logging "),
    ("snmp_hosts", r"snmp-server (?:host|enable traps)\b"),
    ("snmp", r"snmp-server "),
    ("timezone", r"clock timezone "),
    ("banner", r"banner login"),
    ("motd", r"banner motd"),
    ("users", r"username "),
    ("aaa", r"aaa |(?:ip )?(?:tacacs|radius)(?:-server)? "),
    ("vlans", r"vlan \d"),
    ("interfaces", r"interface (?!Vxlan|defaults)"),
    ("vrfs", r"vrf instance "),
    ("forwarding", r"ip routing|ipv6 unicast-routing"),
    *ROUTING,
)
#: What others have on an interface. That it routes, and in which VRF, is its own: its addresses hang on it.
_IN_INTERFACE = (
    ("switchport", r"(?<!no )switchport\b"),
    ("lag", r"channel-group |lacp "),
    ("packet_filters", r"(?:ip|ipv6) access-group "),
    ("ospf3", r"ipv6 ospf |ospfv3 "),
    ("ospf", r"ip ospf "),
)

LINES = LineFeatures(_TOP, {"interfaces": _IN_INTERFACE})
