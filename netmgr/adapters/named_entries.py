"""Directories below config in which every file holds entries by name: name → entry, each with its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import Doubtful, LocatedDict, Origin, Problem, locate


class Entry(NamedTuple):
    """One entry as it was written."""

    name: str
    written: LocatedDict
    origin: Origin


def named_entries(root: Path, directory: str, kind: str, problems: list[Problem]) -> Iterator[Entry]:
    """Every entry of the files in ``directory``; ``kind`` is what messages call one. Raises InputError."""
    seen: dict[str, Origin] = {}
    for path in yaml_files(root, directory):
        yield from _file(root, f"{directory}/{path.name}", kind, seen, problems)


def entries_of(root: Path, file: str, kind: str, problems: list[Problem]) -> Iterator[Entry]:
    """Every entry of one file; none where it is not there."""
    yield from _file(root, file, kind, {}, problems)


def yaml_files(root: Path, directory: str) -> list[Path]:
    """The files directly in ``directory`` that hold YAML, sorted; none where there is no such directory."""
    try:
        entries = sorted((root / directory).iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(
            [f"{directory}:1: the directory cannot be read ({error.strerror}); make it readable"]
        ) from None
    return [
        entry for entry in entries if entry.suffix in (".yaml", ".yml") and not entry.name.startswith(".")
    ]


def _file(
    root: Path, name: str, kind: str, seen: dict[str, Origin], problems: list[Problem]
) -> Iterator[Entry]:
    content = read_file(root / name, name, inside=root)
    if isinstance(content, Problem):
        problems.append(content)
    elif content is not None and (file := parse(content, name, problems)) is not None:
        yield from _entries(file, kind, seen, problems)


def _entries(
    file: LocatedDict, kind: str, seen: dict[str, Origin], problems: list[Problem]
) -> Iterator[Entry]:
    for key, value in file.items():
        origin, name = locate(file, (key,), file.origin), str(key)
        if len(name) > 63 or not re.fullmatch(ID_PATTERN, name):
            problems.append(Problem(origin, f"{shown(name)} is no name of {kind}; {ID_FORM}"))
        elif name in seen:
            problems.append(
                Problem(origin, f"{kind} {name} was already given at {seen[name]}; choose another name")
            )
        elif isinstance(value, LocatedDict):
            seen[name] = origin
            yield Entry(name, value, origin)
        elif not isinstance(value, Doubtful):
            problems.append(Problem(origin, f"{name}: {kind} must be a mapping (key: value)"))
