"""The one text that equal EOS configurations share: what ``show running-config`` gives and what a template renders.

It can be loaded as it is. Lines that say nothing are left out (dialect.py), lines that say the same in several ways are
written in one (here and in bgp_form.py), and all stand in one order (order.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

from netmgr.platforms import cli_tree
from netmgr.platforms.cli_tree import Line, read, write
from netmgr.platforms.eos import dialect, order
from netmgr.platforms.eos.bgp_form import activated
from netmgr.platforms.eos.clear import in_clear
from netmgr.platforms.eos.lists_form import acl_entry, as_path_rule, numbered, prefix_rule
from netmgr.platforms.eos.number_lists import numbers, one_spelling
from netmgr.platforms.form import Path

#: eAPI itself: who reads or loads a configuration speaks to the device through it.
WAY_IN = ("management api http-commands", "no shutdown")

_PREFIX_RULE = re.compile(r"(ip(?:v6)? prefix-list \S+) (seq \d+ .+)")
_VLANS = re.compile(r"vlan (\d[\d,-]*)")
#: Words of older versions, and what newer ones write for them.
_OLD_WORDS = (
    (re.compile(r"ip domain-name "), "dns domain "),
    (re.compile(r"ip name-server vrf default "), "ip name-server "),
    (re.compile(r"snmp-server ((?:vrf \S+ )?)source-interface "), r"snmp-server \1local-interface "),
    (re.compile(r"ntp source ((?:vrf \S+ )?)"), r"ntp local-interface \1"),
    # The level that everybody has: 4.23 no longer shows it.
    (re.compile(r"(username \S+ )privilege 1 "), r"\1"),
)
_TRUSTED = "ntp trusted-key "
#: A hash that is given without its form, as inventories may have it: EOS shows it with it.
_HASHED = re.compile(r"(username \S+ (?:.* )?secret |enable (?:password|secret) )(?=\$([16])\$)(.*)")
_HASHES = {"1": "5", "6": "sha512"}
#: Lines that open a section whether or not something stands in it.
_ENTERS = re.compile(
    r"interface .+|vlan \d+|vrf instance \S+|route-map \S+ (?:permit|deny) \d+|router (?:bgp|ospf) .+|ipv6 router .+"
    r"|ip(?:v6)? (?:prefix-list|access-list) .+|management api http-commands"
)
#: A route's distance, where it is the one that EOS does not show.
_FIRST_DISTANCE = re.compile(
    r"(ip(?:v6)? route (?:vrf \S+ )?\S+(?: (?!tag |name |metric )\S+){1,2}?) 1((?: (?:tag|name|metric) .*)?)"
)
_ACL = re.compile(r"(ip|ipv6) access-list (standard )?\S+")
_TRUNK = re.compile(r"(switchport trunk allowed vlan )(\d[\d,-]*)")


def canonical(text: str) -> str:
    """The canonical form of a configuration text. The form of a canonical text is the text itself."""
    lines = list(_configuration(read(text, dialect.DIALECT)))
    lines = list(chain.from_iterable(map(_spread, lines)))
    lines = _united(lines)
    _way_in(lines)
    in_clear(lines)
    for line in lines:
        _section(line)
    kept = _said(lines, dialect.silent(dialect.TOP))
    return write(sorted(kept, key=partial(order.by_order, order.TOP)), dialect.DIALECT)


def paths(config: str) -> tuple[Path, ...]:
    """See ``PlatformForm.paths``."""
    return cli_tree.paths(config, dialect.DIALECT)


def candidate(config: str, shown: str) -> str:
    """What is loaded to replace a configuration with a canonical text.

    Every section is left by ``exit``: NAPALM takes the indentation away, and EOS takes a line that the section it is in
    knows as one of that section, whatever was meant. The model of the routing protocols is the device's until its next
    start: it is said where the running configuration says it (EOS User Manual, "Routing Protocols Model").
    """
    model = "service routing protocols model "
    said = any(line.startswith(model) for line in shown.splitlines())
    first = f"{model}multi-agent\n" if said and model not in config else ""
    return first + script(read(config, dialect.DIALECT))


def script(lines: Iterable[Line]) -> str:
    """Lines as they are loaded: every section that is entered is left again."""
    return "".join(f"{row}\n" for row in _closed(lines, ""))


def _closed(lines: Iterable[Line], blanks: str) -> Iterator[str]:
    for line in lines:
        yield blanks + line.text
        yield from line.block
        yield from _closed(line.children, blanks + " " * dialect.DIALECT.indent)
        if line.children or (not line.block and _ENTERS.fullmatch(line.text)):
            yield f"{blanks}exit"


def _configuration(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines without comments. What stands deeper than a comment belongs to the section around it."""
    for line in lines:
        line.children = list(_configuration(line.children))
        if line.text.startswith("!") and not line.text.startswith("!!"):
            yield from line.children
        else:
            yield line


def _spread(line: Line) -> Iterator[Line]:
    """Lines that stand for several: ``vlan 10,12-13``, and rules of a prefix list on one line each."""
    if match := _VLANS.fullmatch(line.text):
        for number in numbers(match[1]):
            yield Line(f"vlan {number}", [Line(one.text) for one in line.children])
    elif match := _PREFIX_RULE.fullmatch(line.text):
        yield Line(match[1], [Line(match[2])])
    else:
        line.text = _spelled(line.text)
        yield line


def _spelled(text: str) -> str:
    """One spelling of a line at the top level that EOS takes in several."""
    if text.startswith("ip as-path access-list "):
        return as_path_rule(text)
    if text.startswith(_TRUSTED):
        return _TRUSTED + one_spelling(text.removeprefix(_TRUSTED))
    for old, new in _OLD_WORDS:
        if match := old.match(text):
            text = match.expand(new) + text[match.end() :]
    if hashed := _HASHED.fullmatch(text):
        return f"{hashed[1]}{_HASHES[hashed[2]]} {hashed[3]}"
    route = _FIRST_DISTANCE.fullmatch(text)
    return f"{route[1]}{route[2]}" if route else text


def _united(lines: list[Line]) -> list[Line]:
    """One section for each line that opens one."""
    found: dict[str, Line] = {}
    kept: list[Line] = []
    for line in lines:
        known = found.get(line.text)
        if known is not None and line.children:
            known.children += line.children
        elif known is None or not _opens(line):
            found.setdefault(line.text, line)
            kept.append(line)
    return kept


def _opens(line: Line) -> bool:
    return bool(line.children or _ENTERS.fullmatch(line.text))


def _way_in(lines: list[Line]) -> None:
    section = next((line for line in lines if line.text == WAY_IN[0]), None)
    if section is None:
        lines.append(section := Line(WAY_IN[0]))
    if all(line.text != WAY_IN[1] for line in section.children):
        section.children.insert(0, Line(WAY_IN[1]))


def _said(lines: list[Line], silent: re.Pattern[str] | None = None) -> list[Line]:
    """The lines that are left when each ``no`` line has taken back what it names, without repetitions."""
    left: dict[str, Line] = {}
    for number, line in enumerate(lines):
        other = line.text[3:] if line.text.startswith("no ") else f"no {line.text}"
        taken_back = left.get(other)
        if taken_back is not None and not taken_back.children and not line.children:
            del left[other]
        elif line.text not in left:
            left[line.text] = line
        elif line.children or line.block:
            left[f"{line.text}\n{number}"] = line
    return [
        line
        for line in left.values()
        if not (silent and not line.children and silent.fullmatch(line.text))
        and not (not line.children and dialect.IMPLIED.fullmatch(line.text))
    ]


def _section(line: Line) -> None:
    """What stands in a section of the top level, in canonical form; sections without rules stay as they are."""
    for opener, form in _FORMS:
        if opener.fullmatch(line.text):
            line.children = form(line.children)
            return


def _plain(rules: tuple[dialect.Silent, ...], places: tuple[str, ...], lines: list[Line]) -> list[Line]:
    return sorted(_said(lines, dialect.silent(rules)), key=partial(order.by_order, places))


def _interface(lines: list[Line]) -> list[Line]:
    for line in lines:
        if match := _TRUNK.fullmatch(line.text):
            line.text = match[1] + one_spelling(match[2])
    return _plain(dialect.INTERFACE, order.INTERFACE, lines)


def _acl(lines: list[Line]) -> list[Line]:
    for line in numbered(lines):
        line.text = acl_entry(line.text)
    return _plain((), (r"counters ", r"\d"), lines)


def _prefix_list(lines: list[Line]) -> list[Line]:
    for line in lines:
        line.text = prefix_rule(line.text)
    return _plain((), order.NONE, lines)


def _bgp(lines: list[Line]) -> list[Line]:
    return _bgp_ordered(activated(_taken_back(lines)))


def _taken_back(lines: list[Line]) -> list[Line]:
    for line in lines:
        line.children = _taken_back(line.children)
    return _said(lines)


def _bgp_ordered(lines: list[Line]) -> list[Line]:
    for line in lines:
        if re.fullmatch(r"vrf \S+|address-family ipv[46]", line.text):
            line.children = _bgp_ordered(line.children)
    return sorted(_said(lines, dialect.silent(dialect.BGP)), key=order.by_neighbor)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[list[Line]], list[Line]]], ...] = (
    (re.compile(r"interface .+"), _interface),
    (re.compile(r"vlan \d+"), partial(_plain, dialect.VLAN, order.VLAN)),
    (re.compile(r"route-map \S+ (?:permit|deny) \d+"), partial(_plain, (), order.ROUTE_MAP)),
    (re.compile(r"ip(?:v6)? prefix-list \S+"), _prefix_list),
    (_ACL, _acl),
    (re.compile(r"(?:ipv6 )?router ospf .+"), partial(_plain, dialect.OSPF, order.OSPF)),
    (re.compile(r"router bgp \S+"), _bgp),
    (re.compile(re.escape(WAY_IN[0])), partial(_plain, (), order.API)),
    (re.compile(r"system l1"), partial(_plain, dialect.SYSTEM_L1, order.NONE)),
)
