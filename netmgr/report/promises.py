"""Every clause of the agreement that promises something → what it came to (pure).

A clause is either measured or a term: it says how something is counted, or what the client owes. What is in neither
table is shown as not measured, and ``tests/unit/report/test_promises.py`` fails.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netmgr.document.block import Clause, Section
from netmgr.document.locale import Words, msgid
from netmgr.document.numbering import numbered
from netmgr.report import judges_desk as desk
from netmgr.report import judges_network as network
from netmgr.report.history import History
from netmgr.report.judging import Case, Judge, Judged, nothing_measures
from netmgr.report.performance import LevelResult, TargetName, level_results
from netmgr.report.service_facts import ServiceFacts
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
        *("fees", "fees.included", "fees.credits"),
        *("payment.days", "payment.interest", "payment.suspension", "payment.adjustment"),
        *("duties.client", "confidentiality.years"),
        *("term", "term.renewal", "term.notice", "term.run_off", "amendments"),
        *("law", "law.governing", "law.venue", "law.language", "annexes"),
    )
)
"""Clauses that promise nothing that could be kept or missed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of one version: its clause's number and text, and what it came to."""

    version: int
    key: str
    number: str
    text: str
    judged: Judged


def promises(facts: ServiceFacts, history: History, words: Words) -> tuple[Promise, ...]:
    """Every promise of every version that holds in the period, in the order of the agreement."""
    levels = level_results(facts)
    return tuple(
        promise
        for version in facts.versions
        if version.begins < version.ends
        for promise in _of(Case(facts, history, version), levels, words)
    )


def _of(case: Case, levels: tuple[LevelResult, ...], words: Words) -> Iterator[Promise]:
    version = case.version.version
    for key, clause in printed(numbered(clauses(case.agreement, words), words)):
        if key == LEVELS:
            mine = (level for level in levels if level.version is case.version)
            for level in mine:
                full = f"{LEVELS}.{level.name}.{level.priority}"
                yield Promise(
                    version, full, clause.number, _level_text(level, words), level_judged(level, words)
                )
        elif key not in TERMS:
            text = clause.text or words.text("as the agreement says it")
            if clause.items:
                text = f"{text} {words.text('; ').join(item.text for item in clause.items)}"
            judge = MEASURES.get(key, nothing_measures)
            yield Promise(version, key, clause.number, text, judge(case, words))


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
    decided = level.counts["met"] + level.counts["missed"]
    if not level.counts:
        return Judged("not_measured", words.text("no ticket"))
    said = (
        [words.text("{count} of {total} in time", count=level.counts["met"], total=decided)]
        if decided
        else []
    )
    if level.pending:
        said.append(words.text("{count} not decided yet", count=level.pending))
    if level.counts["not_measured"]:
        said.append(words.text("{count} not measured", count=level.counts["not_measured"]))
    return Judged(level.result, words.text("; ").join(said), level.seqs)
