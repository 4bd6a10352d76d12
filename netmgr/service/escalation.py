"""An emergency that nobody has acknowledged: who is called when, and how they are told (pure)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from netmgr.document.locale import Words
from netmgr.model.letter import Letter
from netmgr.model.printable import printable
from netmgr.model.ticket import TicketRecord
from netmgr.service.desk import moment

#: The outcome of an escalation that has nobody left to go to.
UNANSWERED = "unanswered"


class Call(NamedTuple):
    """One step: ``person`` is called, ``number`` of ``of`` in all. Without a person nobody is left to call."""

    person: str | None
    number: int
    of: int


def next_call(
    order: Sequence[str], taken: Sequence[int], *, wait: int, rounds: int, now: int, over: bool = False
) -> Call | None:
    """The step that is due at ``now``; None where none is.

    ``taken`` are the moments of the steps before, ``wait`` how many seconds each has to acknowledge; ``over`` tells
    that it was said already that nobody is left. The first one is called at once.
    """
    whole = len(order) * rounds
    if over or (taken and now < taken[-1] + wait):
        return None
    if len(taken) >= whole:
        return Call(None, len(taken), whole)
    return Call(order[len(taken) % len(order)], len(taken) + 1, whole)


def call_letter(
    ticket: TicketRecord, call: Call, words: Words, *, client: str, name: str, wait_until: datetime | None
) -> Letter:
    """What whoever is called is told. No text of the ticket's: it is looked up where it may be erased."""
    about = words.text(
        "{ticket} ({priority}) of {client}: you are called",
        ticket=ticket.id,
        priority=ticket.priority,
        client=printable(name),
    )
    lines = [
        words.text("Opened: {moment} ({zone})", moment=words.moment(moment(ticket.opened)), zone=words.zone),
        words.text("Devices: {names}", names=words.listed(ticket.devices) if ticket.devices else "-"),
        words.text("Call {number} of {of}", number=call.number, of=call.of),
    ]
    if wait_until is not None:
        until = words.moment(wait_until)
        lines.append(words.text("The next one is called at {moment} ({zone})", moment=until, zone=words.zone))
    lines += ["", f"netmgr oncall ack {ticket.id} -c {client}", f"netmgr ticket show {ticket.id} -c {client}"]
    return Letter(about, "\n".join(lines) + "\n")
