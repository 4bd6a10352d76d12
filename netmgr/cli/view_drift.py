"""Drift for people: who drifted, since when, and who lets it be."""

import click

from netmgr.cli.view_diff import Style, print_diff
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.drift import Drifts, OpenDrift, ShownDrift
from netmgr.model.last_change import LastChange


def show_drifts(drifts: Drifts, *, output: str) -> None:
    """A row for each device."""
    if output == "json":
        print_json("drift", drifts.model_dump(mode="json"))
        return
    if not drifts.devices:
        click.echo("no drift is open, as far as audits know")
        return
    rows = table("DEVICE", "SINCE", "SEEN", "+", "-", "CHANGED BY", "WAIVED", right=frozenset({"+", "-"}))
    for one in drifts.devices:
        sizes = ("" if size is None else str(size) for size in (one.added, one.removed))
        rows.add_row(one.device, one.since[:16], one.seen[:16], *sizes, _who(one), printable(_waived(one)))
    print_table(rows)


def show_one(drift: ShownDrift, *, output: str, style: Style) -> None:
    """The diff, and what is decided of it."""
    if output == "json":
        print_json("drift-device", drift.model_dump(mode="json"))
        return
    if drift.diff is None:
        click.echo("the diff was erased")
    else:
        print_diff(console(), drift.diff, style)
    click.echo(f"{drift.device}: open since {drift.since[:16]}, found last {drift.seen[:16]}")
    if drift.changed_by:
        click.echo(changed_last(drift.changed_by))
    if drift.waiver:
        click.echo(printable(f"waived {_waived(drift)}"))


def changed_last(changed: LastChange) -> str:
    """Who it was, when by the device's own clock, and what was said of it: one line."""
    said = f": {changed.comment}" if changed.comment else ""
    where = {"header": "above its configuration", "commits": "in its commits"}[changed.source]
    return printable(" ".join(f"changed last by {changed.user}, {changed.when} ({where}){said}".split()))


def _who(one: OpenDrift) -> str:
    return printable(one.changed_by.user) if one.changed_by else ""


def _waived(one: OpenDrift) -> str:
    return f"until {one.waiver.until} by {one.waiver.by}: {one.waiver.reason}" if one.waiver else ""
