"""Time entries, what is proposed, and what of the hours is used, for people and as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.model.entry import rfc3339
from netmgr.service.desk import moment

if TYPE_CHECKING:
    from netmgr.model.time_entry import TimeDraft, TimeEntry
    from netmgr.service.hours_used import Used
    from netmgr.workflows.time import Listed


def show_entry(client: str, entry: "TimeEntry", *, output: str) -> None:
    """One, as it was taken down."""
    if output == "json":
        print_json("time", {"client": client, **entry_document(entry)})
        return
    if entry.end is None:
        click.echo(f"{entry.id}: begun")
        return
    outside = f", {_hours(entry.outside)} outside service hours" if entry.outside else ""
    click.echo(f"{entry.id}: {_hours(entry.end - entry.begin)}{outside}")


def show_list(client: str, found: "Listed", *, zone: str, output: str) -> None:
    """A line for each, then the hours included."""
    if output == "json":
        entries = [entry_document(entry) for entry in found.entries]
        print_json(
            "time-list", {"client": client, "entries": entries, "used": list(map(used_document, found.used))}
        )
        return
    if not found.entries:
        click.echo(f"{client}: no time was taken down", err=True)
    else:
        rows = table(
            *("ID", "BEGIN", "HOURS", "OUTSIDE", "PERSON", "SERVICE", "TICKET", ""),
            right=frozenset({"HOURS", "OUTSIDE"}),
        )
        for entry in found.entries:
            begin = moment(entry.begin).astimezone(ZoneInfo(zone))
            end = entry.end
            rows.add_row(
                entry.id,
                f"{begin:%Y-%m-%d %H:%M}",
                _hours(end - entry.begin) if end else "goes on",
                _hours(entry.outside) if entry.outside else "",
                printable(entry.person),
                entry.service,
                entry.ticket or "",
                _marks(entry),
            )
        print_table(rows)
    for line in found.used:
        of = ", ".join(line.item.services) or "every service"
        over = f", {_hours(line.over)} beyond" if line.over else ""
        span = f"{line.period.first} to {line.period.last}"
        click.echo(f"{of}, {span}: {_hours(line.used)} of {_hours(line.included)} h used{over}", err=True)


def _marks(entry: "TimeEntry") -> str:
    """What is beside the hours."""
    travel = entry.travel
    said = (
        "" if entry.billable else "not billable",
        "called out" if entry.called_out else "",
        f"travel {_hours(travel.minutes * 60)} {travel.kilometres:f} km" if travel else "",
    )
    return ", ".join(filter(None, said))


def show_drafts(client: str, found: "Sequence[TimeDraft]", *, zone: str, output: str) -> None:
    """What can be taken down, with its command."""
    if output == "json":
        print_json("time-drafts", {"client": client, "drafts": list(map(draft_document, found))})
        return
    if not found:
        click.echo(f"{client}: nothing is proposed", err=True)
        return
    rows = table("DRAFT", "BEGIN", "HOURS", "WHAT", "TICKET", right=frozenset({"HOURS"}))
    for draft in found:
        begin = moment(draft.begin).astimezone(ZoneInfo(zone))
        what = f"{draft.source.kind} {draft.what}" if draft.what != "run" else draft.source.kind
        rows.add_row(
            draft.source.ref,
            f"{begin:%Y-%m-%d %H:%M}",
            _hours(draft.end - draft.begin),
            what,
            draft.ticket or "",
        )
    print_table(rows)
    click.echo(f"to take one down: netmgr time add -c {client} --draft DRAFT", err=True)


def entry_document(entry: "TimeEntry") -> dict[str, Any]:
    """A spell of work: minutes that have begun count."""
    return {
        "id": entry.id,
        "person": entry.person,
        "service": entry.service,
        "ticket": entry.ticket,
        "billable": entry.billable,
        "begin": rfc3339(moment(entry.begin)),
        "end": rfc3339(moment(entry.end)) if entry.end is not None else None,
        "minutes": _minutes(entry.end - entry.begin) if entry.end is not None else None,
        "working_seconds": entry.working,
        "outside_seconds": entry.outside,
        "version": entry.version,
        "provisional": entry.provisional,
        "rate_class": entry.rate_class,
        "travel": entry.travel.model_dump() if entry.travel else None,
        "called_out": entry.called_out,
        "source": entry.source.model_dump() if entry.source else None,
        "entry": entry.entry,
    }


def used_document(line: "Used") -> dict[str, Any]:
    """A line of ``fees.included`` in its period."""
    return {
        "number": line.number,
        "services": list(line.item.services),
        "first": line.period.first.isoformat(),
        "last": line.period.last.isoformat(),
        "included_seconds": line.included,
        "used_seconds": line.used,
        "over_seconds": line.over,
        "exhausted": line.item.exhausted if line.exhausted else None,
    }


def draft_document(draft: "TimeDraft") -> dict[str, Any]:
    """What is proposed."""
    return {
        "id": draft.source.ref,
        "kind": draft.source.kind,
        "action": draft.what,
        "person": draft.person,
        "ticket": draft.ticket,
        "begin": rfc3339(moment(draft.begin)),
        "end": rfc3339(moment(draft.end)),
        "minutes": _minutes(draft.end - draft.begin),
    }


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _hours(seconds: int) -> str:
    hours, minutes = divmod(_minutes(seconds), 60)
    return f"{hours}:{minutes:02}"
