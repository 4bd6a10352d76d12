"""A ticket as desks hand it to each other: one line of JSON (docs/reference/desk.md)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema, model_validator

from netmgr.model.agreement_levels import Impact, Urgency
from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.fields import DateValue, Email, Items, Name, Text, matching, shown
from netmgr.model.names import Identifier
from netmgr.model.ticket import Cause, Outcome, TicketKind
from netmgr.model.ticket_clock import Happening

LONGEST = 1024 * 1024
"""Characters of a text."""

Moment = Annotated[
    str,
    matching(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})",
        "a time with its zone (RFC 3339)",
        "2026-11-02T08:00:00Z",
    ),
]
LongText = Annotated[str, Field(max_length=LONGEST), WithJsonSchema({"type": "string"})]


def seconds(moment: str) -> int:
    """A time in whole seconds since the epoch. Raises ValueError for none."""
    try:
        return int(datetime.fromisoformat(moment).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        raise ValueError(f"{shown(moment)} is no time of the calendar") from None


class ToldEvent(Frozen):
    """Something that happened there."""

    what: Happening
    at: Moment
    word: Name | None = None
    by_us: bool = False

    def facts(self) -> dict[str, Any]:
        """As an entry tells it."""
        made: dict[str, Any] = {"what": self.what, "at": seconds(self.at), "by_us": self.by_us}
        return made | ({"word": self.word} if self.word else {})


class ToldNote(Frozen):
    """Something noted there."""

    at: Moment
    text: LongText
    visible: bool = False


class ToldReporter(Frozen):
    """Who reported it there."""

    name: Text | None = None
    address: Email | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.name is None and self.address is None:
            raise ValueError("a reporter has a name or an address; write one, or leave the key out")
        return self


class ToldTicket(Frozen):
    """One line."""

    id: Annotated[Text, Field(max_length=120)]
    source: Name | None = None
    subject: LongText
    description: LongText = ""
    kind: TicketKind = "fault"
    impact: Impact | None = None
    urgency: Urgency | None = None
    priority: Name = "normal"
    assignee: Name | None = None
    reporter: ToldReporter | None = None
    devices: Items[Identifier] = ()
    assets: Items[Identifier] = ()
    due: DateValue | None = None
    cause: Cause | None = None
    outcome: Outcome | None = None
    rma: Text | None = None
    events: Annotated[Items[ToldEvent], Field(min_length=1)]
    notes: Items[ToldNote] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        first, *others = self.events
        if first.what != "opened" or any(event.what == "opened" for event in others):
            raise ValueError("events: the first one, and only that, is what: opened")
        for before, after in pairwise(self.events):
            if seconds(after.at) < seconds(before.at):
                raise ValueError(
                    f"events: {after.what} at {after.at} is before {before.what} at {before.at}; write them in order"
                )
        for event in self.events:
            if event.what == "prioritised" and event.word is None:
                raise ValueError("events: prioritised says the priority as its word; add it")
        self.newest()  # all are times
        return self

    @property
    def digest(self) -> str:
        """The same for the same ticket, however its line was written."""
        return sha256_hex(canonical(self.model_dump(mode="json")))

    def told(self) -> list[dict[str, Any]]:
        """The events as an entry tells them; what opened it says the priority."""
        first, *others = (event.facts() for event in self.events)
        return [{"word": self.priority, **first}, *others]

    def newest(self) -> int:
        """When the last of it happened."""
        times = (*(event.at for event in self.events), *(note.at for note in self.notes))
        return max(map(seconds, times))


Lines = Sequence[tuple[str, ToldTicket]]
"""Each with its place (``file:line``)."""
