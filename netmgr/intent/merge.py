"""The precedence of layers: dictionaries merge deeply, lists replace, null removes what a lower layer said."""

from collections.abc import Iterable, Mapping

from netmgr.model.origins import LocatedDict, Origin

MAX_GENERATIONS = 32


def merged(layers: Iterable[LocatedDict], origin: Origin) -> LocatedDict:
    """The layers put on each other, the weakest first; every value keeps its origin. The layers stay as they are."""
    result = LocatedDict(origin)
    for layer in layers:
        result = _put_on(result, layer)
    result.origin = origin
    return result


def overlaid(data: LocatedDict, overlay: LocatedDict) -> LocatedDict:
    """``data`` with ``overlay`` on it. Mappings keep their places: what one of them lacks is missed in the inventory,
    not in the settings that the overlay comes from.
    """
    return _put_on(data, overlay, moves=False)


def _put_on(base: LocatedDict, top: LocatedDict, *, moves: bool = True) -> LocatedDict:
    """``moves`` tells whether a mapping that both have takes the place that ``top`` gives it."""
    result = LocatedDict(top.origin if moves else base.origin)
    result.update(base)
    result.at.update(base.at)
    for key, value in top.items():
        below = base.get(key)
        if value is None:
            result.pop(key, None)
            result.at.pop(key, None)
        elif not isinstance(value, LocatedDict):
            result.put(key, value, top.at[key])
        elif isinstance(below, LocatedDict):
            result.put(key, _put_on(below, value, moves=moves), top.at[key] if moves else base.at[key])
        else:
            result.put(key, _without_nulls(value), top.at[key])
    return result


def _without_nulls(value: LocatedDict) -> LocatedDict:
    """``value`` itself where it holds no null, so that layers share what they have in common."""
    changed = {
        key: None if item is None else cleaned
        for key, item in value.items()
        if item is None or (isinstance(item, LocatedDict) and (cleaned := _without_nulls(item)) is not item)
    }
    if not changed:
        return value
    result = LocatedDict(value.origin)
    for key, item in value.items():
        if item is not None:
            result.put(key, changed.get(key, item), value.at[key])
    return result


def lineages(parents: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """For each group, itself and all groups that it brings in, the strongest first: each followed by its own parents
    (Nornir's order). And, for each group that cannot be resolved, why. ``parents`` is what each group lists.
    """
    found: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, str] = {}

    def visit(group: str, chain: tuple[str, ...]) -> tuple[str, ...]:
        if group in chain:
            circle = " → ".join((*chain[chain.index(group) :], group))
            wrong.setdefault(group, f"inherits from itself ({circle}); break the circle")
        elif len(chain) >= MAX_GENERATIONS:
            wrong.setdefault(
                chain[0], f"inherits through more than {MAX_GENERATIONS} groups; make the chain shorter"
            )
        elif group not in found:
            line = {group: None}
            for parent in parents.get(group, ()):
                line.update(dict.fromkeys(visit(parent, (*chain, group))))
            found[group] = tuple(line)
        return found.get(group, ())

    for group in parents:
        visit(group, ())
    return found, wrong


def inherited(groups: Iterable[str], lines: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """All groups of a host that lists ``groups``, the strongest first."""
    return tuple(dict.fromkeys(name for group in groups for name in lines.get(group, ())))
