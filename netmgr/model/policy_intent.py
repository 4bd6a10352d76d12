"""What a device's routing policies shall be, platform-neutral: lists with a known family, route maps that name them."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from netmgr.model.base import Frozen

Family = Literal["ipv4", "ipv6"]
"""An address family."""
Action = Literal["permit", "deny"]


class PrefixRuleIntent(Frozen):
    """One line of a prefix list. Bounds that say nothing new are None: ``le`` alone counts from the prefix's length."""

    action: Action
    prefix: IPv4Network | IPv6Network
    ge: int | None = None
    le: int | None = None


class PrefixListIntent(Frozen):
    """One prefix list; all its prefixes are of one family."""

    name: str
    family: Family
    rules: tuple[PrefixRuleIntent, ...]


class CommunityRuleIntent(Frozen):
    """One line of a community list; the communities are in the order of their numbers."""

    action: Action
    community: tuple[str, ...]


class CommunityListIntent(Frozen):
    """One list of standard communities."""

    name: str
    rules: tuple[CommunityRuleIntent, ...]


class AsPathRuleIntent(Frozen):
    """One line of an AS path list."""

    action: Action
    regex: str


class AsPathListIntent(Frozen):
    """One AS path list."""

    name: str
    rules: tuple[AsPathRuleIntent, ...]


class RouteFilterRuleIntent(Frozen):
    """One entry of a route-filter access list: ``prefix`` and everything in it, None any route."""

    action: Action
    prefix: IPv4Network | IPv6Network | None = None


class RouteFilterIntent(Frozen):
    """An access list that filters routes by their prefix."""

    name: str
    family: Family
    rules: tuple[RouteFilterRuleIntent, ...]


class ListReference(Frozen):
    """A prefix list or access list that a route map names."""

    name: str
    family: Family


class RouteStatementIntent(Frozen):
    """One statement of a route map: its conditions, then what it sets. ``next_hop`` is a prefix list of next hops."""

    action: Action
    prefix_list: ListReference | None = None
    acl: ListReference | None = None
    next_hop: ListReference | None = None
    interface: str | None = None
    community: str | None = None
    as_path: str | None = None
    med: int | None = None
    local_pref: int | None = None
    set_local_pref: int | None = None
    set_med: int | None = None
    set_next_hop: IPv4Address | IPv6Address | None = None
    set_as_path_prepend: tuple[int, ...] = ()
    set_community: tuple[str, ...] = ()
    set_community_add: bool = False


class RouteMapIntent(Frozen):
    """One route map; its statements in order."""

    name: str
    statements: tuple[RouteStatementIntent, ...]


class PoliciesIntent(Frozen):
    """All of a device's policies, each kind in the order of the names."""

    prefix_lists: tuple[PrefixListIntent, ...] = ()
    community_lists: tuple[CommunityListIntent, ...] = ()
    as_path_lists: tuple[AsPathListIntent, ...] = ()
    route_filters: tuple[RouteFilterIntent, ...] = ()
    route_maps: tuple[RouteMapIntent, ...] = ()
