"""Ignore patterns: what an audit lets be for a while. One that has expired hides nothing, and says so. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from netmgr.audit.verdicts import Verdicts
from netmgr.model.audit import AuditPart, Finding
from netmgr.model.ignore import Ignored, IgnorePattern
from netmgr.platforms.form import Path, PlatformForm
from netmgr.platforms.owned import text_of


@dataclass(frozen=True, slots=True)
class Ignoring:
    """The patterns that concern a device, and the day (the client's) on which it is audited."""

    patterns: Sequence[IgnorePattern] = ()
    today: date = date.min


def without_ignored(
    running: str, intended: str, ignoring: Ignoring, form: PlatformForm
) -> tuple[str, str, tuple[Finding, ...]]:
    """Both canonical texts without the differences that somebody answers for, and what is to be said of each pattern.

    Lines that are the same on both sides are no difference, and stay.
    """
    patterns = [pattern for pattern in ignoring.patterns if pattern.ignored.lines]
    if running == intended or not patterns:
        return running, intended, ()
    ours, theirs = form.paths(intended), form.paths(running)
    there, wanted = set(theirs), set(ours)
    differing = there ^ wanted
    dropped: set[Path] = set()
    findings = []
    for pattern in patterns:
        hidden = {path for path in differing if _takes(pattern.ignored, path)}
        if not hidden:
            continue
        expired = pattern.expired(ignoring.today)
        findings.append(_finding(pattern, "configuration", len(hidden), expired=expired))
        if not expired:
            dropped |= hidden
    if not dropped:
        return running, intended, tuple(findings)
    left = [
        form.canonical(text_of(path for path in paths if path not in dropped)) for paths in (theirs, ours)
    ]
    return left[0], left[1], tuple(findings)


def excepted(verdicts: Verdicts, ignoring: Ignoring) -> Verdicts:
    """What the rules say, with those let be that somebody answers for."""
    findings: list[Finding] = []
    for finding in verdicts.findings:
        patterns = [one for one in ignoring.patterns if finding.rule in one.ignored.rules]
        valid = [one for one in patterns if not one.expired(ignoring.today)]
        if valid:
            findings.append(_finding(valid[0], "compliance", 0, expired=False, rule=finding.rule))
            continue
        findings.append(finding)
        findings += (_finding(one, "compliance", 0, expired=True, rule=finding.rule) for one in patterns)
    return Verdicts(tuple(findings), verdicts.passed)


def _takes(ignored: Ignored, path: Path) -> bool:
    """Whether the path's line, or a section around it, is one of the pattern's."""
    depth = len(ignored.section)
    if len(path) <= depth or not all(map(_is, ignored.section, path[:depth])):
        return False
    return any(_is(pattern, path[depth]) for pattern in ignored.lines)


def _is(pattern: str, line: str) -> bool:
    return re.fullmatch(pattern, line, re.DOTALL) is not None


def _finding(
    pattern: IgnorePattern, part: AuditPart, lines: int, *, expired: bool, rule: str | None = None
) -> Finding:
    ignored = pattern.ignored
    what = f"the rule {rule}" if rule else f"{lines} line{'s' if lines > 1 else ''}"
    who = f"{ignored.reason} ({ignored.owner})"
    if expired:
        detail = (
            f"{pattern.name} let {what} be until {ignored.expires}: {who}; renew or remove {pattern.origin}"
        )
    else:
        detail = f"{pattern.name} lets {what} be until {ignored.expires}: {who}"
    return Finding(
        part=part,
        check="ignored",
        rule=rule or pattern.name,
        status="failed" if expired else "not_measured",
        severity="warning" if expired else "info",
        detail=detail,
    )
