"""The two orders of configuration lines: the one people read and the one FRR is told.

Read: FRR's own order of sections, natural order inside (``eth9`` before ``eth10``). Sent: what is referred to
before what refers to it, so that no session comes up while its policy is half there; otherwise as given.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

    Tree = dict[str, "Tree"]  # a line to the lines of the section that it opens; empty where it opens none
    Path = tuple[str, ...]  # a line, preceded by the lines that open the sections around it
    ReadKey = tuple[int, bool, str, int, str, str]

_LISTS = (
    "access-list",
    "ipv6 access-list",
    "ip prefix-list",
    "ipv6 prefix-list",
    "bgp as-path",
    "bgp community-list",
    "bgp extcommunity-list",
    "bgp large-community-list",
    "route-map",
)
_SYSTEM = (
    "log",
    "service",
    "password",
    "enable",
    "debug",
    "ip router-id",
    "ip forwarding",
    "ipv6 forwarding",
)
_ROUTERS = ("router bgp", "router ospf", "router ospf6", "router isis", "router")
_IDENTITY = (
    "bgp router-id",
    "ospf router-id",
    "ospf6 router-id",
    "bgp",
    "segment-routing on",
    "timers",
    "neighbor",
)

# By the first word of the line that opens the section ("" is the top level): what comes first and what comes
# last, by one word or two. Lines that are not named stand between the two.
_READ = {
    "": (
        (*_SYSTEM, "key chain", "ip route", "ipv6 route", "vrf", "interface", *_ROUTERS),
        (*_LISTS, "ip nht", "ipv6 nht", "line vty"),
    ),
    "interface": (("description", "bandwidth", "ip address", "ipv6 address"), ("link-params", "shutdown")),
    "router": (_IDENTITY, ("bgp listen", "address-family")),
    "address-family": (("network", "aggregate-address", "redistribute", "neighbor"), ()),
    "route-map": (("description", "match", "set", "call", "on-match"), ()),
}
# ospf6d sends hellos with router id 0.0.0.0 from an interface that it has before it has its router id.
_SENT = {
    "": ((*_SYSTEM, "key chain", *_LISTS, "vrf", "router ospf6", "interface", "ip route", "ipv6 route"), ()),
    "interface": ((), ("shutdown",)),
    "router": (_IDENTITY, ("bgp listen", "address-family")),
}


def _places(
    table: dict[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> dict[str, tuple[dict[str, int], int]]:
    """For each kind of section: the place of each name, and the place of lines that are not named."""
    places = {}
    for section, (first, last) in table.items():
        named = {name: place for place, name in enumerate(first)}
        named.update({name: len(first) + 1 + place for place, name in enumerate(last)})
        places[section] = named, len(first)
    return places


_READ_PLACES, _SENT_PLACES = _places(_READ), _places(_SENT)
_DIGITS = re.compile("[0-9]+")
_WIDEST = 20  # digits


def read_order(path: Path, tree: Tree) -> list[str]:
    """The lines of the section at ``path`` as a reader expects them."""
    groups = peer_groups(tree)
    return sorted(tree, key=lambda line: _read_key(path, line, groups))


def sent_order(path: Path, tree: Tree) -> list[str]:
    """The lines of the section at ``path`` as FRR must be told them."""
    groups = peer_groups(tree)
    return sorted(tree, key=lambda line: _sent_key(path, line, groups))


def peer_groups(tree: Tree) -> frozenset[str]:
    """The BGP peer groups that a section defines (``neighbor NAME peer-group``)."""
    found = (
        line.split(" ") for line in tree if line.startswith("neighbor ") and line.endswith(" peer-group")
    )
    return frozenset(words[1] for words in found if len(words) == 3)


def natural(text: str) -> str:
    """Sort key by which ``eth10`` follows ``eth9`` and ``10.0.0.9`` precedes ``10.0.0.10``."""
    return _DIGITS.sub(_padded, text)


def _padded(digits: Match[str]) -> str:
    return digits.group().rjust(_WIDEST, "0")


def _read_key(path: Path, line: str, groups: frozenset[str]) -> ReadKey:
    positive = line[3:] if line.startswith("no ") else line
    place = _place(_READ_PLACES, path, positive)
    if positive.startswith("neighbor "):
        _, name, rest = (positive + " ").split(" ", 2)
        return place, name not in groups, natural(name), _defining(rest), natural(rest), line
    if positive.startswith("route-map ") and positive.count(" ") == 3:
        _, name, _, sequence = positive.split(" ")
        return place, True, natural(name), 0, natural(sequence), line
    return place, True, natural(positive), 0, "", line


def _sent_key(path: Path, line: str, groups: frozenset[str]) -> tuple[int, bool, int]:
    positive = line[3:] if line.startswith("no ") else line
    place = _place(_SENT_PLACES, path, positive)
    if positive.startswith("neighbor "):
        _, name, rest = (positive + " ").split(" ", 2)
        return place, name not in groups, _defining(rest)
    return place, True, 0


def _defining(rest: str) -> int:
    """A neighbor's lines: what makes it one (0, 1, 2) stands before what describes it."""
    words = rest.split(" ")
    if words[0] == "peer-group":
        return 2 if len(words) > 2 else 0
    return {"remote-as": 1, "interface": 1, "description": 3}.get(words[0], 4)


def _place(table: dict[str, tuple[dict[str, int], int]], path: Path, line: str) -> int:
    places, middle = table.get(path[-1].split(" ", 1)[0] if path else "", ({}, 0))
    words = line.split(" ", 2)
    return places.get(" ".join(words[:2]), places.get(words[0], middle))
