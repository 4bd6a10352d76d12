"""Reading, proving, exporting and, by order, erasing from the service log."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace

from netmgr.errors import StoreError, UsageError
from netmgr.model.access import Actor
from netmgr.model.chain import StoredBody
from netmgr.model.checkpoint import Checkpoint, statement
from netmgr.model.entry import MAIN, Body, Draft, Entry, rfc3339
from netmgr.model.key_rotation import KIND as KEY
from netmgr.model.key_rotation import KeyChain, Rotation, followed
from netmgr.model.names import Target
from netmgr.model.verification import ChainVerifier, Problem, Verification
from netmgr.ports.clock import Clock
from netmgr.ports.store import Gone, ServiceLog, Signer, Snapshot

_DIGEST = re.compile("[0-9a-f]{64}")
_BASIS = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry with its body: the content, why it is gone, or None for an entry without one."""

    entry: Entry
    body: bytes | Gone | None


@dataclass(frozen=True, slots=True)
class Exported:
    """How much an export wrote."""

    entries: int
    bodies: int


def list_entries(
    log: ServiceLog,
    client: str,
    *,
    stream: str = MAIN,
    count: int,
    after: int | None = None,
    kind: str | None = None,
    change: str | None = None,
    device: str | None = None,
    ticket: str | None = None,
    request: str | None = None,
) -> tuple[Entry, ...]:
    """Oldest first: the newest ``count`` entries that fit, or with ``after`` the first ``count`` above that seq."""
    newest = after is None
    found = tuple(
        log.entries(
            client,
            stream=stream,
            after=after or 0,
            limit=count,
            kind=kind,
            change=change,
            device=device,
            ticket=ticket,
            request=request,
            newest_first=newest,
        )
    )
    return found[::-1] if newest else found


def show(log: ServiceLog, client: str, reference: str, *, stream: str = MAIN) -> Shown:
    """The entry with this seq or id, and its body. Raises StoreError when there is none."""
    if reference.isdecimal():
        seq = int(reference)
        entry = next(log.entries(client, stream=stream, after=seq - 1, limit=1), None)
        entry = entry if entry is not None and entry.seq == seq else None
    else:
        entry = log.entry(client, reference)
    if entry is None:
        raise StoreError(
            f"{client}: the log has no entry {reference}; `netmgr log list -c {client}` shows what it has"
        )
    return Shown(entry, log.body(client, entry.body.digest) if entry.body else None)


def verify(
    log: ServiceLog,
    signer: Signer,
    client: str,
    *,
    stream: str = MAIN,
    against: Checkpoint | None = None,
    key: bytes | None = None,
) -> Verification:
    """Read the whole chain and its bodies, and hold them against every checkpoint issued and the one given.

    ``key`` is the public key that ``against`` must be signed with, or one that took its place, signed by it; without it
    any key will do, and then the checkpoint proves no more than that whoever made it saw this chain. Raises StoreError
    for an empty log.
    """
    with log.snapshot(client, stream=stream) as snapshot:
        problems: list[Problem] = []
        witnesses = dict.fromkeys(snapshot.checkpoints())
        for checkpoint in [*witnesses]:
            if not _signed(signer, checkpoint):
                problems.append(
                    Problem(checkpoint.seq, "the signature of a checkpoint kept here does not hold")
                )
                del witnesses[checkpoint]
        if against is not None:
            if objection := _objection(signer, against, client, stream):
                problems.append(Problem(against.seq, objection))
            else:
                witnesses[against] = None
        pinned = {} if key is None or against is None else {against: key}
        found = _read(snapshot, ChainVerifier(client, stream, witnesses, KeyChain(signer.verifies, pinned)))
    problems = sorted([*problems, *found.problems], key=lambda problem: problem.seq)
    if not found.entries and not problems:
        raise StoreError(
            f"{client}: the log has no entries in stream {stream}, so there is nothing to verify"
        )
    return replace(found, problems=tuple(problems))


def export(
    log: ServiceLog,
    client: str,
    *,
    stream: str = MAIN,
    write_line: Callable[[bytes], object],
    write_body: Callable[[StoredBody], object] | None,
) -> Exported:
    """Hand over every line, oldest first and exactly as stored, and every body that is there, of one moment.

    Raises StoreError for an empty log, and for a body whose digest is none: digests become file names.
    """
    entries = bodies = 0
    with log.snapshot(client, stream=stream) as snapshot:
        for page in snapshot.pages():
            entries += len(page)
            for stored in page:
                write_line(stored.line + b"\n")
            if write_body is not None:
                for body in snapshot.bodies(page[0].seq, page[-1].seq):
                    if not _DIGEST.fullmatch(body.digest):
                        raise StoreError(
                            f"{client}: a body's digest was altered; run `netmgr log verify -c {client}`"
                        )
                    write_body(body)
                    bodies += 1
    if not entries:
        raise StoreError(
            f"{client}: the log has no entries in stream {stream}, so there is nothing to export"
        )
    return Exported(entries, bodies)


def checkpoint(
    log: ServiceLog, signer: Signer, clock: Clock, client: str, *, stream: str = MAIN
) -> Checkpoint:
    """Sign the chain's head and remember that it was. Raises StoreError for an empty log."""
    head = log.head(client, stream=stream)
    if head is None:
        raise StoreError(f"{client}: the log has no entries in stream {stream}, so there is nothing to sign")
    return witness(log, signer, clock, client, head.seq, head.hash, stream=stream)


def witness(
    log: ServiceLog,
    signer: Signer,
    clock: Clock,
    client: str,
    seq: int,
    digest: str,
    *,
    stream: str = MAIN,
) -> Checkpoint:
    """Sign that the entry ``seq`` has the hash ``digest``, and remember that it was signed.

    The key is the one that the log says: while a rotation is under way, it is under way for each client by itself.
    """
    # The end of the log was read before: a rotation since then may sign it, the key before it may sign nothing after.
    key = current_key(log, signer, client, stream=stream)
    time = rfc3339(clock.now())
    signature = signer.sign(statement(client, stream, seq, digest, time), key=key)
    issued = Checkpoint(
        client=client,
        stream=stream,
        seq=seq,
        hash=digest,
        time=time,
        key=b64encode(key).decode(),
        signature=b64encode(signature).decode(),
    )
    log.remember(client, issued)
    return issued


def current_key(log: ServiceLog, signer: Signer, client: str, *, stream: str = MAIN) -> bytes:
    """The public key that signs this log now: ours, or what took its place in the log."""
    return followed(rotations(log, signer, client, stream=stream), signer.public_key())[-1]


def rotations(
    log: ServiceLog, signer: Signer, client: str, *, stream: str = MAIN
) -> list[tuple[bytes, bytes]]:
    """Which key took the place of which, signed by it, as the log says."""
    found = []
    for entry in log.entries(client, stream=stream, kind=KEY):
        try:
            rotation = Rotation.parse(entry.facts)
        except ValueError:
            continue  # `log verify` says so
        if rotation.signed(signer.verifies):
            found.append((rotation.old, rotation.new))
    return found


def erase(
    log: ServiceLog,
    client: str,
    digest: str,
    *,
    reason: str,
    basis: str,
    actor: Actor,
    request: str,
    target: Target,
) -> Entry:
    """Destroy a body and log the order. ``basis`` is a reference to a law or clause; ``reason`` is text, so a body.

    Raises UsageError for what is not a digest, a reason or a one-line basis, and StoreError when the body is unknown
    or gone already.
    """
    if not _DIGEST.fullmatch(digest):
        raise UsageError(
            f"{digest}: not a body's digest; `netmgr log show` prints it (64 hexadecimal digits)"
        )
    checked_order(reason, basis)
    order = Draft(
        client=client,
        target=target,
        kind="erasure",
        action="erase",
        phase="result",
        actor=actor.id,
        auth=actor.auth,
        on=actor.on,
        request=request,
        facts={"basis": basis, "digest": digest},
        body=Body(reason.encode(), "text/plain"),
    )
    return log.erase(client, digest, order)


def checked_order(reason: str, basis: str) -> None:
    """Raises UsageError for a reason or basis that is none."""
    if not reason.strip():
        raise UsageError("--reason is empty; say why the body is erased")
    if not basis.strip() or not _BASIS.fullmatch(basis):
        raise UsageError(
            "--basis is not one line of at most 200 characters; name the law or clause, such as GDPR-17"
        )


def _read(snapshot: Snapshot, verifier: ChainVerifier) -> Verification:
    for page in snapshot.pages():
        intact = {body.digest: body.intact for body in snapshot.bodies(page[0].seq, page[-1].seq)}
        verifier.page(page, intact)
    return verifier.finish()


def _signed(signer: Signer, checkpoint: Checkpoint) -> bool:
    return signer.verifies(checkpoint.raw_key, checkpoint.signed, checkpoint.raw_signature)


def _objection(signer: Signer, given: Checkpoint, client: str, stream: str) -> str | None:
    if (given.client, given.stream) != (client, stream):
        return f"the checkpoint is of client {given.client}, stream {given.stream}, not of {client}, {stream}"
    return None if _signed(signer, given) else "the checkpoint's signature does not hold"
