"""config/policies/compliance, ignore, versions.yaml → what an audit looks for, every mistake with its file and line."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from netmgr.adapters.named_entries import Entry, entries_of, named_entries
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.scope_problems import strangers, unknown_clients, unknown_platforms
from netmgr.errors import InputError
from netmgr.model.audit_policy import AuditPolicy
from netmgr.model.compliance import Demands, Rule
from netmgr.model.ignore import Ignored, IgnorePattern
from netmgr.model.inventory import Inventory
from netmgr.model.origins import LocatedDict, Origin, Problem, locate
from netmgr.model.scope import PlatformScope
from netmgr.model.software import Software
from netmgr.model.suggest import did_you_mean
from netmgr.platforms.form import PlatformForm

COMPLIANCE = "config/policies/compliance"
IGNORE = "config/policies/ignore"
VERSIONS = "config/policies/versions.yaml"

S = TypeVar("S", bound=PlatformScope)


class YamlAuditPolicies:
    """``AuditPolicies`` of the workspace at ``root``; ``clients`` gives the names that an entry may be made for."""

    def __init__(
        self, root: Path, clients: Callable[[], Collection[str]], forms: Mapping[str, PlatformForm]
    ) -> None:
        self._root, self._clients, self._forms = root, clients, forms

    def every(self) -> AuditPolicy:
        """All of them. Raises InputError with every problem of every file."""
        return self._read()[0]

    def of(self, inventory: Inventory) -> AuditPolicy:
        """Those for the inventory's client. Raises InputError."""
        policy, written = self._read()
        client = inventory.client.id
        rules = tuple(rule for rule in policy.rules if rule.demands.is_for(client))
        ignores = tuple(pattern for pattern in policy.ignores if pattern.ignored.is_for(client))
        scopes: list[tuple[str, Origin, PlatformScope]] = [
            *((rule.name, rule.origin, rule.demands) for rule in rules),
            *((pattern.name, pattern.origin, pattern.ignored) for pattern in ignores),
        ]
        problems = [
            problem
            for name, origin, scope in scopes
            for problem in strangers(name, scope, written[origin], inventory)
        ]
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return AuditPolicy(rules=rules, ignores=ignores, versions=policy.versions)

    def _read(self) -> tuple[AuditPolicy, Mapping[Origin, LocatedDict]]:
        problems: list[Problem] = []
        written: dict[Origin, LocatedDict] = {}
        rules, ignores = [], []
        for entry in named_entries(self._root, COMPLIANCE, "a rule", problems):
            demands = self._scoped(Demands, entry, problems)
            if demands is not None:
                problems += self._sections_of_none(demands, entry)
                written[entry.origin] = entry.written
                rules.append(Rule(name=entry.name, demands=demands, origin=entry.origin))
        for entry in named_entries(self._root, IGNORE, "an ignore pattern", problems):
            ignored = self._scoped(Ignored, entry, problems)
            if ignored is not None:
                problems += self._sections_of_none(ignored, entry)
                problems += _unknown_rules(ignored, entry, [rule.name for rule in rules])
                written[entry.origin] = entry.written
                ignores.append(IgnorePattern(name=entry.name, ignored=ignored, origin=entry.origin))
        versions = self._versions(problems)
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return AuditPolicy(rules=tuple(rules), ignores=tuple(ignores), versions=versions), written

    def _versions(self, problems: list[Problem]) -> dict[str, Software]:
        found = {}
        for entry in entries_of(self._root, VERSIONS, "a platform", problems):
            if entry.name not in self._forms:
                known = did_you_mean(entry.name, tuple(self._forms))
                problems.append(Problem(entry.origin, f"no platform {entry.name}; {known}"))
            mistakes: list[Problem] = []
            software = validated(Software, entry.written, mistakes, entry.origin)
            problems += [one._replace(message=f"{entry.name}: {one.message}") for one in mistakes]
            if software is not None:
                found[entry.name] = software
        return found

    def _scoped(self, model: type[S], entry: Entry, problems: list[Problem]) -> S | None:
        found: list[Problem] = []
        made = validated(model, entry.written, found, entry.origin)
        problems += [problem._replace(message=f"{entry.name}: {problem.message}") for problem in found]
        if made is not None:
            problems += unknown_clients(entry.name, made, entry.written, self._clients())
            problems += unknown_platforms(entry.name, made.platforms, entry.written, tuple(self._forms))
        return made

    def _sections_of_none(self, demands: Demands | Ignored, entry: Entry) -> Iterator[Problem]:
        """Sections asked for of a platform that has none: the rule would never find anything."""
        flat = [name for name in demands.platforms if name in self._forms and self._forms[name].flat]
        for key in ("section", "required_blocks", "forbidden_blocks") if flat else ():
            if getattr(demands, key, ()):
                yield Problem(
                    locate(entry.written, (key,), entry.origin),
                    f"{entry.name}: {key}: {flat[0]} has no sections; write whole lines, with each: for what varies",
                )


def _unknown_rules(ignored: Ignored, entry: Entry, known: Collection[str]) -> Iterator[Problem]:
    for index, rule in enumerate(ignored.rules):
        if rule not in known:
            origin = locate(entry.written, ("rules", index), entry.origin)
            yield Problem(origin, f"{entry.name}: no rule {rule}; {did_you_mean(rule, known)}")
