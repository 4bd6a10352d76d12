"""The exit pack: all that is kept of a client in one archive that only the client can open, with what proves it."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from netmgr.document.locale import LOCALES
from netmgr.errors import Refused, SecretError, StoreError
from netmgr.model.backup import Version
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import MAIN, rfc3339
from netmgr.model.numbering import INVOICE
from netmgr.ports.handover import Handover, Piece
from netmgr.ports.store import Snapshot
from netmgr.service.exit_readme import readme
from netmgr.service.versions import KIND as AGREEMENT
from netmgr.workflows.log import checkpoint
from netmgr.workflows.packing import Contents, piece, stored
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket_exchange import export_tickets

KIND: Final = "exit"
SCHEMA: Final = "netmgr.exit-manifest/1"
_REFERENCE: Final = re.compile(r"secret://[a-z0-9]+/[a-z0-9]+(?:[_-][a-z0-9]+)*")
#: Whose references are the client's own secrets; those of client.yaml are how the provider gets in.
_CONFIGURED: Final = frozenset({"hosts.yaml", "groups.yaml", "defaults.yaml", "topology.yaml"})


@dataclass(frozen=True, slots=True)
class ExitPack:
    """A pack that was made. ``recipient`` is the SHA-256 of the age key that opens it, ``manifest`` the manifest's."""

    client: str
    path: str
    manifest: str
    files: int
    bytes: int
    recipient: str
    secrets: bool
    seq: int


def pack(runtime: Runtime, path: str, recipient: str, *, secrets: bool) -> ExitPack:
    """Make the pack, log it, then give it its name: what left the house is in the log.

    Raises UsageError for what is no age key and for a file that is there already, SecretError where a secret cannot be
    resolved, StoreError; then nothing was packed.
    """
    runtime.require("agree")
    handover, contents = runtime.open_handover(), Contents()
    pieces = _pieces(runtime, handover, contents, secrets=secrets)
    with handover.written(path, recipient, pieces) as size:
        fingerprint = sha256_hex(recipient)
        facts = {
            "manifest": contents.manifest,
            "files": len(contents.files),
            "bytes": size,
            "recipient": fingerprint,
            "secrets": secrets,
        }
        draft = runtime.draft(
            kind=KIND, action="pack", phase="result", outcome="packed", visibility="client", facts=facts
        )
        try:
            (entry,) = runtime.log.append(runtime.client, [draft])
        except StoreError as error:
            raise Refused(
                "log", str(error), "make the service log writable: what leaves is logged"
            ) from error
    return ExitPack(
        runtime.client, path, contents.manifest, len(contents.files), size, fingerprint, secrets, entry.seq
    )


def _pieces(runtime: Runtime, handover: Handover, contents: Contents, *, secrets: bool) -> Iterator[Piece]:
    client, now = runtime.inventories.load(runtime.client).client, runtime.clock.now()
    locale = client.locale if client.locale in LOCALES else "en"
    words = runtime.open_office().words(locale, client.timezone)
    name = client.names.get(client.locale) or next(iter(client.names.values()), client.id)
    runtime.progress("exit-pack: inventory")
    inventory = [(piece.name, b"".join(piece.chunks)) for piece in handover.inventory(runtime.client)]
    named = ((f"inventory/{file}", content) for file, content in inventory)
    said = readme(name, now, words, secrets=secrets)
    yield from contents.watched([piece("README.md", said.encode()), handover.verifier])
    yield from contents.watched(piece(file, content) for file, content in named)
    if secrets:
        yield from contents.watched([piece("secrets.json", _secrets(runtime, inventory))])
    yield from contents.watched(_configurations(runtime))
    yield from contents.watched(_agreements(runtime))
    yield from contents.watched(_invoices(runtime))
    desk = runtime.open_desk()
    yield from contents.watched(
        piece(f"reports/{each}", desk.read(runtime.client, each)) for each in desk.kept(runtime.client)
    )
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in export_tickets(runtime)]
    yield from contents.watched([piece("tickets.jsonl", "".join(lines).encode())])
    # Last: what it says was done before the rest was read.
    yield from contents.watched(_log(runtime, handover))
    made = {"schema": SCHEMA, "client": runtime.client, "made": rfc3339(now), "netmgr": version("netmgr")}
    yield from contents.closing(made)


def _log(runtime: Runtime, handover: Handover) -> Iterator[Piece]:
    """The log as stored with its bodies and every checkpoint, as they are at one moment."""
    runtime.progress("exit-pack: service log")
    checkpoint(runtime.log, handover.signer, runtime.clock, runtime.client)
    with runtime.log.snapshot(runtime.client) as held:
        size = sum(len(stored.line) + 1 for page in held.pages() for stored in page)
        yield Piece(f"log/{MAIN}.jsonl", size, _lines(held))
        issued = [json.dumps(each.document()) + "\n" for each in held.checkpoints()]
        yield piece("log/checkpoints", "".join(issued).encode())
        for page in held.pages():
            for body in held.bodies(page[0].seq, page[-1].seq):
                yield from stored(runtime.client, body)


def _lines(held: Snapshot) -> Iterator[bytes]:
    for page in held.pages():
        yield b"".join(stored.line + b"\n" for stored in page)


def _configurations(runtime: Runtime) -> Iterator[Piece]:
    """The newest good version of each device, then every version. They are the network's: a lab's are nobody's."""
    backups = runtime.backups
    if backups is None:
        return
    found = backups.versions(runtime.client, "network")
    runtime.progress(f"exit-pack: {len(found)} versions of configurations")
    newest: dict[str, Version] = {}
    for each in found:
        if not each.quarantined:
            newest.setdefault(each.note.device, each)
    for each in found:
        documents = backups.read(runtime.client, each)
        place = f"{each.note.taken.replace(':', '')}-{each.commit[:12]}{'-quarantine' * each.quarantined}"
        for directory in (*([""] if newest.get(each.note.device) is each else []), f"versions/{place}/"):
            for name, content in documents.items():
                ending = "json" if name == "facts" else "txt"
                yield piece(f"configurations/{each.note.device}/{directory}{name}.{ending}", content)


def _agreements(runtime: Runtime) -> Iterator[Piece]:
    """What was signed, as data and as the document, by the seq of its entry."""
    for entry in runtime.log.entries(runtime.client, kind=AGREEMENT):
        body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else None
        if isinstance(body, bytes) and entry.action in ("sign", "document"):
            ending = "json" if entry.action == "sign" else "pdf"
            yield piece(f"agreements/version-{entry.facts['version']}-seq-{entry.seq}.{ending}", body)


def _invoices(runtime: Runtime) -> Iterator[Piece]:
    """What was issued, as data and as the files that were given out, by the seq of its entry."""
    for entry in runtime.log.entries(runtime.client, kind=INVOICE):
        body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else None
        if not isinstance(body, bytes):
            continue
        if entry.action == "document":
            yield piece(f"invoices/seq-{entry.seq}-{_named(entry.facts['name'])}", body)
        elif entry.action in ("issue", "credit"):
            yield piece(f"invoices/seq-{entry.seq}-{_named(entry.facts['number'])}.json", body)


def _named(text: str) -> str:
    """As a file's name: a series may have / in its numbers."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", text)


def _secrets(runtime: Runtime, inventory: Iterable[tuple[str, bytes]]) -> bytes:
    """The values that the configurations' references stand for. Raises SecretError."""
    files = [content for name, content in inventory if name in _CONFIGURED]
    text = b"\n".join(files).decode("utf-8", "replace")
    found: dict[str, Any] = {}
    problems: deque[str] = deque()
    for reference in sorted(set(_REFERENCE.findall(text))):
        try:
            found[reference] = runtime.secrets.resolve(runtime.client, reference)
        except SecretError as error:
            problems.append(str(error))
    if problems:
        raise SecretError(problems[0])
    return canonical(found)
