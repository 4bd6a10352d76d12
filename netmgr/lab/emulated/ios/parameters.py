"""What is filled in between a command's keywords: each kind takes words of a line and gives them as IOS shows them."""

import re
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network

Taken = tuple[tuple[str, ...], int]
"""The words as they are shown, and how many were taken."""
Parameter = Callable[[Sequence[str], str], Taken | None]
"""Takes the words that are left, and the whole line; None where the first of them is none of this kind."""

#: Interface types as they are shown; the first of two stays apart only by more letters. Those before the mark are made
#: of hardware: no configuration adds or removes them.
PHYSICAL = (
    *("Ethernet", "FastEthernet", "GigabitEthernet", "TwoGigabitEthernet", "FiveGigabitEthernet"),
    *("TenGigabitEthernet", "TwentyFiveGigE", "FortyGigabitEthernet", "HundredGigE", "Serial"),
)
VIRTUAL = ("Loopback", "Port-channel", "Tunnel", "Vlan", "BDI", "Null", "nve")
_INTERFACE = re.compile(r"([A-Za-z-]+)(\d[\d/]*(?:\.\d+)?)?")
_NUMBER = re.compile(r"\d[\d/]*(?:\.\d+)?")


def interface_name(text: str) -> str | None:
    """An interface's whole name for what may be an abbreviation; None where no type, or more than one, begins so."""
    match = _INTERFACE.fullmatch(text)
    if not match or match[2] is None:
        return None
    kind = _interface_type(match[1])
    return f"{kind}{match[2]}" if kind else None


def is_physical(name: str) -> bool:
    """Whether the interface is a piece of hardware: neither virtual nor a subinterface."""
    return name.rstrip("0123456789/") in PHYSICAL


def short_name(name: str) -> str:
    """As in tables: two letters and the number."""
    match = _INTERFACE.fullmatch(name)
    return f"{match[1][:2]}{match[2]}" if match and match[2] else name


def _interface_type(text: str) -> str | None:
    found = [name for name in (*PHYSICAL, *VIRTUAL) if name.lower().startswith(text.lower())]
    exact = [name for name in found if name.lower() == text.lower()]
    return exact[0] if exact else found[0] if len(found) == 1 else None


def _interface(words: Sequence[str], _line: str) -> Taken | None:
    if name := interface_name(words[0]):
        return (name,), 1
    if len(words) > 1 and _NUMBER.fullmatch(words[1]) and (kind := _interface_type(words[0])):
        return (f"{kind}{words[1]}",), 2
    return None


def _line(words: Sequence[str], line: str) -> Taken | None:
    """The rest, as it was typed."""
    before = line
    for word in reversed(words):
        before = before.rstrip()[: -len(word)]
    return (line[len(before) :].strip(),), len(words)


def _one(check: Callable[[str], str | None]) -> Parameter:
    def take(words: Sequence[str], _line: str) -> Taken | None:
        shown = check(words[0])
        return None if shown is None else ((shown,), 1)

    return take


def _ipv4(text: str) -> str | None:
    try:
        return str(IPv4Address(text))
    except ValueError:
        return None


def _mask(text: str) -> str | None:
    try:
        return str(IPv4Network(f"0.0.0.0/{text}").netmask) if text.count(".") == 3 else None
    except ValueError:
        return None


def _ipv6(text: str) -> str | None:
    try:
        return str(IPv6Address(text)).upper()
    except ValueError:
        return None


def _prefix(version: int) -> Callable[[str], str | None]:
    """A prefix, as a network: the device clears the bits behind the mask."""

    def check(text: str) -> str | None:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            return None
        return str(network).upper() if network.version == version and "/" in text else None

    return check


def _ipv6_interface(text: str) -> str | None:
    address, _, length = text.partition("/")
    shown = _ipv6(address)
    return f"{shown}/{int(length)}" if shown and length.isdecimal() and int(length) <= 128 else None


def _matching(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda text: text if compiled.fullmatch(text) else None


def _range(low: int, high: int) -> Callable[[str], str | None]:
    return lambda text: (
        str(int(text)) if text.isascii() and text.isdecimal() and low <= int(text) <= high else None
    )


def _vlans(text: str) -> str | None:
    numbers = re.findall(r"\d+", text)
    if not re.fullmatch(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*", text):
        return None
    return text if all(1 <= int(number) <= 4094 for number in numbers) else None


def _as_number(text: str) -> str | None:
    if text.isascii() and text.isdecimal():
        return str(int(text)) if 1 <= int(text) <= 4_294_967_295 else None
    return text if re.fullmatch(r"\d{1,5}\.\d{1,5}", text) else None


def _clear(text: str) -> str | None:
    """A password as it was typed; 0 before it would have said so."""
    return text


_KINDS: dict[str, Parameter] = {
    "WORD": _one(lambda text: text),
    "LINE": _line,
    "INTERFACE": _interface,
    "A.B.C.D": _one(_ipv4),
    "MASK": _one(_mask),
    "A.B.C.D/nn": _one(_prefix(4)),
    "X:X::X": _one(_ipv6),
    "X:X::X/nn": _one(_prefix(6)),
    "X:X::X/ifnn": _one(_ipv6_interface),
    "VLANS": _one(_vlans),
    "ASN": _one(_as_number),
    "COMMUNITY": _one(_matching(r"\d{1,10}|\d{1,5}:\d{1,5}|internet|local-AS|no-advertise|no-export|gshut")),
    "RT": _one(_matching(r"\d+:\d+|\d+\.\d+\.\d+\.\d+:\d+")),
    "HASH": _one(_matching(r"\S{8,}")),
}
_RANGE = re.compile(r"<(\d+)-(\d+)>")


def parameter(element: str) -> Parameter | None:
    """What ``element`` of a syntax stands for; None for a keyword."""
    if match := _RANGE.fullmatch(element):
        return _one(_range(int(match[1]), int(match[2])))
    return _KINDS.get(element)
