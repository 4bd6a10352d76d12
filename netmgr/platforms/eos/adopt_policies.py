"""Prefix lists, community lists, AS path lists, access lists and route maps: whole lists, or none of a list."""

import re
from collections.abc import Iterable

from netmgr.model.device import DeviceData
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
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact, sequenced

#: EOS's words for communities that have names elsewhere.
_COMMUNITIES = {
    "GSHUT": "graceful-shutdown",
    "local-as": "local-AS",
    "65535:666": "blackhole",
    "65535:65284": "no-peer",
}
_PROTOCOLS = {"47": "gre", "50": "esp"}


def read_policies(lines: Lines, data: Data) -> None:
    """``prefix_lists``, ``community_lists``, ``as_path_lists``, ``acls`` and ``route_maps``."""
    _prefix_lists(lines, data)
    _plain_lists(lines, data)
    _acls(lines, data)
    _filters(lines, data)
    _route_maps(lines, data)


def _declare(
    lines: Lines, data: Data, key: str, name: str, rules: list[Data], openers: Iterable[tuple[str, ...]]
) -> bool:
    """Keep a list, if the model takes its name and it says nothing twice."""
    texts = [repr({k: v for k, v in rule.items() if k != "sequence"}) for rule in rules]
    if not rules or not fits(Name, name) or len({*texts}) < len(texts):
        return False
    data.setdefault(key, {})[name] = rules
    lines.take(key, *openers)
    return True


def _prefix_lists(lines: Lines, data: Data) -> None:
    names = [match[2] for _, match in lines.matching(r"(ip|ipv6) prefix-list (\S+)")]
    for opener, match in lines.matching(r"(ip|ipv6) prefix-list (\S+)"):
        rules = [_prefix_rule(line) for line in lines.at(opener)]
        found = [rule for rule in rules if rule and fits(PrefixRule, rule)]
        family = {":" in rule["prefix"] for rule in found}
        if len(found) < len(rules) or names.count(match[2]) > 1 or family != {match[1] == "ipv6"}:
            continue
        paths = [(opener,), *((opener, line) for line in lines.at(opener))]
        if _declare(lines, data, "prefix_lists", match[2], sequenced(found, 5), paths):
            lines.prefix_lists[match[2]] = match[1]


def _prefix_rule(line: str) -> Data | None:
    match = re.fullmatch(r"seq (\d+) (permit|deny) (\S+)(?: eq (\d+))?(?: ge (\d+))?(?: le (\d+))?", line)
    if match is None:
        return None
    number, action, prefix, equal, low, high = match.groups()
    low, high = low or equal, high or equal
    return compact(
        {
            "sequence": int(number),
            "action": action,
            "prefix": prefix,
            "ge": low and int(low),
            "le": high and int(high),
        }
    )


def _plain_lists(lines: Lines, data: Data) -> None:
    """Community and AS path lists: a line for each rule, all of a list or none."""
    forms = (
        ("community_lists", r"ip community-list (?!regexp )(\S+) (permit|deny) (.+)", CommunityRule),
        ("as_path_lists", r"ip as-path access-list (\S+) (permit|deny) (.+) any", AsPathRule),
    )
    for key, pattern, model in forms:
        found: dict[str, list[tuple[str, Data]]] = {}
        for line, match in lines.matching(pattern):
            rule: Data = {"action": match[2]}
            if key == "community_lists":
                words = [_COMMUNITIES.get(word, word) for word in match[3].split(" ")]
                rule["community"] = words if len(words) > 1 else words[0]
            else:
                rule["regex"] = match[3]
            found.setdefault(match[1], []).append((line, rule))
        beginning = pattern.split("(", 1)[0]
        for name, rules in found.items():
            all_of_it = [line for line in lines.top if line.startswith(f"{beginning}{name} ")]
            if len(all_of_it) == len(rules) and all(_shown(rule, model) for _, rule in rules):
                _declare(lines, data, key, name, [rule for _, rule in rules], [(line,) for line, _ in rules])


def _shown(rule: Data, model: object) -> bool:
    """Whether the model takes a rule, and would show its communities in the same order."""
    if not fits(model, rule):
        return False
    words = rule.get("community")
    return not isinstance(words, list) or words == sorted({*words}, key=community_number)


def _acls(lines: Lines, data: Data) -> None:
    names = [match[3] for _, match in lines.matching(r"(ip|ipv6) access-list (standard )?(\S+)")]
    for opener, match in lines.matching(r"(ip|ipv6) access-list (standard )?(\S+)"):
        family = "ipv4" if match[1] == "ip" else "ipv6"
        content = lines.at(opener)
        read = _standard if match[2] else _entry
        entries = [entry for line in content if (entry := read(line, match[1]))]
        entries = _described(entries)
        if names.count(match[3]) > 1 or not entries or not all(fits(AclEntry, entry) for entry in entries):
            continue
        if len(entries) + sum("description" in e for e in entries) != len(content) or not fits(
            Name, match[3]
        ):
            continue
        acl: Data = {} if family == "ipv4" else {"type": family}
        acl["filters"] = "routes" if match[2] else "packets"
        acl["entries"] = sequenced(entries, 5 if match[2] else 10)
        if fits(DeviceData, {"acls": {match[3]: acl}}):
            data.setdefault("acls", {})[match[3]] = acl
            lines.take("acls", (opener,), *((opener, line) for line in content))
            lines.acls[match[3]] = f"{match[1]} {'routes' if match[2] else 'packets'}"


def _described(entries: list[Data]) -> list[Data]:
    """A remark right before an entry is its description."""
    found: list[Data] = []
    for entry in entries:
        if found and "remark" in found[-1] and entry["sequence"] == found[-1]["sequence"] + 1:
            entry["description"] = found.pop()["remark"]
        found.append(entry)
    return found


def _standard(line: str, _family: str) -> Data | None:
    match = re.fullmatch(r"(\d+) (permit|deny) (any|host \S+|\S+/\d+)", line)
    if match is None:
        return None
    return {"sequence": int(match[1]), "action": _action(match[2]), **_prefix("source_address", match[3])}


_PLACE = r"(?:any|host \S+|\S+/\d+)"
_PORTS = r"(?: eq \d+| range \d+ \d+)?"
_ENTRY = re.compile(
    rf"(\d+) (permit|deny) (\S+) ({_PLACE})({_PORTS}) ({_PLACE})({_PORTS})(?: (\d+))?( established)?( log)?"
)


def _entry(line: str, family: str) -> Data | None:
    if remark := re.fullmatch(r"(\d+) remark (.+)", line):
        return {"sequence": int(remark[1]), "remark": remark[2]}
    match = _ENTRY.fullmatch(line)
    if match is None:
        return None
    number, action, protocol, source, source_port, target, target_port, icmp, established, log = (
        match.groups()
    )
    known = _PROTOCOLS.get(protocol, int(protocol) if protocol.isdigit() else protocol)
    return {
        "sequence": int(number),
        "action": _action(action),
        **({} if protocol == family else {"protocol": _number_of(known)}),
        **_prefix("source_address", source),
        **_port("source_port", source_port),
        **_prefix("destination_address", target),
        **_port("destination_port", target_port),
        **({"icmp_type": int(icmp)} if icmp else {}),
        **({"established": True} if established else {}),
        **({"log": True} if log else {}),
    }


def _number_of(protocol: object) -> object:
    """Protocols that EOS has names for and the model has not, by number."""
    return {"igmp": 2, "rsvp": 46, "ahp": 51, "pim": 103, "vrrp": 112}.get(str(protocol), protocol)


def _action(word: str) -> str:
    return "accept" if word == "permit" else "drop"


def _prefix(key: str, text: str) -> Data:
    if text == "any":
        return {}
    address = text.removeprefix("host ")
    return {key: address if "/" in address else f"{address}/{128 if ':' in address else 32}"}


def _port(key: str, text: str) -> Data:
    words = text.split()
    if not words:
        return {}
    return {key: int(words[1]) if words[0] == "eq" else f"{words[1]}-{words[2]}"}


def _filters(lines: Lines, data: Data) -> None:
    """Where packet filters are applied."""
    for name, interface in data["interfaces"].items():
        opener = f"interface {name}"
        for direction in ("in", "out"):
            found = [
                (line, match[2])
                for line, match in lines.matching(rf"(ip|ipv6) access-group (\S+) {direction}", opener)
                if lines.acls.get(match[2]) == f"{match[1]} packets"
            ]
            if found and "lag" not in interface:
                names = [acl for _, acl in found]
                interface[f"acl_{direction}"] = names if len(names) > 1 else names[0]
                lines.take("packet_filters", *((opener, line) for line, _ in found))


#: A line of a statement → where it stands in the data, and whether its value is a number.
_LINES = (
    (r"match as-path (\S+)", "match", "as_path", str),
    (r"match community (\S+)", "match", "community", str),
    (r"match interface (\S+)", "match", "interface", str),
    (r"match ip(?:v6)? address access-list (\S+)", "match", "acl", str),
    (r"match ip(?:v6)? address prefix-list (\S+)", "match", "prefix_list", str),
    (r"match ip(?:v6)? next-hop prefix-list (\S+)", "match", "next_hop", str),
    (r"match local-preference (\d+)", "match", "local_pref", int),
    (r"match metric (\d+)", "match", "med", int),
    (r"match source-protocol (connected|static|ospf|bgp)", "match", "protocol", str),
    (r"match tag (\d+)", "match", "tag", int),
    (r"set ip(?:v6)? next-hop (\S+)", "set", "next_hop", str),
    (r"set local-preference (\d+)", "set", "local_pref", int),
    (r"set metric (\d+)", "set", "med", int),
    (r"set tag (\d+)", "set", "tag", int),
    (r"set weight (\d+)", "set", "weight", int),
)


def _route_maps(lines: Lines, data: Data) -> None:
    found: dict[str, list[tuple[str, Data]]] = {}
    for opener, match in lines.matching(r"route-map (\S+) (permit|deny) (\d+)"):
        statement: Data = {"sequence": int(match[3]), "action": match[2], "match": {}, "set": {}}
        found.setdefault(match[1], []).append((opener, statement))
    for name, statements in found.items():
        if not fits(Name, name) or not all(fits(RouteStatement, s) for _, s in statements):
            continue
        for opener, statement in statements:
            _statement(lines, data, opener, statement)
            lines.take("route_maps", (opener,))
        rules = sequenced([statement for _, statement in statements], 10)
        data.setdefault("route_maps", {})[name] = [compact(rule) for rule in rules]
        lines.route_maps.add(name)


def _statement(lines: Lines, data: Data, opener: str, statement: Data) -> None:
    families: set[bool] = set()
    for line in lines.at(opener):
        value = _said(line)
        if value is None:
            continue
        where, key, said = value
        target = statement if where == "" else statement[where]
        family = _family(lines, data, key, said, line) if where == "match" else _next_hop(key, said)
        changed = (
            {**statement, where: {**target, **_values(key, said)}} if where else {**statement, key: said}
        )
        if (
            family is not None
            and key not in target
            and len(families | family) < 2
            and fits(RouteStatement, changed)
        ):
            statement.update(changed)
            families |= family
            lines.take("route_maps", (opener, line))


def _values(key: str, said: object) -> Data:
    """``additive`` is an option of its own."""
    if isinstance(said, tuple):
        values, add = said
        option = "community_options" if key == "community" else "route_target_options"
        return {key: values if len(values) > 1 else values[0], **({option: "add"} if add else {})}
    return {key: said}


def _said(line: str) -> tuple[str, str, object] | None:
    for pattern, where, key, kind in _LINES:
        if match := re.fullmatch(pattern, line):
            return where, key, kind(match[1])
    if match := re.fullmatch(r"description (.+)", line):
        return "", "description", match[1]
    if match := re.fullmatch(r"set as-path prepend((?: \d+)+)", line):
        return "set", "as_path_prepend", [int(word) for word in match[1].split()]
    if match := re.fullmatch(r"set community (\S+(?: (?!additive$)\S+)*)( additive)?", line):
        words = [_COMMUNITIES.get(word, word) for word in match[1].split()]
        if all(re.fullmatch(r"\d+:\d+|[a-zA-Z-]+", word) for word in words) and _shown(
            {"action": "permit", "community": words}, CommunityRule
        ):
            return "set", "community", (words, bool(match[2]))
    if match := re.fullmatch(r"set extcommunity((?: rt \S+)+)( additive)?", line):
        return "set", "route_targets", (match[1].replace(" rt ", " ").split(), bool(match[2]))
    return None


def _next_hop(key: str, said: object) -> set[bool]:
    return {":" in str(said)} if key == "next_hop" else set()


def _family(lines: Lines, data: Data, key: str, said: object, line: str) -> set[bool] | None:
    """The families that a condition asks for (True: IPv6); None where it names what the data has not."""
    word = line.split(" ")[1]
    if key in ("prefix_list", "next_hop"):
        return {word == "ipv6"} if lines.prefix_lists.get(str(said)) == word else None
    if key == "acl":
        return {word == "ipv6"} if lines.acls.get(str(said)) == f"{word} routes" else None
    if key == "interface":
        return set() if said in lines.vrf_of else None
    known = {"as_path": "as_path_lists", "community": "community_lists"}.get(key)
    return None if known and said not in data.get(known, {}) else set()
