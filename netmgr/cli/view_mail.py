"""Mail that was taken in, and what waits in quarantine (netmgr.ticket-intake/1, netmgr.mail-quarantine/1)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final, Literal

import click

from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.service.desk import told
from netmgr.workflows.ticket_intake import Taken, Waiting

Output = Literal["table", "json"]

REASONS: Final = {
    "unknown_sender": "its sender is nobody that the client knows",
    "no_sender": "it names no one sender",
    "automatic": "a program wrote it, and it belongs to no ticket",
    "malformed": "it cannot be read",
}


def show_taken(taken: Sequence[Taken], *, output: Output) -> None:
    """A line for each message."""
    if output == "json":
        print_json("ticket-intake", {"messages": [taken_document(one) for one in taken]})
        return
    for one in taken:
        if one.status == "aside":
            click.echo(printable(f"{one.name}: put aside: {one.why}"), err=True)
            continue
        why = one.why or REASONS.get(one.reason or "", "")
        what = f"{one.client}: {one.ticket or f'message {one.seq}'} {one.status}"
        click.echo(printable(f"{what}: {why}" if why else what))


def show_waiting(waiting: Sequence[tuple[str, Waiting]], *, output: Output) -> None:
    """A row for each message."""
    if output == "json":
        print_json("mail-quarantine", {"messages": [waiting_document(*one) for one in waiting]})
        return
    if not waiting:
        click.echo("nothing is in quarantine", err=True)
        return
    rows = table("CLIENT", "SEQ", "ARRIVED", "WHY", "BYTES", "FROM", "SUBJECT")
    for client, one in waiting:
        rows.add_row(
            client,
            str(one.seq),
            told(one.at)[:16].replace("T", " "),
            one.reason,
            str(one.size),
            printable(one.sender or ""),
            printable(one.subject or ""),
        )
    print_table(rows)


def taken_document(one: Taken) -> dict[str, Any]:
    """As JSON."""
    return asdict(one)


def waiting_document(client: str, one: Waiting) -> dict[str, Any]:
    """As JSON."""
    return {"client": client, **asdict(one), "at": told(one.at)}
