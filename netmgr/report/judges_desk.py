"""Judging what is promised of people: tickets, emergencies, reports, the service log."""

from collections.abc import Iterable
from datetime import date, timedelta

from netmgr.document.locale import Words
from netmgr.model.duration import length
from netmgr.model.stretch import day_of, midnight
from netmgr.model.ticket import CANCELLING, TicketKind
from netmgr.report.judging import Case, Judged, length_said, nothing, worst
from netmgr.report.service_facts import Result, TicketFacts
from netmgr.report.windows import FRESH
from netmgr.service.fee_terms import around

_NO_CAUSE = frozenset({"no_fault", *CANCELLING})
_DAY = timedelta(days=1)


def faults(case: Case, words: Words) -> Judged:
    """Faults that were resolved: each with its cause."""
    over = [ticket for ticket in _over(case, "fault") if ticket.outcome not in _NO_CAUSE]
    if not over:
        return nothing(words.text("no fault was resolved"))
    found = sum(ticket.cause not in (None, "unknown") for ticket in over)
    said = words.plural(
        "{count} fault resolved, {found} with its cause found",
        "{count} faults resolved, {found} with their cause found",
        len(over),
        found=found,
    )
    return Judged("met" if found == len(over) else "missed", said, _seqs(over))


def consulting(case: Case, words: Words) -> Judged:
    """Advice that was asked for."""
    return _work(case, "consulting", words)


def requests(case: Case, words: Words) -> Judged:
    """Other work that was asked for."""
    return _work(case, "request", words)


def _work(case: Case, kind: TicketKind, words: Words) -> Judged:
    mine = [ticket for ticket in case.facts.tickets if ticket.kind == kind and _is_of(case, ticket)]
    if not mine:
        return nothing(words.text("nobody asked for any"))
    done = sum(ticket.is_over for ticket in mine)
    late = any(one.resolution and one.resolution.counts and one.resolution.result == "missed" for one in mine)
    result: Result = "missed" if late else "met" if done == len(mine) else "running"
    said = words.text("{total} asked for, {count} done", total=len(mine), count=done)
    return Judged(result, said, _seqs(mine))


def information(case: Case, words: Words) -> Judged:
    """Information that was asked for, by the day on which it was due."""
    mine = [ticket for ticket in case.facts.tickets if ticket.kind == "information" and _is_of(case, ticket)]
    if not mine:
        return nothing(words.text("nobody asked for any"))
    zone = case.agreement.timezone
    late = sum(_is_late(ticket, day_of(ticket.over or case.version.ends, zone)) for ticket in mine)
    done = sum(ticket.is_over for ticket in mine)
    result: Result = "missed" if late else "met" if done == len(mine) else "running"
    said = words.text("{total} asked for, {count} done", total=len(mine), count=done)
    return Judged(result, said, _seqs(mine))


def _is_late(ticket: TicketFacts, day: date) -> bool:
    return ticket.due is not None and day.isoformat() > ticket.due


def _is_of(case: Case, ticket: TicketFacts) -> bool:
    """Whether the version judges it; without one that does, the version in force when it was open."""
    return ticket.version in case.versions or (ticket.version is None and case.holds(ticket.opened))


def _over(case: Case, kind: TicketKind) -> list[TicketFacts]:
    return [ticket for ticket in case.facts.tickets if ticket.kind == kind and case.holds(ticket.over)]


def _seqs(tickets: Iterable[TicketFacts]) -> tuple[int, ...]:
    return tuple(sorted({seq for ticket in tickets for seq in ticket.seqs}))


def emergencies(case: Case, words: Words) -> Judged:
    """Somebody answers, or the next person is called."""
    terms = case.agreement.emergency
    mine = [one for one in case.facts.calls if case.holds(one.opened)]
    if terms is None or not mine:
        return nothing(words.text("there was no emergency"))
    wait = length(terms.acknowledge)
    failed = False
    for one in mine:
        took = (one.answered or case.version.ends) - one.opened
        failed = failed or one.unanswered is not None or (took > wait and len(one.called) < 2)
    longest = max((one.answered or case.version.ends) - one.opened for one in mine)
    said = words.plural(
        "{count} emergency; longest until somebody answered: {time}",
        "{count} emergencies; longest until somebody answered: {time}",
        len(mine),
        time=length_said(longest, words),
    )
    seqs = {seq for one in mine for seq in (one.seq, one.unanswered or one.seq, *(c.seq for c in one.called))}
    return Judged("missed" if failed else "met", said, tuple(sorted(seqs)))


def broken_glass(case: Case, words: Words) -> Judged:
    """Changes that were made at once. Nothing in the log says when the client was told of one."""
    made = [one for one in case.history.changes if one.broken_glass is not None and case.holds(one.began)]
    if not made:
        return nothing(words.text("no change was made that way"))
    said = words.plural(
        "{count} change was made that way; when the client was told is not recorded",
        "{count} changes were made that way; when the client was told is not recorded",
        len(made),
    )
    return Judged("not_measured", said, tuple(one.seq for one in made))


def reports(case: Case, words: Words) -> Judged:
    """Reports whose day came in this time. This one is not among them: it tells of its own time."""
    terms, zone = case.agreement.reports, case.agreement.timezone
    if not case.facts.reports:
        return Judged("not_measured", words.text("no report was issued"))
    results: list[Result] = []
    said, seqs = [], []
    first, last = around(day_of(case.version.begins, zone), terms.every)
    for _ in range(6):
        first, last = around(first - _DAY, terms.every)
        due = midnight(last + timedelta(days=1 + terms.due), zone)
        if not case.version.begins < due <= case.version.ends or midnight(last, zone) < case.version.since:
            continue
        issued = [
            one
            for one in case.facts.reports
            if (one.first, one.last) == (first.isoformat(), last.isoformat())
        ]
        # Each audience that is agreed counts by the first report for it.
        firsts = [min((o.at for o in issued if a in o.audiences), default=None) for a in terms.audiences]
        known = [moment for moment in firsts if moment is not None]
        complete = len(known) == len(firsts)
        results.append("met" if complete and max(known) <= due else "missed")
        when = words.day(day_of(max(known), zone)) if complete else words.text("never")
        span = words.text("{first} to {last}", first=words.day(first), last=words.day(last))
        said.append(words.text("of {days}: {when}", days=span, when=when))
        seqs += [one.seq for one in issued]
    if not results:
        return nothing(words.text("none was due"))
    return Judged(worst(results), words.text("; ").join(said), tuple(seqs))


def log(case: Case, words: Words) -> Judged:
    """What verifying the whole log found."""
    problems, seq = case.history.proof.problems, case.history.proof.checkpoint.seq
    if problems is None:
        return Judged("not_measured", words.text("the log was not verified"))
    if problems:
        return Judged("missed", words.text("the log does not verify"), (seq,))
    return Judged("met", words.text("the whole log was verified"), (seq,))


def retention(case: Case, words: Words) -> Judged:
    """The last certificate of what was deleted."""
    recent = [act for act in case.facts.destroyed if case.version.ends - FRESH <= act.at < case.version.ends]
    if not recent:
        return Judged("not_measured", words.text("nothing was deleted in the last 90 days"))
    when = words.day(day_of(recent[-1].at, case.agreement.timezone))
    return Judged("met", words.text("last deleted on {day}", day=when), (recent[-1].seq,))
