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
    sequence: int


class PrefixListIntent(Frozen):
    """One prefix list; all its prefixes are of one family."""

    name: str
    family: Family
    rules: tuple[PrefixRuleIntent, ...]


class CommunityRuleIntent(Frozen):
    """One line of a community list; the communities are in the order of their numbers."""

    action: Action
    sequence: int
    community: tuple[str, ...]


class CommunityListIntent(Frozen):
    """One list of standard communities."""

    name: str
    rules: tuple[CommunityRuleIntent, ...]


class AsPathRuleIntent(Frozen):
    """One line of an AS path list."""

    action: Action
    sequence: int
    regex: str


class AsPathListIntent(Frozen):
    """One AS path list."""

    name: str
    rules: tuple[AsPathRuleIntent, ...]


class RouteFilterRuleIntent(Frozen):
    """One entry of a route-filter access list: ``prefix`` and everything in it, None any route."""

    action: Action
    prefix: IPv4Network | IPv6Network | None = None
    sequence: int


class RouteFilterIntent(Frozen):
    """An access list that filters routes by their prefix."""

    name: str
    family: Family
    rules: tuple[RouteFilterRuleIntent, ...]


class PacketRuleIntent(Frozen):
    """One entry of a packet filter. Ports are (first, last); ``protocol`` is a name or a number, None any."""

    action: Literal["accept", "drop", "reject"]
    sequence: int
    name: str | None = None
    description: str | None = None
    protocol: str | int | None = None
    source: IPv4Network | IPv6Network | None = None
    destination: IPv4Network | IPv6Network | None = None
    source_port: tuple[int, int] | None = None
    destination_port: tuple[int, int] | None = None
    established: bool = False
    icmp_type: int | None = None
    log: bool = False


class PacketFilterIntent(Frozen):
    """An access list that filters packets."""

    name: str
    family: Family
    rules: tuple[PacketRuleIntent, ...]


class ListReference(Frozen):
    """A prefix list or access list that a route map names."""

    name: str
    family: Family


class RouteStatementIntent(Frozen):
    """One statement of a route map: its conditions, then what it sets. ``next_hop`` is a prefix list of next hops.

    ``prefixes`` are rules without a list of their own, all ``permit``. ``set_community_list`` names a list of one rule.
    ``default``, of a last statement that says nothing else, leaves the routes to what the protocol does.
    """

    action: Literal["permit", "deny", "default"]
    sequence: int
    name: str | None = None
    description: str | None = None
    prefix_list: ListReference | None = None
    acl: ListReference | None = None
    next_hop: ListReference | None = None
    interface: str | None = None
    community: str | None = None
    as_path: str | None = None
    med: int | None = None
    local_pref: int | None = None
    prefixes: tuple[PrefixRuleIntent, ...] = ()
    protocol: Literal["connected", "static", "ospf", "bgp"] | None = None
    tag: int | None = None
    set_local_pref: int | None = None
    set_med: int | None = None
    set_next_hop: IPv4Address | IPv6Address | None = None
    set_as_path_prepend: tuple[int, ...] = ()
    set_community: tuple[str, ...] = ()
    set_community_list: str | None = None
    set_community_add: bool = False
    set_route_targets: tuple[str, ...] = ()
    set_route_targets_add: bool = False
    set_weight: int | None = None
    set_tag: int | None = None


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
    packet_filters: tuple[PacketFilterIntent, ...] = ()
    route_maps: tuple[RouteMapIntent, ...] = ()
