"""Addresses of links, and the checks that need all of a network's addresses at once."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_interface

from netmgr.model.fields import Address, InterfaceAddress, Network


def link_addresses(subnet: Network) -> tuple[InterfaceAddress, InterfaceAddress]:
    """The addresses of a link's two ends: both of a /31 (RFC 3021) or /127 (RFC 6164), else the first two usable."""
    first = subnet[0 if subnet.prefixlen == subnet.max_prefixlen - 1 else 1]
    return ip_interface(f"{first}/{subnet.prefixlen}"), ip_interface(f"{first + 1}/{subnet.prefixlen}")


def is_point_to_point(subnet: Network) -> bool:
    """Whether a subnet has room for exactly two devices: /31, /30 and /127."""
    return subnet.prefixlen in ((30, 31) if subnet.version == 4 else (127,))


def overlaps(subnets: Iterable[tuple[Network, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of indexes whose subnets overlap, each subnet against the nearest one that holds it."""
    holding: list[tuple[Network, int]] = []
    for subnet, index in sorted(
        subnets, key=lambda item: (item[0].version, int(item[0].network_address), item[0].prefixlen, item[1])
    ):
        while holding and not _holds(holding[-1][0], subnet):
            holding.pop()
        if holding:
            yield holding[-1][1], index
        holding.append((subnet, index))


def _holds(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and inner.network_address in outer


def usable(address: Address, subnet: Network) -> bool:
    """Whether ``address`` lies in ``subnet``."""
    return address.version == subnet.version and address in subnet
