"""``netmgr log``: the service log."""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.log_key import key as key_group
from netmgr.cli.log_key import public_key
from netmgr.cli.names import changes, devices, tickets
from netmgr.cli.options import option
from netmgr.cli.views import print_json
from netmgr.errors import Exit, InputError, StoreError, UsageError

if TYPE_CHECKING:
    from netmgr.model.chain import StoredBody
    from netmgr.model.checkpoint import Checkpoint


@click.group(cls=Group)
def log() -> None:
    """The service log: append-only, hash-chained for each client, verifiable by anyone."""


log.add_command(key_group)


@log.command(name="list")
@option(
    "-n", "--count", type=click.IntRange(1), default=50, show_default=True, help="At most so many entries."
)
@option(
    "--after",
    type=click.IntRange(0),
    metavar="SEQ",
    help="From here on, instead of the newest.",
)
@option("--kind", metavar="KIND", help="Only this kind: change, inventory, erasure …")
@option("--change", metavar="ID", shell_complete=changes, help="Only this change.")
@option("--device", metavar="NAME", shell_complete=devices, help="Only this device.")
@option("--ticket", metavar="ID", shell_complete=tickets, help="Only what carries this ticket's id.")
@option("--request", metavar="ID", help="Only this command's entries.", lingers=False)
@click.pass_obj
def list_(
    context: Context,
    count: int,
    after: int | None,
    kind: str | None,
    change: str | None,
    device: str | None,
    ticket: str | None,
    request: str | None,
) -> int:
    """Entries, oldest first: the newest, or those after a seq."""
    from netmgr.cli import view_log
    from netmgr.workflows.log import list_entries

    client = context.client
    entries = list_entries(
        context.wiring.service_log,
        client,
        count=count,
        after=after,
        kind=kind,
        change=change,
        device=device,
        ticket=ticket,
        request=request,
    )
    if context.output == "json":
        print_json("log-list", {"client": client, "entries": [entry.document() for entry in entries]})
    elif entries:
        view_log.show_entries(entries)
    else:
        click.echo(f"{client}: no entries", err=True)
    return Exit.OK


@log.command()
@click.argument("entry")
@click.pass_obj
def show(context: Context, entry: str) -> int:
    """ENTRY (seq or id) with its body."""
    from netmgr.cli import view_log
    from netmgr.workflows.log import show as shown_entry

    shown = shown_entry(context.wiring.service_log, context.client, entry)
    if context.output == "json":
        print_json("log-entry", view_log.entry_document(shown))
    else:
        click.echo("\n".join(view_log.entry_lines(shown)))
    return Exit.OK


@log.command()
@option(
    "--against",
    type=click.Path(allow_dash=True, path_type=Path),
    metavar="CHECKPOINT",
    help="A checkpoint's file (- is standard input): prove that the log extends it.",
)
@option("--key", metavar="BASE64", help="The public key that the checkpoint must be signed with.")
@click.pass_obj
def verify(context: Context, against: Path | None, key: str | None) -> int:
    """Prove that nothing was edited, deleted, reordered or lost. Exit 1 names each problem."""
    from netmgr.cli import view_log
    from netmgr.workflows.log import verify as verified

    if key is not None and against is None:
        raise UsageError("--key pins the key of a checkpoint; name the checkpoint with --against")
    given = None if against is None else _checkpoint(against)
    pinned = None if key is None else public_key("--key", key)
    wiring = context.wiring
    found = verified(wiring.service_log, wiring.signing_key, context.client, against=given, key=pinned)
    if context.output == "json":
        print_json("log-verify", view_log.verification_document(found))
    else:
        click.echo("\n".join(view_log.report(found)))
    return Exit.OK if found.holds else Exit.FAILED


@log.command()
@option(
    "--bodies",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write each body to DIR, named by its digest, with its salt beside.",
)
@option(
    "--verifier",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write the program that verifies the export without netmgr.",
)
@click.pass_obj
def export(context: Context, bodies: Path | None, verifier: Path | None) -> int:
    """Write every entry exactly as stored: JSON Lines, oldest first."""
    from netmgr.workflows.log import export as exported

    # Bytes, past the text layer: an export is what was hashed.
    out = sys.stdout.buffer
    write_body: Callable[[StoredBody], None] | None = None
    if verifier is not None:
        from netmgr.verifier import source

        _write(verifier, source())
    if bodies is not None:
        _make_directory(bodies)
        write_body = partial(_write_body, bodies)
    written = exported(
        context.wiring.service_log,
        context.client,
        write_line=out.write,
        write_body=write_body,
    )
    out.flush()
    click.echo(f"{written.entries} entries, {written.bodies} bodies", err=True)
    return Exit.OK


@log.command()
@click.pass_obj
def checkpoint(context: Context) -> int:
    """Print a signed checkpoint of the log, to be kept by someone else."""
    import json

    from netmgr.workflows.log import checkpoint as issue

    wiring = context.wiring
    issued = issue(wiring.service_log, wiring.signing_key, wiring.clock, context.client)
    click.echo(json.dumps(issued.document()))
    return Exit.OK


@log.command()
@click.pass_obj
def witness(context: Context) -> int:
    """Give a signed checkpoint to everybody who witnesses the log (client.yaml, config/netmgr.yaml: witnesses).

    Exit 1 where one of them did not take it.
    """
    from netmgr.cli.runtime import reading_runtime
    from netmgr.workflows.witnessing import give

    with reading_runtime(context, "network") as (runtime, _):
        given = give(runtime)
    if context.output == "json":
        document = {
            "checkpoint": given.checkpoint.document(),
            "outcome": given.outcome,
            "kept": list(given.kept),
            "problems": list(given.problems),
        }
        print_json("log-witness", document)
    else:
        for problem in given.problems:
            click.echo(f"error: {problem}", err=True)
        kept = ", ".join(given.kept) or "nobody"
        click.echo(f"{context.client}: seq {given.checkpoint.seq} is witnessed by: {kept}")
    return Exit.OK if not given.problems else Exit.FAILED


@log.command()
@click.argument("body")
@option("--reason", required=True, help="Why, in words; kept as a body itself.")
@option("--basis", required=True, help="The law or clause that demands it, such as GDPR-17.")
@click.pass_obj
def erase(context: Context, body: str, reason: str, basis: str) -> int:
    """Destroy BODY (a digest) by order; the chain still verifies."""
    from netmgr.workflows.log import erase as erased

    entry = erased(
        context.wiring.service_log,
        context.client,
        body,
        reason=reason,
        basis=basis,
        actor=context.actor,
        request=context.request,
        target=context.target,
    )
    if context.output == "json":
        print_json("log-erase", {"erased": body, "entry": entry.document()})
    else:
        click.echo(
            f"erased {body}; logged as seq {entry.seq}. Copies in exports and backups are not reached."
        )
    return Exit.OK


@log.command()
@click.pass_obj
def rebuild(context: Context) -> int:
    """Make all records (tickets and the like) again from the entries. Exit 1 names those that differed."""
    from netmgr.cli.runtime import reading_runtime

    with reading_runtime(context, "network") as (runtime, _):
        runtime.require("log")
        made = runtime.open_records().rebuild(runtime.client)
    differences = [(one.kind, one.key, one.problem) for one in made.differences]
    if context.output == "json":
        members = ("kind", "key", "problem")
        document = {
            "client": context.client,
            "entries": made.entries,
            "records": made.records,
            "equal": not differences,
            "differences": [dict(zip(members, each, strict=True)) for each in differences],
        }
        print_json("log-rebuild", document)
    else:
        for kind, key, problem in differences:
            click.echo(f"{kind} {key}: the record was {problem}; it is what the entries say now")
        was = "equal" if not differences else f"{len(differences)} differed and were replaced"
        click.echo(f"{context.client}: {made.records} records from {made.entries} entries: {was}")
    return Exit.OK if not differences else Exit.FAILED


def _checkpoint(path: Path) -> "Checkpoint":
    from netmgr.model.checkpoint import Checkpoint

    try:
        if str(path) == "-":
            return Checkpoint.parse(sys.stdin.read(65536))
        with path.open("rb") as file:
            return Checkpoint.parse(file.read(65536))
    except OSError as error:
        raise InputError([f"{path}: checkpoint: {error.strerror}"]) from error
    except ValueError as error:
        raise InputError([f"{path}:1: not a checkpoint: {error}"]) from error


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {error.strerror}; name another directory") from error


def _write_body(directory: Path, body: "StoredBody") -> None:
    _write(directory / body.digest, body.content)
    _write(directory / f"{body.digest}.salt", body.salt)


def _write(path: Path, content: bytes) -> None:
    try:
        with _private(path) as file:
            file.write(content)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; the export is incomplete") from error


def _private(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")
