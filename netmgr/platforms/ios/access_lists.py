"""Entries of IOS's access lists in one spelling: names for numbers, hosts of standard lists first, none numbered.

Sources: Cisco IOS Security Command Reference, "permit (IP)" and "permit (IPv6)"; Cisco-IOS-XE-types.yang and
Cisco-IOS-XE-acl.yang of IOS-XE 26.1.1; for the width of `deny` captures of IOS 15.2; for hosts Cisco Networking
Academy, Routing and Switching Essentials 9.2.2.6.
"""

import re
from ipaddress import IPv4Address


def _names(text: str) -> dict[str, str]:
    """Number → name."""
    return {number: name for name, number in re.findall(r"(\S+) (\d+)", text)}


#: Numbers for which `show running-config` prints names: ports, protocols, ICMP's types (Cisco IOS Security Command
#: Reference, "permit (IP)" and "permit (IPv6)"). A number and its name are one.
_TCP = _names(
    "bgp 179 chargen 19 cmd 514 daytime 13 discard 9 domain 53 echo 7 exec 512 finger 79 ftp 21 ftp-data 20 "
    "gopher 70 hostname 101 ident 113 irc 194 klogin 543 kshell 544 login 513 lpd 515 nntp 119 "
    "pim-auto-rp 496 pop2 109 pop3 110 smtp 25 sunrpc 111 tacacs 49 talk 517 telnet 23 time 37 uucp 540 "
    "whois 43 www 80"
)
_UDP = _names(
    "biff 512 bootpc 68 bootps 67 discard 9 dnsix 195 domain 53 echo 7 isakmp 500 mobile-ip 434 "
    "nameserver 42 netbios-dgm 138 netbios-ns 137 netbios-ss 139 non500-isakmp 4500 ntp 123 pim-auto-rp 496 "
    "rip 520 snmp 161 snmptrap 162 sunrpc 111 syslog 514 tacacs 49 talk 517 tftp 69 time 37 who 513 "
    "xdmcp 177"
)
_PROTOCOLS = _names(
    "icmp 1 igmp 2 ipinip 4 tcp 6 igrp 9 udp 17 gre 47 esp 50 ahp 51 eigrp 88 ospf 89 nos 94 pim 103 pcp 108"
)
#: Those that IPv6's lists know by name: "permit (IPv6)". Any other one is a number there.
_PROTOCOLS6 = _names("tcp 6 udp 17 esp 50 ahp 51 icmp 58 pcp 108 sctp 132")
_ICMP = _names(
    "echo-reply 0 unreachable 3 source-quench 4 redirect 5 echo 8 router-advertisement 9 "
    "router-solicitation 10 time-exceeded 11 parameter-problem 12 timestamp-request 13 timestamp-reply 14 "
    "information-request 15 information-reply 16 mask-request 17 mask-reply 18 traceroute 30"
)
_ICMPV6 = _names(
    "packet-too-big 2 time-exceeded 3 parameter-problem 4 echo-request 128 echo-reply 129 mld-query 130 "
    "mld-report 131 mld-reduction 132 router-solicitation 133 router-advertisement 134 nd-ns 135 nd-na 136 "
    "redirect 137 router-renumbering 138"
)
#: Names that older command references do not have: the number is taken by every release, and stands for both.
_NEWER = {
    "tcp": {"msrpc": "135", "onep-plain": "15001", "onep-tls": "15002"},
    "udp": {"ripv6": "521"},
    "icmp": {"alternate-address": "6", "conversion-error": "31", "mobile-redirect": "32"},
    "icmpv6": {
        "unreachable": "1",
        "destination-unreachable": "1",
        "dhaad-request": "144",
        "dhaad-reply": "145",
        "mpd-solicitation": "146",
        "mpd-advertisement": "147",
    },
}
_PORT = re.compile(r"\b(?:(eq|neq|gt|lt) (\S+)|(range) (\S+) (\S+))")
_SEQUENCE = re.compile(r"\d+ (?=(?:permit|deny|remark|evaluate) )")
_SEQUENCE_AFTER = re.compile(r" sequence \d+$")


def access_entry(line: str, *, ipv6: bool) -> str:
    """An entry of a named access list without its number, which only repeats the order; ports and types by name."""
    line = _SEQUENCE_AFTER.sub("", _SEQUENCE.sub("", line, count=1))
    if line.startswith("remark "):
        return line
    words = line.split()  # IOS writes `deny` as wide as `permit`
    if len(words) < 4:
        return " ".join(words)
    words[1] = (_PROTOCOLS6 if ipv6 else _PROTOCOLS).get(words[1], words[1])
    if words[1] == "icmp":
        types = _ICMPV6 if ipv6 else _ICMP
        newer = _NEWER["icmpv6" if ipv6 else "icmp"]
        words[2:] = [newer.get(word, word) for word in words[2:]]
        numbers = [index for index, word in enumerate(words) if word.isdecimal()]
        if len(numbers) == 1:  # a type without a code
            words[numbers[0]] = types.get(words[numbers[0]], words[numbers[0]])
    line = " ".join(words)
    ports = {"tcp": _TCP, "udp": _UDP}.get(words[1])
    if ports is None:
        return line
    newer = _NEWER[words[1]]

    def named(match: re.Match[str]) -> str:
        return " ".join(ports.get(word, newer.get(word, word)) for word in match.groups() if word)

    return _PORT.sub(named, line)


_SOURCE = re.compile(r"(permit|deny) (?:host )?(\S+?)(?: (\d+\.\S+))?( log)?")


def standard_entry(line: str) -> str:
    """An entry of a standard access list. A host stands there alone, and a network without what its mask leaves out."""
    match = _SOURCE.fullmatch(line := access_entry(line, ipv6=False))
    try:
        network = _source(match[2], match[3]) if match and match[2] != "any" else None
    except ValueError:
        network = None
    return f"{match[1]} {network}{match[4] or ''}" if match and network else line


def _source(address: str, wildcard: str | None) -> str:
    bits, free = int(IPv4Address(address)), int(IPv4Address(wildcard)) if wildcard else 0
    if free == 0xFFFFFFFF:
        return "any"
    return f"{IPv4Address(bits & ~free)}{f' {wildcard}' if free else ''}"


def hosts_first(entries: list[str]) -> list[str]:
    """The entries of a standard access list in the order that IOS gives them.

    It looks hosts up in a table of their own, before anything else, and takes none behind an entry that covers it. The
    table's order means nothing: here they stand by address.
    """
    hosts: dict[int, str] = {}
    others: dict[str, tuple[int, int]] = {}
    for entry in entries:
        source = _bits(entry)
        if source is None:
            return entries  # a remark, or what IOS does not take
        address, free = source
        if free:
            others[entry] = source
        elif address in hosts or any(not (address ^ bits) & ~rest for bits, rest in others.values()):
            return entries
        else:
            hosts[address] = entry
    return [*(hosts[address] for address in sorted(hosts)), *others]


def _bits(entry: str) -> tuple[int, int] | None:
    """The source of a standard list's entry, and which of its bits are free."""
    match = _SOURCE.fullmatch(entry)
    try:
        if match is None or match[2] == "any":
            return (0, 0xFFFFFFFF) if match else None
        return int(IPv4Address(match[2])), int(IPv4Address(match[3])) if match[3] else 0
    except ValueError:
        return None


def port_number(protocol: str, word: str) -> int | None:
    """A port of TCP or UDP by number or name; None for a word that is neither."""
    names = {"tcp": _TCP, "udp": _UDP}.get(protocol, {})
    return int(word) if word.isdecimal() else _number(names, word)


def icmp_number(word: str, *, ipv6: bool) -> int | None:
    """A type of ICMP or ICMPv6 by number or name."""
    return int(word) if word.isdecimal() else _number(_ICMPV6 if ipv6 else _ICMP, word)


def _number(names: dict[str, str], word: str) -> int | None:
    return next((int(number) for number, name in names.items() if name == word), None)
