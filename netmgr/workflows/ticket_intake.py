"""Mail that reaches the desk becomes tickets and notes; what nobody can vouch for waits in quarantine.

Taking a message in is the act of a program: its entries say so, and no clock takes them for an answer.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from netmgr.errors import NetmgrError, Refused, StoreError, Superseded, UsageError
from netmgr.model.entry import Body, Draft, Entry
from netmgr.model.mail import LARGEST, Address, Attachment, Mail, Malformed, QuarantineReason
from netmgr.model.record import Record
from netmgr.model.ticket import TicketRecord, happened, ticket
from netmgr.ports.mailbox import Mailbox, ReadMail
from netmgr.service import mail_record, ticket_record
from netmgr.service.mail import Verdict, automatic, follow, judge, subject_line, thread
from netmgr.workflows.contacts import contacts, new_contact
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket import Described, opening
from netmgr.workflows.ticket_log import ATTEMPTS, act_draft, next_number

Status = Literal["opened", "reopened", "noted", "duplicate", "quarantined", "aside", "dropped"]

#: A message that was delivered so long before it is taken in says when; sooner it is now.
_SOON: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one message. ``seq`` is that of its first entry, which it is called by in quarantine.

    ``aside``: it is no client's that was asked for. ``why`` says in a line what kept it from being taken in.
    """

    name: str
    status: Status
    client: str | None = None
    ticket: str | None = None
    seq: int | None = None
    reason: QuarantineReason | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in quarantine. Sender and subject are as it claims; None where it cannot be read, or was erased."""

    seq: int
    at: int
    reason: str
    size: int
    sender: str | None
    subject: str | None


class Intake:
    """One client's desk, as mail reaches it."""

    def __init__(self, runtime: Runtime, read: ReadMail) -> None:
        """Raises InputError where the client's files are wrong: who its people are is not known then."""
        runtime.require("desk")
        self.client = runtime.client
        self._person, self._read = runtime, read
        self._runtime = replace(runtime, actor=runtime.actor.model_copy(update={"auth": "service"}))
        self._records = runtime.open_records()
        listed = runtime.inventories.load(runtime.client).client.contacts
        self._listed = {contact.email.casefold(): contact.name for contact in listed if contact.email}
        self._met: dict[str, str] = {}
        self._refresh()

    def knows(self, sender: Address) -> bool:
        """Whether the sender is somebody of this client's: in client.yaml, or a contact of the desk's."""
        address = sender.address.casefold()
        return address in self._listed or address in self._met

    def take(
        self, name: str, mail: Mail | Malformed, content: bytes, *, arrived: datetime | None = None
    ) -> Taken:
        """Take one message in, once."""
        at = self._at(arrived)

        def decide() -> tuple[list[Draft], Taken]:
            key = self._key(mail.identity)
            if record := self._records.get(self.client, mail_record.KIND, key):
                known = record.document
                return [], Taken(name, "duplicate", self.client, known.get("ticket"), known["seq"])
            if isinstance(mail, Malformed):
                return self._quarantine(name, key, "malformed", content, at, mail.why)
            one = self._ticket(mail)
            verdict = judge(mail, known=self.knows, ticket=one, now=self._now())
            if verdict.do == "quarantine":
                return self._quarantine(name, key, verdict.reason or "malformed", content, at, None)
            return self._into(name, key, mail, one, verdict, at)

        return self._done(decide)

    def accept(self, seq: int) -> Taken:
        """Take in what waits in quarantine: somebody of ours vouches for the sender, who is known from then on.

        Raises UsageError where there is no such message, or it cannot be read.
        """
        record, content = self._quarantined(seq)
        mail = self._read(content)
        if isinstance(mail, Malformed):
            raise UsageError(f"{seq}: {mail.why}; drop it, and open a ticket for it if it matters")

        def decide() -> tuple[list[Draft], Taken]:
            self._quarantined(seq)
            one = self._ticket(mail)
            verdict = follow(one, by_program=automatic(mail) is not None, now=self._now())
            drafts, taken = self._into(str(seq), record.key, mail, one, verdict, None, by=self._person)
            return drafts, replace(taken, seq=seq)

        return self._done(decide)

    def drop(self, seq: int) -> Taken:
        """Nothing comes of the message. Raises UsageError where there is none such in quarantine."""

        def decide() -> tuple[list[Draft], Taken]:
            record, _ = self._quarantined(seq, whole=False)
            drafts = [self._mail(self._person, "drop", record.key, outcome="dropped")]
            return drafts, Taken(str(seq), "dropped", self.client, seq=seq)

        return self._done(decide)

    def waiting(self) -> Iterator[Waiting]:
        """What is in quarantine, the oldest first."""
        after: int | None = None
        while page := self._records.page(
            self.client, mail_record.KIND, states={"quarantined"}, after=after, limit=50
        ):
            yield from map(self._waits, page)
            after = page[-1].number

    def _waits(self, record: Record) -> Waiting:
        known = record.document
        content = self._runtime.log.body(self.client, known["body"]) if known.get("body") else None
        mail = self._read(content) if isinstance(content, bytes) else None
        read = mail if isinstance(mail, Mail) else None
        sender = ", ".join(one.address for one in read.senders) if read else None
        return Waiting(
            known["seq"], known["at"], known["reason"], known["size"], sender, read.subject if read else None
        )

    def _into(
        self,
        name: str,
        key: str,
        mail: Mail,
        one: TicketRecord | None,
        verdict: Verdict,
        at: datetime | None,
        *,
        by: Runtime | None = None,
    ) -> tuple[list[Draft], Taken]:
        """The message as a ticket's opening, or as something in it; its attachments, each by itself."""
        identity = one.id if one else f"T-{next_number(self._runtime)}"
        drafts, who = self._reporter(mail)
        texts: dict[str, Any] = (
            {"attachments": [_told(each) for each in mail.attachments]} if mail.attachments else {}
        )
        extra: dict[str, Any] = {"mail": key}
        if automatic(mail):
            extra["automatic"] = True
        status: Status
        if one is None:
            status, said = "opened", Described(subject=subject_line(mail), description=mail.text)
            facts = extra | ({"reporter": who} if who else {})
            drafts.append(opening(self._runtime, identity, said, facts=facts, texts=texts, at=at))
        else:
            status = "reopened" if verdict.do == "reopen" else "noted"
            texts = {"text": mail.text or f"({subject_line(mail)})", **texts}
            extra |= {"from": who} if who else {}
            drafts.append(
                act_draft(
                    self._runtime,
                    identity,
                    "reopen" if verdict.do == "reopen" else "note",
                    extra,
                    at=self._since(identity, at),
                    texts=texts,
                    visible=True,
                )
            )
        outcome = "stale" if verdict.late else None
        drafts.append(self._mail(by or self._runtime, "take", key, ticket=identity, at=at, outcome=outcome))
        for number, each in enumerate(mail.attachments, 1):
            if each.content is not None:
                body = Body(each.content, each.type)
                drafts.append(
                    self._mail(
                        self._runtime, "attach", key, ticket=identity, facts={"part": number}, body=body
                    )
                )
        return drafts, Taken(name, status, self.client, identity)

    def _reporter(self, mail: Mail) -> tuple[list[Draft], str | None]:
        """Who wrote it, by their id; and what is to be logged where they are new."""
        if len(mail.senders) != 1:
            return [], None
        sender = mail.senders[0]
        address = sender.address.casefold()
        if known := self._met.get(address):
            return [], known
        name = self._listed.get(address) or sender.name or None
        identity, draft = new_contact(self._runtime, name=name, address=sender.address)
        return [draft], identity

    def _quarantine(
        self,
        name: str,
        key: str,
        reason: QuarantineReason,
        content: bytes,
        at: datetime | None,
        why: str | None,
    ) -> tuple[list[Draft], Taken]:
        draft = self._mail(
            self._runtime,
            "quarantine",
            key,
            outcome="quarantined",
            facts={"reason": reason},
            body=Body(content, "message/rfc822"),
            at=at,
        )
        return [draft], Taken(name, "quarantined", self.client, reason=reason, why=why)

    def _quarantined(self, seq: int, *, whole: bool = True) -> tuple[Record, bytes]:
        entry = next(
            self._runtime.log.entries(self.client, kind=mail_record.KIND, after=seq - 1, until=seq), None
        )
        key = str(entry.facts["message"]) if entry else ""
        record = self._records.get(self.client, mail_record.KIND, key) if entry else None
        if record is None or record.state != "quarantined":
            raise UsageError(
                f"{seq}: {self.client} has no such message in quarantine; "
                f"`netmgr ticket intake --quarantine -c {self.client}` lists them"
            )
        content = self._runtime.log.body(self.client, record.document["body"]) if whole else b""
        if not isinstance(content, bytes):
            raise UsageError(f"{seq}: the message was erased; drop it")
        return record, content

    def _mail(
        self, by: Runtime, action: str, key: str, *, facts: dict[str, Any] | None = None, **fields: Any
    ) -> Draft:
        return by.draft(
            kind=mail_record.KIND,
            action=action,
            phase="result",
            facts={"message": key, **(facts or {})},
            **fields,
        )

    def _ticket(self, mail: Mail) -> TicketRecord | None:
        def by_message(identity: str) -> str | None:
            record = self._records.get(self.client, mail_record.KIND, self._key(identity))
            return None if record is None else record.document.get("ticket")

        def there(identity: str) -> bool:
            return self._records.get(self.client, ticket_record.KIND, identity) is not None

        identity = thread(mail, by_message, there)
        record = self._records.get(self.client, ticket_record.KIND, identity) if identity else None
        return ticket(record) if record else None

    def _since(self, identity: str, at: datetime | None) -> datetime | None:
        """When it arrived, unless something was recorded of the ticket since that it cannot come before."""
        record = self._records.get(self.client, ticket_record.KIND, identity)
        last = max((one.at for one in happened(record)), default=0) if record else 0
        return at if at and at.timestamp() >= last else None

    def _key(self, identity: str) -> str:
        """What the log knows a message by: nobody without the workspace's key can tell which message that is."""
        said = f"mail\0{self.client}\0{identity}".encode()
        return hmac.new(self._runtime.fingerprint_key, said, "sha256").hexdigest()

    def _at(self, arrived: datetime | None) -> datetime | None:
        return arrived if arrived and self._runtime.clock.now() - arrived > _SOON else None

    def _now(self) -> int:
        return int(self._runtime.clock.now().timestamp())

    def _refresh(self) -> None:
        """Who is known; addresses of contacts that were erased are not."""
        self._met = {who.address.casefold(): who.id for who in contacts(self._runtime) if who.address}

    def _done(self, decide: Callable[[], tuple[list[Draft], Taken]]) -> Taken:
        """Append what is decided; decided anew where the desk was faster."""
        for attempt in range(ATTEMPTS):
            tickets = self._records.since(self.client, ticket_record.KIND)
            mails = self._records.since(self.client, mail_record.KIND)
            drafts, taken = decide()
            if not drafts:
                return taken
            since = tickets if any(draft.kind == ticket_record.KIND for draft in drafts) else mails
            try:
                entries = self._runtime.log.append(self.client, drafts, since=since)
            except Superseded:
                if attempt == ATTEMPTS - 1:
                    raise
                self._refresh()
                continue
            except StoreError as error:
                raise Refused("log", str(error), "make the service log writable: mail is logged") from error
            if any(entry.kind == "contact" for entry in entries):
                self._refresh()
            return replace(taken, seq=taken.seq or _first(entries))
        raise AssertionError("the last attempt returns or raises")


def take_all(intakes: Iterable[Intake], box: Mailbox, read: ReadMail) -> Iterator[Taken]:
    """Take in everything that is new in the box.

    Who wrote a message says whose it is; where one client only is asked for, it is theirs. Raises StoreError where
    the box cannot be used; what was taken in before stays so.
    """
    desks = tuple(intakes)
    for one in box.new():
        if not one.content:
            why = "it is empty" if one.content is not None else f"it is larger than {LARGEST} bytes"
            box.aside(one.name)
            yield Taken(one.name, "aside", why=why)
            continue
        mail = read(one.content)
        desk = whose(desks, mail)
        if isinstance(desk, str):
            box.aside(one.name)
            yield Taken(one.name, "aside", why=desk)
            continue
        taken = desk.take(one.name, mail, one.content, arrived=one.arrived)
        box.done(one.name)
        yield taken


def whose(desks: tuple[Intake, ...], mail: Mail | Malformed) -> Intake | str:
    """The one desk that the message is for, or why there is none."""
    if len(desks) == 1:
        return desks[0]
    if isinstance(mail, Malformed):
        return mail.why
    if len(mail.senders) != 1:
        return "it names no one sender"
    known = [desk for desk in desks if desk.knows(mail.senders[0])]
    if len(known) == 1:
        return known[0]
    return "several clients know its sender" if known else "no client knows its sender"


def _told(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
        "kept": attachment.content is not None,
    }


def _first(entries: Iterable[Entry]) -> int:
    found = next((entry.seq for entry in entries if entry.kind == mail_record.KIND), None)
    if found is None:
        raise NetmgrError("internal: a message without an entry")
    return found
