"""Tickets → how each level of the agreement was kept (pure)."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from netmgr.model.agreement_levels import Target as Promised
from netmgr.model.service_calendar import ServiceCalendar
from netmgr.report.service_facts import InForce, Result, ServiceFacts, Target, TicketFacts

TargetName = Literal["response", "resolution"]
TARGETS: tuple[TargetName, ...] = ("response", "resolution")


class LevelResult(NamedTuple):
    """One target of one priority, and what became of the period's tickets that it judges.

    ``promised`` is the length of time as agreed, of ``target.calendar``. ``versions`` are those of the agreement that
    promise it, ``holds`` says whether one of them was in force in the period. ``seqs`` are of the tickets that count.
    """

    versions: tuple[int, ...]
    holds: bool
    priority: str
    name: TargetName
    promised: str
    target: Promised
    counts: Counter[Result]
    seqs: tuple[int, ...]

    @property
    def result(self) -> Result:
        """Missed once is missed. What was cancelled before it was due says nothing."""
        return counted_result(self.counts)

    @property
    def pending(self) -> int:
        """Those that are not decided."""
        return self.counts["running"] + self.counts["paused"]


def counted_result(counts: Counter[Result]) -> Result:
    """Of tickets together."""
    if counts["missed"]:
        return "missed"
    pending = counts["running"] + counts["paused"]
    return "met" if counts["met"] else "running" if pending else "not_measured"


def level_results(facts: ServiceFacts) -> tuple[LevelResult, ...]:
    """Every level, the most severe first; what several versions promise alike is one.

    Of versions that only judge older tickets there is what they judge.
    """
    found: list[tuple[LevelResult, ServiceCalendar]] = []
    for version in facts.versions:
        for each in _of_version(facts, version):
            calendar = version.agreement.calendar
            same = next(
                (n for n, (one, other) in enumerate(found) if _alike(one, each) and other == calendar), None
            )
            if same is None:
                found.append((each, calendar))
            else:
                found[same] = (_together(found[same][0], each), calendar)
    made = [each for each, _ in found if each.holds or each.counts]
    return tuple(sorted(made, key=lambda each: TARGETS.index(each.name)))


def _alike(one: LevelResult, other: LevelResult) -> bool:
    return (one.name, one.priority, one.promised, one.target) == (
        other.name,
        other.priority,
        other.promised,
        other.target,
    )


def _together(one: LevelResult, other: LevelResult) -> LevelResult:
    return one._replace(
        versions=(*one.versions, *other.versions),
        holds=one.holds or other.holds,
        counts=one.counts + other.counts,
        seqs=tuple(sorted({*one.seqs, *other.seqs})),
    )


def _of_version(facts: ServiceFacts, version: InForce) -> Iterator[LevelResult]:
    for name in TARGETS:
        for priority, target in version.agreement.levels.by_severity.items():
            promised = getattr(target, name)
            if promised is None:
                continue
            judged = [
                one
                for ticket in facts.tickets
                if ticket.version == version.version
                and (one := target_of(ticket, name)) is not None
                and one.priority == priority
                and one.counts
            ]
            yield LevelResult(
                versions=(version.version,),
                holds=version.begins < version.ends,
                priority=priority,
                name=name,
                promised=promised,
                target=target,
                counts=Counter(one.result for one in judged),
                seqs=tuple(sorted({seq for one in judged for seq in one.seqs})),
            )


def target_of(ticket: TicketFacts, name: TargetName) -> Target | None:
    """One of the two."""
    return ticket.response if name == "response" else ticket.resolution
