"""``netmgr report --all``: every client on a line, for people and as JSON. Written nowhere."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from netmgr.cli.context import Context
from netmgr.cli.runtime import quiet_runtime
from netmgr.cli.views import print_json, print_table, printable, table
from netmgr.errors import Exit, UsageError
from netmgr.model.entry import rfc3339
from netmgr.service.desk import moment

if TYPE_CHECKING:
    from netmgr.workflows.report_all import AtRisk, Sheet


def report_all(context: Context, within: int) -> int:
    """Read and show them. Exit 1 where something of a client is not known."""
    from netmgr.workflows.report_all import across

    if context.client_or_none is not None:
        raise UsageError("--all is about every client; leave --client out")
    found = across(
        (quiet_runtime(context, client) for client in context.wiring.inventories.clients()), within=within
    )
    show(found, output=context.output)
    return Exit.FAILED if any(sheet.problem for sheet in found) else Exit.OK


def show(found: "Iterable[Sheet]", *, output: str) -> None:
    """A line for each client, then what is at risk, and what is wrong."""
    sheets = tuple(found)
    if output == "json":
        print_json("report-all", {"clients": [document(sheet) for sheet in sheets]})
        return
    rows = table(
        *("CLIENT", "UNBILLED WORK", "UNBILLED", "SINCE", "BILLED", "COST", "MARGIN", "ENDS"),
        right=frozenset({"UNBILLED WORK", "UNBILLED", "BILLED", "COST", "MARGIN"}),
    )
    for sheet in sheets:
        unknown = sheet.cost is not None and sheet.cost.unknown
        rows.add_row(
            printable(sheet.client),
            _sum(sheet.work, sheet.currency),
            _sum(sheet.unbilled),
            sheet.since.isoformat() if sheet.since else "",
            _sum(sheet.billed),
            "not known" if unknown else _sum(sheet.cost.amount if sheet.cost else None),
            _sum(sheet.margin),
            sheet.ends.last.isoformat() if sheet.ends else "",
        )
    print_table(rows)
    for sheet in sheets:
        for line in _told(sheet):
            click.echo(f"{printable(sheet.client)}: {line}", err=True)


def _told(sheet: "Sheet") -> Iterable[str]:
    if sheet.problem:
        yield printable(sheet.problem)
    if sheet.cost and sheet.cost.unknown:
        yield f"config/people.yaml does not say what {', '.join(sheet.cost.unknown)} cost (cost, in {sheet.currency})"
    if sheet.ends and sheet.ends.renews:
        yield f"goes on after {sheet.ends.last} unless somebody said by {sheet.ends.notice} that it shall not"
    for late in sheet.overdue:
        proposed = (
            f"; the agreement may be suspended since {late.suspension_since}" if late.suspension_since else ""
        )
        yield f"{late.number}: {late.open} {late.currency} overdue for {late.days} d{proposed}"
    for one in sheet.at_risk:
        yield f"{one.ticket} ({one.priority}): {one.left.percent} % of its {one.left.target} is used, {one.left.state}"


def document(sheet: "Sheet") -> dict[str, Any]:
    """One client."""
    return {
        "client": sheet.client,
        "problem": sheet.problem,
        "currency": sheet.currency,
        "since": sheet.since.isoformat() if sheet.since else None,
        "unbilled_work": _exact(sheet.work),
        "unbilled": _exact(sheet.unbilled),
        "month": f"{sheet.month:%Y-%m}" if sheet.month else None,
        "billed": _exact(sheet.billed),
        "cost": _exact(sheet.cost.amount) if sheet.cost else None,
        "worked_seconds": sheet.cost.seconds if sheet.cost else None,
        "cost_unknown": list(sheet.cost.unknown) if sheet.cost else [],
        "margin": _exact(sheet.margin),
        "ends": sheet.ends.last.isoformat() if sheet.ends else None,
        "renews": sheet.ends.renews if sheet.ends else None,
        "notice": sheet.ends.notice.isoformat() if sheet.ends else None,
        "at_risk": list(map(_risk, sheet.at_risk)),
        "overdue": [one.model_dump() for one in sheet.overdue],
    }


def _risk(one: "AtRisk") -> dict[str, Any]:
    left = one.left
    return {
        "ticket": one.ticket,
        "priority": one.priority,
        "target": left.target,
        "state": left.state,
        "percent": left.percent,
        "due": rfc3339(moment(left.due)) if left.due is not None else None,
    }


def _sum(amount: Decimal | None, currency: str | None = None) -> str:
    return "" if amount is None else f"{amount:f} {currency}" if currency else f"{amount:f}"


def _exact(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
