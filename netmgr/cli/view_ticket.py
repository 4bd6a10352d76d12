"""Tickets for people, and as JSON (netmgr.ticket/1, netmgr.ticket-list/1, netmgr.ticket-attachments/1)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Literal

import click

from netmgr.cli.view_clock import clock_document, clock_lines, minute, next_due
from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.model.ticket import TicketRecord
from netmgr.service.desk import told as moment
from netmgr.workflows.ticket_attachments import Attachment
from netmgr.workflows.ticket_exchange import Imported
from netmgr.workflows.ticket_views import Listed, Shown, Step, told

Output = Literal["table", "json"]

ERASED = "(erased)"


def show_list(client: str, found: Sequence[Listed], *, output: Output) -> None:
    """A row for each."""
    if output == "json":
        documents = [
            _members(one.ticket) | {"subject": one.subject, "sla": clock_document(one.judged)}
            for one in found
        ]
        print_json("ticket-list", {"client": client, "tickets": documents})
        return
    if not found:
        click.echo(f"{client}: no such tickets", err=True)
        return
    rows = table("TICKET", "STATE", "PRIORITY", "KIND", "ASSIGNEE", "OPENED", "DUE", "SUBJECT")
    for one in found:
        ticket = one.ticket
        rows.add_row(
            ticket.id,
            ticket.state,
            printable(ticket.priority),
            ticket.kind,
            printable(ticket.assignee or ""),
            minute(ticket.opened),
            next_due(one.judged),
            printable(one.subject or ERASED),
        )
    print_table(rows)


def show_ticket(client: str, shown: Shown, *, output: Output, whole: bool) -> None:
    """How it stands, in a line or whole."""
    if output == "json":
        print_json("ticket", document(client, shown))
        return
    ticket = shown.ticket
    click.echo(printable(f"{ticket.id} {_state(ticket)}, {ticket.priority}: {shown.subject or ERASED}"))
    if not whole:
        return
    for name, value in _about(shown):
        click.echo(printable(f"  {name:<10} {value}"))
    if shown.description:
        click.echo()
        _echo_text(shown.description, "  ")
    click.echo()
    for step in shown.timeline:
        _echo_step(step)


def show_attachments(client: str, identity: str, listed: Sequence[Attachment], *, output: Output) -> None:
    """A row for each."""
    if output == "json":
        members = [asdict(one) for one in listed]
        print_json("ticket-attachments", {"client": client, "ticket": identity, "attachments": members})
        return
    if not listed:
        click.echo(f"{identity}: no attachments", err=True)
        return
    rows = table("NUMBER", "ENTRY", "BYTES", "TYPE", "NAME", "")
    for one in listed:
        name = printable(one.name if one.name is not None else ERASED)
        kept = "" if one.digest else "too large to be kept"
        rows.add_row(str(one.number), str(one.seq), str(one.size), printable(one.type), name, kept)
    print_table(rows)


def show_imported(client: str, made: Sequence[Imported], *, output: Output) -> None:
    """How many, and which."""
    if output == "json":
        members = ("id", "foreign", "source", "status")
        documents = [{name: getattr(one, name) for name in members} for one in made]
        print_json("ticket-import", {"client": client, "tickets": documents})
        return
    for one in made:
        if one.status != "unchanged":
            click.echo(printable(f"{one.id} {one.status}: {one.foreign} of {one.source}"))
    unchanged = sum(one.status == "unchanged" for one in made)
    click.echo(f"{client}: {len(made)} tickets, {unchanged} unchanged", err=True)


def document(client: str, shown: Shown) -> dict[str, Any]:
    """The ticket with its texts and its timeline."""
    return {
        "client": client,
        **_members(shown.ticket),
        "subject": shown.subject,
        "description": shown.description,
        "sla": clock_document(shown.judged),
        "timeline": [_step(step) for step in shown.timeline],
    }


def _members(ticket: TicketRecord) -> dict[str, Any]:
    made = ticket.model_dump(mode="json", exclude={"text", "imports", "late", "warned"})
    for name in ("opened", "resolved", "closed", "updated"):
        made[name] = None if made[name] is None else moment(made[name])
    return made | {"late": sorted(map(int, ticket.late))}


def _step(step: Step) -> dict[str, Any]:
    entry = step.entry
    return {
        "seq": entry.seq,
        "id": entry.id,
        "at": entry.at or entry.time,
        "recorded": entry.time,
        "late": step.late,
        "actor": entry.actor,
        "kind": entry.kind,
        "action": entry.action,
        "outcome": entry.outcome,
        "visibility": entry.visibility,
        "change": entry.change,
        "texts": list(told(step)),
    }


def _state(ticket: TicketRecord) -> str:
    if ticket.state == "paused":
        return f"paused ({ticket.reason})"
    if ticket.state in ("resolved", "closed") and ticket.outcome:
        return f"{ticket.state} ({ticket.outcome})"
    return ticket.state.replace("_", " ")


def _about(shown: Shown) -> Iterator[tuple[str, str]]:
    ticket = shown.ticket
    yield "kind", ticket.kind
    if ticket.impact and ticket.urgency:
        chosen = "; the priority was chosen" if ticket.given else ""
        yield "impact", f"{ticket.impact}, urgency {ticket.urgency}{chosen}"
    people = (("reporter", shown.reporter), ("assignee", ticket.assignee))
    things = (("devices", ", ".join(ticket.devices)), ("assets", ", ".join(ticket.assets)))
    rest = (("due", ticket.due), ("cause", ticket.cause), ("rma", ticket.rma))
    source = ticket.source and f"{ticket.source.id} of {ticket.source.system}"
    links = ", ".join(f"{link.kind} {link.ref}" for link in ticket.links)
    yield from ((name, value) for name, value in (*people, *things, *rest) if value)
    yield from ((name, value) for name, value in (("source", source), ("links", links)) if value)
    for name, value in (("opened", ticket.opened), ("resolved", ticket.resolved), ("closed", ticket.closed)):
        if value is not None:
            yield name, moment(value)
    yield from clock_lines(shown.judged)
    if ticket.late:
        yield "late", f"seq {', '.join(ticket.late)}: recorded late, not accepted by a second person"


def _echo_step(step: Step) -> None:
    entry = step.entry
    what = entry.action if entry.kind == "ticket" else f"{entry.kind} {entry.action}"
    ended = f" {entry.outcome}" if entry.outcome and entry.kind != "ticket" else ""
    change = f" {entry.change}" if entry.change else ""
    marks = [mark for mark, holds in (("late", step.late), ("client", entry.visibility == "client")) if holds]
    said = f" ({', '.join(marks)})" if marks else ""
    time = (entry.at or entry.time)[:19].replace("T", " ")
    click.echo(printable(f"{time}  {entry.actor}  {what}{ended}{change}{said}"))
    for text in told(step):
        _echo_text(text, "    ")


def _echo_text(text: str, indent: str) -> None:
    for each in text.splitlines():
        click.echo(printable(f"{indent}{each}".rstrip()))
