"""How the times that the agreement promises for tickets were kept, level by level."""

from collections.abc import Iterator

from netmgr.document.block import Block, Chart, Column, Paragraph, Section, Series, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.report.material import Material
from netmgr.report.performance import TARGETS, LevelResult, TargetName, level_results, target_of
from netmgr.report.service_facts import ServiceFacts, TicketFacts
from netmgr.service.agreement_terms import CALENDARS, PRIORITIES, span, word

NAMES: dict[TargetName, str] = {"response": msgid("Response"), "resolution": msgid("Resolution")}


def performance(material: Material, words: Words) -> Section | None:
    """Each level with what became of its tickets, then the tickets."""
    facts = material.service
    if facts is None:
        return None
    levels = level_results(facts)
    blocks: list[Block] = [
        Paragraph(
            words.text(
                "Whether a time was kept is computed from what the log says of each ticket: in the hours that the "
                "level counts in, without pauses that the agreement allows. A ticket counts in the month in which its "
                "result was decided."
            )
        )
    ]
    if not facts.versions:
        blocks.append(
            Paragraph(
                words.text("Not measured: no signed agreement was in force, so nothing was promised."),
                "unknown",
            )
        )
    elif not any(level.counts for level in levels):
        blocks.append(
            Paragraph(words.text("Not measured: no ticket was open that a level counts for."), "unknown")
        )
    if levels:
        blocks += [*_charts(levels, words), _levels(levels, words)]
    blocks += [_tickets(facts, words), *_provisional(facts, words)]
    return Section("performance", words.text("Service performance"), tuple(blocks))


def _charts(levels: tuple[LevelResult, ...], words: Words) -> Iterator[Chart]:
    for name in TARGETS:
        found: dict[str, LevelResult] = {}
        for level in levels:
            if level.name == name:
                known = found.get(level.priority)
                found[level.priority] = level._replace(counts=known.counts + level.counts) if known else level
        series = (
            Series(words.text("met"), "good", tuple(each.counts["met"] for each in found.values())),
            Series(words.text("not decided yet"), "unknown", tuple(each.pending for each in found.values())),
            Series(words.text("missed"), "bad", tuple(each.counts["missed"] for each in found.values())),
        )
        labels = tuple(word(PRIORITIES, priority, words) for priority in found)
        told = [
            words.text("{priority}: {results}", priority=label, results=words.listed(said))
            for at, label in enumerate(labels)
            if (
                said := [f"{words.number(each.values[at])} {each.name}" for each in series if each.values[at]]
            )
        ]
        title = (
            words.text("Tickets by response, for each priority")
            if name == "response"
            else words.text("Tickets by resolution, for each priority")
        )
        nothing = words.text("no ticket")
        yield Chart(f"{name}-by-priority", title, labels, series, words.text("; ").join(told) or nothing)


def _levels(levels: tuple[LevelResult, ...], words: Words) -> Table:
    several = len({level.versions for level in levels}) > 1
    return Table(
        "service-levels",
        words.text("Each level, and what became of it"),
        (
            Column("priority", words.text("Priority"), wide=True),
            Column("target", words.text("Time")),
            Column("promised", words.text("Promised")),
            Column("calendar", "", under="promised"),
            Column(
                "version", words.text("version"), under="promised" if several else None, exact=not several
            ),
            Column("result", words.text("Result"), "outcome"),
            Column("met", words.text("Met"), "count"),
            Column("missed", words.text("Missed"), "count"),
            Column("running", words.text("Running"), "count"),
            Column("paused", words.text("Paused"), "count"),
            Column("not_measured", words.text("Not measured"), "count"),
        ),
        tuple(
            (
                word(PRIORITIES, level.priority, words),
                words.text(NAMES[level.name]),
                span(level.promised, words),
                word(CALENDARS, level.target.calendar, words),
                ", ".join(map(str, level.versions)),
                level.result,
                *(level.counts[name] for name in ("met", "missed", "running", "paused", "not_measured")),
            )
            for level in levels
        ),
        words.text("No levels."),
    )


def _tickets(facts: ServiceFacts, words: Words) -> Table:
    return Table(
        "tickets",
        words.text("Tickets that were open in this time"),
        (
            Column("ticket", words.text("Ticket"), "word"),
            Column("subject", words.text("What"), wide=True, absent=words.text("erased")),
            Column("kind", "", under="subject"),
            Column("priority", words.text("Priority")),
            Column("opened", words.text("Opened"), "time"),
            Column("response", words.text("Response"), "outcome"),
            Column("response_used", words.text("after"), "duration", under="response"),
            Column("response_priority", "", under="response"),
            Column("resolution", words.text("Resolution"), "outcome"),
            Column("resolution_used", words.text("after"), "duration", under="resolution"),
            Column("state", words.text("State")),
            Column("entries", words.text("Log entries"), "names", exact=True),
        ),
        tuple(_ticket(ticket, words) for ticket in facts.tickets),
        words.text("No ticket was open."),
    )


STATES = {
    "open": msgid("open"),
    "paused": msgid("paused"),
    "resolved": msgid("resolved"),
    "closed": msgid("closed"),
}
KINDS = {
    "fault": msgid("fault"),
    "request": msgid("request"),
    "consulting": msgid("consulting"),
    "information": msgid("information"),
}


def _ticket(ticket: TicketFacts, words: Words) -> tuple[Value, ...]:
    cells: list[Value] = []
    for name in TARGETS:
        target = target_of(ticket, name)
        cells += (
            [None if ticket.version else "not_measured", None]
            if target is None
            else [target.result, target.used * 1000]
        )
        if name == "response":
            # Told where it is not the ticket's: the level that it counts for is another one.
            differs = target is not None and target.priority != ticket.priority
            cells.append(word(PRIORITIES, target.priority, words) if target and differs else None)
    return (
        ticket.id,
        ticket.subject,
        word(KINDS, ticket.kind, words),
        word(PRIORITIES, ticket.priority, words),
        ticket.opened,
        *cells,
        word(STATES, ticket.state, words),
        tuple(map(str, ticket.seqs)),
    )


def _provisional(facts: ServiceFacts, words: Words) -> Iterator[Paragraph]:
    names = [ticket.id for ticket in facts.tickets if ticket.provisional]
    if names:
        yield Paragraph(
            words.text(
                "Provisional, because the public holidays of a year that they reach into are not final: {tickets}.",
                tickets=words.listed(names),
            ),
            "attention",
        )
