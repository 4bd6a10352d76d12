"""The order in which people count: eth2 before eth10, addresses by value."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=16384)
def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key for names: runs of digits compare as numbers."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in _DIGITS.split(name) if part
    )


def by_value(address: IPv4Address | IPv6Address) -> tuple[int, int]:
    """Sort key for addresses of both families."""
    return address.version, int(address)
