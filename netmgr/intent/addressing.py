"""Addresses of links, and which subnets overlap."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from netmgr.model.addresses import InterfaceAddress, Network, interface_address
from netmgr.model.ordering import by_value


@lru_cache(maxsize=65536)
def link_addresses(subnet: Network) -> tuple[InterfaceAddress, InterfaceAddress]:
    """The addresses of a link's two ends: both of a /31 (RFC 3021) or /127 (RFC 6164), else the first two usable."""
    first = subnet[0 if subnet.prefixlen == subnet.max_prefixlen - 1 else 1]
    length = subnet.prefixlen
    return interface_address(f"{first}/{length}"), interface_address(f"{first + 1}/{length}")


def is_point_to_point(subnet: Network) -> bool:
    """Whether a subnet has room for exactly two devices: /31, /30 and /127."""
    return subnet.prefixlen in ((30, 31) if subnet.version == 4 else (127,))


Place = tuple[int, int]
"""A subnet's place: the index of its link, and its own among the link's."""


def overlaps(subnets: Iterable[tuple[Network, Place]]) -> Iterator[tuple[Place, Place]]:
    """Places of subnets that overlap, in order: each subnet with the nearest one that holds it."""
    holding: list[tuple[Network, Place]] = []
    for subnet, place in sorted(
        subnets, key=lambda item: (*by_value(item[0][0]), item[0].prefixlen, item[1])
    ):
        while holding and not _holds(holding[-1][0], subnet):
            holding.pop()
        if holding:
            outer = holding[-1][1]
            yield min(outer, place), max(outer, place)
        holding.append((subnet, place))


def _holds(outer: Network, inner: Network) -> bool:
    return outer.version == inner.version and inner.network_address in outer
