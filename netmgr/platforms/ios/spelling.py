"""IOS lines in one spelling: what the device writes in several ways, or otherwise than it was told.

Each rule stands beside its reason. All of them keep the meaning, so that the text can be loaded again.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_interface


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
#: Ciphertext of `service password-encryption`, which is another one each time; it hides nothing from whoever has it.
_TYPE_7 = re.compile(r"(.*\b(?:password|key|md5|key-string|authentication-key)) 7 ([0-9]{2}(?:[0-9A-F]{2})+)")
_SALT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

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
_PORT = re.compile(r"\b(?:(eq|neq|gt|lt) (\S+)|(range) (\S+) (\S+))")
_SEQUENCE = re.compile(r"\d+ (?=(?:permit|deny|remark|evaluate) )")
_SEQUENCE_AFTER = re.compile(r" sequence \d+$")

#: Lines whose last words are anybody's text.
TEXTS = ("description ", "remark ", "banner ")


def clear(line: str) -> str:
    """A line whose secret is obfuscated (type 7) with that secret in clear, as the device takes and shows it too."""
    match = _TYPE_7.fullmatch(line) if " 7 " in line else None
    if match is None:
        return line
    salt, code = int(match[2][:2]), bytes.fromhex(match[2][2:])
    text = bytes(byte ^ _SALT[(salt + index) % len(_SALT)] for index, byte in enumerate(code))
    if salt >= len(_SALT) or not text.isascii() or not text.decode().isprintable():
        return line
    return f"{match[1]} {'0 ' if line.startswith('username ') else ''}{text.decode()}"


def addresses(line: str) -> str:
    """A line with its IPv6 addresses as IOS prints them: in capitals, the longest run of zeros left out."""
    if line.count(":") < 2 or line.startswith(TEXTS) or " description " in line:
        return line
    return " ".join(_address(word) if word.count(":") > 1 else word for word in line.split(" "))


def _address(word: str) -> str:
    bare, slash, length = word.partition("/")
    try:
        return str(ip_interface(bare).ip).upper() + slash + length
    except ValueError:
        return word


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
        numbers = [index for index, word in enumerate(words) if word.isdecimal()]
        if len(numbers) == 1:  # a type without a code
            words[numbers[0]] = types.get(words[numbers[0]], words[numbers[0]])
    line = " ".join(words)
    ports = {"tcp": _TCP, "udp": _UDP}.get(words[1])
    if ports is None:
        return line

    def named(match: re.Match[str]) -> str:
        return " ".join(ports.get(word, word) for word in match.groups() if word)

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


def _community(word: str) -> str:
    """A community as two numbers: without `ip bgp-community new-format` it is shown as one."""
    return f"{int(word) >> 16}:{int(word) & 0xFFFF}" if word.isdigit() and int(word) > 65535 else word


_CLASSFUL = re.compile(r"network (\d+)\.(\S+) mask (\d+\.\d+\.\d+\.\d+)(.*)")
_AREA = re.compile(r"\barea (\d+)\.(\d+)\.(\d+)\.(\d+)")


def inside(section: str, line: str) -> str:
    """A line in a section, of which ``section`` is the first word."""
    if line.startswith("set community "):
        return " ".join(map(_community, line.split(" ")))
    if section == "router" and line.startswith("network ") and " mask " in line:
        return _CLASSFUL.sub(_without_mask, line)
    if "area " in line and not line.startswith(TEXTS):
        return _AREA.sub(lambda match: f"area {int.from_bytes(bytes(map(int, match.groups())))}", line)
    return line


def _without_mask(match: re.Match[str]) -> str:
    """A mask that follows from the first octet (RFC 791's classes) is not printed, nor that of the default route."""
    first = int(match[1])
    usual = "255.0.0.0" if first < 128 else "255.255.0.0" if first < 192 else "255.255.255.0"
    if not int(IPv4Address(match[3])):
        usual = match[3]
    return f"network {first}.{match[2]}{match[4]}" if match[3] == usual else match[0]


def _community_list(line: str) -> Iterator[str]:
    """Numbers of lines repeat their order."""
    line = re.sub(r"^(ip community-list \S+ \S+) seq \d+", r"\1", line)
    yield " ".join(map(_community, line.split(" ")))


def _tag_first(line: str) -> Iterator[str]:
    """Of a static route's name and tag either may come first."""
    yield re.sub(r" name (\S+) tag (\d+)", r" tag \2 name \1", line)


def _numbered_list(line: str) -> Iterator[str]:
    """The same entries stand behind a number, each with the list's name."""
    words, number, entry = line.split(" ", 2)
    standard = int(number) < 100 or 1300 <= int(number) < 2000
    yield f"{words} {number} {standard_entry(entry) if standard else access_entry(entry, ipv6=False)}"


def _prefixes(line: str) -> Iterator[str]:
    """Lengths from one on need no end: `ge 25` and `ge 25 le 32` are one, and IOS shows the shorter one too."""
    longest = 32 if line.startswith("ip ") else 128
    yield re.sub(rf"( ge \d+) le {longest}$", r"\1", line)


def _ntp_key(line: str) -> Iterator[str]:
    """Of NTP's keys the type stands behind the ciphertext."""
    key, _, _ = line.rpartition(" ")
    yield re.sub(r" md5 (\S+)$", lambda match: clear(f" md5 7 {match[1]}"), key)


def _name_servers(line: str) -> Iterator[str]:
    """Releases differ in whether they put all servers on one line; their order is the order of asking."""
    words = line.split(" ")
    start = 4 if words[2] == "vrf" else 2
    return (" ".join((*words[:start], word)) for word in words[start:])


def _vlans(line: str) -> Iterator[str]:
    """VLANs without a name are shown together."""
    for part in line.removeprefix("vlan ").split(","):
        first, _, last = part.partition("-")
        yield from (f"vlan {number}" for number in range(int(first), int(last or first) + 1))


def _domain(line: str) -> Iterator[str]:
    """Releases before 15.1 write a hyphen."""
    yield line.replace("domain-", "domain ", 1)


def _syslog(line: str) -> Iterator[str]:
    """Releases before 12.4 leave the word out."""
    yield line.replace("logging ", "logging host ", 1)


#: Lines at the top level: those that the pattern matches as a whole become the lines that the function gives.
TOP: tuple[tuple[re.Pattern[str], Callable[[str], Iterator[str]]], ...] = (
    (re.compile(r"ip name-server .+ .+"), _name_servers),
    (re.compile(r"ip community-list .*"), _community_list),
    (re.compile(r"(?:ip|ipv6) prefix-list \S+ seq .* ge \d+ le \d+"), _prefixes),
    (re.compile(r"access-list \d+ (?:permit|deny) .*"), _numbered_list),
    (re.compile(r"(?:ip|ipv6) route .* name \S+ tag \d+.*"), _tag_first),
    (re.compile(r"ntp authentication-key \d+ md5 \S+ 7"), _ntp_key),
    (re.compile(r"vlan \d+[,-][\d,-]+"), _vlans),
    (re.compile(r"(?:no )?ip domain-(?:name|list|lookup).*"), _domain),
    (re.compile(r"logging \d+\.\d+\.\d+\.\d+.*"), _syslog),
)


_RESPELLED = (
    *(
        "ip name-server ",
        "ip domain-",
        "no ip domain-",
        "vlan ",
        "logging ",
        "ip community-list ",
        "ip route ",
    ),
    *("ipv6 route ", "ntp authentication-key ", "ip prefix-list ", "ipv6 prefix-list ", "access-list "),
)


def top(line: str) -> list[str]:
    """The lines that a line at the top level says."""
    if line.startswith(_RESPELLED):
        for pattern, lines in TOP:
            if pattern.fullmatch(line):
                return list(lines(line))
    return [line]
