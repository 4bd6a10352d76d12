"""What EOS calls its interfaces, and what its parser takes where the model allows more (EOS User Manual)."""

from netmgr.platforms.form import InterfaceNames, Range, at_most

_PORT = r"Ethernet[1-9]\d*(?:/\d+){0,2}"
_AGGREGATE = r"Port-Channel[1-9]\d*"

NAMES = (
    InterfaceNames("ethernet", _PORT, "Ethernet1"),
    InterfaceNames("lag", _AGGREGATE, "Port-Channel1"),
    InterfaceNames("svi", r"Vlan(?P<vlan>[1-9]\d{0,3})", "Vlan10"),
    InterfaceNames("loopback", r"Loopback\d+", "Loopback0"),
    InterfaceNames("management", r"Management\d+(?:/\d+)?", "Management1"),
    InterfaceNames("subinterface", rf"(?P<parent>{_PORT}|{_AGGREGATE})\.[1-9]\d*", "Ethernet1.10"),
    InterfaceNames("tunnel", r"(?:Tunnel|Vxlan|Dps)\d+", "Tunnel1"),
)

RANGES = {
    "mtu": Range(68, 9214),
    "route_map_sequence": Range(1, 16_777_215),
    "prefix_list_sequence": Range(1, 65_535),
    "hello_interval": Range(1, 8192),
    "dead_interval": Range(1, 8192),
    "keepalive_interval": Range(1, 3600),
    "hold_time": Range(0, 7200),
    "maximum_paths": Range(1, 128),
    "ospf_maximum_paths": Range(1, 128),
    "vlan_name_length": at_most(32),
    "neighbor_description_length": at_most(80),
    "hostname_length": at_most(64),
}
