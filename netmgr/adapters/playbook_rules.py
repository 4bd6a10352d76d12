"""What a playbook's YAML says before it is played: its plays, what it includes, and where it would work here.

What is only known while it is played (a name made by a template) is held to the same rules then
(``netmgr.adapters.ansible_plugins``).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from netmgr.adapters.inventory_files import read_file
from netmgr.errors import InputError
from netmgr.model.origins import Problem
from netmgr.model.playbook import Playbook

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_LOCAL = re.compile(r"(?:ansible\.(?:builtin|legacy)\.)?local")
_PREFIX = re.compile(r"^ansible\.(?:builtin|legacy)\.")
_SUFFIXES = (".yaml", ".yml", ".json")
#: Where a key names files: key → directories, below the file's own and below playbooks/, that Ansible looks in.
_FILES = {
    "import_playbook": ("",),
    "import_tasks": ("", "tasks"),
    "include_tasks": ("", "tasks"),
    "include_vars": ("", "vars"),
    "vars_files": ("",),
}
_ROLES = frozenset({"import_role", "include_role"})
_MOST_FILES = 1000


class Inspection:
    """One look at a playbook and at all that it names. ``shown`` is the directory's name for messages."""

    def __init__(self, directory: Path, shown: str) -> None:
        self._directory, self._shown = directory, shown
        self._seen: set[Path] = set()
        self._problems: list[str] = []
        self._local: list[str] = []

    def playbook(self, path: Path) -> Playbook:
        """The playbook in ``path``. Raises InputError with every problem, each with file and line."""
        root = self._document(path)
        plays: list[yaml.MappingNode] = []
        if isinstance(root, yaml.SequenceNode):
            plays = [node for node in root.value if isinstance(node, yaml.MappingNode)]
        if not self._problems and not plays:
            self._problems.append(f"{self._name(path)}:1: it holds no play; a playbook is a list of plays")
        names, hosts = [], []
        for play in plays:
            said = _plain(play)
            names.append(str(said.get("name") or said.get("import_playbook") or said.get("hosts")))
            hosts += _patterns(said.get("hosts"))
        self._follow(path, root)
        if self._problems:
            raise InputError(sorted(set(self._problems)))
        return Playbook(
            name=path.stem,
            file=self._name(path),
            plays=tuple(names),
            hosts=tuple(dict.fromkeys(hosts)),
            local=tuple(dict.fromkeys(self._local)),
        )

    def _document(self, path: Path) -> yaml.Node | None:
        shown = self._name(path)
        content = read_file(path, shown, inside=self._directory)
        if content is None or isinstance(content, Problem):
            self._problems.append(str(content) if content else f"{shown}:1: there is no such file")
            return None
        try:
            root: yaml.Node | None = yaml.compose(content, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self._problems.append(f"{shown}:{line}: {getattr(error, 'problem', None) or 'no YAML'}; mend it")
            return None
        return root

    def _follow(self, path: Path, root: yaml.Node | None) -> None:
        """Judge one file, and the files that it names."""
        if root is None or len(self._seen) > _MOST_FILES or path in self._seen:
            return
        self._seen.add(path)
        for key, node in _pairs(root):
            where = f"{self._name(path)}:{node.start_mark.line + 1}"
            short = _PREFIX.sub("", key)
            if reason := _works_here(short, node):
                self._local.append(f"{where}: {reason}")
            if short in _FILES:
                for name in _file_names(node):
                    self._named(path, where, name, _FILES[short])
            elif short in _ROLES or key == "roles":
                for name in _role_names(node):
                    self._role(path, where, name)

    def _named(self, path: Path, where: str, name: str, below: tuple[str, ...]) -> None:
        if "{{" in name:
            return
        places = [base / part / name for base in (path.parent, self._directory) for part in below]
        if Path(name).is_absolute() or not self._inside(path.parent / name):
            self._problems.append(f"{where}: {name} leads out of {self._shown}/; put the file there")
            return
        for place in places:
            if self._inside(place) and place.is_file() and place.suffix in _SUFFIXES:
                self._follow(place, self._document(place))
                return

    def _role(self, path: Path, where: str, name: str) -> None:
        if "{{" in name or re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+", name):
            return  # of a collection
        places = [base / name for base in (self._directory / "roles", path.parent / "roles", self._directory)]
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            self._problems.append(
                f"{where}: {name!r} is no role's name; put the role in {self._shown}/roles/"
            )
            return
        for place in places:
            if place.is_dir() and self._inside(place):
                for part in sorted([*place.glob("tasks/*.y*ml"), *place.glob("handlers/*.y*ml")]):
                    self._follow(part, self._document(part))
                return

    def _inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self._directory.resolve())
        except (OSError, RuntimeError):
            return False

    def _name(self, path: Path) -> str:
        try:
            return f"{self._shown}/{path.resolve().relative_to(self._directory.resolve())}"
        except ValueError:
            return f"{self._shown}/{path.name}"


def _works_here(key: str, node: yaml.Node) -> str | None:
    """Why a task or play would work on the machine that runs netmgr."""
    said = node.value if isinstance(node, yaml.ScalarNode) else ""
    if key == "local_action":
        return "local_action"
    if key in ("connection", "ansible_connection") and _LOCAL.fullmatch(said):
        return f"{key}: {said}"
    if key == "delegate_to" and said in _HERE:
        return f"delegate_to: {said}"
    if key == "hosts":
        for pattern in _patterns(_value(node)):
            if any(part.strip("!& ") in _HERE for part in (pattern, *re.split("[,:]", pattern))):
                return f"hosts: {pattern}"
    return None


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """Every key with its value, at any depth."""
    waiting, met = [node], set()
    while waiting:
        here = waiting.pop()
        if id(here) in met:  # an alias, which may lead in a circle
            continue
        met.add(id(here))
        if isinstance(here, yaml.MappingNode):
            for key, value in here.value:
                if isinstance(key, yaml.ScalarNode):
                    yield key.value, value
            waiting += [value for _, value in reversed(here.value)]
        elif isinstance(here, yaml.SequenceNode):
            waiting += reversed(here.value)


def _file_names(node: yaml.Node) -> Iterator[str]:
    said = _value(node)
    if isinstance(said, dict):
        yield from (str(said[key]) for key in ("file", "dir") if key in said)
    elif isinstance(said, list):
        yield from (str(item) for item in said if isinstance(item, str))
    elif isinstance(said, str):
        # The old way of writing a module's arguments.
        yield re.sub(r"^(?:file|dir)=", "", said.split(" ")[0]) if "=" in said else said


def _role_names(node: yaml.Node) -> Iterator[str]:
    said = _value(node)
    for item in said if isinstance(said, list) else [said]:
        if isinstance(item, dict):
            name = item.get("role") or item.get("name")
            if isinstance(name, str):
                yield name
        elif isinstance(item, str):
            yield re.sub(r"^name=", "", item)


def _patterns(said: Any) -> list[str]:
    if isinstance(said, list):
        return [str(item) for item in said]
    return [] if said is None else [str(said)]


def _plain(node: yaml.MappingNode) -> dict[str, Any]:
    return {key.value: _value(value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _value(node: yaml.Node, depth: int = 3) -> Any:
    """Text, lists and mappings of it, as deep as names are written; tags (`!unsafe`, `!vault`) mean nothing here."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if depth and isinstance(node, yaml.SequenceNode):
        return [_value(item, depth - 1) for item in node.value]
    if depth and isinstance(node, yaml.MappingNode):
        return {
            key.value: _value(value, depth - 1)
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode)
        }
    return None
