"""Junos' canonical form: one ``set`` command for each statement, as ``show configuration | display set`` gives them.

Each line says its whole path, so that a diff of two needs no sections around it. Lines are grouped by their words.
Within a group the order is the text's own, because Junos keeps it and it often means something (terms, what a session
imports, servers that are tried in turn), except on the levels of ``SORTED``.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from netmgr.platforms.junos.secrets import disguised, read, redacted
from netmgr.platforms.junos.text import Path, quoted
from netmgr.platforms.junos.tree import Node, lines, parse

#: In Junos' own order, as ``show configuration`` prints them; others follow by name.
_STANZAS = (
    *("groups", "apply-groups", "system", "chassis", "logical-systems", "services", "security", "access"),
    *("access-profile", "interfaces", "snmp", "forwarding-options", "event-options", "policy-options"),
    *("class-of-service", "firewall", "routing-instances", "routing-options", "applications", "protocols"),
    *("bridge-domains", "vlans"),
)
STANZA = {name: place for place, name in enumerate(_STANZAS)}

_ONE_EACH = "each statement stands there once; Junos prints them in an order of its own"
_SET = "a set: what stands first means nothing"

SORTED: Mapping[str, str] = {
    "system": _ONE_EACH,
    "system root-authentication": _ONE_EACH,
    "system login": _ONE_EACH,
    "system login user|class": _SET,
    "system login user|class *": _ONE_EACH,
    "system login user * authentication": _ONE_EACH,
    "system accounting": _ONE_EACH,
    "system accounting events": _SET,
    "system services": _ONE_EACH,
    "system services ssh|netconf": _ONE_EACH,
    "system syslog": _ONE_EACH,
    "system syslog file|host|user": _SET,
    "system syslog file|host|user *": _SET,
    "system ntp": _ONE_EACH,
    "system ntp server|authentication-key": _SET,
    "system ntp server|authentication-key *": _ONE_EACH,
    "system radius-server|tacplus-server *": _ONE_EACH,
    "chassis": _ONE_EACH,
    "interfaces": _SET,
    "interfaces *": _ONE_EACH,
    "interfaces * ether-options|gigether-options|aggregated-ether-options": _ONE_EACH,
    "interfaces * aggregated-ether-options lacp": _ONE_EACH,
    "interfaces * unit": _SET,
    "interfaces * unit *": _ONE_EACH,
    "interfaces * unit * family": _SET,
    "interfaces * unit * family *": _ONE_EACH,
    "interfaces * unit * family inet|inet6 address": _SET,
    "interfaces * unit * family inet|inet6 filter": _ONE_EACH,
    "interfaces * unit * family ethernet-switching vlan members": _SET,
    "snmp": _ONE_EACH,
    "snmp community|trap-group": _SET,
    "snmp community|trap-group *": _ONE_EACH,
    "snmp community * clients": _SET,
    "snmp trap-group * targets": _SET,
    "snmp v3": _ONE_EACH,
    "snmp v3 usm local-engine user": _SET,
    "snmp v3 usm local-engine user *": _ONE_EACH,
    "snmp v3 vacm": _ONE_EACH,
    "snmp v3 vacm security-to-group security-model usm security-name": _SET,
    "policy-options": _ONE_EACH,
    "policy-options prefix-list|community|as-path|policy-statement|route-filter-list": _SET,
    "policy-options prefix-list *": _SET,
    "policy-options community *": _ONE_EACH,
    "policy-options community * members": "a route must carry all of them",
    "policy-options policy-statement *": _ONE_EACH,
    "policy-options policy-statement * term *": _ONE_EACH,
    "policy-options policy-statement * term * from": "all of the conditions must hold",
    "policy-options policy-statement * term * then": "Junos applies the actions in an order of its own",
    "firewall": _ONE_EACH,
    "firewall family": _SET,
    "firewall family *": _ONE_EACH,
    "firewall family * filter": _SET,
    "firewall family * filter *": _ONE_EACH,
    "firewall family * filter * term *": _ONE_EACH,
    "firewall family * filter * term * from": "all of the conditions must hold",
    "firewall family * filter * term * from *": "one of the values must match, whichever",
    "firewall family * filter * term * then": _ONE_EACH,
    "routing-instances": _SET,
    "routing-instances *": _ONE_EACH,
    "routing-instances * interface": _SET,
    "routing-options": _ONE_EACH,
    "routing-options confederation": _ONE_EACH,
    "routing-options confederation members": _SET,
    "routing-options static|aggregate|generate": _ONE_EACH,
    "routing-options static|aggregate|generate route": _SET,
    "routing-options static|aggregate|generate route *": _ONE_EACH,
    "routing-options static route * next-hop|qualified-next-hop": "all are used at once, or by their preference",
    "routing-options rib": _SET,
    "routing-options rib *": _ONE_EACH,
    "routing-options rib * static|aggregate|generate": _ONE_EACH,
    "routing-options rib * static|aggregate|generate route": _SET,
    "routing-options rib * static|aggregate|generate route *": _ONE_EACH,
    "routing-options rib * static route * next-hop|qualified-next-hop": "all are used at once, or by their preference",
    "protocols": _ONE_EACH,
    "protocols ospf|ospf3": _ONE_EACH,
    "protocols ospf|ospf3 area": _SET,
    "protocols ospf|ospf3 area *": _ONE_EACH,
    "protocols ospf|ospf3 area * interface": _SET,
    "protocols ospf|ospf3 area * interface *": _ONE_EACH,
    "protocols bgp": _ONE_EACH,
    "protocols bgp group": _SET,
    "protocols bgp group *": _ONE_EACH,
    "protocols bgp group * multihop": _ONE_EACH,
    "protocols bgp group * family": _SET,
    "protocols bgp group * family *": _ONE_EACH,
    "protocols bgp group * family * *": _ONE_EACH,
    "protocols bgp group * neighbor": _SET,
    "protocols bgp group * neighbor *": _ONE_EACH,
    "protocols bgp group * neighbor * multihop": _ONE_EACH,
    "protocols bgp group * neighbor * family": _SET,
    "protocols bgp group * neighbor * family *": _ONE_EACH,
    "protocols bgp group * neighbor * family * *": _ONE_EACH,
    "vlans": _SET,
    "vlans *": _ONE_EACH,
}
"""Levels whose order means nothing, and why: their lines are in the order in which people count. ``*`` is any word.

Below a routing instance the same holds as at the top.
"""

DROPPED: Mapping[str, str] = {
    "version": "the release that wrote the configuration: another after each upgrade",
    "system login user * uid": "Junos numbers its users by itself, and writes the number into the configuration",
}
"""Statements that are no part of the canonical form, and why."""


def canonical(text: str) -> str:
    """The canonical form of a configuration in braces or ``set`` commands. Raises ValueError for what is neither.

    Comments are no part of it (``annotate`` has no ``set`` command); a secret is in clear where Junos disguises it.
    """
    return "".join(f"{_in_clear(line)}\n" for line in lines(ordered(parse(text))))


def ordered(root: Node) -> Node:
    """The tree with its levels in canonical order, and without what is dropped."""
    _arrange(root, (), _LEVELS, _GONE)
    return root


def keeps_order(path: Path) -> bool:
    """Whether Junos' own order of what follows a path is kept."""
    levels = _LEVELS
    for depth, word in enumerate(path, 1):
        levels = list(_following(levels, word))
        if depth == 2 and path[0] == "routing-instances":
            levels = [*levels, *_LEVELS]
    return bool(path) and not any(None in level for level in levels)


def _in_clear(line: str) -> str:
    """A secret that Junos disguises with new salt each time, as itself: if hiding it still finds it there."""
    if "$9$" not in line:
        return line
    before, _, last = line.rpartition(" ")
    word = last.strip('"')
    if not disguised(word) or (known := read(word)) == word:
        return line
    clear = f"{before} {quoted(known)}"
    return clear if redacted(clear) == redacted(line) else line


_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=65536)
def natural(word: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: runs of digits compare as numbers."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(word) if part
    )


Patterns = dict[str, Any]


def _patterns(texts: Mapping[str, str]) -> Patterns:
    """The patterns as a tree; the key None of a node says that a pattern ends there."""
    root: dict[Any, Any] = {}
    for text in texts:
        nodes = [root]
        for alternatives in text.split():
            nodes = [node.setdefault(word, {}) for node in nodes for word in alternatives.split("|")]
        for node in nodes:
            node[None] = True
    return root


_LEVELS, _GONE = [_patterns(SORTED)], [_patterns(DROPPED)]


#: What ends a term stands last, where people look for it.
_LAST = ("accept", "discard", "next", "reject")


def _counted(word: str) -> tuple[bool, tuple[tuple[int, int, str], ...]]:
    return word in _LAST, natural(word)


def _arrange(node: Node, path: Path, levels: list[Any], gone: list[Any]) -> None:
    if len(path) == 2 and path[0] == "routing-instances":
        levels = [*levels, *_LEVELS]
    if not path:
        order = sorted(node.children, key=lambda word: (STANZA.get(word, len(STANZA)), word))
    elif len(node.children) > 1 and any(None in level for level in levels):
        order = sorted(node.children, key=_counted if path[-1] == "then" else natural)
    else:
        order = list(node.children)
    kept = {}
    for word in order:
        without = list(_following(gone, word)) if gone else gone
        if not any(None in pattern for pattern in without):
            kept[word] = following = node.children[word]
            inside = list(_following(levels, word)) if levels else levels
            if following.children and (inside or without or len(path) == 1):
                _arrange(following, (*path, word), inside, without)
    node.children = kept


def _following(patterns: list[Any], word: str) -> Iterator[Any]:
    for pattern in patterns:
        if word in pattern:
            yield pattern[word]
        if "*" in pattern:
            yield pattern["*"]
