"""What Junos says of an argument that is none: addresses, prefixes and numbers are looked at when they are set."""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_interface

_NAME = re.compile(r"[A-Za-z0-9._-]{1,255}")


def _number(word: str) -> bool:
    return word.isdigit()


def _address(word: str) -> bool:
    try:
        ip_address(word.partition("%")[0].partition("/")[0])
    except ValueError:
        # A name has letters: digits and dots alone are a mistyped address.
        return bool(_NAME.fullmatch(word)) and any(letter.isalpha() for letter in word)
    return True


def _prefix(word: str) -> bool:
    try:
        ip_interface(word)
    except ValueError:
        return word == "default"
    return True


def _vlan_id(word: str) -> bool:
    return (word.isdigit() and 1 <= int(word) <= 4094) or word in ("none", "all")


def _unit(word: str) -> bool:
    return word == "*" or (word.isdigit() and int(word) <= 1073741823)


def _as(word: str) -> bool:
    high, dot, low = word.partition(".")
    if dot:
        return high.isdigit() and low.isdigit() and int(high) < 2**16 and int(low) < 2**16
    return word.isdigit() and 1 <= int(word) < 2**32


def _area(word: str) -> bool:
    return word.isdigit() or _address(word)


def _level(word: str) -> bool:
    return word in ("any", "none", "emergency", "alert", "critical", "error", "warning", "notice", "info")


_KINDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "number": (_number, "Invalid numeric value: '{}'"),
    "address": (_address, "invalid ip address or hostname: {}"),
    "ipv4": (_address, "invalid ip address or hostname: {}"),
    "prefix": (_prefix, "invalid prefix: {}"),
    "vlan-id": (_vlan_id, "Value {} is not within range (1..4094)"),
    "unit": (_unit, "Invalid numeric value: '{}'"),
    "as": (_as, "invalid AS number: {}"),
    "area": (_area, "invalid ip address or hostname: {}"),
    "level": (_level, "syntax error"),
    "host-name": (lambda word: bool(_NAME.fullmatch(word)), "Must be a string of 255 characters or less"),
    "interface": (lambda word: "." not in word, "invalid interface name: {}"),
}


def problem_of(kind: str, word: str) -> str | None:
    """What is wrong with the argument; None where nothing is, or nobody looks."""
    known = _KINDS.get(kind)
    return None if known is None or known[0](word) else known[1].format(word)
