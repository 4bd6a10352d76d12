"""Addresses that know their text.

The standard library formats an address anew each time that it is printed, which takes 1 µs (IPv4) to 6 µs (IPv6) and
more than everything else about a line of configuration. Here that is done once, when the address is made.
"""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
InterfaceAddress = IPv4Interface | IPv6Interface


class _Printed:
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._text = super().__str__()

    def __str__(self) -> str:
        return self._text


class _Address4(_Printed, IPv4Address):
    pass


class _Address6(_Printed, IPv6Address):
    pass


class _Interface4(_Printed, IPv4Interface):
    pass


class _Interface6(_Printed, IPv6Interface):
    pass


class _Network4(_Printed, IPv4Network):
    pass


class _Network6(_Printed, IPv6Network):
    pass


KINDS: frozenset[type] = frozenset(
    (
        *(IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network),
        *(_Address4, _Interface4, _Network4, _Address6, _Interface6, _Network6),
    )
)
"""Every class that an address, network or interface address may have."""


def address(text: str) -> Address:
    """An address of either family. Raises ValueError."""
    return _Address6(text) if ":" in text else _Address4(text)


def interface_address(text: str) -> InterfaceAddress:
    """An address with its prefix length, which is the longest where none is given. Raises ValueError."""
    return _Interface6(text) if ":" in text else _Interface4(text)


def network(text: str) -> Network:
    """A prefix; bits beyond its length are dropped. Raises ValueError."""
    return _Network6(text, False) if ":" in text else _Network4(text, False)
