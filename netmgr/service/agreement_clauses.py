"""The clauses of an agreement, made of its data: what the parties would sign (pure)."""

from collections.abc import Iterable, Iterator

from netmgr.document.block import Clause, Section
from netmgr.document.locale import Words
from netmgr.model.agreement import Agreement
from netmgr.model.wording import Wording
from netmgr.service.agreement_conditions import confidence, fees, other, term
from netmgr.service.agreement_terms import (
    AUDIENCES,
    CALENDARS,
    PERIODS,
    PROMISES,
    SERVICES,
    said,
    share,
    span,
    word,
)


def clauses(agreement: Agreement, words: Words) -> tuple[Section, ...]:
    """Every chapter, not numbered yet. A clause's key is the key of agreement.yaml that it says."""
    chapters = (
        (words.text("Services"), "coverage", _services(agreement, words)),
        (words.text("Hours of service"), "calendar", _hours(agreement, words)),
        (words.text("Levels of service"), "levels", _levels(words)),
        (words.text("Emergencies"), "emergency", _emergency(agreement, words)),
        (words.text("Promises for the network"), "promises", _promises(agreement, words)),
        (words.text("Notice of changes"), "notice", _notice(agreement, words)),
        (words.text("Reports and information"), "reports", _reports(agreement, words)),
        (words.text("Fees and payment"), "fees", fees(agreement, words)),
        (words.text("Duties of the Client"), "duties.client", _listed(agreement.duties.client, words)),
        (words.text("Duties of the Provider"), "duties.provider", _listed(agreement.duties.provider, words)),
        (words.text("Confidentiality and data"), "confidentiality", confidence(agreement, words)),
        (words.text("Term and ending"), "term", term(agreement, words)),
        (words.text("Other provisions"), "law", other(agreement, words)),
    )
    made = ((title, key, tuple(found)) for title, key, found in chapters)
    return tuple(Section(key, title, found) for title, key, found in made if found)


def _listed(wordings: Iterable[Wording], words: Words) -> Iterator[Clause]:
    for wording in wordings:
        yield Clause(said(wording, words))


def _services(agreement: Agreement, words: Words) -> Iterator[Clause]:
    for kind in agreement.coverage.services:
        title, text = SERVICES[kind]
        yield Clause(
            words.text("{title}: {text}", title=words.text(title), text=words.text(text)),
            key=f"services.{kind}",
        )
    yield Clause(
        words.text(
            "What is covered is named in the annexes. Equipment that is not named there is not covered."
        ),
        key="coverage.devices",
    )
    if agreement.coverage.excluded:
        yield Clause(
            words.text("Not covered:"),
            tuple(Clause(said(text, words)) for text in agreement.coverage.excluded),
            key="coverage.excluded",
        )


def _hours(agreement: Agreement, words: Words) -> Iterator[Clause]:
    zone = agreement.calendar.timezone
    yield Clause(
        words.text(
            "Service hours are those of the calendar annexed, by the clocks of {zone}. Public holidays and days "
            "that are worked in their place are written out there, and hold as written.",
            zone=zone,
        ),
        key="calendar",
    )
    for closure in agreement.calendar.closures:
        if closure.last == closure.from_:
            when = words.day(closure.from_)
        else:
            when = words.text(
                "{first} to {last}", first=words.day(closure.from_), last=words.day(closure.last)
            )
        yield Clause(words.text("Closed: {days} ({reason}).", days=when, reason=closure.reason))


def _levels(words: Words) -> Iterator[Clause]:
    yield Clause(
        words.text(
            "Each ticket has a priority by its impact and its urgency. Annexed are the times within which the "
            "Provider responds and resolves."
        ),
        key="levels",
    )
    yield Clause(
        words.text(
            "The response is the first act of one of the Provider's people on the ticket; an automatic answer is "
            "none. It is resolved when the service works again as agreed, for good or by a workaround that "
            "the Client accepts."
        ),
        key="levels.response",
    )
    yield Clause(
        words.text(
            "Time counts in the hours that the level names. It does not count while the Provider waits for the "
            "Client: for access, for an answer, for a date that the Client wishes. Each such pause is "
            "recorded with its reason."
        ),
        key="levels.pauses",
    )
    yield Clause(
        words.text(
            "Where a priority changes, the times of the new one hold, and time already used counts. Where a ticket "
            "is reopened, its resolution goes on from the time that it had used. A ticket is judged by the version "
            "of this agreement that was in force when it was opened."
        ),
        key="levels.changes",
    )


def _emergency(agreement: Agreement, words: Words) -> Iterator[Clause]:
    emergency = agreement.emergency
    if emergency is None:
        return
    phone = words.text(" by telephone, {number},", number=emergency.phone) if emergency.phone else ""
    yield Clause(
        words.text(
            "In an emergency the Provider can be reached{phone} at any hour of any day. Somebody is always on "
            "call; who does not acknowledge within {time} is followed by the next person.",
            phone=phone,
            time=span(emergency.acknowledge, words),
        ),
        key="emergency",
    )
    if emergency.break_glass:
        yield Clause(
            words.text(
                "The Provider may then change the network at once, and tells the Client what was changed as soon "
                "as it is done."
            ),
            key="emergency.break_glass",
        )


def _promises(agreement: Agreement, words: Words) -> Iterator[Clause]:
    promises = agreement.promises
    if (availability := promises.availability) is not None:
        yield Clause(
            words.text(
                "Availability: in each {period} the devices can be reached {share} of the time, by samples taken at "
                "equal intervals. A device does not count while the inventory has it under maintenance.",
                period=word(PERIODS, availability.per, words),
                share=share(availability.target, words),
            ),
            key="promises.availability",
        )
    for name, text in PROMISES.items():
        if (duration := getattr(promises, name)) is not None:
            yield Clause(words.text(text, time=span(duration, words)), key=f"promises.{name}")
    if any(getattr(promises, name) is not None for name in type(promises).model_fields):
        yield Clause(
            words.text("What could not be measured is reported as not measured, never as met."),
            key="promises",
        )


def _notice(agreement: Agreement, words: Words) -> Iterator[Clause]:
    notice = agreement.notice
    if notice is not None:
        yield Clause(
            words.text(
                "The Provider tells the Client's contacts of a change at least {time} before it is made "
                "({calendar}), unless it is an emergency.",
                time=span(notice.before, words),
                calendar=word(CALENDARS, notice.calendar, words),
            ),
            key="notice",
        )


def _reports(agreement: Agreement, words: Words) -> Iterator[Clause]:
    reports = agreement.reports
    yield Clause(
        words.plural(
            "The Provider reports on each {period} within {count} day of its end ({audiences}): service against each "
            "level, faults, changes, the network's state, backups, hours, fees.",
            "The Provider reports on each {period} within {count} days of its end ({audiences}): service against "
            "each level, faults, changes, the network's state, backups, hours, fees.",
            reports.due,
            period=word(PERIODS, reports.every, words),
            audiences=words.listed([word(AUDIENCES, audience, words) for audience in reports.audiences]),
        ),
        key="reports",
    )
    yield Clause(
        words.text(
            "Everything that is done is entered in a service log that cannot be altered without its being noticed. "
            "Each report carries a signed mark of the log, by which the Client can check it at any time."
        ),
        key="reports.log",
    )
    yield Clause(words.text("Information beyond that is given on request."), key="reports.request")
