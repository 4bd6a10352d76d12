"""From one IOS configuration to another by what differs: each line counts as soon as it is told."""

import re
from collections.abc import Iterable, Iterator

from netmgr.platforms.cli_tree import Line, read
from netmgr.platforms.form import Remediation
from netmgr.platforms.ios.canonical import DIALECT, LOGICAL
from netmgr.platforms.remediation import Undoing, made_anew, remedy

#: What has a longer name than two words at the top level.
_NAMED = re.compile(
    r"(?:ip|ipv6) (?:access-list|community-list) \S+ \S+|(?:ip|ipv6) prefix-list \S+(?: seq \d+)?"
    r"|ip as-path access-list \S+|ipv6 access-list \S+|(?:ip|ipv6) route .*"
    r"|(?:snmp-server|logging|ntp|aaa|ip name-server|tacacs|radius) .*"
)

_UNDOING = Undoing(
    single=(
        ("hostname ",),
        ("interface ", r"ip address \S+ \S+$"),
        ("router bgp ", r"neighbor (\S+) (remote-as|peer-group) "),
        ("router bgp ", r"address-family \S+(?: unicast)? vrf ", r"neighbor (\S+) (remote-as|peer-group) "),
    ),
    ordered=r"(?:ip|ipv6) access-list ",
    objects=(
        (r"username \S+ ",),
        ("router bgp ", r"neighbor \S+ "),
        ("router bgp ", r"address-family \S+(?: unicast)? vrf ", r"neighbor \S+ "),
    ),
    makers=r"remote-as ",
    # `no` of what holds anyway is shown as a line of its own; whether a port switches is for its hardware to say.
    defaults=(("router bgp ", r"bgp log-neighbor-changes"), ("interface ", r"(?:no )?switchport$")),
    lists=r"ip community-list(?: standard| expanded)? \S+ |ip as-path access-list \S+ |access-list \S+ "
    r"|ip name-server(?: vrf \S+)? ",
    resets=((("interface ", r"vrf forwarding |ip vrf forwarding |no switchport"), r"ip(?:v6)? address "),),
    used=r"(?:ip|ipv6) (?:access-list|prefix-list)|ip (?:community-list|as-path)|route-map|vrf definition|vlan"
    r"|interface",
    fixed=rf"interface (?!{LOGICAL.pattern.removeprefix('interface ')}$).*",
)


def remediation(running: str, target: str) -> Remediation:
    """See ``PlatformForm.remediation``."""
    lines = remedy(read(running, DIALECT), read(target, DIALECT), _UNDOING)
    away = list(dict.fromkeys(made_anew(lines, _subject)))
    hazards = (f"undone before they are told anew, so away for a moment: {', '.join(away)}",) if away else ()
    return Remediation("".join(f"{row}\n" for row in _rows(lines, "")), hazards)


def _subject(line: str, *, inside: bool) -> str:
    """What a line is about, so that another one about it replaces it."""
    words = line.split(" ")
    if inside:
        return " ".join(words[: 3 if words[0] == "neighbor" else 2])
    match = _NAMED.match(line)
    return match[0] if match else " ".join(words[:2])


def _rows(lines: Iterable[Line], blanks: str) -> Iterator[str]:
    """Every section is left: a line of the next one might be one of its own."""
    for line in lines:
        yield blanks + _typed(line.text)
        yield from map(_typed, line.block)
        if line.children:
            yield from _rows(line.children, f"{blanks} ")
            end = next((end for opener, end in DIALECT.ends.items() if opener.fullmatch(line.text)), "exit")
            yield blanks + end


def _typed(row: str) -> str:
    """In a file a banner's mark is the control character itself."""
    return row.replace("^C", "\x03")
