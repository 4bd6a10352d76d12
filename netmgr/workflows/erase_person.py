"""Forgetting one of the client's people: every text that is theirs or that names them is destroyed, by order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from netmgr.errors import UsageError
from netmgr.model.entry import Body, Draft, Entry
from netmgr.service import contacts, mail_record, ticket_record
from netmgr.service.naming import Named
from netmgr.service.versions import KIND as AGREEMENT
from netmgr.workflows.contacts import contact
from netmgr.workflows.log import checked_order
from netmgr.workflows.runtime import Runtime

KIND: Final = "erasure"
#: What is kept whoever is named in it, because it was signed or the law wants it: it is deleted by retention.
_KEPT: Final = frozenset({AGREEMENT, "invoice", "payment"})


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What names a contact. ``bodies`` are seqs of the entries whose body is theirs or names them, ``kept`` of those
    that were signed and stay, ``notifications`` ids; ``listed``: whether client.yaml names them; ``orders`` seqs.
    """

    client: str
    contact: str
    bodies: tuple[int, ...]
    kept: tuple[int, ...]
    notifications: tuple[str, ...]
    reports: tuple[str, ...]
    listed: bool
    orders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    bodies: tuple[Entry, ...]
    kept: tuple[int, ...]


def named(runtime: Runtime, identity: str, also: Sequence[str] = ()) -> Forgotten:
    """What ``erase`` would destroy. ``also`` are other spellings. Raises UsageError where there is no such contact."""
    runtime.require("log")
    told, _, _ = _looked(runtime, identity, also)
    return told


def erase(runtime: Runtime, identity: str, *, reason: str, basis: str, also: Sequence[str] = ()) -> Forgotten:
    """Destroy it, all or nothing; then the records are made again from the log.

    Entries stay as they are, so that no clock is judged otherwise. Raises UsageError for what there is not, for a
    reason that names the person, and where nothing is left to erase.
    """
    runtime.require("log")
    checked_order(reason, basis)
    told, found, words = _looked(runtime, identity, also)
    if words.in_text(reason):
        raise UsageError("--reason names the person who is to be forgotten; write it without")
    if not found.bodies:
        raise UsageError(f"{identity}: nothing of theirs is left in the log")
    runtime.open_post().outbox.remove(runtime.client, told.notifications)
    orders = [_order(runtime, entry, identity, basis) for entry in found.bodies]
    orders[0] = replace(orders[0], body=Body(reason.encode(), "text/plain"))
    entries = runtime.log.erase_all(runtime.client, orders)
    runtime.open_records().rebuild(runtime.client)
    return replace(told, orders=tuple(entry.seq for entry in entries))


def _looked(runtime: Runtime, identity: str, also: Sequence[str]) -> tuple[Forgotten, _Found, Named]:
    record = runtime.open_records().get(runtime.client, contacts.KIND, identity)
    if record is None:
        raise UsageError(
            f"{identity}: {runtime.client} has no such contact; `netmgr ticket show` tells a reporter's id (k-…)"
        )
    who = contact(runtime, identity)
    words = Named([*also, *(word for word in (who and who.name, who and who.address) if word)])
    found = _bodies(runtime, identity, words)
    desk = runtime.open_desk()
    reports = desk.kept(runtime.client)
    told = Forgotten(
        client=runtime.client,
        contact=identity,
        bodies=tuple(entry.seq for entry in found.bodies),
        kept=found.kept,
        notifications=_notifications(runtime, words),
        reports=tuple(
            each for each in reports if words.in_body(desk.read(runtime.client, each), "text/plain")
        ),
        listed=any(
            words.in_text(f"{each.name}\n{each.email or ''}")
            for each in runtime.inventories.load(runtime.client).client.contacts
        ),
    )
    return told, found, words


def _bodies(runtime: Runtime, identity: str, words: Named) -> _Found:
    """Theirs: who they are, tickets as they described them, mails and what came with them. And what names them."""
    tickets, mails = set[str](), set[str]()
    for entry in runtime.log.entries(runtime.client, kind=ticket_record.KIND):
        if entry.facts.get("reporter") == identity and entry.ticket:
            tickets.add(entry.ticket)
        if identity in (entry.facts.get("reporter"), entry.facts.get("from")) and "mail" in entry.facts:
            mails.add(str(entry.facts["mail"]))

    def theirs(entry: Entry) -> bool:
        facts = entry.facts
        if entry.kind == contacts.KIND:
            return facts.get("contact") == identity
        if entry.kind == ticket_record.KIND:
            described = entry.ticket in tickets and bool(facts.get("subject") or entry.action == "import")
            return described or facts.get("from") == identity
        return entry.kind == mail_record.KIND and facts.get("message") in mails

    bodies: list[Entry] = []
    kept: list[int] = []
    with runtime.log.snapshot(runtime.client) as held:
        for page in held.pages():
            content = {body.digest: body.content for body in held.bodies(page[0].seq, page[-1].seq)}
            for stored in page:
                if stored.body not in content:
                    continue
                entry = Entry.parse(stored.line)
                kind = entry.body.type if entry.body else ""
                if not theirs(entry) and not words.in_body(content[stored.body], kind):
                    continue
                if entry.kind in _KEPT:
                    kept.append(entry.seq)
                else:
                    bodies.append(entry)
    return _Found(tuple(bodies), tuple(kept))


def _notifications(runtime: Runtime, words: Named) -> tuple[str, ...]:
    """Messages that name them, or were for them: sent, or still to be sent."""
    every = runtime.open_post().outbox.notifications(runtime.client, limit=2**31)
    return tuple(
        each.id
        for each in every
        if words.in_body(each.document, "application/json")
        or words.in_text(f"{each.recipient}\n{each.error or ''}")
    )


def _order(runtime: Runtime, entry: Entry, identity: str, basis: str) -> Draft:
    digest = entry.body.digest if entry.body else ""
    facts = {"basis": basis, "digest": digest, "contact": identity}
    return runtime.draft(kind=KIND, action="erase", phase="result", outcome="erased", facts=facts)
