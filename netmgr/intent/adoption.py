"""From what a device runs to what hosts.yaml shall say of it: only what the inventory does not say already.

Both the configuration that the inventory renders and the one that runs are read by the platform's reader; where the two
readings differ, the inventory is edited. So links, groups and defaults keep saying what they say.
"""

import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from netmgr.model.adoption import Edit, Key
from netmgr.model.device import DeviceData
from netmgr.model.names import SECRET_REFERENCE

_MISSING = object()

Tree = Mapping[Key, object]


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Edit, ...]:
    """What turns one reading into the other: mappings by their keys, everything else as a whole."""
    return tuple(_changes((), before, after))


def _changes(
    path: tuple[Key, ...], before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[Edit]:
    for key in before:
        if key not in after:
            yield Edit((*path, key), remove=True)
    for key, value in after.items():
        old = before.get(key, _MISSING)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            yield from _changes((*path, key), old, value)
        elif old != value or type(old) is not type(value):
            yield Edit((*path, key), value)


def edits(
    own: Tree, inherited: Tree, wanted: Iterable[Edit], before: Mapping[str, object]
) -> tuple[Edit, ...]:
    """The edits of a host's own data that make the wanted changes.

    ``own`` is what hosts.yaml says, ``inherited`` what groups and defaults say, ``before`` the reading that the changes
    start from. What neither says comes from links or other devices: it can only be said otherwise.
    """
    found = []
    for edit in wanted:
        if not edit.remove:
            if at(own, edit.path) != edit.value or edit.value == {}:
                found.append(edit)
        else:
            found += _removed(own, inherited, edit.path, at(before, edit.path))
    return tuple(found)


def _removed(own: Tree, inherited: Tree, path: tuple[Key, ...], value: object) -> Iterator[Edit]:
    """Without what was read at ``path``. What the model names, unlike what somebody named, may hold more than a reading
    shows (what the device's host takes care of).
    """
    if isinstance(value, Mapping) and _is_of_the_model(path):
        for key, item in value.items():
            yield from _removed(own, inherited, (*path, key), item)
    elif at(inherited, path) is not _MISSING:
        yield Edit(path)
    elif at(own, path) is not _MISSING:
        yield Edit(path, remove=True)
    else:
        yield from _otherwise(path, value)


def _is_of_the_model(path: Iterable[Key]) -> bool:
    """Whether the last step of ``path`` is the model's own word (``system.syslog``, ``interfaces``), no name."""
    kind: Any = DeviceData
    named = False
    for step in path:
        kind, named = _below(kind, step)
    return not named


def _below(kind: Any, step: Key) -> tuple[Any, bool]:
    """The kind of value below a step, and whether the step is a name that somebody gave."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(step))
        return (_bare(field.annotation) if field else None), False
    if get_origin(kind) is Mapping:
        return _bare(get_args(kind)[1]), True
    return None, True


def _bare(kind: Any) -> Any:
    """A kind without its constraints, and without the None that it may also be."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return next((_bare(each) for each in get_args(kind) if each is not type(None)), None)
    return kind


def _otherwise(path: tuple[Key, ...], value: object) -> Iterator[Edit]:
    """What says that something which follows from elsewhere does not hold here, where the model has words for it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _otherwise((*path, key), item)
    elif path[-1] == "description":
        yield Edit(path, "")
    elif value is True:
        yield Edit(path, False)


def at(tree: object, path: Iterable[Key]) -> object:
    """The value at ``path``, or a mark that is equal to nothing else."""
    for step in path:
        if not isinstance(tree, Mapping) or step not in tree:
            return _MISSING
        tree = tree[step]
    return tree


def replaces(own: Tree, wanted: Iterable[Edit]) -> bool:
    """Whether an edit changes or removes what stands in the file; else all of them only add."""
    return any(edit.remove or at(own, edit.path) not in (_MISSING, edit.value) for edit in wanted)


def named(data: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """A reading with other references: ``names`` maps a name of the reader to the reference that shall stand there."""

    def renamed(value: object) -> object:
        if isinstance(value, Mapping):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if isinstance(value, str):
            return SECRET_REFERENCE.sub(lambda found: names[found[2]], value)
        return value

    return {key: renamed(value) for key, value in data.items()}
