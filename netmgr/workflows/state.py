"""netmgr's own loss: all of the workspace into an archive in a second place, proved there, and out of it again."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain, groupby
from typing import Any

from netmgr.errors import StoreError
from netmgr.model.access import Actor
from netmgr.model.archive import SCHEMA, ArchivedLog, CheckedArchive, LogEnd, Manifest, RestoredLog
from netmgr.model.chain import Stored, StoredBody, filed_anew
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Draft, rfc3339
from netmgr.model.key_rotation import KeyChain
from netmgr.model.numbering import EVERY, Counted
from netmgr.model.verification import ChainVerifier
from netmgr.ports.clock import Clock
from netmgr.ports.state import HeldStore, Member, Opened, Row, SecondPlace, StoreCopy, WorkspaceCopy, Written
from netmgr.ports.store import ServiceLog, Signer
from netmgr.workflows.log import verify
from netmgr.workflows.runtime import Runtime

MANIFEST = "manifest.json"
_TABLES = "store/"
_NAME = "%Y%m%dT%H%M%S.%fZ"
"""An archive's name is the time when it was made: names sort as times do."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup left in the second place."""

    archive: Written
    logs: tuple[LogEnd, ...]
    pruned: tuple[str, ...]


def back_up(place: SecondPlace, log: ServiceLog, clock: Clock, *, actor: Actor, request: str) -> BackedUp:
    """Write an archive, then tell every client's log. Others go on working: the store is held still, not locked.

    The store comes first and everything that its entries name (snapshots, plans, git) after it, so that an archive has
    never less than its log says.
    """
    now = clock.now()
    with place.store.held() as held:
        manifest = Manifest(
            made=rfc3339(now),
            netmgr=version("netmgr"),
            store=log.identity,
            revision=held.revision,
            logs=tuple(held.ends()),
        )
        name = now.astimezone(UTC).strftime(_NAME)
        written = place.archives.write(name, chain(_store_members(manifest, held), place.workspace.members()))
    for end in manifest.logs:
        facts = {"archive": written.digest, "bytes": written.size, "name": written.name, "until": end.seq}
        draft = _draft(end.client, "backup", "kept", facts, actor, request)
        log.append(end.client, [draft], stream=end.stream)
    return BackedUp(written, manifest.logs, tuple(place.archives.prune(place.keep)))


def scheduled_backup(runtime: Runtime, due: datetime) -> str:
    """An archive, unless there is one that was made since ``due``: ``kept``, or ``there``.

    It is of the whole workspace, so that one is enough for all clients for whom it is due.
    """
    runtime.require("read")
    place = runtime.open_second_place()
    newest = max(map(_made_at, place.archives.names()), default=None)
    if newest is not None and newest >= due:
        return "there"
    back_up(place, runtime.log, runtime.clock, actor=runtime.actor, request=runtime.request)
    return "kept"


def _made_at(name: str) -> datetime:
    return datetime.strptime(name, _NAME).replace(tzinfo=UTC)


def manifest_of(members: Iterator[Member]) -> Manifest:
    """An archive's first member. Raises StoreError for another."""
    first = next(members, None)
    if first is None or first.name != MANIFEST:
        raise StoreError("the archive does not begin with netmgr's manifest; name another")
    schema = json.loads(first.data).get("schema")
    if schema != SCHEMA:
        raise StoreError(
            f"the archive is of the schema {schema}, which this netmgr does not know; upgrade netmgr"
        )
    return Manifest.model_validate_json(first.data)


def checked(
    archive: Written, opened: Opened | None, signer: Signer, head: Callable[[str, str], int | None]
) -> CheckedArchive:
    """An archive as it lies there; where it can be ``opened``, with every log in it proved."""
    made = _made_at(archive.name)
    if opened is None:
        return CheckedArchive(
            name=archive.name, size=archive.size, digest=archive.digest, made=rfc3339(made), opened=False
        )
    with opened() as members:
        proof = prove(members, signer, head)
    return CheckedArchive(
        name=archive.name,
        size=archive.size,
        digest=archive.digest,
        made=rfc3339(made),
        opened=True,
        logs=tuple(proof.logs),
        files=proof.files,
        repositories=len(proof.repositories),
    )


@dataclass(frozen=True, slots=True)
class Home:
    """The ports of a workspace that is being restored; ``close`` lets go of its store."""

    store: StoreCopy
    log: ServiceLog
    signer: Signer
    actor: Actor
    request: str
    close: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored workspace has. ``numbers`` are the series of invoices that wait, with the last number that the
    copy knows: until somebody says how they go on, none is issued.
    """

    manifest: Manifest
    files: int
    logs: tuple[RestoredLog, ...]
    numbers: tuple[Counted, ...]


def restored(
    members: Iterator[Member],
    workspace: WorkspaceCopy,
    home: Callable[[], Home],
    *,
    archive: Written,
    witnesses: Iterable[Checkpoint],
) -> Restored:
    """Make files and store again in an empty workspace, and open every log with what is lost.

    ``home`` opens the workspace once its files are there. The store's rows come first in the archive, and wait for it.
    """
    manifest = manifest_of(members)
    rest = iter(members)
    tables, first = [], None
    for member in rest:
        if not member.name.startswith(_TABLES):
            first = member
            break
        tables.append(member)
    files = workspace.unpack(chain([] if first is None else [first], rest))
    there = home()
    try:
        there.store.fill(manifest.revision, map(_rows, tables))
        found = [
            verify(there.log, there.signer, end.client, stream=end.stream).problems for end in manifest.logs
        ]
        said = _say_restored(there, manifest, archive, witnesses)
        numbers = tuple(one for one in there.log.numbers() if (one.entity, one.series) != EVERY)
    finally:
        there.close()
    logs = [
        log.model_copy(update={"problems": tuple(map(str, problems))})
        for log, problems in zip(said, found, strict=True)
    ]
    return Restored(manifest, files, tuple(logs), numbers)


@dataclass
class Proof:
    """What an archive turned out to hold."""

    logs: list[ArchivedLog] = field(default_factory=list)
    files: int = 0
    repositories: list[str] = field(default_factory=list)


def prove(members: Iterator[Member], signer: Signer, head: Callable[[str, str], int | None]) -> Proof:
    """Read an archive to its end and verify every chain in it. ``head`` knows where the workspace's own are now."""
    manifest, proof = manifest_of(members), Proof()
    bodies: dict[tuple[str, str], bool] = {}
    checkpoints: dict[tuple[str, str], list[Checkpoint]] = {}
    chains: dict[tuple[str, str], ChainVerifier] = {}
    for member in members:
        if not member.name.startswith(_TABLES):
            proof.files += member.name.startswith("files/") and member.kind != "directory"
            if member.name.endswith(".bundle"):
                proof.repositories.append(member.name)
            continue
        name, rows = _rows(member)
        for row in rows if name == "bodies" else ():
            body = StoredBody(row["digest"], row["salt"], row["content"])
            bodies[row["client"], body.digest] = body.intact
        for row in rows if name == "checkpoints" else ():
            checkpoint = Checkpoint.parse(row["document"])
            if signer.verifies(checkpoint.raw_key, checkpoint.signed, checkpoint.raw_signature):
                checkpoints.setdefault((row["client"], row["stream"]), []).append(checkpoint)
        for key, page in groupby(
            rows if name == "entries" else (), lambda row: (row["client"], row["stream"])
        ):
            if key not in chains:
                chains[key] = ChainVerifier(*key, checkpoints.get(key, []), KeyChain(signer.verifies))
            stored = [Stored(**{column: row[column] for column in Stored._fields}) for row in page]
            named = {each.body for each in stored if each.body}
            chains[key].page(
                stored, {digest: bodies[key[0], digest] for digest in named if (key[0], digest) in bodies}
            )
    for end in manifest.logs:
        verifier = chains.get((end.client, end.stream))
        found = verifier.finish() if verifier else None
        problems = [str(problem) for problem in found.problems] if found else ["it is not in the archive"]
        if found and (found.seq, found.hash) != (end.seq, end.hash):
            problems.append(f"it ends at {found.seq}, not at {end.seq} as the manifest says")
        now = head(end.client, end.stream)
        proof.logs.append(
            ArchivedLog(
                client=end.client,
                stream=end.stream,
                seq=end.seq,
                problems=tuple(problems),
                behind=None if now is None else now - end.seq,
            )
        )
    return proof


def _say_restored(
    home: Home, manifest: Manifest, archive: Written, witnesses: Iterable[Checkpoint]
) -> tuple[RestoredLog, ...]:
    """Open every chain anew with what is lost, as far as checkpoints from elsewhere show it."""
    known: dict[tuple[str, str], int] = {}
    for witness in witnesses:
        key = witness.client, witness.stream
        known[key] = max(known.get(key, 0), witness.seq)
    restored = []
    for end in manifest.logs:
        last = known.get((end.client, end.stream), 0)
        lost = {"first": end.seq + 1, **({"last": last} if last > end.seq else {})}
        facts: dict[str, Any] = {
            "archive": archive.digest,
            "from": end.seq,
            "lost": lost,
            "made": manifest.made,
        }
        draft = _draft(end.client, "restore", "restored", facts, home.actor, home.request)
        (entry,) = home.log.append(end.client, [draft], stream=end.stream)
        restored.append(
            RestoredLog(
                client=end.client, stream=end.stream, seq=end.seq, last=lost.get("last"), entry=entry.seq
            )
        )
    return tuple(restored)


def _draft(
    client: str, action: str, outcome: str, facts: dict[str, Any], actor: Actor, request: str
) -> Draft:
    return Draft(
        client=client,
        target="network",
        kind="state",
        action=action,
        phase="result",
        outcome=outcome,
        actor=actor.id,
        auth=actor.auth,
        on=actor.on,
        request=request,
        facts=facts,
    )


def _store_members(manifest: Manifest, held: HeldStore) -> Iterator[Member]:
    yield Member(MANIFEST, manifest.model_dump_json(by_alias=True).encode())
    for number, (table, rows) in enumerate(held.tables()):
        data = json.dumps([dict(row) for row in rows], default=_plain, separators=(",", ":"))
        yield Member(f"{_TABLES}{number:08}-{table}.json", data.encode())


def _rows(member: Member) -> tuple[str, Sequence[Row]]:
    table = member.name.removeprefix(_TABLES).removesuffix(".json").partition("-")[2]
    rows: list[Row] = json.loads(member.data, object_hook=_value)
    return table, list(map(filed_anew, rows)) if table == "entries" else rows


def _plain(value: object) -> dict[str, str]:
    """What JSON has no form for."""
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    raise TypeError(f"{type(value).__name__} in the store")


def _value(found: dict[str, Any]) -> Any:
    match found:
        case {"base64": str(text)} if len(found) == 1:
            return base64.b64decode(text)
        case {"time": str(text)} if len(found) == 1:
            return datetime.fromisoformat(text)
    return found
