"""NAPALM's validation (napalm 5, ``napalm.base.validate``) as a list of differences, each with its place.

The words of its files: ``list`` for lists, ``_mode: strict`` for nothing else, ``<5``, ``1<->5``, ``10%200``, and
patterns; files whose patterns would match more than they say are refused when they are read.
"""

import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from typing import Any

from netmgr.change.check_points import Point, Points, Verdict, not_measured, verdict
from netmgr.ports.checks import Rule

NUMERIC = re.compile(r"(<=|>=|<|>)(\d+(?:\.\d+)?)")
RANGE = re.compile(r"(\d+(?:\.\d+)?)<->(\d+(?:\.\d+)?)")
TOLERANCE = re.compile(r"(\d+)%(\d+)")
_OPERATORS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}

Results = Mapping[str, Any]


def judge_napalm(
    rules: Sequence[Rule], before: Results, now: Results, unanswered: Mapping[str, str]
) -> Verdict:
    """Every rule must hold; a difference that was there before is not the change's fault."""
    for rule in rules:
        if rule.getter.key not in now:
            return not_measured(f"{rule.getter.key}: {unanswered.get(rule.getter.key, 'no answer')}")
    return verdict(_points(rules, now), _points(rules, before), passed=f"{len(rules)} getters comply")


def differences(expected: Any, actual: Any, place: str) -> Iterator[tuple[str, str]]:
    """(place, what is wrong) for everything in which ``actual`` does not comply."""
    if isinstance(expected, Mapping):
        strict = expected.get("_mode") == "strict"
        if "list" in expected:
            yield from _list(expected["list"], actual, place, strict=strict)
        elif isinstance(actual, Mapping):
            yield from _mapping(expected, actual, place, strict=strict)
        elif (strict and actual) or any(key != "_mode" for key in expected):
            yield place, f"a mapping expected, {_short(actual)} found"
    elif not _complies(expected, actual):
        yield place, f"{_short(expected)} expected, {_short(actual)} found"


def _mapping(
    expected: Mapping[str, Any], actual: Mapping[str, Any], place: str, *, strict: bool
) -> Iterator[tuple[str, str]]:
    wanted = {key: value for key, value in expected.items() if key != "_mode"}
    for key, value in wanted.items():
        if key in actual:
            yield from differences(value, actual[key], f"{place}.{key}")
        else:
            yield f"{place}.{key}", "missing"
    for key in actual if strict else ():
        if key not in wanted:
            yield f"{place}.{key}", "not expected"


def _list(expected: Sequence[Any], actual: Any, place: str, *, strict: bool) -> Iterator[tuple[str, str]]:
    """Each expected item takes one of the list; the order does not matter."""
    if not isinstance(actual, Sequence) or isinstance(actual, str):
        yield place, f"a list expected, {_short(actual)} found"
        return
    left = list(actual)
    for item in expected:
        index = next((i for i, one in enumerate(left) if not any(differences(item, one, place))), None)
        if index is None:
            yield f"{place}[{_short(item)}]", "missing"
        else:
            del left[index]
    for one in left if strict else ():
        yield f"{place}[{_short(one)}]", "not expected"


def _complies(expected: Any, actual: Any) -> bool:
    if not isinstance(expected, str):
        return bool(expected == actual)
    if match := NUMERIC.fullmatch(expected):
        number = _number(actual)
        return number is not None and _OPERATORS[match[1]](number, float(match[2]))
    if match := RANGE.fullmatch(expected):
        number = _number(actual)
        return number is not None and float(match[1]) <= number <= float(match[2])
    if match := TOLERANCE.fullmatch(expected):
        number, middle = _number(actual), float(match[2])
        return number is not None and isclose(middle, number, abs_tol=middle * int(match[1]) / 100)
    return re.search(expected, str(actual)) is not None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _points(rules: Sequence[Rule], results: Results) -> Points:
    """A point for each difference; one whose getter did not answer is not there."""
    return {
        place: Point(False, f"{place}: {what}")
        for rule in rules
        if rule.getter.key in results
        for place, what in differences(rule.expected, results[rule.getter.key], rule.name)
    }


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
