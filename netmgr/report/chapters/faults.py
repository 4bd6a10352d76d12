"""Faults: what broke, why, how soon somebody answered, how soon it worked again."""

from datetime import datetime

from netmgr.document.block import Block, Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.report.chapters.performance import STATES
from netmgr.report.material import Material
from netmgr.report.service_facts import ServiceFacts, TicketFacts
from netmgr.report.wording import seconds_between
from netmgr.service.agreement_terms import PRIORITIES, word

CAUSES = {
    "hardware": msgid("hardware"),
    "software": msgid("software"),
    "configuration": msgid("configuration"),
    "capacity": msgid("capacity"),
    "carrier": msgid("carrier's line"),
    "power": msgid("power"),
    "environment": msgid("environment"),
    "security": msgid("security"),
    "change": msgid("a change"),
    "human": msgid("a mistake"),
    "third_party": msgid("a third party"),
    "unknown": msgid("unknown"),
}
OUTCOMES = {
    "fixed": msgid("fixed"),
    "workaround": msgid("workaround"),
    "done": msgid("done"),
    "answered": msgid("answered"),
    "no_fault": msgid("no fault found"),
    "duplicate": msgid("a duplicate"),
    "rejected": msgid("rejected"),
    "cancelled": msgid("cancelled"),
}
REASONS = {
    "client": msgid("waited for the client's answer"),
    "access": msgid("no access to site or device"),
    "vendor": msgid("waited for a vendor"),
    "window": msgid("waited for a maintenance window"),
    "third_party": msgid("waited for a third party"),
    "agreed": msgid("as agreed with the client"),
}


def faults(material: Material, words: Words) -> Section | None:
    """Every fault that was open in the period, then the times in which clocks stood still."""
    facts = material.service
    if facts is None:
        return None
    found = [ticket for ticket in facts.tickets if ticket.kind == "fault"]
    blocks: list[Block] = [_table(found, words)]
    if any(ticket.version is not None for ticket in found):
        blocks.append(
            Paragraph(
                words.text(
                    "Times here are by the clock on the wall; whether a level was kept is told under service "
                    "performance."
                )
            )
        )
    if any(ticket.pauses for ticket in facts.tickets):
        blocks.append(_pauses(facts, words))
    return Section("faults", words.text("Faults"), tuple(blocks))


def _table(found: list[TicketFacts], words: Words) -> Table:
    return Table(
        "faults",
        words.text("Faults that were open in this time"),
        (
            Column("ticket", words.text("Ticket"), "word"),
            Column("subject", words.text("What"), wide=True, absent=words.text("erased")),
            Column("devices", words.text("Devices"), "names", under="subject"),
            Column("assets", words.text("Equipment"), "names", under="subject"),
            Column("priority", words.text("Priority")),
            Column("opened", words.text("Opened"), "time"),
            Column("answered", words.text("Answered after"), "duration", absent=words.text("not yet")),
            Column("resolved", words.text("Resolved after"), "duration", absent=words.text("not yet")),
            Column("cause", words.text("Cause"), absent=words.text("not known yet")),
            Column("state", words.text("State")),
            Column("outcome", "", under="state"),
            Column("entries", words.text("Log entries"), "names", exact=True),
        ),
        tuple(_fault(ticket, words) for ticket in found),
        words.text("No fault was open."),
    )


def _fault(ticket: TicketFacts, words: Words) -> tuple[Value, ...]:
    def after(moment: datetime | None) -> int | None:
        return None if moment is None else 1000 * seconds_between(ticket.opened, moment)

    return (
        ticket.id,
        ticket.subject,
        ticket.devices or None,
        ticket.assets or None,
        word(PRIORITIES, ticket.priority, words),
        ticket.opened,
        after(ticket.answered),
        after(ticket.over),
        word(CAUSES, ticket.cause, words) if ticket.cause else None,
        word(STATES, ticket.state, words),
        word(OUTCOMES, ticket.outcome, words) if ticket.outcome else None,
        tuple(map(str, ticket.seqs)),
    )


def _pauses(facts: ServiceFacts, words: Words) -> Table:
    rows = sorted(
        ((pause, ticket) for ticket in facts.tickets for pause in ticket.pauses), key=lambda one: one[0].begin
    )
    return Table(
        "pauses",
        words.text("When clocks stood still"),
        (
            Column("ticket", words.text("Ticket"), "word"),
            Column("reason", words.text("Why"), wide=True),
            Column("begin", words.text("From"), "time"),
            Column("end", words.text("To"), "time", absent=words.text("still")),
            Column("lasted", words.text("Lasted"), "duration"),
            Column("entries", words.text("Log entries"), "names", exact=True),
        ),
        tuple(
            (
                ticket.id,
                word(REASONS, pause.reason, words),
                pause.begin,
                pause.end,
                1000 * seconds_between(pause.begin, pause.end or facts.until),
                tuple(map(str, pause.seqs)),
            )
            for pause, ticket in rows
        ),
        words.text("No clock stood still."),
    )
