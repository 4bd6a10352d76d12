"""A ticket's entries, one after the other, become its record (pure). Unknown words are taken as they come."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from netmgr.model.entry import Entry
from netmgr.model.record import Document, Folded, Projection
from netmgr.model.ticket_clock import LATE, Event
from netmgr.service.due import key

KIND: Final = "ticket"

_NUMBER: Final = re.compile(r"T-([1-9][0-9]{0,14})")

#: What of an entry's facts a ticket is described by, as it is.
DESCRIBED: Final = frozenset(
    (
        *("kind", "impact", "urgency", "priority", "given", "reporter", "assignee", "devices", "assets"),
        *("due", "cause", "outcome", "rma", "source", "condition"),
    )
)

#: Acts that the clocks know by a word of their own.
_CLOCKED: Final = {
    "open": "opened",
    "pause": "paused",
    "resume": "resumed",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "reopened",
}
#: Whoever does this has not answered the client yet.
_NO_ANSWER: Final = frozenset({"open", "import", "escalate", "accept"})


def moment(text: str) -> int:
    """An entry's time in whole seconds since the epoch."""
    return int(datetime.fromisoformat(text).timestamp())


def fold(document: Document | None, entry: Entry) -> Folded:
    """The record with one more entry in it."""
    at, recorded = moment(entry.at or entry.time), moment(entry.time)
    facts = entry.facts
    made: dict[str, Any] = dict(document) if document else _unopened(entry, at)
    rows: list[list[Any]] = list(made["events"])
    for name, value in facts.items():
        if name in DESCRIBED:
            if value is None:
                made.pop(name, None)
            else:
                made[name] = value
    if entry.action == "import":
        rows = _imported(made, entry, recorded)
    elif entry.action == "accept":
        accepted = {seq for seq in facts.get("accepts", ()) if isinstance(seq, int)}
        rows = [[*row[:5], row[5] or row[6] in accepted, row[6]] for row in rows]
        made["late"] = {seq: actor for seq, actor in made["late"].items() if int(seq) not in accepted}
    elif entry.action == "warn":
        made["warned"] = _warned(made.get("warned", {}), facts)
        return Folded(_number(entry), made["state"], made)
    elif what := _what(entry, made):
        word = str(facts.get("reason" if what == "paused" else "priority", ""))
        by_us = entry.auth != "service" and entry.action not in _NO_ANSWER
        rows.append([what, at, recorded, word, by_us, False, entry.seq])
        if abs(recorded - at) > LATE:
            made["late"] = {**made["late"], str(entry.seq): entry.actor}
    if entry.action == "link":
        links = facts.get("links", ())
        made["links"] = [*(link for link in made["links"] if link not in links), *links]
    if entry.body is not None and facts.get("subject"):
        made["text"] = entry.body.digest
    made["events"], made["updated"] = rows, max(made["updated"], at)
    _settle(made, rows)
    return Folded(_number(entry), made["state"], made)


PROJECTION: Final = Projection(key=lambda entry: entry.ticket or "", fold=fold)


def events(document: Document) -> list[Event]:
    """What the ticket's clocks look at (``netmgr.service.clock.ticket_clock``)."""
    return [Event(*row[:6]) for row in document["events"]]


def _unopened(entry: Entry, at: int) -> dict[str, Any]:
    """What every ticket begins with."""
    return {
        "id": entry.ticket or "",
        "kind": "request",
        "priority": "normal",
        "state": "open",
        "opened": at,
        "updated": at,
        "events": [],
        "late": {},
        "links": [],
    }


def _what(entry: Entry, made: Mapping[str, Any]) -> str | None:
    """What the clocks call this act; None where it is nothing to them."""
    if entry.action in _CLOCKED:
        return _CLOCKED[entry.action]
    if not made["events"]:
        return "opened"
    if entry.action == "update" and "priority" in entry.facts:
        return "prioritised"
    # The first answer counts: where one is known that was recorded in time, no other can be sooner.
    answered = any(row[4] and abs(row[2] - row[1]) <= LATE for row in made["events"])
    return None if answered or entry.action == "accept" else "acted"


def _warned(before: Mapping[str, int], facts: Mapping[str, Any]) -> dict[str, int]:
    """The highest part of each target that people were told of."""
    target = key(str(facts.get("target", "")), str(facts.get("level", "")))
    percent = facts.get("percent")
    told = percent if isinstance(percent, int) else 0
    return {**before, target: max(before.get(target, 0), told)}


def _settle(made: dict[str, Any], rows: Sequence[Sequence[Any]]) -> None:
    """State and its moments, by what happened, in the order in which it did."""
    made.pop("reason", None)
    state, resolved, closed = "open", None, None
    for what, at, _, word, by_us, *_ in sorted(rows, key=itemgetter(1)):
        if what == "opened":
            made["opened"] = at
        elif what == "paused":
            state, made["reason"] = "paused", word
        elif what == "resolved":
            state, resolved = "resolved", at
        elif what == "closed":
            state, closed = "closed", at
        elif what in ("resumed", "reopened"):
            state, resolved, closed = "in_progress", None, None
        elif state == "open" and by_us:
            state = "in_progress"
    if state != "paused":
        made.pop("reason", None)
    if state not in ("resolved", "closed"):
        made.pop("outcome", None)
    made["state"] = state
    for name, value in (("resolved", resolved), ("closed", closed)):
        if value is None:
            made.pop(name, None)
        else:
            made[name] = value


def _imported(made: dict[str, Any], entry: Entry, recorded: int) -> list[list[Any]]:
    """The history as another desk tells it. What it told before was recorded then; what was done here stays."""
    imports = made.get("imports", [])
    before = {(row[0], row[1], row[3]): row for row in made["events"] if row[6] in imports}
    made["imports"] = [*imports, entry.seq]
    rows = [row for row in made["events"] if row[6] not in imports]
    for told in entry.facts.get("events", ()):
        what, at, word = str(told["what"]), int(told["at"]), str(told.get("word", ""))
        known = before.get((what, at, word))
        rows.append(known or [what, at, recorded, word, bool(told.get("by_us")), False, entry.seq])
    rows.sort(key=itemgetter(1))
    late = {row[6] for row in rows if abs(row[2] - row[1]) > LATE and not row[5]}
    made["late"] = {str(seq): made["late"].get(str(seq), entry.actor) for seq in sorted(late)}
    return rows


def _number(entry: Entry) -> int:
    match = _NUMBER.fullmatch(entry.ticket or "")
    return int(match[1]) if match else 0
