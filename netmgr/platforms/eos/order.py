"""The order of lines in the canonical form: EOS shows its own, which changes from version to version.

An entry is a pattern for the beginning of a line; lines of one entry stand in the order in which people count. What no
entry names comes last. ``KEPT`` names those whose order means something.
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address

from netmgr.platforms.cli_tree import Line

TOP = (
    r"boot ", r"enable ", r"aaa root", r"username ", r"agent ", r"daemon ", r"switchport ", r"vlan internal ",
    r"service ", r"l2-protocol", r"lldp ", r"logging ", r"hostname ", r"ip domain lookup", r"ip name-server ",
    r"dns domain ", r"ip domain-", r"ntp ", r"sflow ", r"snmp-server ", r"spanning-tree ", r"no spanning-tree",
    r"system l1", r"aaa group ", r"tacacs-server ", r"radius-server ", r"ip tacacs ", r"ip radius ",
    r"aaa authentication ", r"aaa authorization ", r"aaa accounting ", r"aaa ", r"role ", r"clock ", r"vlan ",
    r"vrf instance ", r"bfd ", r"interface defaults", r"interface Port-Channel", r"interface Ethernet",
    r"interface Loopback", r"interface Management", r"interface Tunnel", r"interface Vlan", r"interface Vxlan",
    r"interface ", r"mac address-table ", r"ip virtual-router ", r"ip address virtual ", r"ipv6 address virtual ",
    r"ip access-list standard ", r"ip access-list ", r"ipv6 access-list standard ",
    r"ipv6 access-list ", r"ip routing", r"ip as-path ",
    r"ip community-list ", r"ip extcommunity-list ", r"ip prefix-list ", r"ipv6 prefix-list ",
    r"ipv6 unicast-routing", r"mlag ", r"ip route ", r"ipv6 route ", r"arp ", r"route-map ", r"peer-filter ",
    r"router bfd", r"router bgp ", r"router ospf ", r"ipv6 router ospf ", r"router ", r"banner login",
    r"banner motd", r"management ",
)  # fmt: skip

INTERFACE = (
    r"!!", r"description ", r"shutdown", r"load-interval ", r"mtu ", r"speed ", r"l2 ", r"no switchport",
    r"switchport access ", r"switchport trunk native ", r"switchport trunk allowed ", r"switchport mode ",
    r"switchport ", r"channel-group ", r"encapsulation ", r"vrf ", r"ip proxy-arp",
    r"ip address (?!.* secondary)(?!virtual )", r"ip address (?!virtual )", r"ip address virtual (?!.* secondary)",
    r"ip address virtual ", r"bfd ", r"ipv6 enable", r"ipv6 address ", r"ip helper-address ", r"ip access-group ",
    r"ipv6 access-group ", r"ip ospf cost ", r"ip ospf hello-interval ", r"ip ospf dead-interval ",
    r"ip ospf network ", r"ip ospf authentication", r"ip ospf area ", r"ip ospf message-digest-key ", r"ip ospf ",
    r"ipv6 ospf cost ", r"ipv6 ospf hello-interval ", r"ipv6 ospf dead-interval ", r"ipv6 ospf network ",
    r"ipv6 ospf passive-interface", r"ipv6 ospf ",
)  # fmt: skip

ROUTE_MAP = (
    r"!!", r"description ", r"match as-path ", r"match community ", r"match interface ", r"match ip address ",
    r"match ip next-hop ", r"match ipv6 address ", r"match ipv6 next-hop ", r"match local-preference ",
    r"match metric ", r"match ", r"sub-route-map ", r"continue", r"set as-path ", r"set community ",
    r"set ip next-hop ", r"set ipv6 next-hop ", r"set local-preference ", r"set metric ", r"set ",
)  # fmt: skip

OSPF = (
    r"!!", r"router-id ", r"passive-interface default", r"passive-interface ", r"no passive-interface ",
    r"auto-cost ", r"redistribute ", r"area ", r"network ", r"default-information ",
)  # fmt: skip

#: Of a BGP speaker, a VRF in it, and an address family; neighbors' lines have an order of their own.
BGP = (
    r"!!", r"rd ", r"route-target import ", r"route-target export ", r"route-target ", r"bgp asn ", r"router-id ",
    r"no bgp default ", r"bgp cluster-id ", r"bgp confederation ", r"timers ", r"distance ", r"graceful-restart",
    r"maximum-paths ", r"bgp missing-policy ", r"(?:no )?bgp ", r"(?:no )?neighbor ", r"aggregate-address ",
    r"network ", r"redistribute ", r"vlan ", r"vlan-aware-bundle ", r"address-family ", r"vrf ",
)  # fmt: skip

NEIGHBOR = (
    r"peer group$", r"peer group ", r"remote-as ", r"next-hop-self", r"local-as ", r"shutdown", r"description ",
    r"update-source ", r"weight ", r"bfd", r"allowas-in", r"rib-in ", r"route-reflector-client", r"ebgp-multihop ",
    r"timers ", r"password ", r"activate", r"default-originate", r"route-map .* in$", r"route-map ", r"send-community",
    r"maximum-routes ",
)  # fmt: skip

API = (r"!!", r"(?:no )?protocol ", r"default-services", r"cors ", r"no shutdown", r"vrf ")
VLAN = (r"!!", r"name ", r"state ", r"trunk group ")
NONE: tuple[str, ...] = ()

#: Lines that stay in the order in which they were given: servers are asked, and rules of a list tried, in it.
KEPT = re.compile(
    r"tacacs-server host |radius-server host |ip name-server "
    r"|ip (?:as-path access-list|(?:ext)?community-list(?: regexp)?) (?P<list>\S+)"
)

_DIGITS = re.compile(r"(\d+)")

Key = tuple[object, ...]


@lru_cache(maxsize=65536)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: runs of digits compare as numbers, IPv6 addresses by value."""
    if text.count(":") > 1:
        parts = [_address(word) for word in text.split(" ")]
        return tuple(item for part in parts for item in part)
    return _digits(text)


def _digits(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in _DIGITS.split(text) if p)


def _address(word: str) -> tuple[tuple[int, int, str], ...]:
    address, _, length = word.partition("/")
    try:
        return (0, int(IPv6Address(address)), ""), (0, int(length or 128), "")
    except ValueError:
        return _digits(f"{word} ")


@lru_cache(maxsize=16)
def _ranks(order: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for pattern in order) or r"(?!)")


def rank(text: str, order: tuple[str, ...]) -> int:
    """The place of the first entry that the line begins with; what none names comes after all."""
    match = _ranks(order).match(text)
    return match.lastindex - 1 if match and match.lastindex else len(order)


def by_order(order: tuple[str, ...], line: Line) -> Key:
    """Sort key of a line in a section with this order."""
    if kept := KEPT.match(line.text):
        return rank(line.text, order), natural(kept["list"] or "")
    # A statement of a route map stands where its number says, whatever it does.
    return rank(line.text, order), natural(_ACTION.sub(r"\1 \2", line.text))


_ACTION = re.compile(r"^(route-map \S+) (?:permit|deny) (\d+)")
_NEIGHBOR = re.compile(r"(?:no )?neighbor (\S+) (.+)")


def by_neighbor(line: Line) -> Key:
    """Sort key of a line of BGP: peer groups come before neighbors, and what is said of one stands together."""
    place = rank(line.text, BGP)
    match = _NEIGHBOR.fullmatch(line.text)
    if match is None:
        return place, natural(line.text)
    name, said = match.groups()
    address = bool(re.fullmatch(r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%\S+)?", name))
    return place, (((int(address), 0, ""), *natural(name), (2, rank(said, NEIGHBOR), said)))
