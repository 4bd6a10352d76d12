"""What IOS calls its interfaces, and what its parser takes where the model allows more (IOS Command References)."""

from netmgr.platforms.form import InterfaceNames, Range, at_most

_MEDIA = (
    r"(?:(?:Fast|Gigabit|TwoGigabit|FiveGigabit|TenGigabit|FortyGigabit|AppGigabit)?Ethernet"
    r"|TwentyFiveGigE|FiftyGigE|HundredGigE|FourHundredGigE)"
)
_PORT = rf"{_MEDIA}\d+(?:/\d+){{0,3}}"
_SERIAL = r"Serial\d+(?:/\d+){0,3}(?:[.:]\d+)?"
_AGGREGATE = r"Port-channel[1-9]\d*"

NAMES = (
    InterfaceNames("ethernet", _PORT, "GigabitEthernet0/1"),
    InterfaceNames("lag", _AGGREGATE, "Port-channel1"),
    InterfaceNames("svi", r"Vlan(?P<vlan>[1-9]\d{0,3})", "Vlan10"),
    InterfaceNames("loopback", r"Loopback\d+", "Loopback0"),
    InterfaceNames("subinterface", rf"(?P<parent>{_PORT}|{_AGGREGATE})\.[1-9]\d*", "GigabitEthernet0/1.10"),
    InterfaceNames(
        "tunnel",
        r"(?:Tunnel|Dialer|Virtual-Template|BDI|BVI|nve)\d+|" + _SERIAL,
        "Tunnel1",
    ),
)

#: Cisco-IOS-XE-*.yang of IOS-XE 26.1.1, by the module that has the value; the others are marked. What the
#: model of the inventory bounds alike is not here: priorities, costs, processes, timers, hops, weights, distances.
RANGES = {
    "vlan": Range(1, 4094, reserved=((1002, 1005),), reason="they belong to FDDI and Token Ring"),  # vlan
    # interfaces: 64 to 18000, what a port can is its hardware's: 9216 at most, 9198 on some (Catalyst 9500, 17.5).
    "mtu": Range(68, 9216),
    "route_map_sequence": Range(1, 65_535),  # route-map
    "prefix_list_sequence": Range(1, 4_294_967_294),  # ip
    "acl_sequence": Range(1, 2_147_483_647),  # acl
    "maximum_paths": Range(1, 32),  # bgp
    "ospf_maximum_paths": Range(1, 32),  # ospf, ospfv3
    "max_prefixes": Range(1, 2_147_483_647),  # bgp
    "vlan_name_length": at_most(32),  # vlan: 32 up to VTP 2, 128 with VTP 3
    "vrf_name_length": at_most(32),  # not verified
    "description_length": at_most(200),  # interfaces
    "neighbor_description_length": at_most(80),  # not verified
    "hostname_length": at_most(63),  # not verified; native: 246
}
