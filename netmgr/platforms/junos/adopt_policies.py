"""Junos' ``policy-options`` → device data. A policy is read where all of its terms can be: their order counts."""

import re

from netmgr.model.fields import Asn, Name, NetworkValue
from netmgr.model.policy import AsPathRule, CommunityRule, PrefixRange, PrefixRule, RouteStatement
from netmgr.platforms.adopting import fits
from netmgr.platforms.junos.longest import hidden
from netmgr.platforms.junos.names import OWN_POLICIES, number_pair, short
from netmgr.platforms.junos.reader import Data, Reader, flagged, leaves, plain
from netmgr.platforms.junos.text import Path
from netmgr.platforms.junos.tree import Node

#: What Junos calls otherwise, or by number alone.
_COMMUNITIES = {
    "no-export-subconfed": "local-AS",
    "65535:0": "graceful-shutdown",
    "65535:666": "blackhole",
    "65535:65284": "no-peer",
}
_EXTENDED = ("target", "origin")
_PROTOCOLS = {
    ("direct",): "connected",
    ("static",): "static",
    ("ospf", "ospf3"): "ospf",
    ("bgp",): "bgp",
}


def read_policies(reader: Reader, data: Data) -> None:
    """``prefix_lists``, ``community_lists``, ``as_path_lists`` and ``route_maps``."""
    _prefix_lists(reader, data)
    _community_lists(reader, data)
    _as_path_lists(reader, data)
    for name, policy in reader.root.items("policy-options", "policy-statement"):
        if fits(Name, name) and not OWN_POLICIES.fullmatch(name) and not flagged(policy):
            _policy(reader, name, policy, data)


def _prefix_lists(reader: Reader, data: Data) -> None:
    for name, node in reader.root.items("policy-options", "prefix-list"):
        prefixes = leaves(node)
        if not prefixes or not fits(Name, name) or not all(fits(NetworkValue, prefix) for prefix in prefixes):
            continue
        if len({":" in prefix for prefix in prefixes}) == 1:
            data.setdefault("prefix_lists", {})[name] = [
                {"action": "permit", "prefix": prefix} for prefix in prefixes
            ]
            for prefix in prefixes:
                reader.take("prefix_lists", "policy-options", "prefix-list", name, prefix)


def _community_lists(reader: Reader, data: Data) -> None:
    for name, node in reader.root.items("policy-options", "community"):
        members = leaves(node.at("members"))
        if not members or set(node.children) != {"members"} or not fits(Name, name):
            continue
        rule = {"action": "permit", "community": [_community(word) for word in members]}
        if fits(CommunityRule, rule):
            data.setdefault("community_lists", {})[name] = [rule]
            for word in members:
                reader.take("community_lists", "policy-options", "community", name, "members", word)


def _community(word: str) -> str:
    """As the model writes it; of an AS of four bytes Junos says so (``L``)."""
    kind, colon, pair = word.partition(":")
    return f"{kind}:{number_pair(pair)}" if colon and kind in _EXTENDED else _COMMUNITIES.get(word, word)


def _as_path_lists(reader: Reader, data: Data) -> None:
    for name, node in reader.root.items("policy-options", "as-path"):
        text = plain(node)
        regex = _regex(text) if text is not None else None
        if text is not None and regex is not None and fits(Name, name):
            rule = {"action": "permit", "regex": regex}
            if fits(AsPathRule, rule):
                data.setdefault("as_path_lists", {})[name] = [rule]
                reader.take("as_path_lists", "policy-options", "as-path", name, text)


def _regex(text: str) -> str | None:
    """An expression over AS numbers as one over the text of a path: the other way round than templates do."""
    if text in ("()", ".*"):
        return {"()": "^$"}.get(text, text)
    words = text.split(" ")
    before, after = words[0] == ".*", len(words) > 1 and words[-1] == ".*"
    inner = words[before : len(words) - after]
    if not inner or not all(re.fullmatch(r"[0-9]+|\.", word) for word in inner):
        return None
    body = "_".join("[0-9]+" if word == "." else word for word in inner)
    return f"{'_' if before else '^'}{body}{'_' if after else '$'}"


def _policy(reader: Reader, name: str, policy: Node, data: Data) -> None:
    terms = dict(policy.items("term"))
    statements = []
    taken: list[Path] = []
    for term, node in terms.items():
        read = _statement(term, node, data)
        if read is None:
            return
        statement, paths = read
        statements.append(statement)
        taken += (("term", term, *path) for path in paths)
    conditional = bool(statements and statements[-1].get("match"))
    end = set(policy.at("then").children)
    if not statements or (conditional and end not in (set(), {"reject"})):
        return
    if conditional and not end:
        # Without an end of its own a policy goes on to the protocol's default.
        statements.append({"action": "default"})
    data.setdefault("route_maps", {})[name] = statements
    here = ("policy-options", "policy-statement", name)
    for path in taken:
        reader.take("route_maps", *here, *path)
    if conditional and end:
        reader.take("route_maps", *here, "then", "reject")


def _statement(name: str, term: Node, data: Data) -> tuple[Data, list[Path]] | None:
    """A term as a statement, with the paths that it says; None where Junos does something else with it.

    A condition or action that cannot be said stays by itself, in the term's own words.
    """
    actions = set(term.at("then").children) & {"accept", "reject", "next"}
    action = {"accept": "permit", "reject": "deny"}.get(next(iter(actions), ""))
    if len(actions) != 1 or action is None:
        return None
    match, taken = _match(term.at("from"), data)
    change, more = _set(term.at("then"), data)
    word = "accept" if action == "permit" else "reject"
    statement = {
        "action": action,
        "name": name,
        **({"match": match} if match else {}),
        **({"set": change} if change else {}),
    }
    if not fits(RouteStatement, statement):
        return None
    return statement, [*taken, *more, ("then", word)]


def _match(conditions: Node, data: Data) -> tuple[Data, list[Path]]:
    match: Data = {}
    taken: list[Path] = []

    def say(key: str, value: object, *path: str) -> None:
        if fits(RouteStatement, {"action": "permit", "match": {key: value}}):
            match[key] = value
            taken.append(("from", *path))

    for word, key, lists in (
        ("prefix-list", "prefix_list", "prefix_lists"),
        ("community", "community", "community_lists"),
        ("as-path", "as_path", "as_path_lists"),
    ):
        name = plain(conditions.at(word))
        if name is not None and name in data.get(lists, {}):
            say(key, name, word, name)
    for word, key in (("metric", "med"), ("local-preference", "local_pref"), ("tag", "tag")):
        number = plain(conditions.at(word))
        if number is not None and number.isdecimal():
            say(key, int(number), word, number)
    interface = plain(conditions.at("interface"))
    if interface is not None and "." in interface and short(interface) in data.get("interfaces", {}):
        say("interface", short(interface), "interface", interface)
    protocols = leaves(conditions.at("protocol")) or ()
    if tuple(sorted(protocols)) in _PROTOCOLS:
        match["protocol"] = _PROTOCOLS[tuple(sorted(protocols))]
        taken += (("from", "protocol", word) for word in protocols)
    if "prefix_list" not in match:
        _prefixes(conditions.at("route-filter"), match, taken)
    return match, taken


def _prefixes(filters: Node, match: Data, taken: list[Path]) -> None:
    """All of a term's route filters, or none: which comes first may count."""
    found = []
    for prefix, kind in filters.children.items():
        bounds = _bounds(prefix, kind)
        if bounds is None or not fits(PrefixRule, {"action": "permit", "prefix": prefix, **bounds}):
            return
        found.append({"prefix": prefix, **bounds})
    if found and hidden([PrefixRange(**said) for said in found]) is None:
        match["prefixes"] = found
        taken += (
            ("from", "route-filter", prefix, *path)
            for prefix, kind in filters.children.items()
            for path in kind.paths()
        )


def _bounds(prefix: str, kind: Node) -> Data | None:
    length, longest = prefix.rpartition("/")[2], 128 if ":" in prefix else 32
    paths = list(kind.paths())
    if len(paths) != 1 or not length.isdecimal():
        return None
    word, said = paths[0][0], " ".join(paths[0][1:])
    if (word, said) == ("exact", ""):
        return {}
    if (word, said) == ("orlonger", ""):
        return {"le": longest}
    if (word, said) == ("longer", ""):
        return {"ge": int(length) + 1}
    upto = re.fullmatch(r"/(\d+)", said) if word == "upto" else None
    if upto and int(length) < int(upto[1]) < longest:
        return {"le": int(upto[1])}
    both = re.fullmatch(r"/(\d+)-/(\d+)", said) if word == "prefix-length-range" else None
    if both and int(length) < int(both[1]) and (int(both[1]), int(both[2])) != (int(length) + 1, longest):
        return {"ge": int(both[1]), "le": int(both[2])}
    return None


def _set(actions: Node, data: Data) -> tuple[Data, list[Path]]:
    change: Data = {}
    taken: list[Path] = []

    def say(key: str, value: object, *path: str) -> None:
        if fits(RouteStatement, {"action": "permit", "set": {key: value}}):
            change[key] = value
            taken.append(("then", *path))

    for word, key in (("metric", "med"), ("local-preference", "local_pref"), ("tag", "tag")):
        number = plain(actions.at(word))
        if number is not None and number.isdecimal():
            say(key, int(number), word, number)
    for word, kept in (("add", "add"), ("set", "replace")):
        name = plain(actions.at("community", word))
        # Of several the order counts.
        if len(actions.at("community").children) == 1 and name in data.get("community_lists", {}):
            say("community_list", name, "community", word, str(name))
            change.update({"community_options": kept} if kept == "add" and "community_list" in change else {})
    hop = plain(actions.at("next-hop"))
    if hop is not None:
        say("next_hop", hop, "next-hop", hop)
    path = plain(actions.at("as-path-prepend"))
    if path is not None and all(word.isdecimal() and fits(Asn, int(word)) for word in path.split(" ")):
        say("as_path_prepend", [int(word) for word in path.split(" ")], "as-path-prepend", path)
    return change, taken
