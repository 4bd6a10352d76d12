"""What Junos calls its interfaces, and what it takes where the model allows more.

Unit 0 of an interface is the interface itself; other units are subinterfaces with a tag.
"""

import re

from netmgr.platforms.form import InterfaceNames, Range, at_most

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

#: An Ethernet frame's header, which the MTU of a port counts and that of a packet does not; a tag is 4 bytes more.
HEADER, TAG = 14, 4
#: CLI Reference, ``mtu`` (interfaces): the most is 9192 bytes on most devices, 9216 on EX, 9500 on PTX.
MEDIA_MTU = Range(256, 9500)

#: The sources of these, and of the ranges that the model has as well, are in docs/reference/junos.md.
RANGES = {
    "mtu": Range(MEDIA_MTU.minimum, MEDIA_MTU.maximum - HEADER),
    # YANG conf-protocols 23.2R2: ospf area interface hello-interval.
    "hello_interval": Range(1, 255),
    # YANG conf-vlans 23.2R2: vlan name.
    "vlan_name_length": Range(2, 64),
    # YANG conf-system 23.2R2: login message, announcement.
    "banner_length": at_most(2048),
}

#: YANG conf-system 23.2R2: the facilities of syslog's files and users.
SYSLOG_FACILITIES = frozenset(
    {
        *(
            "any",
            "authorization",
            "change-log",
            "conflict-log",
            "daemon",
            "dfc",
            "external",
            "firewall",
            "ftp",
        ),
        *("interactive-commands", "kernel", "ntp", "pfe", "security", "user"),
    }
)


def has_mtu(interface: str) -> bool:
    """Whether an MTU can be set there: not on a loopback or a management port (CLI Reference, ``mtu``)."""
    return re.match(r"lo|fxp|em|me\d|vme", interface) is None
