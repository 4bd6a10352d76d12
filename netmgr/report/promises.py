"""Every clause of the agreement that promises something → what it came to (pure).

A clause is either measured or a term: it says how something is counted, or what the client owes. What is in neither
table is shown as not measured, and ``tests/unit/report/test_promises.py`` fails.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from netmgr.document.block import Clause, Section
from netmgr.document.locale import Words, msgid
from netmgr.document.numbering import numbered
from netmgr.report import judges_desk as desk
from netmgr.report import judges_fees as money
from netmgr.report import judges_network as network
from netmgr.report.history import History
from netmgr.report.judging import Case, Judge, Judged, nothing, nothing_measures
from netmgr.report.performance import LevelResult, TargetName, level_results
from netmgr.report.service_facts import InForce, Result, ServiceFacts
from netmgr.service.agreement_clauses import clauses
from netmgr.service.agreement_terms import CALENDARS, PRIORITIES, span, word

MEASURES: Mapping[str, Judge] = {
    "services.faults": desk.faults,
    "services.consulting": desk.consulting,
    "services.network": network.changes,
    "services.backup": network.backup_service,
    "services.requests": desk.requests,
    "emergency": desk.emergencies,
    "emergency.break_glass": desk.broken_glass,
    "promises.availability": network.availability,
    "promises.audit": network.audits,
    "promises.drift_age": network.drift,
    "promises.backup_age": network.backups,
    "promises.restore": network.restore,
    "promises.drill": network.drills,
    "promises.unsupported": network.software,
    "notice": network.notice,
    "reports": desk.reports,
    "reports.log": desk.log,
    "reports.request": desk.information,
    "fees": money.schedule,
    "fees.included": money.included,
    "fees.credits": money.credits_given,
    "duties.provider": nothing_measures,
    "confidentiality": nothing_measures,
    "confidentiality.retention": desk.retention,
}
"""Clause → how it is judged. The clause ``levels`` is judged level by level."""

LEVELS = "levels"

TERMS = frozenset(
    (
        *("coverage.devices", "coverage.excluded", "calendar"),
        *("levels.response", "levels.pauses", "levels.changes", "promises"),
        *("payment.days", "payment.interest", "payment.suspension", "payment.adjustment"),
        *("duties.client", "confidentiality.years"),
        *("term", "term.renewal", "term.notice", "term.run_off", "amendments"),
        *("law", "law.governing", "law.venue", "law.language", "annexes"),
    )
)
"""Clauses that promise nothing that could be kept or missed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: its clause's number and text, and what it came to; ``about`` is a level's priority.

    ``versions`` are those that make it, one after the other: what an amendment leaves as it was is one promise.
    """

    versions: tuple[int, ...]
    key: str
    number: str
    text: str
    judged: Judged
    about: str = ""


@dataclass(slots=True)
class _Clause:
    key: str
    number: str
    text: str
    versions: list[InForce]

    def goes_on(self, other: "_Clause") -> bool:
        """Whether the other says the same of the same devices and hours."""
        one, two = self.versions[-1].agreement, other.versions[0].agreement
        return (self.key, self.number, self.text, one.coverage, one.calendar) == (
            *(other.key, other.number, other.text),
            *(two.coverage, two.calendar),
        )


def promises(facts: ServiceFacts, history: History, words: Words) -> tuple[Promise, ...]:
    """Every promise that holds in the period, in the order of the agreement."""
    clauses_: list[_Clause] = []
    for version in facts.versions:
        for clause in _clauses(version, words) if version.begins < version.ends else ():
            known = next((one for one in clauses_ if one.goes_on(clause)), None)
            if known is None:
                clauses_.append(clause)
            else:
                known.versions += clause.versions
    clauses_.sort(key=lambda one: [int(part) for part in one.number.split(".")])
    return tuple(promise for clause in clauses_ for promise in _judged(clause, facts, history, words))


def _clauses(version: InForce, words: Words) -> Iterator[_Clause]:
    for key, clause in printed(numbered(clauses(version.agreement, words), words)):
        if key not in TERMS:
            text = clause.text or words.text("as the agreement says it")
            if clause.items:
                text = f"{text} {words.text('; ').join(item.text for item in clause.items)}"
            yield _Clause(key, clause.number, text, [version])


def _judged(clause: _Clause, facts: ServiceFacts, history: History, words: Words) -> Iterator[Promise]:
    numbers = tuple(version.version for version in clause.versions)
    if clause.key == LEVELS:
        yield from _levels(clause, numbers, facts, words)
        return
    whole = replace(clause.versions[-1], begins=clause.versions[0].begins)
    judge = MEASURES.get(clause.key, nothing_measures)
    judged = judge(Case(facts, history, whole, numbers), words)
    yield Promise(numbers, clause.key, clause.number, clause.text, judged)


def _levels(
    clause: _Clause, numbers: tuple[int, ...], facts: ServiceFacts, words: Words
) -> Iterator[Promise]:
    for level in level_results(facts):
        # Each is told with the first version that promises it.
        if level.holds and level.versions[0] in numbers:
            yield Promise(
                versions=level.versions,
                key=f"{LEVELS}.{level.name}.{level.priority}",
                number=clause.number,
                text=_level_text(level, words),
                judged=level_judged(level, words),
                about=word(PRIORITIES, level.priority, words),
            )


def printed(sections: tuple[Section, ...]) -> Iterator[tuple[str, Clause]]:
    """Each clause that is printed, by its key; one without a key by its chapter's."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Clause):
                yield block.key or section.key, block


WITHIN: Mapping[TargetName, str] = {
    "response": msgid("{priority}: response within {time} ({calendar})"),
    "resolution": msgid("{priority}: resolved within {time} ({calendar})"),
}


def _level_text(level: LevelResult, words: Words) -> str:
    return words.text(
        WITHIN[level.name],
        priority=word(PRIORITIES, level.priority, words),
        time=span(level.promised, words),
        calendar=word(CALENDARS, level.target.calendar, words),
    )


def level_judged(level: LevelResult, words: Words) -> Judged:
    """How many tickets kept it."""
    if not level.counts:
        return nothing(words.text("no ticket"))
    return Judged(level.result, counts_said(level.counts, words), level.seqs)


def counts_said(counts: Counter[Result], words: Words) -> str:
    """``5 of 6 in time; 1 not decided yet``."""
    decided, pending = counts["met"] + counts["missed"], counts["running"] + counts["paused"]
    said = [words.text("{count} of {total} in time", count=counts["met"], total=decided)] if decided else []
    if pending:
        said.append(words.text("{count} not decided yet", count=pending))
    if counts["not_measured"]:
        said.append(words.text("{count} not measured", count=counts["not_measured"]))
    return words.text("; ").join(said)
