"""Routing policy: access lists, prefix lists, AS path lists, community lists, route maps."""

import re
from collections.abc import Callable, Iterable, Iterator

from netmgr.model.fields import Name
from netmgr.model.policy import (
    AclEntry,
    AsPathRule,
    CommunityRule,
    PrefixRule,
    RouteStatement,
    community_number,
)
from netmgr.platforms.adopting import fits
from netmgr.platforms.frr.adopt_lines import Data, Lines

#: What the lines of each kind of list look like; the last group is what the rule says.
_RULE = r" seq (?P<sequence>\d+) (?P<action>permit|deny) (?P<rest>.+)"
_LISTS = {
    "acls": r"(?P<family>ipv6 )?access-list (?P<name>\S+)",
    "prefix_lists": r"(?P<family>ip|ipv6) prefix-list (?P<name>\S+)",
    "as_path_lists": r"(?P<family>)bgp as-path access-list (?P<name>\S+)",
    "community_lists": r"(?P<family>)bgp community-list standard (?P<name>\S+)",
}


def read_policies(lines: Lines, data: Data) -> None:
    """Lists first: a route map names them."""
    _read_lists(lines, data, "acls", _acl_entry, AclEntry, lines.acls)
    _read_lists(lines, data, "prefix_lists", _prefix_rule, PrefixRule, lines.prefix_lists)
    known: dict[str, int] = {}
    _read_lists(lines, data, "as_path_lists", _as_path_rule, AsPathRule, known)
    lines.as_path_lists.update(known)
    known = {}
    _read_lists(lines, data, "community_lists", _community_rule, CommunityRule, known)
    lines.community_lists.update(known)
    _read_route_maps(lines, data)


def _read_lists(
    lines: Lines,
    data: Data,
    kind: str,
    rule_of: Callable[[str, str], Data | None],
    model: type,
    known: dict[str, int],
) -> None:
    """A list is read as a whole or not at all: with a rule left out it would mean something else."""
    rules: dict[tuple[int, str], list[tuple[str, int, Data | None]]] = {}
    for line, match in lines.matching(_LISTS[kind] + _RULE):
        rule = rule_of(match["action"], match["rest"])
        if rule is not None and not fits(model, rule):
            rule = None
        version = 6 if (match["family"] or "").startswith("ipv6") else 4
        rules.setdefault((version, match["name"]), []).append((line, int(match["sequence"]), rule))
    for (version, name), found in rules.items():
        said = [rule for _, _, rule in found if rule is not None]
        distinct = all(rule not in said[:index] for index, rule in enumerate(said))
        if len(said) < len(found) or not distinct or name in known or not fits(Name, name):
            continue
        if kind in ("acls", "prefix_lists") and any(_version(rule) not in (None, version) for rule in said):
            continue
        if not _number(said, [sequence for _, sequence, _ in found], step=5, largest=4294967295):
            continue
        known[name] = version
        content: object = said
        if kind == "acls":
            content = {"type": "ipv6", "entries": said} if version == 6 else {"entries": said}
        data.setdefault(kind, {})[name] = content
        lines.take(kind, *((line,) for line, _, _ in found))


def _number(items: list[Data], sequences: list[int], *, step: int, largest: int) -> bool:
    """Give the items their numbers, where these are not ``step`` more than the one before. False: they do not grow."""
    before = 0
    for item, sequence in zip(items, sequences, strict=True):
        if not before < sequence <= largest:
            return False
        if sequence != before + step:
            item["sequence"] = sequence
        before = sequence
    return True


def _version(rule: Data) -> int | None:
    prefix = rule.get("prefix") or rule.get("source_address")
    return None if prefix is None else 6 if ":" in prefix else 4


def _acl_entry(action: str, rest: str) -> Data | None:
    said = {"action": "accept" if action == "permit" else "drop"}
    return said if rest == "any" else {**said, "source_address": rest} if " " not in rest else None


def _prefix_rule(action: str, rest: str) -> Data | None:
    match = re.fullmatch(r"([^ /]+/(\d+))(?: ge (\d+))?(?: le (\d+))?", rest)
    if match is None:
        return None
    length, ge, le = int(match[2]), *(int(n) if n else None for n in match.groups()[2:])
    # Bounds that say nothing are not shown, and a lower one alone is shown with the upper one.
    if (ge is not None and (le is None or ge <= length)) or (ge is None and le == length):
        return None
    rule = {"action": action, "prefix": match[1], "ge": ge, "le": le}
    return {key: value for key, value in rule.items() if value is not None}


def _as_path_rule(action: str, rest: str) -> Data | None:
    return {"action": action, "regex": rest}


def _community_rule(action: str, rest: str) -> Data | None:
    communities = _communities(rest)
    if communities is None:
        return None
    return {"action": action, "community": communities[0] if len(communities) == 1 else communities}


def _communities(text: str) -> list[str] | None:
    """Communities as they are shown: each once, by number."""
    words = text.split(" ")
    if not all(fits(CommunityRule, {"action": "permit", "community": word}) for word in words):
        return None
    return words if words == sorted(dict.fromkeys(words), key=community_number) else None


def _read_route_maps(lines: Lines, data: Data) -> None:
    statements: dict[str, list[tuple[str, str, int]]] = {}
    for line, match in lines.matching(r"route-map (\S+) (permit|deny) (\d+)"):
        statements.setdefault(match[1], []).append((line, match[2], int(match[3])))
    for name, found in statements.items():
        numbers: list[Data] = [{} for _ in found]
        sequences = [sequence for _, _, sequence in found]
        if not fits(Name, name) or not _number(numbers, sequences, step=10, largest=65535):
            continue
        data.setdefault("route_maps", {})[name] = [
            {**number, **_statement(lines, opener, action)}
            for (opener, action, _), number in zip(found, numbers, strict=True)
        ]
        lines.route_maps.add(name)
        lines.take("route_maps", *((opener,) for opener, _, _ in found))


def _statement(lines: Lines, opener: str, action: str) -> Data:
    """What of a statement the model has; each line is tried by itself, and with those before it."""
    statement: Data = {"action": action}
    families: set[int] = set()
    for line in lines.at(opener):
        for part, key, value, version in _said(lines, line):
            tried = {**statement, part: {**statement.get(part, {}), key: value}}
            if key == "community" and part == "set" and line.endswith(" additive"):
                tried[part]["community_options"] = "add"
            if key in statement.get(part, {}) or (version and families - {version}):
                continue
            if fits(RouteStatement, tried):
                statement = tried
                families |= {version} if version else set()
                lines.take("route_maps", (opener, line))
    return statement


Said = tuple[str, str, object, int | None]
"""match or set, the key, its value, and the family that it asks for."""


def _said(lines: Lines, line: str) -> Iterator[Said]:
    for pattern, part, key, value_of in _STATEMENT_LINES:
        match = re.fullmatch(pattern, line)
        if match:
            yield from value_of(lines, part, key, *match.groups())


def _whole_number(_: Lines, part: str, key: str, text: str) -> Iterable[Said]:
    return [(part, key, int(text), None)]


def _named(known: Callable[[Lines], Iterable[str]]) -> Callable[..., Iterable[Said]]:
    def named(lines: Lines, part: str, key: str, text: str) -> Iterable[Said]:
        return [(part, key, text, None)] if text in known(lines) else []

    return named


def _listed(known: Callable[[Lines], dict[str, int]]) -> Callable[..., Iterable[Said]]:
    """A list of the family that the line asks for."""

    def listed(lines: Lines, part: str, key: str, family: str, text: str) -> Iterable[Said]:
        version = 4 if family == "ip" else 6
        return [(part, key, text, version)] if known(lines).get(text) == version else []

    return listed


def _next_hop(_: Lines, part: str, key: str, text: str) -> Iterable[Said]:
    return [(part, key, text, 6 if ":" in text else 4)]


def _prepended(_: Lines, part: str, key: str, text: str) -> Iterable[Said]:
    words = text.split(" ")
    return [(part, key, [int(word) for word in words], None)] if all(map(str.isdecimal, words)) else []


def _community_set(_: Lines, part: str, key: str, text: str) -> Iterable[Said]:
    communities = _communities(text.removesuffix(" additive"))
    if communities is None:
        return []
    return [(part, key, communities[0] if len(communities) == 1 else communities, None)]


_STATEMENT_LINES: tuple[tuple[str, str, str, Callable[..., Iterable[Said]]], ...] = (
    (r"match as-path (\S+)", "match", "as_path", _named(lambda lines: lines.as_path_lists)),
    (r"match community (\S+)", "match", "community", _named(lambda lines: lines.community_lists)),
    (r"match interface (\S+)", "match", "interface", _named(lambda lines: lines.interfaces)),
    (r"match (ip|ipv6) address (\S+)", "match", "acl", _listed(lambda lines: lines.acls)),
    (
        r"match (ip|ipv6) address prefix-list (\S+)",
        "match",
        "prefix_list",
        _listed(lambda lines: lines.prefix_lists),
    ),
    (
        r"match (ip|ipv6) next-hop prefix-list (\S+)",
        "match",
        "next_hop",
        _listed(lambda lines: lines.prefix_lists),
    ),
    (r"match local-preference (\d+)", "match", "local_pref", _whole_number),
    (r"match metric (\d+)", "match", "med", _whole_number),
    (r"set as-path prepend (.+)", "set", "as_path_prepend", _prepended),
    (r"set community (.+)", "set", "community", _community_set),
    (r"set ip next-hop ([0-9.]+)", "set", "next_hop", _next_hop),
    (r"set ipv6 next-hop global (\S+)", "set", "next_hop", _next_hop),
    (r"set local-preference (\d+)", "set", "local_pref", _whole_number),
    (r"set metric (\d+)", "set", "med", _whole_number),
)
