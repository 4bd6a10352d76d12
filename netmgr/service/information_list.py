"""What was recorded for a client as a list to read, in their language: a document for each month (pure)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from netmgr.document.block import Column, Document, Paragraph, Section, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.model.entry import BodyRef, Entry
from netmgr.model.stretch import day_of

KINDS: Final[Mapping[str, str]] = {
    "adjustment": msgid("Correction"),
    "agreement": msgid("Agreement"),
    "erasure": msgid("Erasure"),
    "exit": msgid("Pack for leaving"),
    "information": msgid("Information"),
    "invoice": msgid("Invoice"),
    "key": msgid("Key of the log"),
    "notice": msgid("Notice"),
    "payment": msgid("Payment"),
    "report": msgid("Report"),
    "state": msgid("State of the store"),
    "ticket": msgid("Ticket"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "acknowledged": msgid("acknowledged"),
    "closed": msgid("closed"),
    "credited": msgid("credited"),
    "delivered": msgid("delivered"),
    "destroyed": msgid("destroyed"),
    "erased": msgid("erased"),
    "issued": msgid("issued"),
    "kept": msgid("kept"),
    "noted": msgid("noted"),
    "opened": msgid("opened"),
    "paused": msgid("paused"),
    "recorded": msgid("recorded"),
    "reopened": msgid("reopened"),
    "resolved": msgid("resolved"),
    "restored": msgid("restored"),
    "resumed": msgid("resumed"),
    "rotated": msgid("replaced"),
    "sent": msgid("sent"),
    "signed": msgid("signed"),
    "withdrawn": msgid("withdrawn"),
}
"""The log's words as a client reads them; one that is not here stands for itself."""

_DESK: Final = "application/json"
_SAID: Final = ("subject", "description", "text", "reason", "reference")


def by_month(entries: Iterable[Entry], words: Words) -> Iterator[tuple[str, list[Entry]]]:
    """``2026-11`` and what was recorded in it, by the client's clocks, oldest first."""
    for month, found in groupby(entries, lambda entry: f"{_day(entry, words):%Y-%m}"):
        yield month, list(found)


def readable(entry: Entry) -> str | None:
    """The digest of a body that a page can show: the desk's, or text; not a document."""
    body = entry.body
    return body.digest if body and (body.type == _DESK or body.type.startswith("text/")) else None


def month_list(
    client: str, entries: Sequence[Entry], bodies: Mapping[str, bytes | None], words: Words
) -> Document:
    """``entries`` are of one month, at least one, oldest first. ``bodies`` are by digest, None where one was erased."""
    days = [(day, list(found)) for day, found in groupby(entries, lambda entry: _day(entry, words))]
    last = days[-1][0]
    return Document(
        title=words.text("What was recorded for {client}: {days}", client=client, days=words.month(last)),
        kind=words.text("Service log"),
        author=client,
        day=last,
        opening=(
            Paragraph(words.text("A row is the entry of this number in {file}.", file="log/main.jsonl")),
        ),
        sections=tuple(_of_day(day, found, bodies, words) for day, found in days),
    )


def _day(entry: Entry, words: Words) -> date:
    return day_of(datetime.fromisoformat(entry.time), words.zone)


def _of_day(day: date, entries: Sequence[Entry], bodies: Mapping[str, bytes | None], words: Words) -> Section:
    columns = (
        Column("seq", words.text("No."), "code"),
        Column("time", words.text("When"), "code"),
        Column("what", words.text("What")),
        Column("about", words.text("About"), "code", under="what"),
        Column("by", words.text("By"), "code", under="what"),
        Column("text", words.text("Text"), wide=True),
    )
    title = words.day(day)
    rows = tuple(_row(entry, bodies, words) for entry in entries)
    caption = words.plural("{count} entry", "{count} entries", len(rows))
    table = Table(f"entries-{day}", caption, columns, rows, empty=words.text("None."))
    return Section(f"day-{day}", title, (table,))


def _row(entry: Entry, bodies: Mapping[str, bytes | None], words: Words) -> tuple[Value, ...]:
    return (
        str(entry.seq),
        words.clock(datetime.fromisoformat(entry.time)).split()[-1],
        words.text(
            "{what}: {outcome}",
            what=_word(KINDS, entry.kind, words),
            outcome=_word(OUTCOMES, entry.outcome or entry.action, words),
        ),
        _about(entry),
        entry.actor,
        _text(entry.body, bodies, words) if entry.body else None,
    )


def _about(entry: Entry) -> str | None:
    """The number, ticket, device or change that it is of."""
    number = entry.facts.get("number")
    return (str(number) if number else None) or entry.ticket or entry.device or entry.change


def _word(known: Mapping[str, str], code: str, words: Words) -> str:
    return words.text(known[code]) if code in known else code


def _text(body: BodyRef, bodies: Mapping[str, bytes | None], words: Words) -> str | None:
    """Its texts where it is an object of the desk, or all of it where it is text; None for what cannot be read."""
    content = bodies.get(body.digest, b"")
    if content is None:
        return words.text("(erased by order)")
    try:
        if body.type == _DESK:
            return "\n".join(_texts(json.loads(content or b"{}"))) or None
        return content.decode() if body.type.startswith("text/") else None
    except ValueError:
        return None


def _texts(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        yield from (str(document[name]) for name in _SAID if document.get(name))
        notes = document.get("notes")
        if isinstance(notes, list):
            yield from (str(note["text"]) for note in notes if isinstance(note, dict) and note.get("text"))
