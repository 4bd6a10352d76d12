"""Junos' route filters: of several in one term the longest prefix that covers a route decides, and no other is asked.

Routing Policies, Firewall Filters, and Traffic Policers User Guide, "Walkup for Route Filters Overview".
"""

from collections.abc import Sequence

from netmgr.model.policy import PrefixRange


def hidden(filters: Sequence[PrefixRange]) -> int | None:
    """The first filter that keeps another from passing routes that it would pass; None where each route is passed that
    one of them passes.
    """
    for index, inner in enumerate(filters):
        for outer in filters:
            if outer is not inner and _covers(outer, inner) and not _passes(inner, outer):
                return index
    return None


def _covers(outer: PrefixRange, inner: PrefixRange) -> bool:
    short, long = outer.prefix, inner.prefix
    return (
        short.version == long.version
        and short.prefixlen <= long.prefixlen
        and int(short.network_address) <= int(long.network_address)
        and int(long.broadcast_address) <= int(short.broadcast_address)
    )


def _passes(inner: PrefixRange, outer: PrefixRange) -> bool:
    """Whether ``inner`` passes all that ``outer`` passes of the routes that ``inner`` covers."""
    least, most = _lengths(outer)
    least = max(least, inner.prefix.prefixlen)
    lower, upper = _lengths(inner)
    return least > most or (lower <= least and most <= upper)


def _lengths(one: PrefixRange) -> tuple[int, int]:
    if one.ge is None and one.le is None:
        return one.prefix.prefixlen, one.prefix.prefixlen
    return (
        one.prefix.prefixlen if one.ge is None else one.ge,
        one.prefix.max_prefixlen if one.le is None else one.le,
    )
