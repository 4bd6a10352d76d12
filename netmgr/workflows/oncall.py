"""On call: who is, who is called next where nobody acknowledges, and the acknowledgement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from netmgr.errors import InputError, UsageError
from netmgr.model.agreement_levels import Emergency
from netmgr.model.client import Client
from netmgr.model.duration import length
from netmgr.model.entry import Draft
from netmgr.model.notification import Notification
from netmgr.model.people import Person
from netmgr.model.record import Record
from netmgr.model.ticket import TicketRecord, ticket
from netmgr.service.desk import ALLOWED, moment
from netmgr.service.escalation import UNANSWERED, Call, call_letter, next_call
from netmgr.service.rota import Duty, duty
from netmgr.service.ticket_record import KIND
from netmgr.service.ticket_record import moment as seconds
from netmgr.workflows.agreement import in_force
from netmgr.workflows.letters import letter_to, name_of, put, send_now, words_for
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket import Described, update
from netmgr.workflows.ticket_log import act_draft, decided, found

_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at a moment, and everybody who is called, in their order; None where nobody is."""

    at: datetime
    zone: str
    duty: Duty
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """One step of an escalation. ``told`` says whether there is an address to tell the person at."""

    ticket: str
    call: Call
    told: bool


def who(runtime: Runtime, at: datetime | None = None) -> OnCall | None:
    """Who is on call then, or now. Raises UsageError where no roster is for the client."""
    runtime.require("read")
    roster = runtime.open_office().rosters.of(runtime.client)
    if roster is None:
        raise UsageError(f"nobody is on call for {runtime.client}; write config/oncall.yaml")
    at = at or runtime.clock.now()
    known, stands = runtime.inventories.people().people, duty(roster, at)
    return OnCall(at, roster.timezone, stands, tuple(known[p] for p in stands.order)) if stands else None


def acknowledge(runtime: Runtime, identity: str, *, at: datetime | None = None) -> str:
    """Say that one is on it: the response, and the end of the escalation. Who says so has the ticket."""
    known = runtime.inventories.people().people
    mine = Described(assignee=runtime.actor.id if runtime.actor.id in known else None)
    return update(runtime, identity, mine, ack=True, at=at)


def escalate(runtime: Runtime, identity: str) -> Called:
    """Call the next person now. Raises UsageError for a ticket that is over, and where nobody is on call."""
    runtime.require("desk")
    letters: list[Notification] = []
    calls: list[Called] = []

    def decide() -> list[Draft]:
        letters.clear()
        calls.clear()
        one = ticket(found(runtime, identity))
        if one.state not in ALLOWED["escalate"]:
            raise UsageError(f"{identity} is {one.state}: nobody is called for it")
        order = _order(runtime, one)
        if not order:
            raise UsageError(f"nobody is on call for {runtime.client}; write config/oncall.yaml")
        taken = len(_calls(runtime, identity)[0])
        terms = _terms(runtime, one)
        call = Call(order[taken % len(order)], taken + 1, len(order) * (terms.rounds if terms else 1))
        made = _step(runtime, one, call, terms, letters, calls)
        put(runtime, letters)
        return [made]

    done = decided(runtime, decide)
    _send(runtime)
    if not calls:  # the command was repeated
        facts = done[0].facts
        calls.append(Called(identity, Call(facts["assignee"], facts["step"], facts["steps"]), facts["told"]))
    return calls[0]


def run(runtime: Runtime) -> str:
    """Make every step that is due, of all emergencies that nobody has acknowledged; the outcome in a word.

    However often it runs, and whoever runs it at the same time, each step is made once.
    """
    runtime.require("desk")
    letters: list[Notification] = []
    calls: list[Called] = []

    def decide() -> list[Draft]:
        letters.clear()
        calls.clear()
        drafts = list(_due(runtime, letters, calls))
        put(
            runtime, letters
        )  # first: whoever is called according to the log is told, even if this process dies now
        return drafts

    if not any(True for _ in _due(runtime, [], [])):
        return "nothing"
    decided(runtime, decide)
    _send(runtime)
    return UNANSWERED if any(each.call.person is None for each in calls) else "escalated"


def _due(runtime: Runtime, letters: list[Notification], calls: list[Called]) -> Iterator[Draft]:
    now = int(runtime.clock.now().timestamp())
    for record in _open(runtime):
        one = ticket(record)
        terms = _terms(runtime, one)
        if terms is None or one.priority != terms.priority:
            continue
        taken, over = _calls(runtime, one.id)
        wait = int(length(terms.acknowledge).total_seconds())
        order = _order(runtime, one)
        call = next_call(order, taken, wait=wait, rounds=terms.rounds, now=now, over=over)
        if call is not None:
            yield _step(runtime, one, call, terms, letters, calls)


def _open(runtime: Runtime) -> Iterator[Record]:
    """Tickets that no human of ours has answered."""
    after: int | None = None
    while page := runtime.open_records().page(
        runtime.client, KIND, states={"open"}, after=after, limit=_PAGE
    ):
        yield from page
        after = page[-1].number


def _terms(runtime: Runtime, one: TicketRecord) -> Emergency | None:
    """What the agreement says that was in force when the ticket was opened."""
    agreement = in_force(runtime, moment(one.opened))
    return agreement.emergency if agreement else None


def _order(runtime: Runtime, one: TicketRecord) -> Sequence[str]:
    """Who is called one after the other: as it was when the ticket was opened, whatever the hour has become."""
    roster = runtime.open_office().rosters.of(runtime.client)
    stands = duty(roster, moment(one.opened)) if roster else None
    return stands.order if stands else ()


def _calls(runtime: Runtime, identity: str) -> tuple[list[int], bool]:
    """When somebody was called, and whether nobody is left."""
    entries = [
        entry
        for entry in runtime.log.entries(runtime.client, kind=KIND, ticket=identity)
        if entry.action == "escalate"
    ]
    taken = [seconds(entry.time) for entry in entries if entry.outcome != UNANSWERED]
    return taken, any(entry.outcome == UNANSWERED for entry in entries)


def _address(runtime: Runtime, person: str) -> tuple[str | None, Client | None]:
    """Where the person is told, and of which client. A mistake in a file keeps nobody from being called."""
    files = runtime.open_post().files
    try:
        known = runtime.inventories.people().people.get(person)
        if known and files.settings().mail:
            return known.email, files.client(runtime.client)
    except InputError as error:
        runtime.progress(f"{person} is not told by mail: {error}")
    return None, None


def _send(runtime: Runtime) -> None:
    try:
        for problem in send_now(runtime).problems:
            runtime.progress(problem)
    except InputError as error:
        runtime.progress(str(error))


def _step(
    runtime: Runtime,
    one: TicketRecord,
    call: Call,
    terms: Emergency | None,
    letters: list[Notification],
    calls: list[Called],
) -> Draft:
    """The entry of one step; its letter is added where there is an address."""
    facts: dict[str, Any] = {"step": call.number, "steps": call.of}
    if call.person is None:
        calls.append(Called(one.id, call, told=False))
        return act_draft(runtime, one.id, "escalate", facts, at=None, outcome=UNANSWERED)
    address, client = _address(runtime, call.person)
    if address and client:
        until = runtime.clock.now() + length(terms.acknowledge) if terms else None
        told = call_letter(
            one,
            call,
            words_for(runtime, client),
            client=runtime.client,
            name=name_of(client),
            wait_until=until,
        )
        letters.append(
            letter_to(
                runtime,
                f"mail:{address}",
                told,
                of=["call", one.id, str(call.number)],
                event="ticket.escalated",
                action="escalate",
                severity="critical",
                ticket=one.id,
            )
        )
    calls.append(Called(one.id, call, told=address is not None))
    facts |= {"assignee": call.person, "told": address is not None}
    return act_draft(runtime, one.id, "escalate", facts, at=None)
