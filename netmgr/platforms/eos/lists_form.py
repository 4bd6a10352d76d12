"""One way to write the rules of prefix lists, access lists and AS path lists, of the several that EOS takes."""

import re
from collections.abc import Iterable, Iterator

from netmgr.platforms.cli_tree import Line

_RULE = re.compile(r"(seq \d+ (?:permit|deny) \S+/(\d+))(?: eq (\d+))?(?: ge (\d+))?(?: le (\d+))?")

#: Ports that EOS shows by name (User Manual, "ACLs and Route Maps": the names that `permit` takes; from ``bfd`` on, the
#: control plane's access list of 4.2x to 4.3x, and RFC 5880 to 5884, 7881 for their numbers).
PORTS = {
    "echo": 7, "discard": 9, "daytime": 13, "chargen": 19, "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23,
    "smtp": 25, "time": 37, "whois": 43, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68, "tftp": 69,
    "gopher": 70, "finger": 79, "www": 80, "hostname": 101, "pop2": 109, "pop3": 110, "sunrpc": 111, "ident": 113,
    "nntp": 119, "ntp": 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ss": 139, "snmp": 161, "snmptrap": 162,
    "xdmcp": 177, "bgp": 179, "irc": 194, "mobile-ip": 434, "https": 443, "pim-auto-rp": 496, "isakmp": 500,
    "exec": 512, "login": 513, "cmd": 514, "lpd": 515, "talk": 517, "rip": 520, "uucp": 540, "klogin": 543,
    "kshell": 544, "ldp": 646,
    "bfd": 3784, "bfd-echo": 3785, "multihop-bfd": 4784, "micro-bfd": 6784, "sbfd": 7784, "sbfd-initiator": 7785,
    "msdp": 639, "netconf-ssh": 830, "mlag": 4432, "nat": 4532, "ptp-event": 319, "ptp-general": 320, "lsp-ping": 3503,
}  # fmt: skip

#: Types of ICMP that have a name and no code. Whether EOS shows them so is not known: both are one.
ICMP = {
    "echo-reply": 0, "unreachable": 3, "source-quench": 4, "redirect": 5, "echo": 8, "router-advertisement": 9,
    "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12, "timestamp-request": 13,
    "timestamp-reply": 14, "information-request": 15, "information-reply": 16, "mask-request": 17, "mask-reply": 18,
}  # fmt: skip
ICMPV6 = {
    "unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4, "echo-request": 128,
    "echo-reply": 129, "router-solicitation": 133, "router-advertisement": 134, "redirect": 137,
}  # fmt: skip

#: IP protocols that EOS shows by name (ibidem), and two of which it is not known.
PROTOCOLS = {
    "1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "46": "rsvp", "51": "ahp", "58": "icmpv6", "89": "ospf",
    "103": "pim", "112": "vrrp", "gre": "47", "esp": "50",
}  # fmt: skip

_OPERATORS = frozenset(("eq", "neq", "gt", "lt", "range"))
_ENTRY = re.compile(r"(\d+) (permit|deny) (.+)")


def prefix_rule(text: str) -> str:
    """A rule of a prefix list with the bounds that say something: ``ge`` alone where every longer prefix matches."""
    match = _RULE.fullmatch(text)
    if match is None:
        return text
    rule, length, equal, low, high = match[1], int(match[2]), match[3], match[4], match[5]
    longest = 128 if ":" in rule else 32
    low, high = low or equal, high or equal or (str(longest) if low else None)
    if high is None or (low is None and int(high) == length):
        return rule
    if low is None or int(low) == length:
        return f"{rule} le {high}" if int(high) > length else rule
    if low == high:
        return f"{rule} eq {low}"
    return f"{rule} ge {low}" if int(high) == longest else f"{rule} ge {low} le {high}"


def as_path_rule(text: str) -> str:
    """A rule of an AS path list with the origin that it matches: any, where it names none."""
    return text if text.rsplit(" ", maxsplit=1)[-1] in ("any", "egp", "igp", "incomplete") else f"{text} any"


def numbered(lines: Iterable[Line]) -> Iterator[Line]:
    """The entries of an access list; one without a number gets the next multiple of ten that EOS would give it."""
    last = 0
    for line in lines:
        if re.match(r"permit response ", line.text):
            continue
        if re.match(r"(?:permit|deny|remark) ", line.text):
            line.text = f"{last + 10} {line.text}"
        if match := re.match(r"(\d+) ", line.text):
            last = int(match[1])
            yield line


def acl_entry(text: str) -> str:
    """An entry of an access list: single addresses as ``host``, ports by number, protocols by name."""
    match = _ENTRY.fullmatch(text)
    if match is None:
        return text
    words = match[3].split(" ")
    words[0] = PROTOCOLS.get(words[0], words[0])
    types = {"icmp": ICMP, "icmpv6": ICMPV6}.get(words[0], {})
    found: list[str] = []
    port = False
    for word in words:
        port = word in _OPERATORS or (port and (word in PORTS or word.isdigit()))
        address, slash, length = word.partition("/")
        if slash and length == ("128" if ":" in address else "32"):
            found += ["host", address]
        elif word in ("0.0.0.0/0", "::/0"):
            found.append("any")
        else:
            found.append(str(PORTS.get(word, word) if port else types.get(word, word)))
    return f"{match[1]} {match[2]} {' '.join(found)}"
