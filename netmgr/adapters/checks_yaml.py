"""config/checks/*.yaml → checks, every mistake with its file and line."""

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

from netmgr.adapters.check_plugins import EntryPointPlugins
from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.named_entries import yaml_files
from netmgr.adapters.napalm_rules_yaml import read_rules
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.scope_problems import strangers, unknown_clients
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.check import KINDS, CheckSpec, NapalmValidateCheck, PluginCheck
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.inventory import Inventory
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import Doubtful, LocatedDict, Origin, Problem, locate
from netmgr.model.suggest import did_you_mean
from netmgr.platforms.napalm_getters import GETTERS
from netmgr.ports.checks import Check, CheckPlugin, Rule

DIRECTORY = "config/checks"

#: What every change is checked for by itself; the names of its results.
_BUILT_IN = ("management", "adjacencies")


class Plugins(Protocol):
    """Kinds of checks from outside."""

    def names(self) -> tuple[str, ...]:
        """The kinds."""

    def load(self, kind: str) -> CheckPlugin:
        """One of them. Raises ValueError."""


class YamlChecks:
    """``Checks`` of the workspace at ``root``; ``clients`` gives the names that a check may have it made for."""

    def __init__(
        self, root: Path, clients: Callable[[], Collection[str]], plugins: Plugins | None = None
    ) -> None:
        self._root, self._clients, self._plugins = root, clients, plugins or EntryPointPlugins()

    def every(self) -> tuple[Check, ...]:
        """All of them. Raises InputError with every problem of every file."""
        problems: list[Problem] = []
        checks: dict[str, Check] = {}
        for path in yaml_files(self._root, DIRECTORY):
            name = f"{DIRECTORY}/{path.name}"
            content = read_file(path, name, inside=self._root)
            if isinstance(content, Problem):
                problems.append(content)
            elif content is not None:
                self._file(content, name, checks, problems)
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return tuple(checks.values())

    def of(self, inventory: Inventory) -> tuple[Check, ...]:
        """Those for the inventory's client. Raises InputError."""
        client = inventory.client.id
        checks = tuple(check for check in self.every() if check.spec.is_for(client))
        problems = [
            problem
            for check in checks
            for problem in strangers(check.name, check.spec, check.written, inventory)
        ]
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return checks

    def _file(self, content: bytes, path: str, checks: dict[str, Check], problems: list[Problem]) -> None:
        file = parse(content, path, problems)
        for key, entry in (file or {}).items():
            origin = locate(file, (key,), Origin(path, 1))
            name = str(key)
            if wrong := _misnamed(name):
                problems.append(Problem(origin, wrong))
            elif name in checks:
                there = checks[name].origin
                problems.append(
                    Problem(origin, f"check {name} was already given at {there}; choose another name")
                )
            elif not isinstance(entry, Doubtful):
                check = self._check(name, entry, origin, problems)
                if check is not None:
                    checks[name] = check

    def _check(self, name: str, entry: object, origin: Origin, problems: list[Problem]) -> Check | None:
        if not isinstance(entry, LocatedDict):
            problems.append(Problem(origin, f"{name}: a check must be a mapping (key: value) with its kind"))
            return None
        kind, at = entry.get("kind"), entry.at.get("kind", origin)
        if not isinstance(kind, str):
            known = ", ".join(KINDS)
            problems.append(Problem(at, f"{name}: needs a kind: {known}, or a plug-in's"))
            return None
        plugin: CheckPlugin | None = None
        model: type[CheckSpec] | None = KINDS.get(kind)
        if kind == "adjacencies":
            problems.append(
                Problem(at, f"{name}: adjacencies are always checked, without tolerance; remove this check")
            )
            return None
        if model is None:
            plugin = self._plugin(name, kind, at, problems)
            if plugin is None:
                return None
            model = PluginCheck
        found: list[Problem] = []
        spec = validated(model, entry, found, origin)
        problems += [problem._replace(message=f"{name}: {problem.message}") for problem in found]
        if spec is None:
            return None
        problems += unknown_clients(name, spec, entry, self._clients())
        if plugin is not None and isinstance(spec, PluginCheck):
            wrong = plugin.problem(spec.options)
            if wrong:
                problems.append(Problem(locate(entry, ("options",), origin), f"{name}: {wrong}"))
        rules = self._rules(name, spec, entry, problems) if isinstance(spec, NapalmValidateCheck) else ()
        return Check(name=name, spec=spec, origin=origin, rules=rules, plugin=plugin, written=entry)

    def _plugin(self, name: str, kind: str, at: Origin, problems: list[Problem]) -> CheckPlugin | None:
        brought = self._plugins.names()
        if kind not in brought:
            problems.append(
                Problem(at, f"{name}: no kind {shown(kind)}; {did_you_mean(kind, (*KINDS, *brought))}")
            )
            return None
        try:
            plugin = self._plugins.load(kind)
        except ValueError as error:
            problems.append(Problem(at, f"{name}: {error}; mend or remove the package that brings it"))
            return None
        unknown = sorted(set(plugin.getters) - GETTERS)
        if unknown:
            problems.append(
                Problem(
                    at,
                    f"{name}: the plug-in asks for {unknown[0]}, which is none of NAPALM's getters; mend it",
                )
            )
            return None
        return plugin

    def _rules(
        self, name: str, spec: NapalmValidateCheck, entry: LocatedDict, problems: list[Problem]
    ) -> tuple[Rule, ...]:
        base = self._root / DIRECTORY
        path = f"{DIRECTORY}/{spec.file}"
        content = read_file(base / spec.file, path, inside=base)
        if isinstance(content, bytes):
            return read_rules(content, path, problems)
        missing = Problem(entry.at["file"], f"{name}: there is no {path}; write it, or name another file")
        problems.append(content if isinstance(content, Problem) else missing)
        return ()


def _misnamed(name: str) -> str | None:
    if name in _BUILT_IN:
        return f"{name} is what every change is checked for by itself; choose another name"
    if len(name) > 63 or not re.fullmatch(ID_PATTERN, name):
        return f"{shown(name)} is no check's name; {ID_FORM}"
    return None
