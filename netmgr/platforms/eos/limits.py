"""What EOS calls its interfaces, and what its parser takes where the model allows more."""

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

#: Arista's YANG modules of EOS 4.36.1F by name; AVD: the schema of what Arista's own generator of configurations takes;
#: the others are the User Manual's, and not verified. What the inventory's model bounds alike is not here.
RANGES = {
    "mtu": Range(
        68, 9214
    ),  # not verified: AVD lets a configuration say up to 65535, a port takes what its hardware can
    "route_map_sequence": Range(1, 16_777_215),  # not verified
    "prefix_list_sequence": Range(1, 65_535),  # not verified
    "hello_interval": Range(1, 8192),  # arista-ospf-deviations
    "dead_interval": Range(1, 8192),  # arista-ospf-deviations
    "keepalive_interval": Range(1, 3600),  # arista-bgp-deviations
    "hold_time": Range(0, 7200),  # arista-bgp-deviations: 0, or 3 and more
    "ospf_maximum_paths": Range(1, 128),  # AVD
    "max_prefixes": Range(1, 4_294_967_294),  # AVD
    "vlan_name_length": at_most(32),  # not verified
    "neighbor_description_length": at_most(80),  # not verified
    "hostname_length": at_most(64),  # not verified
}
