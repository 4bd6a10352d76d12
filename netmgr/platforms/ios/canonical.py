"""The one text that equal IOS configurations share.

What only the device says is left out, what it writes in several ways has one spelling, what has no order has one. The
text can be read by IOS again: ``candidate`` adds what replacing a configuration needs beside it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from netmgr.platforms import cli_tree
from netmgr.platforms.cli_tree import Block, Dialect, Line, read, write
from netmgr.platforms.form import Path
from netmgr.platforms.ios.access_lists import access_entry, hosts_first, standard_entry
from netmgr.platforms.ios.bgp import complete
from netmgr.platforms.ios.order import key_of
from netmgr.platforms.ios.spelling import addresses, clear, inside, top

DIALECT = Dialect(
    indent=1,
    ends={
        re.compile(r"address-family .*"): "exit-address-family",
        re.compile(r"af-interface .*"): "exit-af-interface",
        re.compile(r"topology .*"): "exit-af-topology",
        re.compile(r"service-family .*"): "exit-service-family",
        re.compile(r"template peer-session .*"): "exit-peer-session",
        re.compile(r"template peer-policy .*"): "exit-peer-policy",
    },
    blocks=(
        Block(re.compile(r"banner \S+ (?P<mark>\^C|\x03|\S).*")),
        Block(re.compile(r"certificate (?!.*nvram:).*"), "quit"),
    ),
)

#: Lines at the top level that are not configuration, each with the reason.
_NOT_CONFIGURATION = (
    (r"Building configuration\.\.\.", "the command's own words"),
    (r"Current configuration ?: \d+ bytes", "the command's own words"),
    (r"Using \d+ out of \d+ bytes.*", "the words of show startup-config"),
    (r"version \d\S*", "the software's version, which no command changes"),
    (r"boot-(?:start|end)-marker", "marks around the boot commands, printed whether or not there are any"),
    (r"license udi .*", "the chassis and its serial number"),
    (r"ntp clock-period \d+", "measured by the device, another one each time"),
    (r"end", "the end of the text"),
)
_SAID = re.compile("|".join(pattern for pattern, _ in _NOT_CONFIGURATION))

#: What a section says without being told: IOS prints these lines, or not, by platform and release.
_DEFAULTS: dict[str, dict[str, str]] = {
    "interface": {
        "mtu 1500": "the default, never printed",
        "switchport access vlan 1": "the default, never printed",
        "switchport trunk native vlan 1": "the default, never printed",
        "switchport trunk allowed vlan 1-4094": "the default, never printed",
        "switchport trunk allowed vlan all": "the default, never printed",
        "ip ospf priority 1": "the default, never printed",
        "ipv6 ospf priority 1": "the default, never printed",
        "no ip address": "stands where there is none",
        "no shutdown": "never printed",
        "negotiation auto": "the default of Ethernet on IOS-XE, printed all the same",
        "duplex auto": "the default of Ethernet on IOS, printed all the same",
        "speed auto": "the default of Ethernet on IOS, printed all the same",
        "media-type rj45": "the default of ports with two sockets, printed all the same",
        "no mop enabled": "the default on IOS-XE since 16.4, printed all the same",
        "no mop sysid": "the default on IOS-XE since 16.4, printed all the same",
    },
    "router": {
        "no auto-summary": "the default since 12.2(8)T, printed before 15.0",
        "no synchronization": "the default since 12.2(8)T, printed before 15.0",
    },
    "": {
        "logging trap informational": "the default, never printed",
        "ip routing": "the default of routers, which never print it; switches do where they route",
        "no aaa new-model": "the default, printed all the same",
    },
}

#: Interfaces that exist because the configuration says so; without lines others say nothing.
LOGICAL = re.compile(
    r"interface (?:Loopback|Vlan|Port-channel|Tunnel|BDI|BVI|Dialer|nve|pseudowire|Virtual-Template|\S+\.)\S*"
)
_ALLOWED = "switchport trunk allowed vlan "
_STANDARD = "ip access-list standard "


def canonical(text: str) -> str:
    """The canonical form of a configuration, as shown or as intended."""
    return write(tree(text), DIALECT)


def paths(config: str) -> tuple[Path, ...]:
    """See ``PlatformForm.paths``."""
    return cli_tree.paths(config, DIALECT)


def tree(text: str) -> list[Line]:
    """The same as a tree."""
    lines = read(text, DIALECT)
    found = [each for line in lines if not not_configuration(line.text) for each in _spelled(line)]
    found = [line for line in found if line.children or _says_something(line.text)]
    _sort(found, ())
    return found


def not_configuration(line: str) -> bool:
    """Whether a line at the top level is one that only the device says."""
    return _SAID.fullmatch(line) is not None


def hidden(section: str, line: str) -> bool:
    """Whether the canonical form leaves a line out of the section that ``section`` opens ("" at the top level)."""
    return line in _DEFAULTS.get(section.split(" ", 1)[0], ())


def _says_something(line: str) -> bool:
    if line.startswith("interface "):
        return LOGICAL.fullmatch(line) is not None
    return not hidden("", line)


def _spelled(line: Line) -> Iterator[Line]:
    """A line at the top level in its canonical spelling, with its section."""
    if line.text.startswith("aaa accounting ") and line.children:
        line = _accounting(line)
    for text in spelled_at_the_top(line.text):
        found = Line(text, line.children, line.block)
        if found.text.startswith("banner "):
            _banner(found)
        elif found.children:
            _section(found, (found.text,))
        yield found


def spelled(section: str, text: str) -> str:
    """A line's canonical spelling within the section that the line ``section`` opens at the top level."""
    first = section.split(" ", 1)[0]
    if section.startswith(_STANDARD):
        return standard_entry(text)
    if first in ("ip", "ipv6") and " access-list " in section:
        return addresses(access_entry(text, ipv6=first == "ipv6"))
    return _usual(first, text)


@lru_cache(maxsize=16_384)
def _usual(first: str, text: str) -> str:
    """The ports of a network say the same few things."""
    return addresses(inside(first, clear(text)))


def spelled_at_the_top(text: str) -> list[str]:
    """The lines that a line at the top level stands for, in their canonical spelling."""
    return [addresses(clear(line)) for line in top(text)]


def _section(opener: Line, path: Path) -> None:
    first = path[0].split(" ", 1)[0]
    defaults = _DEFAULTS.get(first, {})
    if first == "vlan" and path[0].removeprefix("vlan ").isdecimal():
        # VTP names a VLAN after its number; then no release shows the name.
        defaults = {f"name VLAN{int(path[0].removeprefix('vlan ')):04}": ""}
    kept = [line for line in opener.children if line.text not in defaults]
    for line in kept:
        line.text = spelled(path[0], line.text)
        if line.text.startswith("certificate "):
            line.block = tuple(
                f"  {row.strip()}" for row in line.block
            )  # its end is shown behind a tabulator
        if line.children:
            _section(line, (*path, line.text))
    opener.children = kept
    if path[0].startswith("router bgp ") and len(path) == 1:
        complete(opener)
    elif path[0].startswith(_STANDARD):
        opener.children = [Line(text) for text in hosts_first([line.text for line in kept])]
    elif first == "interface":
        _join_vlans(opener)
        _drop_usual_intervals(opener)


def _accounting(opener: Line) -> Line:
    """Some releases show as a section what the others write on one line, which all of them take."""
    said = {line.text.split(" ", 1)[0]: line.text.split(" ", 1)[-1] for line in opener.children}
    groups = [line.text for line in opener.children if line.text.startswith("group ")]
    if said.keys() != {"action-type", "group"} or " " in said["action-type"]:
        return opener
    return Line(" ".join((opener.text, said["action-type"], *groups)))


def _banner(line: Line) -> None:
    """A banner has ^C around it, whatever it was typed with: IOS shows that."""
    match = re.fullmatch(r"(banner \S+) (\^C|\x03|\S)(.*)", line.text)
    if match is None:
        return
    start, mark, rest = match.groups()
    rows = [rest, *line.block]
    rows[-1] = rows[-1].split(mark, 1)[0]
    line.text = f"{start} ^C{rows[0]}" + ("" if line.block else "^C")
    line.block = (*rows[1:-1], f"{rows[-1]}^C") if line.block else ()


def _join_vlans(interface: Line) -> None:
    """IOS breaks a long list of VLANs into several lines."""
    lists = [line for line in interface.children if line.text.startswith(_ALLOWED)]
    if len(lists) > 1:
        parts = (line.text.removeprefix(_ALLOWED).removeprefix("add ") for line in lists)
        lists[0].text = _ALLOWED + ",".join(parts)
        interface.children = [line for line in interface.children if line not in lists[1:]]


def _drop_usual_intervals(interface: Line) -> None:
    """On Ethernet and point-to-point links OSPF's hello interval is 10 seconds, and the dead interval four times it."""
    if not any(" ospf " in line.text for line in interface.children):
        return
    for family in ("ip ospf", "ipv6 ospf"):
        said = {line.text for line in interface.children if line.text.startswith(f"{family} ")}
        if any(
            text.startswith((f"{family} network non-", f"{family} network point-to-multi")) for text in said
        ):
            continue
        hello = next((text for text in said if text.startswith(f"{family} hello-interval ")), "10").split(
            " "
        )[-1]
        dead = f"{family} dead-interval {4 * int(hello)}" if hello.isdecimal() else ""
        usual = said & {f"{family} hello-interval 10", dead}
        if usual:
            interface.children = [line for line in interface.children if line.text not in usual]


def _sort(lines: list[Line], above: Path) -> None:
    key = key_of(above)
    if key is not None and len(lines) > 1:
        # Where order says nothing, saying it twice says nothing more.
        lines[:] = sorted({line.text: line for line in lines}.values(), key=lambda line: key(line.text))
    for line in lines:
        if line.children:
            _sort(line.children, (*above, line.text))
