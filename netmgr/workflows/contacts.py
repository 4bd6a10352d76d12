"""Who reports: people of ours by their id, the client's people by an opaque id whose entry's body says who it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from netmgr.errors import UsageError
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body, Draft
from netmgr.model.record import Record
from netmgr.model.ticket_exchange import ToldReporter
from netmgr.service.contacts import KIND
from netmgr.workflows.runtime import Runtime

PREFIX: Final = "k-"
ERASED: Final = "(erased)"


@dataclass(frozen=True, slots=True)
class Who:
    """A contact as its newest body says; the fields are None where it was erased, or says nothing."""

    id: str
    name: str | None
    address: str | None


def contact(runtime: Runtime, identity: str) -> Who | None:
    """Who that is; None for an id that there is not."""
    record = runtime.open_records().get(runtime.client, KIND, identity)
    return None if record is None else _who(runtime, record)


def named(runtime: Runtime, identity: str | None) -> str | None:
    """How people are told of a reporter: the name, or the address, or the id of one of ours."""
    if identity is None or not identity.startswith(PREFIX):
        return identity
    who = contact(runtime, identity)
    return ERASED if who is None else who.name or who.address or ERASED


def by_address(runtime: Runtime, address: str) -> Who | None:
    """The contact with this address, whatever its case."""
    return next(
        (who for who in contacts(runtime) if (who.address or "").casefold() == address.casefold()), None
    )


def reporter(runtime: Runtime, text: str) -> tuple[str, tuple[Draft, ...]]:
    """The id of who reports, and what is to be logged first where somebody is new.

    ``text`` is an id of ours or of a contact, or ``Name <address>``. Raises UsageError for an id that there is not.
    """
    if "@" in text:
        return _addressed(runtime, text)
    if text.startswith(PREFIX):
        if contact(runtime, text) is None:
            raise UsageError(
                f"--reporter {text}: no such contact of {runtime.client}; write Name <address> for a new one"
            )
        return text, ()
    if text in runtime.inventories.people().people or text == runtime.actor.id:
        return text, ()
    raise UsageError(
        f"--reporter {text}: neither an id of config/people.yaml nor a contact (k-…); write Name <address>"
    )


def new_contact(runtime: Runtime, *, name: str | None, address: str | None) -> tuple[str, Draft]:
    """An entry for somebody new, and the id: random, so that it says nothing of the person."""
    identity = PREFIX + runtime.clock.new_id().replace("-", "")[-12:]
    known = {key: value for key, value in (("name", name), ("address", address)) if value}
    draft = runtime.draft(
        kind=KIND,
        action="add",
        phase="result",
        outcome="added",
        facts={"contact": identity},
        body=Body(canonical(known), "application/json"),
    )
    return identity, draft


class Addresses:
    """Contacts for many reporters at once: who is known, and who becomes known on the way."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known = {who.address.casefold(): who.id for who in contacts(runtime) if who.address}

    def of(self, told: ToldReporter | None, before: str | None) -> tuple[str | None, tuple[Draft, ...]]:
        """The id of who reports, and what is to be logged where somebody is new. ``before`` is who did so far."""
        if told is None or (told.address is None and before is not None):
            return before, ()
        if told.address and (known := self._known.get(told.address.casefold())):
            return known, ()
        identity, draft = new_contact(self._runtime, name=told.name, address=told.address)
        if told.address:
            self._known[told.address.casefold()] = identity
        return identity, (draft,)


def _addressed(runtime: Runtime, text: str) -> tuple[str, tuple[Draft, ...]]:
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(not character.isprintable() for character in text):
        raise UsageError("--reporter: no mail address; write it like 'Name <name@client.example>'")
    if known := by_address(runtime, address):
        return known.id, ()
    identity, draft = new_contact(runtime, name=name or None, address=address)
    return identity, (draft,)


def contacts(runtime: Runtime) -> Iterator[Who]:
    """Everybody of the client's who is known to the desk."""
    return (_who(runtime, record) for record in runtime.open_records().all(runtime.client, KIND))


def _who(runtime: Runtime, record: Record) -> Who:
    texts = record.document["texts"]
    body = runtime.log.body(runtime.client, texts[-1]) if texts else None
    known = json.loads(body) if isinstance(body, bytes) else {}
    return Who(record.key, known.get("name"), known.get("address"))
