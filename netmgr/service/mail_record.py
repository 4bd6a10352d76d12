"""Which messages reached the desk: one record for each, by the keyed digest of its id (pure)."""

from typing import Any, Final

from netmgr.model.entry import Entry
from netmgr.model.record import Document, Folded, Projection
from netmgr.service.ticket_record import moment

KIND: Final = "mail"

#: Action → how the message stands after it.
_STATES: Final = {"take": "taken", "quarantine": "quarantined", "drop": "dropped"}


def fold(document: Document | None, entry: Entry) -> Folded:
    """The record with one more entry in it. ``seq`` is that of the first one: what people call the message by."""
    made: dict[str, Any] = (
        dict(document)
        if document
        else {"seq": entry.seq, "at": moment(entry.at or entry.time), "state": "taken", "attachments": 0}
    )
    made["state"] = _STATES.get(entry.action, made["state"])
    if entry.ticket:
        made["ticket"] = entry.ticket
    if entry.action == "attach":
        made["attachments"] += 1
    if entry.action == "quarantine":
        made["reason"] = str(entry.facts.get("reason", ""))
        if entry.body is not None:
            made["body"], made["size"] = entry.body.digest, entry.body.size
    return Folded(made["seq"], made["state"], made)


def _key(entry: Entry) -> str:
    return str(entry.facts.get("message", ""))


PROJECTION: Final = Projection(key=_key, fold=fold)
