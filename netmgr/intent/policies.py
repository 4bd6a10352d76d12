"""Routing policies: from data to intent. What says the same becomes the same, as devices show it."""

from collections.abc import Mapping
from typing import TypeVar

from netmgr.model.device import DeviceData
from netmgr.model.ordering import natural
from netmgr.model.policy import Acl, PrefixRule, RouteStatement, community_number
from netmgr.model.policy_intent import (
    Action,
    AsPathListIntent,
    AsPathRuleIntent,
    CommunityListIntent,
    CommunityRuleIntent,
    Family,
    ListReference,
    PoliciesIntent,
    PrefixListIntent,
    PrefixRuleIntent,
    RouteFilterIntent,
    RouteFilterRuleIntent,
    RouteMapIntent,
    RouteStatementIntent,
)

T = TypeVar("T")


def policies_intent(data: DeviceData) -> PoliciesIntent:
    """The device's policies. ``data`` was checked: every name that a route map uses is declared."""
    return PoliciesIntent(
        prefix_lists=tuple(
            PrefixListIntent(name=name, family=prefix_family(rules), rules=tuple(map(prefix_rule, rules)))
            for name, rules in _by_name(data.prefix_lists)
        ),
        community_lists=tuple(
            CommunityListIntent(
                name=name,
                rules=tuple(
                    CommunityRuleIntent(action=rule.action, community=ordered(rule.community))
                    for rule in rules
                ),
            )
            for name, rules in _by_name(data.community_lists)
        ),
        as_path_lists=tuple(
            AsPathListIntent(
                name=name,
                rules=tuple(AsPathRuleIntent(action=rule.action, regex=rule.regex) for rule in rules),
            )
            for name, rules in _by_name(data.as_path_lists)
        ),
        route_filters=tuple(
            RouteFilterIntent(name=name, family=acl.type, rules=route_filter_rules(acl))
            for name, acl in _by_name(data.acls)
        ),
        route_maps=tuple(
            RouteMapIntent(name=name, statements=tuple(_statement(data, s) for s in statements))
            for name, statements in _by_name(data.route_maps)
        ),
    )


def _by_name(items: Mapping[str, T]) -> list[tuple[str, T]]:
    return sorted(items.items(), key=lambda item: natural(item[0]))


def prefix_family(rules: tuple[PrefixRule, ...]) -> Family:
    """The family of a prefix list: that of its first rule."""
    return "ipv4" if rules[0].prefix.version == 4 else "ipv6"


def prefix_rule(rule: PrefixRule) -> PrefixRuleIntent:
    """A rule with the bounds that matter: ``ge`` above the prefix's length, ``le`` where lengths are a range."""
    length, longest = rule.prefix.prefixlen, rule.prefix.max_prefixlen
    ge = rule.ge if rule.ge is not None and rule.ge > length else None
    le = rule.le
    if le is None and rule.ge is not None:
        le = longest
    if le == length and ge is None:
        le = None
    return PrefixRuleIntent(action=rule.action, prefix=rule.prefix, ge=ge, le=le)


def ordered(communities: tuple[str, ...]) -> tuple[str, ...]:
    """Each community once, by number."""
    return tuple(sorted(dict.fromkeys(communities), key=community_number))


def route_filter_rules(acl: Acl) -> tuple[RouteFilterRuleIntent, ...]:
    """The entries of an access list as a filter of routes, which are dropped or not: they cannot be rejected."""
    actions: dict[str, Action] = {"accept": "permit", "drop": "deny", "reject": "deny"}
    return tuple(
        RouteFilterRuleIntent(action=actions[entry.action], prefix=entry.source_address)
        for entry in acl.entries
    )


def _statement(data: DeviceData, statement: RouteStatement) -> RouteStatementIntent:
    match, changes = statement.match, statement.set
    return RouteStatementIntent(
        action=statement.action,
        prefix_list=_prefix_list(data, match.prefix_list),
        acl=ListReference(name=match.acl, family=data.acls[match.acl].type) if match.acl else None,
        next_hop=_prefix_list(data, match.next_hop),
        interface=match.interface,
        community=match.community,
        as_path=match.as_path,
        med=match.med,
        local_pref=match.local_pref,
        set_local_pref=changes.local_pref,
        set_med=changes.med,
        set_next_hop=changes.next_hop,
        set_as_path_prepend=changes.as_path_prepend,
        set_community=ordered(changes.community),
        set_community_add=bool(changes.community) and changes.community_options == "add",
    )


def _prefix_list(data: DeviceData, name: str | None) -> ListReference | None:
    return ListReference(name=name, family=prefix_family(data.prefix_lists[name])) if name else None
