"""What the year comes to, month by month, read from an export of the log as anybody may read it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.year.timeline import BERLIN

HEAD = ("month", "deploys", "tickets", "hours", "missed", "invoice", "total", "report", "checkpoint")


@dataclass
class Row:
    """One month. ``minutes`` were worked, whoever pays for them."""

    month: str
    deploys: int = 0
    tickets: int = 0
    minutes: int = 0
    missed: int | None = None
    invoice: str = ""
    total: str = ""
    report: str = ""
    checkpoint: str = ""

    def cells(self) -> tuple[str, ...]:
        hours = f"{self.minutes // 60}:{self.minutes % 60:02}"
        missed = "" if self.missed is None else str(self.missed)
        return (self.month, str(self.deploys), str(self.tickets), hours, missed, self.invoice, self.total,
                self.report[:12], self.checkpoint)  # fmt: skip


def rows(export: str, months: int) -> list[Row]:
    """What the log alone says of each month of the year."""
    found = {name: Row(name) for name in (f"2026-{number:02}" for number in range(1, months + 1))}
    worked: dict[str, tuple[str, int]] = {}
    for entry in map(json.loads, export.splitlines()):
        row = found.get(_month(entry))
        what = (entry["kind"], entry["action"], entry["phase"])
        if entry["kind"] == "time" and "end" in entry["facts"]:
            facts = entry["facts"]
            begin = datetime.fromtimestamp(facts["begin"], BERLIN)
            worked[facts["id"]] = f"{begin:%Y-%m}", (facts["end"] - facts["begin"]) // 60
        if row is None:
            continue
        row.tickets += what == ("ticket", "open", "result")
        row.deploys += (
            what[0] == "change"
            and what[2] == "result"
            and entry.get("outcome") == "applied"
            and "device" not in entry
        )
    for month, minutes in worked.values():
        if month in found:
            found[month].minutes += minutes
    return list(found.values())


def table(rows_: list[Row]) -> Iterator[str]:
    """Lines of equal columns."""
    lines = [HEAD, *(row.cells() for row in rows_)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    right = {1, 2, 3, 4, 6}
    for line in lines:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _month(entry: dict[str, Any]) -> str:
    at = entry.get("at", entry["time"])
    return f"{datetime.fromisoformat(at).astimezone(BERLIN):%Y-%m}"
