"""A ticket's clocks, for people and as JSON; and the desk as it is watched (netmgr.ticket-watch/1)."""

from collections.abc import Iterator
from typing import Any, Final, Literal

import click

from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.service.desk import told as moment
from netmgr.service.due import Left, TargetState, targets
from netmgr.workflows.ticket_clock import Judged
from netmgr.workflows.ticket_watch import Watch, Watched

_WORDS: Final[dict[TargetState, str]] = {"none": "over before it was due"}


def minute(seconds: int) -> str:
    """A moment to the minute, UTC."""
    return moment(seconds)[:16].replace("T", " ")


def hours(seconds: int) -> str:
    """Working time as hours and minutes."""
    whole = abs(seconds) // 60
    return f"{whole // 60}:{whole % 60:02}"


def next_due(judged: Judged | None) -> str:
    """When the next target is used up; how it ended where none is pending."""
    if judged is None:
        return ""
    made = targets(judged.clock)
    pending = [one for one in made if one.pending]
    if any(one.state == "overdue" for one in pending):
        return "overdue"
    moments = [one.due for one in pending if one.due is not None]
    if moments:
        return minute(min(moments))
    if pending:
        return "paused"
    ended = {one.state for one in made}
    return "missed" if "missed" in ended else "met" if "met" in ended else ""


def clock_lines(judged: Judged | None) -> Iterator[tuple[str, str]]:
    """A line for each target."""
    if judged is None:
        return
    for one in targets(judged.clock):
        due = f", due {moment(one.due)}" if one.due is not None and one.pending else ""
        state = _WORDS.get(one.state, one.state)
        yield one.target, f"{state}: {hours(one.used)} of {hours(one.whole)} used{due}"
    if judged.clock.provisional:
        yield "", "provisional: some of it lies in a year whose holidays are not frozen"


def clock_document(judged: Judged | None) -> dict[str, Any] | None:
    """As JSON; null where nothing is promised."""
    if judged is None:
        return None
    made: dict[str, Any] = {
        "version": judged.version,
        "provisional": judged.clock.provisional,
        "set_aside": judged.clock.set_aside,
        "response": None,
        "resolution": None,
    }
    return made | {one.target: _target(one) for one in targets(judged.clock)}


def _target(one: Left) -> dict[str, Any]:
    return {
        "state": one.state,
        "target": one.whole,
        "used": one.used,
        "left": one.left,
        "percent": one.percent,
        "due": None if one.due is None else moment(one.due),
    }


def show_watch(client: str, seen: Watch, *, output: Literal["table", "json"]) -> None:
    """A row for each ticket that is not solved."""
    if output == "json":
        print_json("ticket-watch", watch_document(client, seen))
        return
    if not seen.tickets:
        click.echo(f"{client}: every ticket is resolved", err=True)
        return
    rows = table("TICKET", "PRIORITY", "STATE", "ASSIGNEE", "RESPONSE", "RESOLUTION", "DUE", "SUBJECT")
    for one in seen.tickets:
        rows.add_row(*map(printable, _row(one)))
    print_table(rows)


def watch_document(client: str, seen: Watch) -> dict[str, Any]:
    """As JSON."""
    return {
        "client": client,
        "at": seen.at.isoformat().replace("+00:00", "Z"),
        "tickets": [
            {
                "id": one.ticket.id,
                "state": one.ticket.state,
                "priority": one.ticket.priority,
                "assignee": one.ticket.assignee,
                "subject": one.subject,
                "sla": clock_document(one.judged),
            }
            for one in seen.tickets
        ],
    }


def _row(one: Watched) -> tuple[str, ...]:
    made = {each.target: each for each in targets(one.judged.clock)} if one.judged else {}
    return (
        one.ticket.id,
        one.ticket.priority,
        one.ticket.state,
        one.ticket.assignee or "",
        _left(made.get("response")),
        _left(made.get("resolution")),
        next_due(one.judged),
        one.subject or "(erased)",
    )


def _left(one: Left | None) -> str:
    if one is None:
        return ""
    if not one.pending:
        return one.state
    return f"{hours(one.left)} {'over' if one.left < 0 else 'left'}"
