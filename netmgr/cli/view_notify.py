"""Notifications for people and as JSON."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from netmgr.cli.views import print_json, print_table, printable, table

if TYPE_CHECKING:
    from netmgr.adapters.structured_log import StructuredLog
    from netmgr.model.notification import Notification
    from netmgr.workflows.notify_trial import Tried
    from netmgr.workflows.sender import Sent

_STATES = {"sent": "green", "failed": "bold red", "pending": "yellow", "sending": "cyan"}


def show_sent(done: "Iterable[Sent]", *, output: str, quiet: bool) -> None:
    """A line for each client that had something to tell; problems on standard error."""
    every = list(done)
    for each in every:
        for problem in each.problems:
            click.echo(printable(f"{each.client}: {problem}"), err=True)
    if output == "json":
        print_json("notify-send", {"clients": [sent_document(each) for each in every]})
        return
    busy = [each for each in every if each.made or each.sent or each.deferred or each.failed]
    for each in busy:
        counts = f"{each.sent} sent, {each.deferred} to be tried again, {each.failed} given up"
        click.echo(f"{each.client}: {each.made} new, {counts}")
    if not busy and not quiet:
        click.echo("nothing is due", err=True)


def log_sent(log: "StructuredLog", each: "Sent") -> None:
    """One event for a client that had something to tell, and one for each problem."""
    bad = each.deferred or each.failed
    if each.made or each.sent or bad:
        counts = {key: value for key, value in sent_document(each).items() if isinstance(value, int)}
        log.say("warning" if bad else "info", "notifications", client=each.client, **counts)
    for problem in each.problems:
        log.say("warning", "not told", client=each.client, problem=problem)


def show_notifications(client: str, found: "Iterable[Notification]", *, output: str) -> None:
    """To whom, of what, and how far it has got."""
    every = list(found)
    if output == "json":
        print_json(
            "notify-list",
            {"client": client, "notifications": [notification_document(each) for each in every]},
        )
        return
    if not every:
        click.echo(f"{client}: no notifications", err=True)
        return
    rows = table("CREATED (UTC)", "SEVERITY", "TO", "OF", "STATE", "TRIED", right=frozenset({"TRIED"}))
    for each in every:
        state = Text(each.state, _STATES[each.state])
        if each.error:
            state.append(f"\n{printable(each.error)}")
        created = f"{datetime.fromisoformat(each.created):%Y-%m-%d %H:%M:%S}"
        of = ", ".join(dict.fromkeys(_words(item) for item in json.loads(each.document)["items"]))
        rows.add_row(
            created, each.severity, printable(each.recipient), printable(of), state, str(each.attempts)
        )
    print_table(rows)
    for each in every:
        if each.state == "failed":
            click.echo(f"to send it once more: netmgr notify retry -c {client} {each.id}", err=True)


def show_tried(client: str, tried: "Iterable[Tried]", *, output: str) -> None:
    """Who took a test message."""
    every = list(tried)
    if output == "json":
        print_json("notify-test", {"client": client, "recipients": [tried_document(each) for each in every]})
        return
    for each in every:
        click.echo(printable(f"{each.recipient}: {each.error or 'taken'}"))


def sent_document(each: "Sent") -> dict[str, object]:
    """A client of ``netmgr.notify-send/1``."""
    return {
        "client": each.client,
        "made": each.made,
        "sent": each.sent,
        "deferred": each.deferred,
        "failed": each.failed,
        "too_old": each.too_old,
        "problems": each.problems,
    }


def notification_document(each: "Notification") -> dict[str, object]:
    """A notification of ``netmgr.notify-list/1``."""
    return {
        "id": each.id,
        "created": each.created,
        "recipient": each.recipient,
        "severity": each.severity,
        "state": each.state,
        "attempts": each.attempts,
        "due": each.due if each.state in ("pending", "sending") else None,
        "settled": each.settled,
        "error": each.error,
        "told": json.loads(each.document),
    }


def tried_document(each: "Tried") -> dict[str, object]:
    """A recipient of ``netmgr.notify-test/1``."""
    return {"recipient": each.recipient, "taken": each.error is None, "error": each.error}


def _words(item: dict[str, str]) -> str:
    words = [item["event"], item.get("device", "")]
    words += ["(well again)"] if item["state"] == "recovered" else []
    return " ".join(word for word in words if word)
