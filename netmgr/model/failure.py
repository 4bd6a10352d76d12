"""What went wrong by itself, and the ticket that is to be opened for it."""

from dataclasses import dataclass

from netmgr.model.agreement_levels import Impact, Urgency
from netmgr.model.base import Frozen


class TicketForFailure(Frozen):
    """How severe a ticket is that a program opens."""

    impact: Impact
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that is wrong now. ``condition`` says what and where, such as ``probe.down.r1``: of each, one ticket is
    open at most. ``entry`` is the id of the log's entry that tells of it.
    """

    condition: str
    device: str | None
    entry: str | None
    subject: str
    description: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """That it is well again, and the entry that tells so."""

    condition: str
    entry: str | None
    text: str
