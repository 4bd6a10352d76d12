"""``netmgr log key``: the key that signs checkpoints, and how another one takes its place."""

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.options import option
from netmgr.cli.views import print_json
from netmgr.errors import Exit, UsageError

if TYPE_CHECKING:
    from netmgr.workflows.log_keys import KeyKeeping


@click.group(cls=Group)
def key() -> None:
    """The key that signs checkpoints of every client's log."""


@key.command()
@click.pass_obj
def show(context: Context) -> int:
    """The public key and its fingerprint, and the logs that do not say yet that it took another's place."""
    from netmgr.model.digest import sha256_hex
    from netmgr.workflows.log_keys import unsaid

    signer = context.wiring.signing_key
    public, waiting = signer.public_key(), unsaid(_keeping(context))
    document = {
        "key": b64encode(public).decode(),
        "fingerprint": sha256_hex(public),
        "under_way": signer.under_way(),
        "unsaid": list(waiting),
    }
    if context.output == "json":
        print_json("log-key", document)
        return Exit.OK
    click.echo(f"key          {document['key']}\nfingerprint  {document['fingerprint']}")
    if signer.under_way() or waiting:
        where = ", ".join(waiting) or "every log"
        click.echo(
            f"a rotation is not finished in {where}; `netmgr log key rotate --yes` finishes it", err=True
        )
    return Exit.OK


@key.command()
@option(
    "--lost",
    metavar="BASE64",
    help="The public key that is lost (a checkpoint's `key`): ours takes its place without its signature.",
)
@option("-y", "--yes", is_flag=True, lingers=False, help="Do it; without this it is only said.")
@click.pass_obj
def rotate(context: Context, lost: str | None, yes: bool) -> int:
    """Make a new key; the old one signs, in every client's log, that it takes its place, and is destroyed.

    What was cut short is finished by the same command.
    """
    from netmgr.workflows.log_keys import rotate as workflow

    gone = None if lost is None else public_key("--lost", lost)
    keeping = _keeping(context)
    if not yes:
        logs = ", ".join(sorted(set(keeping.logs())))
        click.echo(f"the key would be replaced, and these logs would say so: {logs}; --yes does it", err=True)
        return Exit.OK
    done = workflow(keeping, lost=gone)
    if context.output == "json":
        document = {
            "old": b64encode(done.rotation.old).decode(),
            "new": b64encode(done.rotation.new).decode(),
            "fingerprint": done.fingerprint,
            "signed": done.rotation.signature is not None,
            "resumed": done.resumed,
            "entries": [{"client": client, "seq": seq} for client, seq in done.entries],
        }
        print_json("log-key-rotate", document)
        return Exit.OK
    for client, seq in done.entries:
        click.echo(f"{client}: seq {seq} says so")
    click.echo(f"{'finished: ' if done.resumed else ''}the key that signs is {done.fingerprint}")
    return Exit.OK


def public_key(name: str, text: str) -> bytes:
    """The public key that somebody gave as an option. Raises UsageError."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise UsageError(
            f"{name} is not the base64 of an Ed25519 public key (32 bytes), as a checkpoint's `key` is"
        )
    return raw


def _keeping(context: Context) -> "KeyKeeping":
    from netmgr.model.permission import may
    from netmgr.workflows.log_keys import KeyKeeping

    wiring, actor = context.wiring, context.actor

    def logs() -> set[str]:
        with wiring.service_log.copy().held() as held:
            return {*wiring.inventories.clients(), *(end.client for end in held.ends())}

    return KeyKeeping(
        log=wiring.service_log,
        signer=wiring.signing_key,
        actor=actor,
        request=context.request,
        logs=logs,
        permitted=lambda client: may(wiring.people, actor.id, "agree", client, wiring.clock.now().date()),
    )
