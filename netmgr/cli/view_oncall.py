"""Who is on call, and who was called, for people and as JSON."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.model.entry import rfc3339

if TYPE_CHECKING:
    from netmgr.workflows.oncall import Called, OnCall


def show_duty(client: str, found: "OnCall | None", *, output: str) -> None:
    """Everybody who is called, the person on call first."""
    if output == "json":
        print_json("oncall", duty_document(client, found))
        return
    if found is None:
        click.echo(f"{client}: nobody is on call", err=True)
        return
    zone = ZoneInfo(found.zone)
    rows = table("", "PERSON", "NAME", "TELEPHONE", "MAIL")
    for number, person in enumerate(found.people, 1):
        said = (person.id, person.name or "", person.phone or "", person.email or "")
        rows.add_row(str(number), *map(printable, said))
    print_table(rows)
    until = found.duty.until.astimezone(zone)
    instead = f", in place of {found.duty.instead_of}" if found.duty.instead_of else ""
    click.echo(f"{found.duty.person} until {until:%Y-%m-%d %H:%M} ({found.zone}){instead}", err=True)


def show_called(client: str, called: "Called", *, output: str) -> None:
    """Who was called."""
    if output == "json":
        print_json("oncall-escalation", called_document(client, called))
        return
    how = "told by mail" if called.told else "not told: config/people.yaml has no email, call them"
    click.echo(f"{called.ticket}: {called.call.person} is called ({how})")


def duty_document(client: str, found: "OnCall | None") -> dict[str, Any]:
    """``netmgr.oncall/1``."""
    duty = found.duty if found else None
    people = found.people if found else ()
    return {
        "client": client,
        "at": rfc3339(found.at) if found else None,
        "timezone": found.zone if found else None,
        "person": duty.person if duty else None,
        "instead_of": duty.instead_of if duty else None,
        "since": rfc3339(duty.since) if duty else None,
        "until": rfc3339(duty.until) if duty else None,
        "order": [{"id": p.id, "name": p.name, "phone": p.phone, "email": p.email} for p in people],
    }


def called_document(client: str, called: "Called") -> dict[str, Any]:
    """``netmgr.oncall-escalation/1``."""
    return {
        "client": client,
        "ticket": called.ticket,
        "person": called.call.person,
        "step": called.call.number,
        "steps": called.call.of,
        "told": called.told,
    }
