"""The client's people by opaque ids: an entry says the id, its body who that is; so they can be forgotten (pure)."""

from typing import Any, Final

from netmgr.model.entry import Entry
from netmgr.model.record import Document, Folded, Projection
from netmgr.service.ticket_record import moment

KIND: Final = "contact"


def fold(document: Document | None, entry: Entry) -> Folded:
    """The newest body says who it is; the older ones are known, too, for whoever is to erase them."""
    made: dict[str, Any] = (
        dict(document)
        if document
        else {"id": _key(entry), "number": entry.seq, "added": moment(entry.time), "texts": []}
    )
    if entry.body is not None:
        made["texts"] = [*made["texts"], entry.body.digest]
    return Folded(made["number"], "known", made)


def _key(entry: Entry) -> str:
    return str(entry.facts.get("contact", ""))


PROJECTION: Final = Projection(key=_key, fold=fold)
