"""Routing policies: from data to intent. What says the same becomes the same, as devices show it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from netmgr.model.device import DeviceData
from netmgr.model.ordering import natural
from netmgr.model.policy import (
    Acl,
    AclEntry,
    PrefixRange,
    PrefixRule,
    RouteStatement,
    community_number,
    port_bounds,
)
from netmgr.model.policy_intent import (
    Action,
    AsPathListIntent,
    AsPathRuleIntent,
    CommunityListIntent,
    CommunityRuleIntent,
    Family,
    ListReference,
    PacketFilterIntent,
    PacketRuleIntent,
    PoliciesIntent,
    PrefixListIntent,
    PrefixRuleIntent,
    RouteFilterIntent,
    RouteFilterRuleIntent,
    RouteMapIntent,
    RouteStatementIntent,
)

T = TypeVar("T")

RULES, STATEMENTS = 5, 10
"""The distance of numbers that nobody gave: of rules in lists, and of statements and entries of packet filters."""


class Numbered(Protocol):
    """What may have a number of its own."""

    @property
    def sequence(self) -> int | None:
        """The number, None where nobody gave one."""


N = TypeVar("N", bound=Numbered)


def numbered(items: Iterable[N], step: int) -> Iterator[tuple[int, N]]:
    """Each item with its number: its own, else ``step`` more than the one before."""
    number = 0
    for item in items:
        number = item.sequence if item.sequence is not None else number + step
        yield number, item


def policies_intent(data: DeviceData) -> PoliciesIntent:
    """The device's policies. ``data`` was checked: every name that a route map uses is declared."""
    packets = packet_filters(data)
    return PoliciesIntent(
        prefix_lists=tuple(
            PrefixListIntent(
                name=name,
                family=prefix_family(rules),
                rules=tuple(prefix_rule(rule, number) for number, rule in numbered(rules, RULES)),
            )
            for name, rules in _by_name(data.prefix_lists)
        ),
        community_lists=tuple(
            CommunityListIntent(
                name=name,
                rules=tuple(
                    CommunityRuleIntent(
                        action=rule.action, sequence=number, community=ordered(rule.community)
                    )
                    for number, rule in numbered(rules, RULES)
                ),
            )
            for name, rules in _by_name(data.community_lists)
        ),
        as_path_lists=tuple(
            AsPathListIntent(
                name=name,
                rules=tuple(
                    AsPathRuleIntent(action=rule.action, sequence=number, regex=rule.regex)
                    for number, rule in numbered(rules, RULES)
                ),
            )
            for name, rules in _by_name(data.as_path_lists)
        ),
        route_filters=tuple(
            RouteFilterIntent(name=name, family=acl.type, rules=route_filter_rules(acl))
            for name, acl in _by_name(data.acls)
            if name not in packets
        ),
        packet_filters=tuple(
            PacketFilterIntent(name=name, family=acl.type, rules=tuple(_packet_rules(acl)))
            for name, acl in _by_name(data.acls)
            if name in packets
        ),
        route_maps=tuple(
            RouteMapIntent(
                name=name,
                statements=tuple(
                    _statement(data, s, number) for number, s in numbered(statements, STATEMENTS)
                ),
            )
            for name, statements in _by_name(data.route_maps)
        ),
    )


def packet_filters(data: DeviceData) -> frozenset[str]:
    """The access lists that filter packets: they say so, or an interface applies them, or they look at more than a
    route has.
    """
    applied = {
        name for interface in data.interfaces.values() for name in (*interface.acl_in, *interface.acl_out)
    }
    return frozenset(
        name
        for name, acl in data.acls.items()
        if acl.filters == "packets"
        or (acl.filters is None and (name in applied or any(map(beyond_routes, acl.entries))))
    )


PACKET_FIELDS = ("protocol", "destination_address", "source_port", "destination_port", "icmp_type")
"""What only packets have, so that an access list that filters routes cannot look at it."""


def beyond_routes(entry: AclEntry) -> bool:
    """Whether an access list's entry looks at more than a route has."""
    return entry.established or any(getattr(entry, key) is not None for key in PACKET_FIELDS)


def _by_name(items: Mapping[str, T]) -> list[tuple[str, T]]:
    return sorted(items.items(), key=lambda item: natural(item[0]))


def prefix_family(rules: tuple[PrefixRule, ...]) -> Family:
    """The family of a prefix list: that of its first rule."""
    return "ipv4" if rules[0].prefix.version == 4 else "ipv6"


def prefix_rule(rule: PrefixRule, number: int) -> PrefixRuleIntent:
    """A rule with the bounds that matter: ``ge`` above the prefix's length, ``le`` where lengths are a range."""
    return _prefixes(rule, rule.action, number)


def _prefixes(rule: PrefixRange, action: Action, number: int) -> PrefixRuleIntent:
    length, longest = rule.prefix.prefixlen, rule.prefix.max_prefixlen
    ge = rule.ge if rule.ge is not None and rule.ge > length else None
    le = rule.le
    if le is None and rule.ge is not None:
        le = longest
    if le == length and ge is None:
        le = None
    return PrefixRuleIntent(action=action, prefix=rule.prefix, ge=ge, le=le, sequence=number)


def ordered(communities: tuple[str, ...]) -> tuple[str, ...]:
    """Each community once, by number."""
    return tuple(sorted(dict.fromkeys(communities), key=lambda one: (community_number(one), one)))


def route_filter_rules(acl: Acl) -> tuple[RouteFilterRuleIntent, ...]:
    """The entries of an access list as a filter of routes, which are dropped or not: they cannot be rejected."""
    actions: dict[str, Action] = {"accept": "permit", "drop": "deny", "reject": "deny"}
    return tuple(
        RouteFilterRuleIntent(action=actions[entry.action], prefix=entry.source_address, sequence=number)
        for number, entry in numbered(acl.entries, RULES)
    )


def _packet_rules(acl: Acl) -> Iterator[PacketRuleIntent]:
    for number, entry in numbered(acl.entries, STATEMENTS):
        yield PacketRuleIntent(
            action=entry.action,
            sequence=number,
            name=entry.name,
            description=entry.description,
            protocol=entry.protocol,
            source=entry.source_address,
            destination=entry.destination_address,
            source_port=None if entry.source_port is None else port_bounds(entry.source_port),
            destination_port=None if entry.destination_port is None else port_bounds(entry.destination_port),
            established=entry.established,
            icmp_type=entry.icmp_type,
            log=entry.log,
        )


def _statement(data: DeviceData, statement: RouteStatement, number: int) -> RouteStatementIntent:
    match, changes = statement.match, statement.set
    return RouteStatementIntent(
        action=statement.action,
        sequence=number,
        name=statement.name,
        description=statement.description,
        prefix_list=_prefix_list(data, match.prefix_list),
        acl=ListReference(name=match.acl, family=data.acls[match.acl].type) if match.acl else None,
        next_hop=_prefix_list(data, match.next_hop),
        interface=match.interface,
        community=match.community,
        as_path=match.as_path,
        med=match.med,
        local_pref=match.local_pref,
        prefixes=tuple(
            _prefixes(rule, "permit", RULES * index) for index, rule in enumerate(match.prefixes, 1)
        ),
        protocol=match.protocol,
        tag=match.tag,
        set_local_pref=changes.local_pref,
        set_med=changes.med,
        set_next_hop=changes.next_hop,
        set_as_path_prepend=changes.as_path_prepend,
        set_community=ordered(changes.community),
        set_community_list=changes.community_list,
        set_community_add=bool(changes.community or changes.community_list)
        and changes.community_options == "add",
        set_route_targets=tuple(dict.fromkeys(changes.route_targets)),
        set_route_targets_add=bool(changes.route_targets) and changes.route_target_options == "add",
        set_weight=changes.weight,
        set_tag=changes.tag,
    )


def _prefix_list(data: DeviceData, name: str | None) -> ListReference | None:
    return ListReference(name=name, family=prefix_family(data.prefix_lists[name])) if name else None
