"""Entries of kind ``adjustment`` become records, one for each correction (pure)."""

import re
from typing import Any, Final

from netmgr.model.entry import Entry
from netmgr.model.record import Document, Folded, Projection

KIND: Final = "adjustment"

_NUMBER: Final = re.compile(r"A-([1-9][0-9]{0,14})")
_SAID: Final = ("amount", "currency", "day", "tax", "invoice")


def fold(document: Document | None, entry: Entry) -> Folded:
    """The record with one more entry in it: what withdraws it, or says it first."""
    made: dict[str, Any] = dict(document) if document else {"id": str(entry.facts.get("id", "")), "seqs": []}
    if document is None:
        made |= {name: entry.facts[name] for name in _SAID if entry.facts.get(name) is not None}
        if entry.ticket is not None:
            made["ticket"] = entry.ticket
        if entry.body is not None:
            made["text"] = entry.body.digest
    elif entry.action == "withdraw":
        made["withdrawn"] = True
    made["seqs"] = [*made["seqs"], entry.seq]
    match = _NUMBER.fullmatch(made["id"])
    return Folded(int(match[1]) if match else 0, "withdrawn" if made.get("withdrawn") else "recorded", made)


PROJECTION: Final = Projection(key=lambda entry: str(entry.facts.get("id", "")), fold=fold)
