"""Time entries: begun and ended, taken down afterwards, or accepted as the log proposes; and the hours used."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from netmgr.errors import UsageError
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.billing import Travel
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body, Draft, Entry
from netmgr.model.ticket import ticket
from netmgr.model.time_entry import TimeAct, TimeDraft, TimeEntry, time_entry
from netmgr.service.desk import future, moment, told
from netmgr.service.hours_used import HoursJudgement, Used, judge, period, used
from netmgr.service.ticket_record import KIND as TICKET
from netmgr.service.time_entries import SERVICES, drafts, overlap, refusal, split
from netmgr.service.time_record import KIND
from netmgr.workflows.agreement import in_force, known
from netmgr.workflows.emergency import is_emergency
from netmgr.workflows.fee_versions import fee_versions
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import decided, found

_PAGE: Final = 500
_OUTCOMES: Final[Mapping[TimeAct, str]] = {
    "start": "started",
    "stop": "stopped",
    "add": "added",
    "accept": "accepted",
}
#: The log is searched for work so far back: older work has been billed.
_RECENT: Final = 100 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was done. Without a ``service`` it is what the ticket is, else the network's.

    ``travel`` is the way there and back; ``called_out``: somebody was called to it.
    """

    service: ServiceKind | None = None
    ticket: str | None = None
    billable: bool = True
    travel: Travel | None = None
    called_out: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Spells of work, the newest first, and the hours that the fees include as they stand at the end of them."""

    entries: tuple[TimeEntry, ...]
    used: tuple[Used, ...]


def start(runtime: Runtime, work: Work, *, at: datetime | None = None) -> TimeEntry:
    """Begin a spell of work. Raises UsageError for who is at one already, and for a time that is taken or to come."""

    def decide() -> list[Draft]:
        begin = _second(at or runtime.clock.now())
        if objection := future(begin, _now(runtime)):
            raise UsageError(objection)
        _refuse_taken(runtime, begin, None)
        facts = {"begin": begin, **_described(runtime, work)}
        return [_draft(runtime, "start", _next(runtime), facts, work=work, at=at)]

    return _recorded(runtime, decide)


def stop(
    runtime: Runtime,
    *,
    note: str | None = None,
    at: datetime | None = None,
    travel: Travel | None = None,
    called_out: bool = False,
) -> TimeEntry:
    """End the spell of work that one is at. Raises UsageError where there is none, or it would end before it began.

    What is said of travel and calls takes the place of what was said when it began.
    """

    def decide() -> list[Draft]:
        running = next((one for one in _spells(runtime, runtime.client) if one.end is None), None)
        if running is None:
            raise UsageError(
                f"{runtime.actor.id} is at no work for {runtime.client}; `netmgr time start` begins it"
            )
        end = _second(at or runtime.clock.now())
        _refuse(runtime, running.begin, end, but=running)
        work = Work(ticket=running.ticket, travel=travel, called_out=called_out, note=note)
        facts = _measured(runtime, running.begin, end) | _beside(work)
        return [_draft(runtime, "stop", running.id, facts, work=work, at=at)]

    return _recorded(runtime, decide)


def add(
    runtime: Runtime,
    work: Work,
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    minutes: int | None = None,
    corrects: str | None = None,
) -> TimeEntry:
    """Take down work that is over: from ``at`` on, or up to ``until`` or now.

    ``corrects`` is what it takes the place of. Raises UsageError for times that are impossible or taken, and for
    somebody else's entry.
    """

    def decide() -> list[Draft]:
        begin, end = _span(runtime, at, until, minutes)
        wrong = _own(runtime, corrects) if corrects else None
        _refuse(runtime, begin, end, but=wrong)
        facts = _measured(runtime, begin, end) | _described(runtime, work)
        if wrong and wrong.source:
            facts["source"] = wrong.source.model_dump()
        if wrong and wrong.rate_class:
            facts["rate_class"] = wrong.rate_class
        identity = wrong.id if wrong else _next(runtime)
        draft = _draft(
            runtime,
            "add",
            identity,
            facts,
            work=work,
            at=moment(begin),
            corrects=wrong.entry if wrong else None,
        )
        return [draft]

    return _recorded(runtime, decide)


def accept(
    runtime: Runtime,
    identity: str,
    work: Work,
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    minutes: int | None = None,
) -> TimeEntry:
    """Take down what the log proposes (a change's id, or a playbook's request), as it says or with other times."""

    def decide() -> list[Draft]:
        proposed = next((one for one in proposals(runtime) if one.source.ref == identity), None)
        if proposed is None:
            raise UsageError(
                f"--draft {identity}: there is none of {runtime.actor.id}; `netmgr time list --drafts`"
            )
        begin, end = proposed.begin, proposed.end
        if at or until or minutes:
            begin, end = _span(runtime, at or moment(begin), until, minutes or (end - begin + 59) // 60)
        end = min(end, _now(runtime))  # a minute that has only begun
        _refuse(runtime, begin, end)
        done = Work(
            service=work.service,
            ticket=work.ticket or _known_ticket(runtime, proposed),
            billable=work.billable,
            travel=work.travel,
            called_out=work.called_out,
            note=work.note,
        )
        facts = _measured(runtime, begin, end) | _described(runtime, done)
        facts["source"] = proposed.source.model_dump()
        return [_draft(runtime, "accept", _next(runtime), facts, work=done, at=moment(begin))]

    return _recorded(runtime, decide)


def proposals(runtime: Runtime, *, everybody: bool = False) -> tuple[TimeDraft, ...]:
    """Changes and playbooks of the last 100 days that one ran oneself, or anybody, and that nobody has taken down."""
    runtime.require("desk")
    since = _now(runtime) - _RECENT
    taken = tuple(_all(runtime))
    every = drafts(_worked(runtime, since), taken)
    return tuple(one for one in every if everybody or one.person == runtime.actor.id)


def listed(
    runtime: Runtime, *, person: str | None = None, identity: str | None = None, month: datetime | None = None
) -> Listed:
    """What was taken down, of a month or ever; the hours included as at the month's end, or now."""
    runtime.require("read")
    now = runtime.clock.now()
    every = tuple(_all(runtime))
    agreement = in_force(runtime, min(month, now) if month else now)
    chosen = [one for one in every if person in (None, one.person) and identity in (None, one.ticket)]
    at = now
    if month is not None:
        if agreement is None:
            raise UsageError("--month is told by the agreement's clocks, and none was in force then")
        span = period(agreement, "month", month)
        chosen = [one for one in chosen if one.begin < span.end and (one.end or _second(now)) > span.begin]
        at = min(now, moment(span.end - 1))
    lines = used(fee_versions(runtime, at), every, at)
    return Listed(tuple(sorted(chosen, key=lambda one: one.begin, reverse=True)), lines)


def judged(runtime: Runtime, identity: str | None, at: datetime) -> HoursJudgement:
    """What the agreement in force then says of a change for that ticket, by the hours that are used."""
    agreement = in_force(runtime, at)
    if agreement is None or not agreement.fees.included:
        return HoursJudgement()
    record = runtime.open_records().get(runtime.client, TICKET, identity) if identity else None
    service = SERVICES[ticket(record).kind] if record else "network"
    emergency = is_emergency(runtime, agreement, identity, whatever=True)
    return judge(used(fee_versions(runtime, at), _all(runtime), at), service, emergency=emergency)


def _all(runtime: Runtime) -> Iterator[TimeEntry]:
    return map(time_entry, runtime.open_records().all(runtime.client, KIND))


def _spells(runtime: Runtime, client: str) -> Iterator[TimeEntry]:
    """The actor's own for one client."""
    after: int | None = None
    while page := runtime.open_records().page(
        client, KIND, states={runtime.actor.id}, after=after, limit=_PAGE
    ):
        yield from map(time_entry, page)
        after = page[-1].number


def _refuse_taken(runtime: Runtime, begin: int, end: int | None, but: TimeEntry | None = None) -> None:
    """Nobody works twice at the same time, for whichever clients."""
    for client in {runtime.client, *runtime.inventories.clients()}:
        mine = client == runtime.client
        others = (one for one in _spells(runtime, client) if not (mine and but and one.id == but.id))
        if taken := overlap(begin, end, others):
            until = f"until {told(taken.end)}" if taken.end else "that goes on; `netmgr time stop` ends it"
            raise UsageError(
                f"{taken.person} has time from {told(taken.begin)} {until} ({taken.id} of {client}): "
                "nobody works twice at a time"
            )


def _refuse(runtime: Runtime, begin: int, end: int, but: TimeEntry | None = None) -> None:
    if objection := refusal(begin, end, _now(runtime)):
        raise UsageError(objection)
    _refuse_taken(runtime, begin, end, but)


def _span(
    runtime: Runtime, at: datetime | None, until: datetime | None, minutes: int | None
) -> tuple[int, int]:
    """[begin, end), of which two of begin, end and length are said; the end is now where it is not."""
    length = minutes * 60 if minutes is not None else None
    if at is not None and length is not None and until is None:
        return _second(at), _second(at) + length
    end = _second(until) if until else _now(runtime)
    if at is not None:
        return _second(at), end
    if length is None:
        raise UsageError("say how long: --minutes N, or --at BEGIN")
    return end - length, end


def _measured(runtime: Runtime, begin: int, end: int) -> dict[str, Any]:
    """The span, and how it lies in the hours of the agreement that was in force when it began."""
    version = known(runtime).in_force(moment(begin))
    parts = split(in_force(runtime, moment(begin)), begin, end)
    facts: dict[str, Any] = {"begin": begin, "end": end, "working": parts.working, "outside": parts.outside}
    facts["provisional"] = parts.provisional
    return facts | ({"version": version.version} if version else {})


def _described(runtime: Runtime, work: Work) -> dict[str, Any]:
    service = work.service
    if work.ticket:
        one = ticket(found(runtime, work.ticket))
        service = service or SERVICES[one.kind]
    facts = {"person": runtime.actor.id, "service": service or "network", "billable": work.billable}
    person = runtime.inventories.people().people.get(runtime.actor.id)
    # What people.yaml says later changes nothing of work that was done.
    paid_as = {"rate_class": person.rate_class} if person and person.rate_class else {}
    return facts | paid_as | _beside(work)


def _beside(work: Work) -> dict[str, Any]:
    said: dict[str, Any] = {"called_out": True} if work.called_out else {}
    return said | ({"travel": work.travel.model_dump()} if work.travel else {})


def _draft(
    runtime: Runtime,
    act: TimeAct,
    identity: str,
    facts: Mapping[str, Any],
    *,
    work: Work,
    at: datetime | None,
    corrects: str | None = None,
) -> Draft:
    body = Body(canonical({"text": work.note}), "application/json") if work.note else None
    return runtime.draft(
        kind=KIND,
        action=act,
        phase="result",
        outcome=_OUTCOMES[act],
        ticket=work.ticket,
        at=at,
        facts={"id": identity, **facts},
        body=body,
        corrects=corrects,
    )


def _recorded(runtime: Runtime, decide: Callable[[], Sequence[Draft]]) -> TimeEntry:
    runtime.require("desk")
    entries = decided(runtime, decide, kind=KIND)
    record = runtime.open_records().get(runtime.client, KIND, str(entries[0].facts["id"]))
    if record is None:
        raise AssertionError("what was appended has its record")
    return time_entry(record)


def _own(runtime: Runtime, identity: str) -> TimeEntry:
    record = runtime.open_records().get(runtime.client, KIND, identity)
    one = time_entry(record) if record else None
    if one is None or one.person != runtime.actor.id or one.end is None:
        raise UsageError(f"--corrects {identity}: {runtime.actor.id} has no such time that is over")
    return one


def _next(runtime: Runtime) -> str:
    newest = runtime.open_records().page(runtime.client, KIND, limit=1, newest_first=True)
    return f"H-{newest[0].number + 1 if newest else 1}"


def _worked(runtime: Runtime, since: int) -> Iterator[Entry]:
    """Entries of changes and playbooks from that moment on, oldest first."""
    for kind in ("change", "playbook"):
        recent: list[Entry] = []
        for entry in runtime.log.entries(runtime.client, kind=kind, newest_first=True):
            if datetime.fromisoformat(entry.time).timestamp() < since:
                break
            if entry.device is None:
                recent.append(entry)
        yield from reversed(recent)


def _known_ticket(runtime: Runtime, proposed: TimeDraft) -> str | None:
    """Its ticket, if it is one of ours: another desk's is not."""
    if proposed.ticket and runtime.open_records().get(runtime.client, TICKET, proposed.ticket):
        return proposed.ticket
    return None


def _now(runtime: Runtime) -> int:
    return _second(runtime.clock.now())


def _second(at: datetime) -> int:
    return int(at.timestamp())
