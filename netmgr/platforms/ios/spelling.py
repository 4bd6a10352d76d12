"""IOS lines in one spelling: what the device writes in several ways, or otherwise than it was told.

Each rule stands beside its reason. All of them keep the meaning, so that the text can be loaded again.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_interface

#: Names that `show running-config` prints for ports; which ones depends on the release, so numbers are compared.
_PORTS: dict[str, str] = dict(
    re.findall(
        r"(\S+) (\d+)",
        "ftp-data 20 ftp 21 telnet 23 smtp 25 time 37 whois 43 tacacs 49 domain 53 bootps 67 bootpc 68 "
        "tftp 69 gopher 70 finger 79 www 80 hostname 101 pop2 109 pop3 110 sunrpc 111 ident 113 nntp 119 "
        "ntp 123 netbios-ns 137 netbios-dgm 138 netbios-ss 139 snmp 161 snmptrap 162 xdmcp 177 bgp 179 "
        "irc 194 isakmp 500 exec 512 login 513 rip 520 klogin 543 kshell 544 pim-auto-rp 496 "
        "non500-isakmp 4500",
    )
)
#: These names are other ports in TCP than in UDP.
_PORTS_UDP = {**_PORTS, "syslog": "514", "biff": "512", "who": "513"}
_PORTS_TCP = {**_PORTS, "cmd": "514", "lpd": "515", "uucp": "540"}
_PORT = re.compile(r"\b(eq|neq|gt|lt|range) ([a-z][a-z0-9-]*)(?: ([a-z][a-z0-9-]*))?")

#: Ciphertext of `service password-encryption`, which is another one each time; it hides nothing from whoever has it.
_TYPE_7 = re.compile(r"(.*\b(?:password|key|md5|key-string|authentication-key)) 7 ([0-9]{2}(?:[0-9A-F]{2})+)")
_SALT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

#: Names that `show running-config` prints for protocols and for ICMP's types.
_PROTOCOLS: dict[str, str] = {
    number: name
    for name, number in re.findall(
        r"(\S+) (\d+)",
        "icmp 1 igmp 2 ipinip 4 tcp 6 igrp 9 udp 17 gre 47 esp 50 ahp 51 eigrp 88 ospf 89 nos 94 pim 103 pcp 108",
    )
}
_ICMP = dict(
    re.findall(
        r"(\S+) (\d+)",
        "echo-reply 0 unreachable 3 source-quench 4 redirect 5 echo 8 router-advertisement 9 router-solicitation 10 "
        "time-exceeded 11 parameter-problem 12 timestamp-request 13 timestamp-reply 14 information-request 15 "
        "information-reply 16 mask-request 17 mask-reply 18 traceroute 30",
    )
)
_ICMPV6 = dict(
    re.findall(
        r"(\S+) (\d+)",
        "unreachable 1 packet-too-big 2 time-exceeded 3 parameter-problem 4 echo-request 128 echo-reply 129 "
        "mld-query 130 mld-report 131 mld-reduction 132 router-solicitation 133 router-advertisement 134 nd-ns 135 "
        "nd-na 136 redirect 137 router-renumbering 138",
    )
)
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
    """An entry of a named access list without its number, which only repeats the order; ports and types as numbers."""
    line = _SEQUENCE_AFTER.sub("", _SEQUENCE.sub("", line, count=1))
    if line.startswith("remark "):
        return line
    words = line.split(" ")
    if len(words) > 2:
        words[1] = ("icmp" if words[1] == "58" else words[1]) if ipv6 else words[1]
        words[1] = _PROTOCOLS.get(words[1], words[1])
        if words[1] == "icmp":
            types = _ICMPV6 if ipv6 else _ICMP
            words[2:] = [types.get(word, word) for word in words[2:]]
        line = " ".join(words)
    ports = _PORTS_UDP if " udp " in line else _PORTS_TCP

    def numbers(match: re.Match[str]) -> str:
        given = [ports.get(str(name), str(name)) for name in match.groups()[1:] if name]
        return " ".join([match[1], *given])

    return _PORT.sub(numbers, line)


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
    *("ipv6 route ", "ntp authentication-key "),
)


def top(line: str) -> list[str]:
    """The lines that a line at the top level says."""
    if line.startswith(_RESPELLED):
        for pattern, lines in TOP:
            if pattern.fullmatch(line):
                return list(lines(line))
    return [line]
