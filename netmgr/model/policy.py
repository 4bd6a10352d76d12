"""Routing policy as data: prefix lists, community lists, AS path lists, access lists, route maps."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    AddressValue,
    Asn,
    Description,
    InterfaceName,
    Items,
    Name,
    NetworkValue,
    OneOrMore,
    SequenceNumber,
    Tag,
    at_least_one,
    shown,
)
from netmgr.model.vpn import RouteTarget, number_pair

Permission = Literal["permit", "deny"]
Metric = Annotated[int, Field(ge=0, le=4294967295)]


class PrefixRange(Frozen):
    """A prefix; ``ge`` and ``le`` bound the lengths of the prefixes in it that match."""

    prefix: NetworkValue
    ge: Annotated[int, Field(ge=0, le=128)] | None = None
    le: Annotated[int, Field(ge=0, le=128)] | None = None

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        length, longest = self.prefix.prefixlen, self.prefix.max_prefixlen
        lower, upper = self.ge if self.ge is not None else length, self.le if self.le is not None else longest
        if not length <= lower <= upper <= longest:
            raise ValueError(f"ge and le must keep {length} ≤ ge ≤ le ≤ {longest}")
        return self


class PrefixRule(PrefixRange):
    """One line of a prefix list. ``sequence`` is its number; absent: 5 more than the one before."""

    action: Permission
    sequence: SequenceNumber | None = None


#: Communities with a name of their own, by their number (RFC 1997, 3765, 7999, 8326).
WELL_KNOWN = {
    "graceful-shutdown": 0xFFFF0000,
    "blackhole": 0xFFFF029A,
    "no-export": 0xFFFFFF01,
    "no-advertise": 0xFFFFFF02,
    "local-AS": 0xFFFFFF03,
    "no-peer": 0xFFFFFF04,
}


def _community(text: str) -> str:
    if text in WELL_KNOWN:
        return text
    high, _, low = text.partition(":")
    numbers = [int(part) for part in (high, low) if re.fullmatch(r"0|[1-9][0-9]{0,4}", part)]
    if len(numbers) < 2 or max(numbers) > 65535:
        known = ", ".join(WELL_KNOWN)
        raise ValueError(f'{shown(text)} is not a community; write it like "64500:100", or one of {known}')
    if numbers[0] in (0, 65535):
        raise ValueError(
            f"{shown(text)} is reserved (RFC 1997); write an AS number first, or the community's name"
        )
    return text


Community = Annotated[str, AfterValidator(_community)]

#: Extended communities (RFC 4360) by what they say: a route target or a route's origin.
EXTENDED = ("target:", "origin:")


def _listed_community(text: str) -> str:
    kind, _, pair = text.partition(":")
    if not text.startswith(EXTENDED):
        return _community(text)
    return f"{kind}:{number_pair('a route target', pair)}"


ListedCommunity = Annotated[str, AfterValidator(_listed_community)]
"""A community, or an extended one such as ``target:64500:1``."""


def community_number(community: str) -> int:
    """The 32 bits of a community: devices order them by it. Extended ones, which have 64, come after all of them."""
    if community.startswith(EXTENDED):
        return 1 << 32
    if community in WELL_KNOWN:
        return WELL_KNOWN[community]
    high, _, low = community.partition(":")
    return (int(high) << 16) + int(low)


class CommunityRule(Frozen):
    """One line of a community list; a route matches that carries every one of ``community``, of which those that begin
    with ``target:`` or ``origin:`` are extended ones (RFC 4360).
    """

    action: Permission
    sequence: SequenceNumber | None = None
    community: Annotated[OneOrMore[ListedCommunity], AfterValidator(at_least_one)]


def _as_path(text: str) -> str:
    if not re.fullmatch(r"[0-9^$.*+?()\[\]|_-]{1,120}", text):
        raise ValueError(f"{shown(text)} is not a regular expression over AS numbers; write it like ^64500_")
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(
            f"{shown(text)} is not a regular expression: {error}; write it like ^64500_"
        ) from None
    return text


class AsPathRule(Frozen):
    """One line of an AS path list: a regular expression over the path, in which ``_`` is any boundary."""

    action: Permission
    sequence: SequenceNumber | None = None
    regex: Annotated[str, AfterValidator(_as_path)]


class RouteMatch(Frozen):
    """What a route-map statement looks at; every given condition must hold.

    ``prefix_list``, ``acl`` and ``next_hop`` (a prefix list) name lists of one family, which they then ask for.
    ``prefixes`` are written into the statement itself. ``protocol`` is where the route came from.
    """

    prefix_list: Name | None = None
    acl: Name | None = None
    next_hop: Name | None = None
    interface: InterfaceName | None = None
    community: Name | None = None
    as_path: Name | None = None
    med: Metric | None = None
    local_pref: Metric | None = None
    prefixes: Items[PrefixRange] = ()
    protocol: Literal["connected", "static", "ospf", "bgp"] | None = None
    tag: Tag | None = None


class RouteSet(Frozen):
    """What a route-map statement changes. ``community_list`` names a list whose one rule holds the communities, in
    place of ``community``. ``add`` of ``community_options`` and ``route_target_options`` keeps what the route has.
    """

    local_pref: Metric | None = None
    med: Metric | None = None
    next_hop: AddressValue | None = None
    as_path_prepend: Annotated[Items[Asn], Field(max_length=20)] = ()
    community: OneOrMore[Community] = ()
    community_list: Name | None = None
    community_options: Literal["add", "replace"] = "replace"
    route_targets: OneOrMore[RouteTarget] = ()
    route_target_options: Literal["add", "replace"] = "replace"
    weight: Annotated[int, Field(ge=0, le=65535)] | None = None
    tag: Tag | None = None


class RouteStatement(Frozen):
    """One statement of a route map, in the order of the list. ``sequence`` is its number; absent: 10 more than the one
    before. ``name`` is for platforms whose statements have names. ``default``, all that a last statement says, leaves
    the other routes to what the protocol does without a policy.
    """

    action: Literal["permit", "deny", "default"]
    sequence: SequenceNumber | None = None
    name: Name | None = None
    description: Description | None = None
    match: RouteMatch = Field(default_factory=RouteMatch)
    set: RouteSet = Field(default_factory=RouteSet)

    @model_validator(mode="after")
    def _decides(self) -> Self:
        if self.action == "default" and self.model_fields_set - {"action"}:
            raise ValueError(
                "action: default is a statement of its own, for whatever is left; remove the rest"
            )
        return self


_PROTOCOLS = ("tcp", "udp", "icmp", "icmpv6", "ospf", "gre", "esp")


def _protocol(value: object) -> object:
    if value in _PROTOCOLS or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255):
        return value
    raise ValueError(f"must be one of {', '.join(_PROTOCOLS)}, or an IP protocol number 0 to 255")


def _ports(value: int | str) -> int | str:
    if isinstance(value, str) and not re.fullmatch(r"(?:0|[1-9][0-9]{0,4})-[1-9][0-9]{0,4}", value):
        raise ValueError(f'{shown(value)} is neither a port nor several; write it like 443 or "1024-65535"')
    first, last = port_bounds(value)
    if not 0 <= first <= last <= 65535:
        raise ValueError("ports are 0 to 65535, the lower first")
    return value


def port_bounds(value: int | str) -> tuple[int, int]:
    """(first, last) of ``Ports``."""
    if isinstance(value, int):
        return value, value
    first, _, last = value.partition("-")
    return int(first), int(last)


Ports = Annotated[int | str, AfterValidator(_ports)]
"""One port, or several in a row as text: ``1024-65535``."""


class AclEntry(Frozen):
    """One entry of an access list, in the order of the list. ``protocol`` is a name or an IP protocol number.

    ``sequence`` is its number; absent: 10 more than the one before. ``name`` is for platforms whose entries have names.
    ``established`` matches TCP's answers, ``icmp_type`` is a number of ICMP's or ICMPv6's, ``log`` has matches logged.
    """

    action: Literal["accept", "drop", "reject"]
    sequence: SequenceNumber | None = None
    name: Name | None = None
    description: Description | None = None
    protocol: (
        Annotated[
            str | int,
            BeforeValidator(_protocol),
            WithJsonSchema(
                {"anyOf": [{"enum": [*_PROTOCOLS]}, {"type": "integer", "minimum": 0, "maximum": 255}]}
            ),
        ]
        | None
    ) = None
    source_address: NetworkValue | None = None
    destination_address: NetworkValue | None = None
    source_port: Ports | None = None
    destination_port: Ports | None = None
    established: bool = False
    icmp_type: Annotated[int, Field(ge=0, le=255)] | None = None
    log: bool = False


class Acl(Frozen):
    """One access list. It filters packets where an interface applies it or an entry looks at more than a route has,
    else routes; ``filters`` says so where neither tells.
    """

    type: Literal["ipv4", "ipv6"] = "ipv4"
    filters: Literal["packets", "routes"] | None = None
    entries: Items[AclEntry] = ()
