"""Entries of kind ``time`` become records, one for each spell of work (pure). Unknown words are taken as they come."""

import re
from typing import Any, Final

from netmgr.model.entry import Entry
from netmgr.model.record import Document, Folded, Projection

KIND: Final = "time"

_NUMBER: Final = re.compile(r"H-([1-9][0-9]{0,14})")
_SAID: Final = (
    *("person", "service", "billable", "begin", "end", "working", "outside"),
    *("version", "provisional", "source", "rate_class", "travel", "called_out"),
)


def fold(document: Document | None, entry: Entry) -> Folded:
    """The record with one more entry in it. What corrects it takes its place, what stops it ends it."""
    stopped = document is not None and entry.action == "stop"
    made: dict[str, Any] = dict(document) if document and stopped else _fresh(entry)
    made |= {name: entry.facts[name] for name in _SAID if entry.facts.get(name) is not None}
    made["entry"] = entry.id
    if entry.ticket is not None:
        made["ticket"] = entry.ticket
    if entry.body is not None:
        made["text"] = entry.body.digest
    match = _NUMBER.fullmatch(made["id"])
    return Folded(int(match[1]) if match else 0, made["person"], made)


def _fresh(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.facts.get("id", "")),
        "person": entry.actor,
        "service": "network",
        "billable": True,
        "begin": 0,
    }


PROJECTION: Final = Projection(key=lambda entry: str(entry.facts.get("id", "")), fold=fold)
"""A record's state is whose time it is."""
