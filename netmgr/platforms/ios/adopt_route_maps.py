"""Route maps, out of an IOS configuration."""

import re
from collections.abc import Iterator

from netmgr.model.fields import Description
from netmgr.model.policy import RouteStatement
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.adopt_lines import ADDRESS, NAME, Data, Known, Section, within
from netmgr.platforms.ios.adopt_policies import communities


def read_route_maps(top: Section, known: Known) -> Data:
    """Route maps, statement by statement; lines that the model has no words for stay in their statement."""
    found: Data = {}
    for section in top.inner("route-map "):
        words = section.words
        if len(words) != 4 or words[2] not in ("permit", "deny") or not re.fullmatch(NAME, words[1]):
            continue
        statement: Data = {"action": words[2], "sequence": int(words[3])}
        if not fits(RouteStatement, statement) or not within("route_map_sequence", int(words[3])):
            continue
        section.opened("route_maps")
        described = section.only(r"description (.+)")
        if described and fits(Description, described[1][1]):
            section.take("statement_descriptions", described[0])
            statement["description"] = described[1][1]
        for key, pairs in (("match", _matches(section, known)), ("set", _sets(section))):
            said: Data = {}
            for feature, line, name, value in pairs:
                if name not in said and fits(RouteStatement, {**statement, key: {**said, name: value}}):
                    section.take(feature, line)
                    said[name] = value
            for _, line, name, _ in pairs if key == "set" else ():
                if name in said and line.endswith(" additive"):
                    said[_ADDITIVE[name]] = "add"
            if said:
                statement[key] = said
        found.setdefault(words[1], []).append(statement)
    for name in found:
        known.route_maps.add(name)
    return found


_ADDITIVE = {"community": "community_options", "route_targets": "route_target_options"}
Said = list[tuple[str, str, str, object]]
"""(feature, line, key, value) of what a statement says."""


def _matches(section: Section, known: Known) -> Said:
    return list(_each_match(section, known))


def _each_match(section: Section, known: Known) -> Iterator[tuple[str, str, str, object]]:
    named: tuple[tuple[str, str, object], ...] = (
        ("as_path", r"match as-path (\S+)", known.as_path_lists),
        ("community", r"match community (\S+)", known.community_lists),
        ("interface", r"match interface (\S+)", known.interfaces),
        ("acl", r"match ip address (?!prefix-list )(\S+)", _filters(known, "ipv4")),
        ("acl", r"match ipv6 address (?!prefix-list )(\S+)", _filters(known, "ipv6")),
        ("prefix_list", r"match ip address prefix-list (\S+)", _of(known, "ipv4")),
        ("prefix_list", r"match ipv6 address prefix-list (\S+)", _of(known, "ipv6")),
        ("next_hop", r"match ip next-hop prefix-list (\S+)", _of(known, "ipv4")),
        ("next_hop", r"match ipv6 next-hop prefix-list (\S+)", _of(known, "ipv6")),
    )
    for key, pattern, names in named:
        found = section.only(pattern)
        if found and found[1][1] in names:  # type: ignore[operator]  # sets and mappings
            yield "route_maps", found[0], key, found[1][1]
    for key, word in (("local_pref", "local-preference"), ("med", "metric"), ("tag", "tag")):
        found = section.only(rf"match {word} (\d+)")
        if found:
            yield "match_tag" if key == "tag" else "route_maps", found[0], key, int(found[1][1])


def _of(known: Known, family: str) -> set[str]:
    return {name for name, its in known.prefix_lists.items() if its == family}


def _filters(known: Known, family: str) -> set[str]:
    return {name for name, its in known.route_filters.items() if its == family}


def _sets(section: Section) -> Said:
    found: Said = []
    numbers = (("local_pref", "local-preference"), ("med", "metric"), ("tag", "tag"), ("weight", "weight"))
    for key, word in numbers:
        one = section.only(rf"set {word} (\d+)")
        if one:
            found.append(
                (f"set_{key}" if key in ("tag", "weight") else "route_maps", one[0], key, int(one[1][1]))
            )
    prepended = section.only(r"set as-path prepend (\d+(?: \d+)*)")
    if prepended:
        found.append(
            ("route_maps", prepended[0], "as_path_prepend", [int(n) for n in prepended[1][1].split(" ")])
        )
    sent = section.only(r"set community (.+)")
    if sent:
        words = communities(sent[1][1].removesuffix(" additive").split(" "))
        found += [("route_maps", sent[0], "community", words)] if words else []
    for pattern in (rf"set ip next-hop ({ADDRESS})", r"set ipv6 next-hop ([0-9A-F:.]+)"):
        hop = section.only(pattern)
        if hop:
            found.append(("route_maps", hop[0], "next_hop", hop[1][1].lower()))
    targets = section.only(r"set extcommunity rt (\S+)(?: additive)?")
    if targets:
        found.append(("set_route_targets", targets[0], "route_targets", [targets[1][1]]))
    return found
