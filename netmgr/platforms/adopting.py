"""What every platform's reader of configurations shares: which lines are explained, and where the others go."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from netmgr.model.adoption import Adopted, AdoptedLine
from netmgr.model.device import DeviceData, literal_secret
from netmgr.platforms.form import Path


class Reading:
    """One configuration while it is read: ``paths`` are all of its lines, in canonical order.

    A reader takes the lines that the device data will say; what nobody took becomes ``extra_config``.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        self._taken: dict[Path, str] = {}
        self._names: dict[str, str] = {}

    def take(self, feature: str, *paths: Path) -> None:
        """These lines are said by the data, as ``feature``."""
        for path in paths:
            self._taken[path] = feature

    def taken(self, path: Path) -> bool:
        """Whether the data says the line."""
        return path in self._taken

    def secret(self, value: str, *words: str) -> str:
        """The reference that stands for a secret; ``words`` name it where its value is new."""
        if value not in self._names:
            parts = re.findall(r"[a-z0-9]+", " ".join(words).lower())
            name, used = "-".join(parts)[:100].strip("-") or "secret", set(self._names.values())
            numbered = (f"{name}-{number}" for number in range(2, len(used) + 3))
            self._names[value] = next(n for n in (name, *numbered) if n not in used)
        return f"secret://age/{self._names[value]}"

    def adopted(
        self,
        data: Mapping[str, object],
        *,
        feature: Callable[[Path], str | None],
        secret: Callable[[str], tuple[str, str, str] | None],
        indent: str = " ",
    ) -> Adopted:
        """The end. ``feature`` names the feature that a line nobody took is of; ``secret`` splits a line into what is
        before its secret, the secret, and what follows, where it holds one.
        """
        extra = self._extra(secret)
        return Adopted(
            data=_in_order({**data, **({"extra_config": extra} if extra else {})}),
            lines=tuple(
                AdoptedLine(
                    text=indent * (len(path) - 1) + path[-1],
                    feature=self._taken.get(path) or feature(path),
                    explained=path in self._taken,
                )
                for path in self.paths
            ),
            secrets={name: value for value, name in self._names.items()},
        )

    def _extra(self, secret: Callable[[str], tuple[str, str, str] | None]) -> list[object]:
        """The lines that are left, as they follow each other: among lines of which the platform keeps the order, a
        section has its place too. One that lines stand in says itself.
        """
        left = [path for path in self.paths if path not in self._taken]
        # Every section that holds a line which is taken or left is opened by that line.
        opened = {path[:depth] for path in self.paths for depth in range(1, len(path))}
        found: list[object] = []
        last: tuple[Path, list[str]] = ((), [])
        for path in left:
            if path in opened:
                continue
            section, line = path[:-1], self._hidden(path[-1], secret)
            if not section:
                found.append(line)
                last = ((), [])
            elif section == last[0]:
                last[1].append(line)
            else:
                last = (section, [line])
                words = section[0] if len(section) == 1 else list(section)
                found.append({"section": words, "lines": last[1]})
        return found

    def _hidden(self, line: str, secret: Callable[[str], tuple[str, str, str] | None]) -> str:
        """The line without its secret; what the inventory would take for one is one."""
        parts = secret(line) or literal_secret(line)
        while parts is not None:
            before, value, after = parts
            line = f"{before}{self.secret(value, before)}{after}"
            parts = literal_secret(line)
        return line


def _in_order(data: Mapping[str, object]) -> dict[str, object]:
    """What the data says in the order in which the reference has it."""
    return {key: data[key] for key in (*DeviceData.model_fields, *data) if key in data}


def fits(kind: Any, value: object) -> bool:
    """Whether the inventory would take ``value`` as one of this kind: a model or an annotated type."""
    try:
        _adapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
