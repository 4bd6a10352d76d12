"""A NAPALM validate file → its rules. What NAPALM would silently ignore or match too much of is refused.

NAPALM (5.2, ``napalm.base.validate``) passes over ``get_config``, keeps the last of two results with one name, searches
text for a pattern anywhere, and calls whatever method of the driver a file names.
"""

import re
from collections.abc import Iterator
from typing import Any

from netmgr.adapters.yaml_lines import parse_list
from netmgr.change.check_napalm import NUMERIC, RANGE, TOLERANCE
from netmgr.model.check_state import Getter
from netmgr.model.fields import shown
from netmgr.model.origins import Doubtful, LocatedDict, LocatedList, Origin, Problem, locate
from netmgr.model.suggest import did_you_mean
from netmgr.platforms.napalm_getters import GETTERS
from netmgr.ports.checks import Rule

_KNOWN = sorted(GETTERS - {"get_config"})


def read_rules(content: bytes, path: str, problems: list[Problem]) -> tuple[Rule, ...]:
    """The rules of a file; every problem is appended."""
    file = parse_list(content, path, problems)
    rules: dict[str, tuple[Rule, Origin]] = {}
    for item, at in zip(file or (), file.at if file is not None else (), strict=True):
        if not isinstance(item, LocatedDict):
            if not isinstance(item, Doubtful):
                problems.append(
                    Problem(
                        at, "an item must be a getter with what its result shall hold; write - get_facts: {…}"
                    )
                )
            continue
        for getter, expected in item.items():
            origin = item.at[getter]
            rule = _rule(str(getter), expected, origin, problems)
            if rule is None:
                continue
            if rule.name in rules:
                first = rules[rule.name][1]
                message = (
                    f"{rule.name} was already given at {first}: NAPALM keeps the last one only; "
                    "put both into one, or name this one with _name"
                )
                problems.append(Problem(origin, message))
            rules[rule.name] = (rule, origin)
    if file is not None and not rules and not problems:
        problems.append(Problem(Origin(path, 1), "the file holds no rule; write - get_facts: {…}"))
    return tuple(rule for rule, _ in rules.values())


def _rule(getter: str, expected: object, origin: Origin, problems: list[Problem]) -> Rule | None:
    if getter == "get_config":
        problems.append(
            Problem(
                origin,
                "NAPALM ignores rules for get_config; remove it: netmgr compares the configuration itself",
            )
        )
        return None
    if getter not in GETTERS:
        problems.append(Problem(origin, f"no getter {shown(getter)}; {did_you_mean(getter, _KNOWN)}"))
        return None
    if not isinstance(expected, LocatedDict):
        if not isinstance(expected, Doubtful):
            problems.append(
                Problem(
                    origin, f"{getter} must hold a mapping; write what is expected of each key, or list: […]"
                )
            )
        return None
    arguments: Any = expected.get("_kwargs", {})
    name = expected.get("_name") or getter
    if not isinstance(arguments, LocatedDict | dict) or not all(
        isinstance(v, str | int | bool) for v in arguments.values()
    ):
        problems.append(
            Problem(locate(expected, ("_kwargs",), origin), "_kwargs must be a mapping of plain values")
        )
        return None
    if not isinstance(name, str):
        problems.append(Problem(locate(expected, ("_name",), origin), "_name must be text"))
        return None
    rest = LocatedDict(origin)
    for key, value in expected.items():
        if key not in ("_kwargs", "_name"):
            rest.put(key, value, expected.at[key])
    problems += _traps(rest, origin)
    kwargs: dict[str, Any] = {str(key): value for key, value in arguments.items()}
    return Rule(name=name, getter=Getter(name=getter, arguments=kwargs), expected=_plain(rest))


def _traps(value: object, origin: Origin) -> Iterator[Problem]:
    """What NAPALM's comparison would take otherwise than it reads."""
    if isinstance(value, LocatedDict):
        mode = value.get("_mode")
        if mode not in (None, "strict"):
            yield Problem(
                value.at["_mode"], f"_mode {shown(mode)} is not known; write strict, or leave it out"
            )
        if "list" in value:
            others = [key for key in value if key not in ("list", "_mode")]
            if others:
                yield Problem(
                    value.at[others[0]],
                    f"{shown(others[0])} stands beside list: NAPALM ignores it; remove one",
                )
            items = value["list"]
            if not isinstance(items, LocatedList):
                yield Problem(value.at["list"], "list must hold a list; write list: […]")
                return
            for item, at in zip(items, items.at, strict=True):
                yield from _traps(item, at)
            return
        for key, inner in value.items():
            if key != "_mode":
                yield from _traps(inner, value.at[key])
    elif isinstance(value, LocatedList):
        yield Problem(
            origin, "NAPALM compares only the beginning of a plain list; write list: […] below the key"
        )
    elif isinstance(value, str) and not isinstance(value, Doubtful):
        message = _pattern_trap(value)
        if message:
            yield Problem(origin, message)


def _pattern_trap(text: str) -> str | None:
    if any(form.fullmatch(text) for form in (NUMERIC, RANGE, TOLERANCE)):
        return None
    if text.startswith(("<", ">")):
        return f"{shown(text)} is no comparison; write it like <5, >=10, 1<->5 or 10%200"
    try:
        re.compile(text)
    except re.error as error:
        return f"{shown(text)} is no pattern: {error}; write ^text$, with a backslash before . and the like"
    if not _anchored(text):
        whole = text.strip("^$")
        return f"NAPALM searches {shown(text)} anywhere in the text, and more would match; write it like ^{whole}$"
    return None


def _anchored(pattern: str) -> bool:
    """Whether a pattern matches nothing but a whole text: ``^…$`` without an alternative outside of brackets."""
    depth, in_class, index = 0, False, 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            index += 2
            if index >= len(pattern):
                return False
            continue
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            return False
        index += 1
    return pattern.startswith("^") and pattern.endswith("$")


def _plain(value: Any) -> Any:
    """Without positions."""
    if isinstance(value, LocatedDict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, LocatedList) else value
