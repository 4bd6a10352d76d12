"""What is open at the end of the period, and what we advise: nothing of it is a promise that was missed."""

from collections.abc import Iterator
from datetime import date, timedelta

from netmgr.document.block import Column, Section, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.model.bill import Why
from netmgr.model.stretch import day_of
from netmgr.report.chapters.faults import REASONS
from netmgr.report.material import Material
from netmgr.report.service_facts import InForce, ServiceFacts
from netmgr.service.agreement_terms import word
from netmgr.service.versions import ending

#: An end, or a year without final holidays, is told so long before.
_SOON = timedelta(days=90)

FEES: dict[Why, str] = {
    "not_over": msgid("The period is not over: what is owed may grow."),
    "goes_on": msgid("Work that goes on is not charged yet."),
    "proposed": msgid("Work that the log shows was not taken down as time."),
    "corrected": msgid("Work that was invoiced was corrected later."),
    "not_measured": msgid("A level with a credit could not be measured."),
    "missed_late": msgid("A level was missed in a period that was invoiced without a credit for it."),
    "counted_late": msgid("Something was looked after in a period that was invoiced without it."),
    "not_counted": msgid("The log does not say what is looked after, so it is not charged."),
}

Point = tuple[str, str, date | None, str | None]
"""What kind it is, what it is, since when or by when, and what it is about."""


def points(material: Material, words: Words) -> Section | None:
    """Advice first, then what is waited for, then what runs out, then what is open about fees."""
    facts = material.service
    if facts is None:
        return None
    found = [
        *_advice(facts, words),
        *_waiting(facts, words),
        *_running_out(facts, words),
        *_fees(facts, words),
    ]
    table = Table(
        "points",
        words.text("Open points and advice"),
        (
            Column("kind", words.text("Kind")),
            Column("what", words.text("What"), wide=True),
            Column("day", words.text("Day"), "day"),
            Column("about", words.text("Reference"), "word"),
        ),
        tuple[tuple[Value, ...], ...](found),
        words.text("Nothing is open."),
    )
    return Section("points", words.text("Open points and advice"), (table,))


def _advice(facts: ServiceFacts, words: Words) -> Iterator[Point]:
    for ticket in facts.tickets:
        if ticket.kind == "consulting":
            said = ticket.subject or words.text("erased")
            if ticket.is_over:
                said = words.text("{what} (done)", what=said)
            yield words.text("Advice"), said, day_of(ticket.opened, words.zone), ticket.id


def _waiting(facts: ServiceFacts, words: Words) -> Iterator[Point]:
    for ticket in facts.tickets:
        if ticket.is_over or ticket.kind == "consulting":
            continue
        pause = ticket.pauses[-1] if ticket.pauses and ticket.pauses[-1].end is None else None
        subject = ticket.subject or words.text("erased")
        if pause is not None:
            said = words.text("{what}: {reason}", what=subject, reason=word(REASONS, pause.reason, words))
            yield words.text("Waiting"), said, day_of(pause.begin, words.zone), ticket.id
        else:
            yield words.text("Open ticket"), subject, day_of(ticket.opened, words.zone), ticket.id


def _running_out(facts: ServiceFacts, words: Words) -> Iterator[Point]:
    held = [version for version in facts.versions if version.begins < version.ends]
    if not held:
        return
    last, agreement = held[-1], held[-1].agreement
    today, end = day_of(facts.until, agreement.timezone), ending(agreement, facts.until)
    if end is not None and end.last <= today + _SOON:
        if (renewal := agreement.term.renewal) is not None and end.renews:
            said = words.text(
                "The agreement goes on by {months}, unless a party said by {day} that it shall not.",
                months=words.plural("{count} month", "{count} months", renewal.months),
                day=words.day(end.notice),
            )
        else:
            said = words.text("The agreement ends.")
        yield (
            words.text("Agreement"),
            said,
            end.last,
            words.text("version {version}", version=str(last.version)),
        )
    yield from _holidays(facts, last, words)


def _holidays(facts: ServiceFacts, version: InForce, words: Words) -> Iterator[Point]:
    calendar, zone = version.agreement.calendar, version.agreement.timezone
    soon = day_of(facts.until + _SOON, zone).year
    if calendar.holidays is not None and soon not in calendar.certain_years:
        said = words.text(
            "The public holidays of {year} are not final: times that reach into it are provisional.",
            year=str(soon),
        )
        yield (
            words.text("Calendar"),
            said,
            date(soon, 1, 1),
            words.text("version {version}", version=str(version.version)),
        )


def _fees(facts: ServiceFacts, words: Words) -> Iterator[Point]:
    for one in facts.fees.open:
        yield words.text("Fees"), word(FEES, one.why, words), one.day, one.about or None
