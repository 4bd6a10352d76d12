"""What Junos calls its interfaces, and what it takes where the model allows more (Junos CLI Reference).

Unit 0 of an interface is the interface itself; other units are subinterfaces with a tag.
"""

from netmgr.platforms.form import InterfaceNames, Range

_PORT = r"(?:fe|ge|mge|xe|et)-\d+/\d+/\d+(?::\d+)?"
_AGGREGATE = r"ae\d+"

NAMES = (
    InterfaceNames("ethernet", rf"{_PORT}(?:\.0)?", "ge-0/0/0"),
    InterfaceNames("lag", rf"{_AGGREGATE}(?:\.0)?", "ae0"),
    InterfaceNames("svi", r"irb\.(?P<vlan>[1-9]\d{0,3})", "irb.10"),
    InterfaceNames("loopback", r"lo0(?:\.\d+)?", "lo0"),
    InterfaceNames("management", r"(?:fxp|em|me)\d+(?:\.0)?|vme(?:\.0)?", "fxp0"),
    InterfaceNames("subinterface", rf"(?P<parent>{_PORT}|{_AGGREGATE})\.[1-9]\d*", "ge-0/0/0.10"),
    InterfaceNames(
        "tunnel", r"(?:gr|ip|lt|st|vt)-\d+/\d+/\d+(?:\.\d+)?|st0(?:\.\d+)?|irb|vtep", "gr-0/0/0.0"
    ),
)

RANGES = {
    # The widest of the families of devices: 9192 on most, 9216 on EX, 9500 on PTX.
    "mtu": Range(256, 9500),
    "hello_interval": Range(1, 255),
}
