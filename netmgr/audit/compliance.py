"""Compliance: a device's running configuration beside the rules that concern it. Pure functions."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from netmgr.audit.verdicts import Verdicts
from netmgr.model.audit import Finding, Passed
from netmgr.model.compliance import Block, Demands, Rule, filled
from netmgr.platforms.form import Path

_SHOWN = 3

#: What a pattern begins with before anything in it is special.
_PLAIN = re.compile(r"[A-Za-z0-9 _/:-]*")


def comply(paths: Iterable[Path], rules: Iterable[Rule], *, hide: Callable[[str], str]) -> Verdicts:
    """``paths`` are the lines of what runs, ``rules`` those that concern the device; ``hide`` makes a line shown.

    Patterns see the lines as they are, secrets and all; what is said of them is hidden.
    """
    text = _Text(paths)
    findings, passed = [], []
    for rule in rules:
        looked, problems = _problems(rule.demands, text, hide)
        if problems:
            findings.append(_finding(rule, problems))
        elif looked:
            passed.append(Passed(part="compliance", check="compliance", rule=rule.name))
    return Verdicts(tuple(findings), tuple(passed))


def _finding(rule: Rule, problems: Sequence[str]) -> Finding:
    demands = rule.demands
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    detail = f"{rule.name}: {demands.title}: {'; '.join(problems[:_SHOWN])}{more}"
    if demands.remedy:
        detail += f"; {demands.remedy}"
    return Finding(
        part="compliance",
        check="compliance",
        rule=rule.name,
        status="failed",
        severity=demands.severity,
        detail=f"{detail} ({demands.reference})" if demands.reference else detail,
        reference=demands.reference,
    )


class _Text:
    """A configuration by sections: the lines that stand in each, in order."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._inside: dict[Path, list[str]] = {(): []}
        for path in paths:
            self._inside.setdefault(path[:-1], []).append(path[-1])
        self._openers: dict[Path, tuple[Path, ...]] = {}

    def lines(self, section: Path) -> Sequence[str]:
        """The lines directly in the section."""
        return self._inside.get(section, ())

    def sections(self, patterns: Sequence[str], above: Path = ()) -> Iterator[Path]:
        """The sections that ``patterns`` open, one for each level below ``above``."""
        if not patterns:
            yield above
            return
        takes = _taker(patterns[0])
        for line in dict.fromkeys(self.lines(above)):
            if takes(line):
                yield from self.sections(patterns[1:], (*above, line))


def _problems(demands: Demands, text: _Text, hide: Callable[[str], str]) -> tuple[bool, list[str]]:
    """Whether there was anything to look into, and what is wrong there."""
    looked, problems = False, list[str]()
    for section in text.sections(demands.section):
        lines = text.lines(section)
        if not all(_any(pattern, lines) for pattern in demands.when):
            continue
        if any(_any(pattern, lines) for pattern in demands.unless):
            continue
        where = "".join(f"{hide(line)}: " for line in section)
        for line, taken in _subjects(demands.each, lines):
            looked = True
            of = f"{where}{hide(line)}: " if line else where
            problems += (f"{of}{problem}" for problem in _wrong(demands, text, section, taken, hide))
    return looked, problems


def _subjects(each: str | None, lines: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What the demand is made of: every line that ``each`` takes with its groups, or the section itself."""
    if each is None:
        yield "", {}
        return
    for line in lines:
        if match := re.fullmatch(each, line, re.DOTALL):
            yield line, {name: value or "" for name, value in match.groupdict().items()}


def _wrong(
    demands: Demands, text: _Text, section: Path, taken: dict[str, str], hide: Callable[[str], str]
) -> Iterator[str]:
    lines = text.lines(section)
    for pattern in demands.required:
        if not _any(filled(pattern, taken), lines):
            yield f'no line "{pattern}"'
    for pattern in demands.forbidden:
        takes = _taker(filled(pattern, taken))
        yield from (f"must not be there: {hide(line)}" for line in lines if takes(line))
    for block in demands.required_blocks:
        yield from _block(block, text, section, taken, hide)
    for block in demands.forbidden_blocks:
        for path in text.sections((filled(block.block, taken),), section):
            if all(_any(filled(line, taken), text.lines(path)) for line in block.lines):
                yield f"must not be there: {hide(path[-1])}"


def _block(
    block: Block, text: _Text, section: Path, taken: dict[str, str], hide: Callable[[str], str]
) -> Iterator[str]:
    """One section that holds all of it is enough; where there are some, what the nearest of them lacks is told."""
    found = [
        (path, list(_lacks(block, text.lines(path), taken, hide)))
        for path in text.sections((filled(block.block, taken),), section)
    ]
    if not found:
        yield f'no section "{block.block}"'
    elif all(lacks for _, lacks in found):
        path, lacks = min(found, key=lambda item: len(item[1]))
        yield from (f"{hide(path[-1])}: {problem}" for problem in lacks)


def _lacks(
    block: Block, lines: Sequence[str], taken: Mapping[str, str], hide: Callable[[str], str]
) -> Iterator[str]:
    wanted = [filled(pattern, dict(taken)) for pattern in block.lines]
    for pattern, written in zip(wanted, block.lines, strict=True):
        if not _any(pattern, lines):
            yield f'no line "{written}"'
    if block.only:
        takers = [_taker(pattern) for pattern in wanted]
        for line in lines:
            if not any(takes(line) for takes in takers):
                yield f"must not be there: {hide(line)}"


def _any(pattern: str, lines: Iterable[str]) -> bool:
    return any(map(_taker(pattern), lines))


@lru_cache(maxsize=4096)
def _taker(pattern: str) -> Callable[[str], bool]:
    """Whether a line is what the pattern says, as a whole. Most lines already begin otherwise: that is seen first."""
    compiled = re.compile(pattern, re.DOTALL)
    start = _PLAIN.match(pattern)
    prefix = start[0] if start else ""
    if "|" in pattern:  # an alternative may begin in another way
        prefix = ""
    elif pattern[len(prefix) : len(prefix) + 1] in ("*", "?", "+", "{"):
        prefix = prefix[:-1]
    return lambda line: line.startswith(prefix) and compiled.fullmatch(line) is not None
