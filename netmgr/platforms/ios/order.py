"""The order of lines in the canonical form of IOS.

IOS prints lines in an order of its own, whatever order they were given in, and another release prints another one.
Where the order means nothing the canonical form has one order, near to what IOS prints, in which the lines can also be
loaded: a VRF before an interface's addresses, which joining it removes. Where it means something, it is kept.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from netmgr.model.ordering import by_value, natural

Key = tuple[Any, ...]


class Ranks:
    """Beginnings of lines in their order, with ``|`` between them. A line has the place of the longest one, with or
    without ``no`` before it; ``*`` is the place of those that none fits.
    """

    def __init__(self, words: str) -> None:
        prefixes = words.split("|")
        self._others = prefixes.index("*")
        self._by_word: dict[str, list[tuple[str, int]]] = {}
        for place, prefix in enumerate(prefixes):
            self._by_word.setdefault(prefix.split(" ", 1)[0], []).append((prefix, place))
        for found in self._by_word.values():
            found.sort(key=lambda item: -len(item[0]))

    def __call__(self, line: str) -> int:
        """A line's place."""
        line = line.removeprefix("no ")
        for prefix, place in self._by_word.get(line.split(" ", 1)[0], ()):
            if line.startswith(prefix):
                return place
        return self._others


_TOP = Ranks(
    "service|platform|hostname|boot|vrf definition |ip vrf |enable|logging buffered|logging console|"
    "logging monitor|aaa new-model|aaa group server |aaa authentication |aaa authorization |aaa accounting |"
    "aaa|clock|switch |system mtu|ip routing|ip name-server|ip domain|ip host|ip dhcp|vtp|"
    "ipv6 unicast-routing|key chain |crypto|license|diagnostic|spanning-tree|archive|username |redundancy|"
    "vlan |lldp|cdp|track |class-map|policy-map|*|interface |router |ip forward-protocol|ip ftp|ip http|"
    "ip tftp|ip ssh|ip scp|ip route |ip community-list |ip as-path access-list |ip access-list |"
    "ip prefix-list |ip radius |ip tacacs |ip sla|logging|access-list |ipv6 route |ipv6 router |ipv6 prefix-list |"
    "ipv6 access-list |route-map |snmp-server|tacacs|radius|control-plane|banner |line con |line aux |"
    "line vty |line |ntp"
)

_INTERFACE = Ranks(
    "description |mtu |bandwidth |encapsulation |switchport|switchport access vlan |"
    "switchport trunk encapsulation |switchport trunk native |switchport trunk allowed |switchport mode |"
    "switchport nonegotiate|vrf forwarding |ip vrf forwarding |ip dhcp client |ip address |"
    "ip unnumbered |ip access-group |"
    "ip|ip ospf authentication|ip ospf message-digest-key |ip ospf network |ip ospf dead-interval |"
    "ip ospf hello-interval |ip ospf|ip ospf cost |load-interval |shutdown|*|ipv6 address |ipv6 enable|"
    "ipv6 traffic-filter |ipv6|ipv6 ospf network |ipv6 ospf dead-interval |ipv6 ospf hello-interval |"
    "ipv6 ospf|ipv6 ospf cost |ospfv3|cdp|lldp|channel-group |spanning-tree|service-policy"
)

_OSPF = Ranks(
    "router-id |auto-cost |area |*|redistribute |passive-interface default|passive-interface|network |"
    "default-information |address-family "
)
_BGP = Ranks("template |bgp router-id |bgp log-neighbor-changes|bgp|*|timers|neighbor |address-family ")
_BGP_FAMILY = Ranks(
    "bgp|network |aggregate-address |redistribute |neighbor |*|default-information|maximum-paths|distance"
)
_FAMILIES = Ranks(
    "address-family ipv4|address-family ipv4 |address-family vpnv4|address-family ipv6|address-family ipv6 |"
    "address-family vpnv6|*|address-family ipv4 vrf |address-family ipv6 vrf "
)
#: What is said of one neighbor, after its name. It must exist before anything else can be said.
_NEIGHBOR = Ranks(
    "peer-group|remote-as |peer-group |inherit |local-as |shutdown|description |password |ebgp-multihop|"
    "update-source |timers |fall-over |transport |ttl-security |*|activate|weight |as-override|allowas-in|"
    "remove-private-as|send-community|route-reflector-client|next-hop-self|default-originate|"
    "soft-reconfiguration |prefix-list |filter-list |route-map |maximum-prefix "
)
_VRF = Ranks("description |rd |*|route-target |address-family ipv4|address-family ipv6")
_ROUTE_MAP = Ranks("description |match |continue|*|set ")
_EIGRP = Ranks("af-interface |topology |*|network |eigrp ")
_SERVER = Ranks("address |key |port |timeout |*")
_ANY = Ranks("*")


def _by_rank(ranks: Ranks, *, sort_others: bool = True) -> Callable[[str], Key]:
    others = ranks("*")

    def key(line: str) -> Key:
        place = ranks(line)
        return (place,) if place == others and not sort_others else (place, natural(line.removeprefix("no ")))

    return key


@lru_cache(maxsize=65536)
def _interface(line: str) -> Key:
    place, bare = _INTERFACE(line), line.removeprefix("no ")
    if bare.startswith("ipv6 address "):
        # None of them is the first one, and IOS prints them as they came.
        return (place, *_address(bare.split(" ")[2:]))
    if bare.startswith("ip address "):
        # Other addresses before the first one, as IOS prints them; among themselves they stay as they are.
        return (place, not line.endswith(" secondary"), line.endswith(" dhcp"))
    return (place, natural(bare))


def _address(words: list[str]) -> Key:
    """An IPv6 address with its prefix length, or of a prefix that has a name; then what is said of it."""
    try:
        address = ip_interface(words[0])
    except ValueError:
        return (1, natural(" ".join(words)))
    return (0, int(address.ip), address.network.prefixlen, " ".join(words[1:]))


def _neighbor(line: str) -> Key:
    """Groups before neighbors, which join them; neighbors by address."""
    words = line.removeprefix("no ").split(" ", 2)
    what = words[2] if len(words) > 2 else ""
    try:
        who: Key = (1, by_value(ip_address(words[1])))
    except ValueError:
        who = (0, natural(words[1]))
    if what == "peer-group":
        return (*who, -1, (), line.startswith("no "))
    return (*who, _NEIGHBOR(what), natural(what), line.startswith("no "))


def _bgp(line: str) -> Key:
    place = _BGP(line)
    if place == _BGP("address-family "):
        return (place, _FAMILIES(line), natural(line))
    if place == _BGP("neighbor "):
        return (place, *_neighbor(line))
    return (place, natural(line.removeprefix("no ")))


def _bgp_family(line: str) -> Key:
    place = _BGP_FAMILY(line)
    if place == _BGP_FAMILY("neighbor "):
        return (place, *_neighbor(line))
    if place == _BGP_FAMILY("network "):
        return (place, *_destination(line.split(" ")[1:]))
    return (place, natural(line.removeprefix("no ")))


def _destination(words: list[str]) -> Key:
    """A prefix as ``10.0.0.0 255.0.0.0``, with ``mask`` between, without a mask, or ``2001:DB8::/32``; then others."""
    try:
        if ":" in words[0]:
            network = ip_network(words[0], strict=False)
            return (6, int(network.network_address), network.prefixlen, " ".join(words[1:]))
        rest = words[2:] if words[1:2] == ["mask"] else words[1:]
        mask = int(ip_address(rest[0])) if rest else 0
        return (4, int(ip_address(words[0])), mask, " ".join(rest[1:]))
    except (ValueError, IndexError):
        return (9, 0, 0, " ".join(words))


_TARGETS = re.compile(r"(?:ip|ipv6) route (?:vrf (\S+) )?(.*)")

#: Of these lists each line's place counts within its own list.
_LISTS = re.compile(
    r"(?:ip community-list (?:standard |expanded )?|ip as-path access-list |access-list )(\S+) .*"
)
#: Lines about something that has a name.
_NAMED = re.compile(r"(?:ip prefix-list|ipv6 prefix-list|username) (\S+)(.*)")
#: At the top level these stay in the order in which they are given.
_KEPT = frozenset(map(_TOP, ("crypto", "policy-map", "class-map", "ip name-server", "*")))


@lru_cache(maxsize=65536)
def _top(line: str) -> Key:
    place = _TOP(line)
    if place in _KEPT:
        return (place,)
    if place == _TOP("interface "):
        # An aggregate that routes must do so before a port can be its member.
        return (place, not line.startswith("interface Port-channel"), natural(line.partition(" ")[2]))
    if match := _TARGETS.fullmatch(line.removeprefix("no ")):
        return (place, natural(match[1] or ""), *_destination(match[2].split(" ")))
    if match := _LISTS.fullmatch(line):
        return (place, natural(match[1]))
    if match := _NAMED.fullmatch(line):
        return (place, natural(match[1]), natural(match[2]))
    if line.startswith("route-map "):
        words = line.split(" ")
        return (place, natural(words[1]), natural(" ".join(words[3:])))
    return (place, natural(line.removeprefix("no ")))


#: The sections whose lines have an order, by what their openers begin with, and with what these are in.
_SECTIONS: tuple[tuple[str, str, Callable[[str], Key]], ...] = (
    ("", "interface ", _interface),
    ("", "router bgp ", _bgp),
    ("router bgp ", "address-family ", _bgp_family),
    ("router eigrp ", "address-family ", _by_rank(_EIGRP)),
    ("", "router ospf ", _by_rank(_OSPF)),
    ("", "ipv6 router ospf ", _by_rank(_OSPF)),
    ("", "vrf definition ", _by_rank(_VRF)),
    ("vrf definition ", "address-family ", _by_rank(_VRF)),
    ("", "route-map ", _by_rank(_ROUTE_MAP)),
    ("", "tacacs server ", _by_rank(_SERVER)),
    ("", "radius server ", _by_rank(_SERVER)),
    ("", "line ", _by_rank(_ANY)),
    ("", "vlan ", _by_rank(_ANY)),
    ("", "archive", _by_rank(_ANY)),
)


def key_of(above: tuple[str, ...]) -> Callable[[str], Key] | None:
    """How the lines of a section are ordered; ``above`` are the lines that open it. None: as they stand."""
    if not above:
        return _top
    parent = above[-2] if len(above) > 1 else ""
    for around, opener, key in _SECTIONS:
        if above[-1].startswith(opener) and parent.startswith(around) and bool(around) == bool(parent):
            return key
    return None
