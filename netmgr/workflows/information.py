"""An answer to a request for information: what of the log is for the client, in one archive that they can check."""

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from typing import Final, Literal

from netmgr.document.locale import LOCALES, Words
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.chain import Stored
from netmgr.model.client import Client
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import MAIN, rfc3339
from netmgr.model.excerpt import hidden, hidden_size
from netmgr.model.issued_report import KIND as REPORT
from netmgr.model.issued_report import IssuedReport
from netmgr.model.key_rotation import KIND as KEY
from netmgr.model.key_rotation import Rotation
from netmgr.model.stretch import midnight
from netmgr.model.ticket import ticket
from netmgr.ports.handover import Handover, Piece
from netmgr.ports.store import Gone, Snapshot
from netmgr.service.information_list import by_month, month_list, readable
from netmgr.service.information_readme import readme
from netmgr.workflows.contacts import reporter
from netmgr.workflows.log import witness
from netmgr.workflows.packing import Contents, piece, stored
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_log import found as found_ticket

KIND: Final = "information"
SCHEMA: Final = "netmgr.information-manifest/1"
Way = Literal["mail", "portal", "medium", "meeting"]
_FOR_THE_CLIENT: Final = b',"visibility":"client"}'


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants to know: everything of these days, both belong to it, on the clocks of the client.

    ``to`` is who gets it (an id, or ``Name <address>``; the ticket's reporter where it is None), ``way`` how.
    """

    ticket: str
    first: date
    last: date
    to: str | None
    way: Way


@dataclass(frozen=True, slots=True)
class Answered:
    """An archive that was made. ``key`` is the SHA-256 of the age key that opens it, ``manifest`` the manifest's."""

    client: str
    ticket: str
    path: str
    manifest: str
    files: int
    bytes: int
    key: str
    to: str
    way: Way
    shown: int
    hidden: int
    first: int
    last: int
    seq: int


@dataclass(slots=True)
class _Window:
    """The entries from seq ``first`` to ``last``, and what of them is shown."""

    first: int
    last: int
    bodies: frozenset[str] = frozenset()
    shown: int = 0
    hidden: int = 0

    def pages(self, held: Snapshot) -> Iterator[list[Stored]]:
        """They alone, page by page."""
        for page in held.pages():
            inside = [each for each in page if self.first <= each.seq <= self.last]
            if inside:
                yield inside


def answer(runtime: Runtime, asked: Asked, path: str, key: str) -> Answered:
    """Make the archive, log on the ticket that it goes out, then give it its name.

    Raises UsageError for what is no ticket of kind information, nobody to give it to, no age key, a file that is there
    already or a period without entries; StoreError. Then nothing was made, and the same can be asked for again.
    """
    runtime.require("agree")
    record = ticket(found_ticket(runtime, asked.ticket))
    if record.kind != "information":
        raise UsageError(
            f"{asked.ticket} is a {record.kind}; `netmgr ticket update {asked.ticket} --kind information` makes it one"
        )
    whom = asked.to or record.reporter
    if whom is None:
        raise UsageError(f"{asked.ticket} has no reporter; say with --recipient who gets it")
    to, new = reporter(runtime, whom)
    client = runtime.inventories.load(runtime.client).client
    window = _window(runtime, asked, client.timezone)
    handover, contents = runtime.open_handover(), Contents()
    with handover.written(path, key, _pieces(runtime, handover, contents, asked, window, client)) as size:
        facts = {
            "manifest": contents.manifest,
            "files": len(contents.files),
            "bytes": size,
            "key": sha256_hex(key),
            "to": to,
            "way": asked.way,
            "from": asked.first.isoformat(),
            "until": asked.last.isoformat(),
            "first": window.first,
            "last": window.last,
            "shown": window.shown,
            "hidden": window.hidden,
        }
        draft = runtime.draft(
            kind=KIND,
            action="deliver",
            phase="result",
            outcome="delivered",
            visibility="client",
            ticket=asked.ticket,
            facts=facts,
        )
        try:
            *_, entry = runtime.log.append(runtime.client, [*new, draft])
        except StoreError as error:
            raise Refused(
                "log", str(error), "make the service log writable: what leaves is logged"
            ) from error
    return Answered(
        client=runtime.client,
        ticket=asked.ticket,
        path=path,
        manifest=contents.manifest,
        files=len(contents.files),
        bytes=size,
        key=sha256_hex(key),
        to=to,
        way=asked.way,
        shown=window.shown,
        hidden=window.hidden,
        first=window.first,
        last=window.last,
        seq=entry.seq,
    )


def _window(runtime: Runtime, asked: Asked, zone: str) -> _Window:
    """What was recorded in these days. A body that was erased since needs the order beside it, which is later."""
    head = runtime.log.head(runtime.client)
    end = head.seq if head else 0

    def time(seq: int) -> str:
        entry = next(runtime.log.entries(runtime.client, after=seq - 1, until=end, limit=1), None)
        return "~" if entry is None else entry.time

    start = rfc3339(midnight(asked.first, zone))
    over = rfc3339(midnight(asked.last + timedelta(days=1), zone))
    first = bisect_left(range(1, end + 1), start, key=time) + 1
    last = bisect_left(range(1, end + 1), over, key=time)
    if asked.last < asked.first or last < first:
        raise UsageError(
            f"{runtime.client}: nothing was recorded from {asked.first} to {asked.last}; name other days"
        )
    while True:
        bodies = _bodies_for_the_client(runtime, _Window(first, last))
        orders = runtime.log.entries(runtime.client, after=last, kind="erasure")
        erased = [entry.seq for entry in orders if entry.facts.get("digest") in bodies]
        if not erased:
            return _Window(first, last, bodies)
        last = max(erased)


def _bodies_for_the_client(runtime: Runtime, window: _Window) -> frozenset[str]:
    with runtime.log.snapshot(runtime.client) as held:
        entries = (each for page in window.pages(held) for each in page)
        return frozenset(each.body for each in entries if each.body and each.line.endswith(_FOR_THE_CLIENT))


def _pieces(
    runtime: Runtime, handover: Handover, contents: Contents, asked: Asked, window: _Window, client: Client
) -> Iterator[Piece]:
    locale = client.locale if client.locale in LOCALES else "en"
    words = runtime.open_office().words(locale, client.timezone)
    now = runtime.clock.now()
    runtime.progress(f"information: entries {window.first} to {window.last}")
    yield from contents.watched([handover.verifier, handover.excerpt_verifier])
    yield from contents.watched(_log(runtime, handover, window))
    yield from contents.watched(_reports(runtime, window))
    name = client.names.get(client.locale) or next(iter(client.names.values()), client.id)
    yield from contents.watched(_lists(runtime, window, name, words))
    said = readme(name, now, (asked.first, asked.last), (window.shown, window.hidden), words)
    yield from contents.watched([piece("README.md", said.encode())])
    made = {
        "schema": SCHEMA,
        "client": runtime.client,
        "ticket": asked.ticket,
        "made": rfc3339(now),
        "netmgr": version("netmgr"),
        "from": asked.first.isoformat(),
        "until": asked.last.isoformat(),
        "shown": window.shown,
        "hidden": window.hidden,
    }
    yield from contents.closing(made)


def _log(runtime: Runtime, handover: Handover, window: _Window) -> Iterator[Piece]:
    """The excerpt, checkpoints of it (the last entry has one), and the bodies that are for the client."""
    with runtime.log.snapshot(runtime.client) as held:
        before, size, last = _keys_before(runtime, window), 0, None
        for page in window.pages(held):
            for each in page:
                size += 1 + (len(each.line) if _shown(each, window) else hidden_size(each.line))
            last = page[-1]
        if last is None or last.seq != window.last:
            raise StoreError(
                f"{runtime.client}: the log does not verify; run `netmgr log verify -c {runtime.client}`"
            )
        yield Piece(f"log/{MAIN}.jsonl", size + len(before), _lines(runtime, held, window, before))
        issued = [each for each in held.checkpoints() if window.first <= each.seq <= window.last]
        if all(each.seq < window.last for each in issued):
            end = next(runtime.log.entries(runtime.client, after=window.last - 1, limit=1))
            issued.append(
                witness(runtime.log, handover.signer, runtime.clock, runtime.client, end.seq, end.hash)
            )
        lines = [json.dumps(each.document()) + "\n" for each in issued]
        yield piece("log/checkpoints", "".join(lines).encode())
        for page in window.pages(held):
            for body in held.bodies(page[0].seq, page[-1].seq):
                if body.digest in window.bodies:
                    yield from stored(runtime.client, body)


def _reports(runtime: Runtime, window: _Window) -> Iterator[Piece]:
    """Those that were issued, as they were; one that retention has destroyed is a digest in its entry."""
    desk = runtime.open_desk()
    kept = frozenset(desk.kept(runtime.client))
    entries = runtime.log.entries(runtime.client, after=window.first - 1, until=window.last, kind=REPORT)
    for entry in entries:
        report = IssuedReport.parse(entry.facts) if entry.visibility == "client" else None
        for file in report.files if report else ():
            if file.kept in kept:
                yield piece(f"reports/{file.name}", desk.read(runtime.client, file.kept))


def _lists(runtime: Runtime, window: _Window, name: str, words: Words) -> Iterator[Piece]:
    """A page to read for each month."""
    render = runtime.open_office().renderers["html"]
    log, client = runtime.log, runtime.client
    entries = log.entries(client, after=window.first - 1, until=window.last)
    for month, found in by_month((entry for entry in entries if entry.visibility == "client"), words):
        digests = {digest for entry in found if (digest := readable(entry))} & window.bodies
        bodies = {
            digest: body if isinstance(body, bytes) else None
            for digest, body in log.bodies(client, digests).items()
            if body is not Gone.MISSING
        }
        yield piece(f"entries/{month}.html", render(month_list(name, found, bodies, words), words))


def _keys_before(runtime: Runtime, window: _Window) -> bytes:
    """Which key took the place of which before the excerpt begins: the client may know an old one."""
    found = []
    for entry in runtime.log.entries(runtime.client, kind=KEY, until=window.first - 1):
        try:
            rotation = Rotation.parse(entry.facts)
        except ValueError:
            continue  # `log verify` says so
        if rotation.signature is not None:
            found.append(json.dumps(rotation.facts()) + "\n")
    return "".join(found).encode()


def _lines(runtime: Runtime, held: Snapshot, window: _Window, before: bytes) -> Iterator[bytes]:
    if before:
        yield before
    for page in window.pages(held):
        lines = []
        for each in page:
            shown = _shown(each, window)
            window.shown, window.hidden = window.shown + shown, window.hidden + (not shown)
            try:
                lines.append(each.line if shown else hidden(each.line))
            except ValueError as error:
                raise StoreError(
                    f"{runtime.client}: seq {each.seq}: {error}; run `netmgr log verify -c {runtime.client}`"
                ) from error
        yield b"".join(line + b"\n" for line in lines)


def _shown(each: Stored, window: _Window) -> bool:
    """What is for the client, and what explains a hole in that: orders to erase a body of it, restorations."""
    if each.line.endswith(_FOR_THE_CLIENT):
        return True
    return (each.kind == "erasure" and each.subject in window.bodies) or (
        each.kind == "state" and b'"action":"restore"' in each.line
    )
