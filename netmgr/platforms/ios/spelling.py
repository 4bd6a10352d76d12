"""IOS lines in one spelling: what the device writes in several ways, or otherwise than it was told.

Each rule stands beside its reason. All of them keep the meaning, so that the text can be loaded again.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_interface

from netmgr.platforms.ios.access_lists import access_entry, standard_entry

#: Ciphertext of `service password-encryption`, which is another one each time; it hides nothing from whoever has it.
_TYPE_7 = re.compile(r"(.*\b(?:password|key|md5|key-string|authentication-key)) 7 ([0-9]{2}(?:[0-9A-F]{2})+)")
_SALT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

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


#: Communities that every release shows by name; `gshut` (65535:0) is one of newer ones alone (RFC 1997, RFC 8326).
_WELL_KNOWN = {
    "65535:65281": "no-export",
    "65535:65282": "no-advertise",
    "65535:65283": "local-AS",
    "gshut": "65535:0",
}


def _community(word: str) -> str:
    """A community as two numbers: without `ip bgp-community new-format` it is shown as one."""
    pair = f"{int(word) >> 16}:{int(word) & 0xFFFF}" if word.isdigit() and int(word) > 65535 else word
    return _WELL_KNOWN.get(pair, pair)


#: What a neighbor's line says that ends early: 255 hops by Cisco-IOS-XE-bgp.yang; 3 is not verified.
_USUAL = (
    (re.compile(r"neighbor \S+ ebgp-multihop"), " 255"),
    (re.compile(r"neighbor \S+ allowas-in"), " 3"),
)


_CLASSFUL = re.compile(r"network (\d+)\.(\S+) mask (\d+\.\d+\.\d+\.\d+)(.*)")
_AREA = re.compile(r"\barea (\d+)\.(\d+)\.(\d+)\.(\d+)")


def inside(section: str, line: str) -> str:
    """A line in a section, of which ``section`` is the first word."""
    if line.startswith("set community "):
        return " ".join(map(_community, line.split(" ")))
    if (
        section == "router"
        and line.startswith("neighbor ")
        and line.endswith((" ebgp-multihop", " allowas-in"))
    ):
        return next((line + rest for form, rest in _USUAL if form.fullmatch(line)), line)
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


_NTP_OPTIONS = re.compile(
    r" (?:version \d|key \d+|source \S+|prefer|minpoll \d+|maxpoll \d+|burst|iburst)(?= |$)"
)
_NTP_ORDER = ("version", "key", "source", "minpoll", "maxpoll", "burst", "iburst", "prefer")


def _ntp_server(line: str) -> Iterator[str]:
    """What is said of a server has an order that differs between releases."""
    rest = _NTP_OPTIONS.sub("", line)
    options = sorted(_NTP_OPTIONS.findall(line), key=lambda option: _NTP_ORDER.index(option.split()[0]))
    yield rest + "".join(options)


def _trusted_keys(line: str) -> Iterator[str]:
    """Keys that follow each other may be shown together."""
    first, last = map(int, line.removeprefix("ntp trusted-key ").split(" - "))
    yield from (f"ntp trusted-key {number}" for number in range(first, last + 1))


def _trap_source(line: str) -> Iterator[str]:
    """The older command for the same."""
    yield line.replace("trap-source", "source-interface traps", 1)


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
    (re.compile(r"ntp (?:server|peer) .* .*"), _ntp_server),
    (re.compile(r"ntp trusted-key \d{1,5} - \d{1,5}"), _trusted_keys),
    (re.compile(r"snmp-server trap-source \S+"), _trap_source),
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
    *(
        "ipv6 route ",
        "ntp ",
        "snmp-server trap-source ",
        "ip prefix-list ",
        "ipv6 prefix-list ",
        "access-list ",
    ),
)


def top(line: str) -> list[str]:
    """The lines that a line at the top level says."""
    if line.startswith(_RESPELLED):
        for pattern, lines in TOP:
            if pattern.fullmatch(line):
                return list(lines(line))
    return [line]
