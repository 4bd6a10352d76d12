"""Lists, out of an IOS configuration. Each is read whole or not at all: its rules have an order."""

import re
from ipaddress import ip_network

from netmgr.model.fields import Description
from netmgr.model.policy import (
    AclEntry,
    AsPathRule,
    CommunityRule,
    PrefixRule,
    community_number,
)
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.access_lists import icmp_number, port_number
from netmgr.platforms.ios.adopt_lines import ADDRESS, NAME, Data, Known, Section, compact, prefix_of

_WORDS = {"65535:0": "graceful-shutdown", "65535:666": "blackhole", "65535:65284": "no-peer"}
#: Names of access lists and community lists; those that begin with a digit are numbers, or would be taken for them.
_LISTED = r"[A-Za-z][A-Za-z0-9._-]{0,62}"
_RULE = re.compile(
    rf"(ip|ipv6) prefix-list ({NAME}) seq (\d+) (permit|deny) (\S+)(?: ge (\d+))?(?: le (\d+))?"
)


def read_lists(top: Section, known: Known) -> Data:
    """Prefix lists, community lists, AS path lists, access lists."""
    return compact(
        {
            "prefix_lists": _prefix_lists(top, known),
            "community_lists": _community_lists(top, known),
            "as_path_lists": _as_path_lists(top, known),
            "acls": _access_lists(top, known),
        }
    )


def _grouped(top: Section, pattern: str) -> dict[str, list[str]]:
    """Lines by the name in their first group."""
    found: dict[str, list[str]] = {}
    for line, match in top.matching(pattern):
        found.setdefault(match[1], []).append(line)
    return found


def _prefix_lists(top: Section, known: Known) -> Data:
    found: Data = {}
    for word in ("ip", "ipv6"):
        for name, lines in _grouped(top, rf"{word} prefix-list ({NAME}) (?!description ).*").items():
            rules = [_prefix_rule(line) for line in lines]
            if name not in found and None not in rules and len({repr(rule) for rule in rules}) == len(rules):
                top.take("prefix_lists", *lines)
                found[name] = rules
                known.prefix_lists[name] = "ipv4" if word == "ip" else "ipv6"
    return found


def _prefix_rule(line: str) -> Data | None:
    match = _RULE.fullmatch(line)
    if match is None:
        return None
    try:
        prefix = ip_network(match[5].lower())
    except ValueError:
        return None
    lower, upper = (int(bound) if bound else None for bound in match.groups()[5:])
    rule = compact(
        {"action": match[4], "prefix": str(prefix), "ge": lower, "le": upper, "sequence": int(match[3])}
    )
    # Bounds that say nothing would not be rendered.
    spoken = (lower is None or lower > prefix.prefixlen) and (upper is None or upper > prefix.prefixlen)
    family = 4 if match[1] == "ip" else 6
    return rule if spoken and prefix.version == family and fits(PrefixRule, rule) else None


def _community_lists(top: Section, known: Known) -> Data:
    found: Data = {}
    for name, lines in _grouped(top, rf"ip community-list standard ({_LISTED}) .*").items():
        rules = [_community_rule(line.split(" ")[4:]) for line in lines]
        if None not in rules and len({repr(rule) for rule in rules}) == len(rules):
            top.take("community_lists", *lines)
            found[name] = rules
            known.community_lists.add(name)
    return found


def _community_rule(words: list[str]) -> Data | None:
    named = communities(words[1:])
    rule = {"action": words[0], "community": named}
    return rule if named and fits(CommunityRule, rule) else None


def communities(words: list[str]) -> list[str] | None:
    """Communities in the inventory's words, None unless they stand in the order of their numbers."""
    given = [_WORDS.get(word, word) for word in words]
    if not given or not fits(CommunityRule, {"action": "permit", "community": given}):
        return None
    return given if given == sorted(dict.fromkeys(given), key=community_number) else None


def _as_path_lists(top: Section, known: Known) -> Data:
    found: Data = {}
    for name, lines in _grouped(
        top, r"ip as-path access-list ([1-9]\d?|[1-4]\d\d|500) (?:permit|deny) \S+"
    ).items():
        rules = [dict(zip(("action", "regex"), line.split(" ")[4:], strict=True)) for line in lines]
        if all(fits(AsPathRule, rule) for rule in rules) and len({repr(rule) for rule in rules}) == len(
            rules
        ):
            top.take("as_path_lists", *lines)
            found[name] = rules
            known.as_path_lists.add(name)
    return found


_HOST4 = rf"any|host {ADDRESS}|{ADDRESS} {ADDRESS}"
_HOST6 = r"any|host \S+|\S+/\d+"
_PORTS = r"(?: eq \S+| range \S+ \S+)?"


def _entry_pattern(host: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<action>permit|deny) (?P<protocol>\S+) (?P<source>{host})(?P<sport>{_PORTS}) (?P<destination>{host})"
        rf"(?P<dport>{_PORTS})(?: (?P<type>(?!established|log)[a-z0-9-]+))?(?P<established> established)?(?P<log> log)?"
    )


_ENTRY = {"ipv4": _entry_pattern(_HOST4), "ipv6": _entry_pattern(_HOST6)}
_PROTOCOLS = {
    "ip": None,
    "ipv6": None,
    "icmp": "icmp",
    "tcp": "tcp",
    "udp": "udp",
    "ospf": "ospf",
    "gre": "gre",
    "esp": "esp",
}


def _access_lists(top: Section, known: Known) -> Data:
    found: Data = {}
    of_routes = {
        match[1]
        for statement in top.inner("route-map ")
        for _, match in statement.matching(r"match ipv6 address (?!prefix-list )(\S+)")
    }
    for section in top.inner("ipv6 access-list "):
        name = section.words[-1]
        rules = [_route_filter6(line.text) for line in section.lines]
        if name in of_routes and rules and None not in rules and re.fullmatch(_LISTED, name):
            section.opened("acls")
            section.take("acls", *(line.text for line in section.lines))
            found[name] = {"type": "ipv6", "filters": "routes", "entries": rules}
            known.route_filters[name] = "ipv6"
    for beginning, family in (("ip access-list extended ", "ipv4"), ("ipv6 access-list ", "ipv6")):
        for section in top.inner(beginning):
            name, entries = section.words[-1], _entries(section, family)
            if entries and name not in found and re.fullmatch(_LISTED, name):
                section.opened("packet_filters")
                section.take("packet_filters", *(line.text for line in section.lines))
                found[name] = {"type": family, "filters": "packets", "entries": entries}
                known.filters[name] = family
    for section in top.inner("ip access-list standard "):
        name, rules = section.words[-1], [_route_filter(line.text) for line in section.lines]
        if rules and None not in rules and name not in found and re.fullmatch(_LISTED, name):
            section.opened("acls")
            section.take("acls", *(line.text for line in section.lines))
            found[name] = {"filters": "routes", "entries": rules}
            known.route_filters[name] = "ipv4"
    return found


def _entries(section: Section, family: str) -> list[Data]:
    """The entries, none where one of them says more than the model can. A remark belongs to the entry after it."""
    entries: list[Data] = []
    remark: str | None = None
    for line in section.lines:
        if line.text.startswith("remark "):
            if remark is not None or not fits(Description, line.text.removeprefix("remark ")):
                return []
            remark = line.text.removeprefix("remark ")
            continue
        entry = _entry(line.text, family)
        if entry is None:
            return []
        entries.append(compact({**entry, "description": remark}))
        remark = None
    return entries if remark is None else []


def _entry(line: str, family: str) -> Data | None:
    match = _ENTRY[family].fullmatch(line)
    if match is None or (match["protocol"] not in _PROTOCOLS and not match["protocol"].isdecimal()):
        return None
    protocol: object = _PROTOCOLS.get(match["protocol"], match["protocol"])
    if (match["protocol"] == "ip") != (family == "ipv4" and protocol is None):
        return None
    if isinstance(protocol, str) and protocol.isdecimal():
        protocol = int(protocol)
    if family == "ipv6" and protocol == "icmp":
        protocol = "icmpv6"
    networks = {key: _network(match[key], family) for key in ("source", "destination")}
    kind = icmp_number(match["type"], ipv6=family == "ipv6") if match["type"] else None
    icmp = protocol in ("icmp", "icmpv6")
    if "" in networks.values() or (match["type"] is not None and (kind is None or not icmp)):
        return None
    ports = [_ports(match["protocol"], match[key]) for key in ("sport", "dport")]
    if "" in ports:
        return None
    entry = compact(
        {
            "action": "accept" if match["action"] == "permit" else "drop",
            "protocol": protocol,
            "source_address": networks["source"],
            "destination_address": networks["destination"],
            "source_port": ports[0],
            "destination_port": ports[1],
            "icmp_type": kind,
            "established": match["established"] and True,
            "log": match["log"] and True,
        }
    )
    return entry if fits(AclEntry, entry) else None


def _network(text: str, family: str) -> str | None:
    """A prefix; None is any, "" is none."""
    if text == "any":
        return None
    if text.startswith("host "):
        return f"{text.removeprefix('host ').lower()}/{32 if family == 'ipv4' else 128}"
    if family == "ipv6":
        return text.lower() if not text.endswith(("/0", "/128")) else ""
    prefix = prefix_of(*text.split(" ")) or ""
    return prefix if not prefix.endswith(("/0", "/32")) else ""


def _ports(protocol: str, text: str) -> int | str | None:
    """One port, or several in a row; None is any, "" what the model has no words for."""
    words = text.split()
    if not words:
        return None
    numbers = [port_number(protocol, word) for word in words[1:]]
    if None in numbers:
        return ""
    return numbers[0] if words[0] == "eq" else f"{numbers[0]}-{numbers[1]}"


def _route_filter(line: str) -> Data | None:
    match = re.fullmatch(rf"(permit|deny) (any|{ADDRESS}(?: {ADDRESS})?)", line)
    alone = match is not None and re.fullmatch(ADDRESS, match[2])
    prefix = f"{match[2]}/32" if match and alone else _network(match[2], "ipv4") if match else ""
    if match is None or prefix == "":
        return None
    entry = compact({"action": "accept" if match[1] == "permit" else "drop", "source_address": prefix})
    return entry if fits(AclEntry, entry) else None


def _route_filter6(line: str) -> Data | None:
    match = re.fullmatch(rf"(permit|deny) ipv6 ({_HOST6}) any", line)
    prefix = _network(match[2], "ipv6") if match else ""
    if match is None or prefix == "":
        return None
    entry = compact({"action": "accept" if match[1] == "permit" else "drop", "source_address": prefix})
    return entry if fits(AclEntry, entry) else None
