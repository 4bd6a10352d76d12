"""What routing policies must fulfil: lists of one family without repetitions, names that are declared."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from netmgr.intent.policies import (
    RULES,
    STATEMENTS,
    Numbered,
    numbered,
    ordered,
    packet_filters,
    prefix_family,
    prefix_rule,
    route_filter_rules,
)
from netmgr.model.device import DeviceData
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.policy import RouteStatement
from netmgr.model.suggest import did_you_mean


def policy_problems(inventory: Inventory, name: str, data: DeviceData) -> Iterator[Problem]:
    """Problems of one device's policies."""
    checks = _Checks(inventory, name, data)
    yield from checks.lists()
    for route_map, statements in data.route_maps.items():
        for index, statement in enumerate(statements):
            yield from checks.statement(route_map, index, statement)


class _Checks:
    def __init__(self, inventory: Inventory, name: str, data: DeviceData) -> None:
        self.inventory, self.name, self.data = inventory, name, data

    def problem(self, message: str, *path: object) -> Problem:
        return Problem(
            self.inventory.origins.at("devices", self.name, "data", *path), f"{self.name}: {message}"
        )

    def lists(self) -> Iterator[Problem]:
        data = self.data
        yield from self.numbers()
        for name, rules in data.prefix_lists.items():
            family = prefix_family(rules)
            for index, rule in enumerate(rules):
                if rule.prefix.version != rules[0].prefix.version:
                    yield self.problem(
                        f"prefix list {name}: {rule.prefix} is not of the first rule's family ({family}); "
                        "write a list for each",
                        *("prefix_lists", name, index, "prefix"),
                    )
            yield from self.repeated("prefix list", [prefix_rule(r, 0) for r in rules], "prefix_lists", name)
        for name, communities in data.community_lists.items():
            contents = [(rule.action, ordered(rule.community)) for rule in communities]
            yield from self.repeated("community list", contents, "community_lists", name)
        for name, paths in data.as_path_lists.items():
            expressions = [(rule.action, rule.regex) for rule in paths]
            yield from self.repeated("AS path list", expressions, "as_path_lists", name)
        for name, acl in data.acls.items():
            for index, entry in enumerate(acl.entries):
                for key in ("source_address", "destination_address"):
                    address = getattr(entry, key)
                    if address is not None and f"ipv{address.version}" != acl.type:
                        yield self.problem(
                            f"acl {name}: {address} is not {acl.type}; write another acl, of type ipv{address.version}",
                            *("acls", name, "entries", index, key),
                        )
            if not acl.entries:
                yield self.problem(f"acl {name} has no entries; write one or remove it", "acls", name)
            if name not in packet_filters(data):
                filtered = [(rule.action, rule.prefix) for rule in route_filter_rules(acl)]
                yield from self.repeated("acl", filtered, "acls", name, "entries")

    def numbers(self) -> Iterator[Problem]:
        """Sequence numbers grow in the order of the list, in which a device counts."""
        data = self.data
        packets = packet_filters(data)
        lists: tuple[tuple[tuple[str, ...], Sequence[Numbered], int], ...] = (
            *((("prefix_lists", name), rules, RULES) for name, rules in data.prefix_lists.items()),
            *((("community_lists", name), rules, RULES) for name, rules in data.community_lists.items()),
            *((("as_path_lists", name), rules, RULES) for name, rules in data.as_path_lists.items()),
            *((("route_maps", name), rules, STATEMENTS) for name, rules in data.route_maps.items()),
            *(
                (("acls", name, "entries"), acl.entries, STATEMENTS if name in packets else RULES)
                for name, acl in data.acls.items()
            ),
        )
        for path, items, step in lists:
            before = 0
            for index, (number, _) in enumerate(numbered(items, step)):
                if number <= before:
                    yield self.problem(
                        f"{path[1]}: sequence {number} comes after {before}; number in the order of the list",
                        *(*path, index, "sequence"),
                    )
                before = number

    def repeated(self, what: str, rules: Sequence[Hashable], *path: object) -> Iterator[Problem]:
        """Devices drop a rule that is there already, without a word."""
        first: dict[Hashable, int] = {}
        for index, rule in enumerate(rules):
            earlier = first.setdefault(rule, index)
            if earlier != index:
                origin = self.inventory.origins.at("devices", self.name, "data", *path, earlier)
                yield self.problem(
                    f"{what} {path[1]}: repeats the rule at {origin}; remove one", *path, index
                )

    def statement(self, name: str, index: int, statement: RouteStatement) -> Iterator[Problem]:
        """Every list is declared, and all that the statement names is of one family: else nothing ever matches."""
        data, match, path = self.data, statement.match, ("route_maps", name, index)
        if statement.action == "default" and not 0 < index == len(data.route_maps[name]) - 1:
            said = f"route map {name}: action: default stands last, behind others; move or remove it"
            yield self.problem(said, *path)
        declared: tuple[tuple[str, str, Iterable[str]], ...] = (
            ("prefix_list", "prefix list", data.prefix_lists),
            ("next_hop", "prefix list", data.prefix_lists),
            ("acl", "acl", data.acls),
            ("community", "community list", data.community_lists),
            ("as_path", "AS path list", data.as_path_lists),
        )
        families: dict[str, str] = {}
        for key, what, known in declared:
            used = getattr(match, key)
            if used is None:
                continue
            if used not in known:
                message = f"{what} {used} is not declared; {did_you_mean(used, known)}"
                yield self.problem(message, *path, "match", key)
            elif key == "acl" and used in packet_filters(data):
                yield self.problem(
                    f"acl {used} filters packets; name one that filters routes", *path, "match", key
                )
            elif key == "acl":
                families[f"acl {used}"] = data.acls[used].type
            elif key in ("prefix_list", "next_hop"):
                families[f"prefix list {used}"] = prefix_family(data.prefix_lists[used])
        yield from self.set_communities(statement, *path, "set")
        if statement.set.next_hop is not None:
            families[f"next_hop {statement.set.next_hop}"] = f"ipv{statement.set.next_hop.version}"
        if len(set(families.values())) > 1:
            said = ", ".join(f"{thing} is {family}" for thing, family in families.items())
            yield self.problem(
                f"route map {name}: {said}; no route is both, write a statement for each", *path
            )

    def set_communities(self, statement: RouteStatement, *path: object) -> Iterator[Problem]:
        """A list whose communities a statement sets has one rule, which says them all."""
        name, known = statement.set.community_list, self.data.community_lists
        if name is None:
            return
        if name not in known:
            message = f"community list {name} is not declared; {did_you_mean(name, known)}"
            yield self.problem(message, *path, "community_list")
        elif [rule.action for rule in known[name]] != ["permit"]:
            message = (
                f"community list {name} does not have one rule that permits: which communities are meant?"
            )
            yield self.problem(f"{message} Name another list", *path, "community_list")
        if statement.set.community:
            yield self.problem(
                "community and community_list exclude each other; write one", *path, "community"
            )
