"""The promises on one page: a line for each kind of them, with its result in a word, a sign and a colour."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from netmgr.document.block import Column, Figure, Table, Tone
from netmgr.document.locale import Words, msgid
from netmgr.model.agreement import Agreement
from netmgr.report.evidence import ranges
from netmgr.report.history import History
from netmgr.report.judging import worst
from netmgr.report.performance import TARGETS, counted_result, level_results
from netmgr.report.promises import Promise, counts_said, promises
from netmgr.report.service_facts import Result, ServiceFacts
from netmgr.service.agreement_terms import PRIORITIES, share, span, word

KINDS: Final[Mapping[str, str]] = {
    "response": msgid("Response to tickets"),
    "resolution": msgid("Resolution of tickets"),
    "emergency": msgid("Emergencies"),
    "promises.availability": msgid("Availability"),
    "promises.drift_age": msgid("Differences put right"),
    "promises.audit": msgid("Audits"),
    "promises.backup_age": msgid("Backups"),
    "promises.drill": msgid("Proof that backups can be restored"),
    "promises.restore": msgid("Restoring a configuration"),
    "promises.unsupported": msgid("Supported software"),
    "notice": msgid("Notice of changes"),
    "reports": msgid("Reports"),
    "reports.log": msgid("Service log"),
}
"""What a manager looks at, by the key of the clause; every other promise is told clause by clause."""


class Light(NamedTuple):
    """One kind of promise, over all levels and versions."""

    key: str
    result: Result
    promised: str
    measure: str
    seqs: tuple[int, ...]


def lights(facts: ServiceFacts, history: History, words: Words) -> tuple[Light, ...]:
    """Of what the agreement promises, in the order of the table above."""
    grouped: dict[str, list[Promise]] = {}
    for promise in promises(facts, history, words):
        grouped.setdefault(promise.key, []).append(promise)
    found = {light.key: light for light in _levels(facts, words)}
    found |= {key: _light(key, of, facts, words) for key, of in grouped.items() if key in KINDS}
    return tuple(found[key] for key in KINDS if key in found)


def _levels(facts: ServiceFacts, words: Words) -> Iterator[Light]:
    levels = level_results(facts)
    for name in TARGETS:
        mine = [level for level in levels if level.name == name]
        if not mine:
            continue
        counts = sum((level.counts for level in mine), Counter[Result]())
        said = counts_said(counts, words) or words.text("no ticket")
        missed = [word(PRIORITIES, level.priority, words) for level in mine if level.counts["missed"]]
        if missed:
            names = words.listed(list(dict.fromkeys(missed)))
            said = words.text("{results}; missed: {priorities}", results=said, priorities=names)
        seqs = tuple(sorted({seq for level in mine for seq in level.seqs}))
        promised = words.text("by priority")
        yield Light(name, counted_result(counts), promised, said, seqs)


def _light(key: str, found: list[Promise], facts: ServiceFacts, words: Words) -> Light:
    # A version under which nothing happened says nothing of the others.
    judged = [one for one in found if not one.judged.idle] or found
    measures = [
        one.judged.measure
        if len({other.judged.measure for other in judged}) == 1
        else words.text(
            "version {version}: {measured}",
            version=", ".join(map(str, one.versions)),
            measured=one.judged.measure,
        )
        for one in judged
    ]
    agreements = {version.version: version.agreement for version in facts.versions}
    promised = dict.fromkeys(limit(key, agreements[one.versions[0]], words) for one in found)
    return Light(
        key=key,
        result=worst(one.judged.result for one in judged),
        promised=words.text(", then ").join(promised),
        measure=words.text("; ").join(dict.fromkeys(measures)),
        seqs=tuple(sorted({seq for one in judged for seq in one.judged.seqs})),
    )


def limit(key: str, agreement: Agreement, words: Words) -> str:
    """What is promised, as short as a number can say it."""
    promises_ = agreement.promises
    match key:
        case "promises.availability" if promises_.availability is not None:
            return share(promises_.availability.target, words)
        case "emergency" if agreement.emergency is not None:
            return words.text("answer within {time}", time=span(agreement.emergency.acknowledge, words))
        case "notice" if agreement.notice is not None:
            return words.text("{time} before", time=span(agreement.notice.before, words))
        case "reports":
            days = agreement.reports.due
            return words.plural("within {count} day", "within {count} days", days)
        case "reports.log":
            return words.text("whole")
        case _:
            duration = getattr(promises_, key.removeprefix("promises."))
            return words.text("at most {time}", time=span(duration, words))


def lights_table(found: Iterable[Light], words: Words) -> Table:
    """What was promised, whether it was kept, and by what that is known."""
    return Table(
        "lights",
        words.text("What was promised, and what came of it"),
        (
            Column("promise", words.text("Promise"), wide=True),
            Column("promised", words.text("Promised")),
            Column("measured", words.text("What was measured")),
            Column("result", words.text("Result"), "outcome"),
            Column("evidence", words.text("Log entries"), exact=True),
        ),
        tuple(
            (words.text(KINDS[one.key]), one.promised, one.measure, one.result, ranges(one.seqs))
            for one in found
        ),
        words.text("Nothing is promised."),
    )


def lights_figure(found: Iterable[Light], words: Words) -> Figure:
    """How many of those that were decided were kept."""
    results = [one.result for one in found]
    met, missed = results.count("met"), results.count("missed")
    unknown, pending = results.count("not_measured"), results.count("running") + results.count("paused")
    detail = [words.text("{count} could not be measured", count=unknown)] if unknown else []
    detail += [words.text("{count} still open", count=pending)] if pending else []
    label = words.text("Promises kept")
    if not met + missed:
        return Figure("promises", label, words.text("not measured"), " · ".join(detail), "unknown")
    tone: Tone = "bad" if missed else "attention" if unknown else "good"
    value = words.text("{kept} of {decided}", kept=met, decided=met + missed)
    return Figure("promises", label, value, " · ".join(detail), tone)
