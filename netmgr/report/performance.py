"""Tickets → how each level of the agreement was kept (pure)."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from netmgr.model.agreement_levels import Target as Promised
from netmgr.report.service_facts import InForce, Result, ServiceFacts, Target, TicketFacts

TargetName = Literal["response", "resolution"]
TARGETS: tuple[TargetName, ...] = ("response", "resolution")


class LevelResult(NamedTuple):
    """One target of one priority by one version, and what became of the period's tickets that it judges.

    ``promised`` is the length of time as agreed, of ``target.calendar``. ``seqs`` are of those that count.
    """

    version: InForce
    priority: str
    name: TargetName
    promised: str
    target: Promised
    counts: Counter[Result]
    seqs: tuple[int, ...]

    @property
    def result(self) -> Result:
        """Missed once is missed. What was cancelled before it was due says nothing."""
        if self.counts["missed"]:
            return "missed"
        return "met" if self.counts["met"] else "running" if self.pending else "not_measured"

    @property
    def pending(self) -> int:
        """Those that are not decided."""
        return self.counts["running"] + self.counts["paused"]


def level_results(facts: ServiceFacts) -> tuple[LevelResult, ...]:
    """Every level of every version, the most severe first; of those that only judge older tickets, what they judge."""
    found = [each for version in facts.versions for each in _of_version(facts, version)]
    return tuple(each for each in found if each.version.begins < each.version.ends or each.counts)


def _of_version(facts: ServiceFacts, version: InForce) -> Iterator[LevelResult]:
    for name in TARGETS:
        for priority, target in version.agreement.levels.by_severity.items():
            promised = getattr(target, name)
            if promised is None:
                continue
            judged = [
                (ticket, one)
                for ticket in facts.tickets
                if ticket.version == version.version
                and ticket.priority == priority
                and (one := target_of(ticket, name)) is not None
                and one.counts
            ]
            seqs = {seq for ticket, _ in judged for seq in ticket.seqs}
            counts = Counter(one.result for _, one in judged)
            yield LevelResult(version, priority, name, promised, target, counts, tuple(sorted(seqs)))


def target_of(ticket: TicketFacts, name: TargetName) -> Target | None:
    """One of the two."""
    return ticket.response if name == "response" else ticket.resolution
