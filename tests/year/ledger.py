"""What the year comes to, month by month, by the exported log and the papers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from tests.year.checks import checkpoint_in
from tests.year.evidence import Evidence
from tests.year.story import Year
from tests.year.timeline import BERLIN

HEAD = ("month", "deploys", "tickets", "hours", "missed", "invoice", "total", "report", "checkpoint")


@dataclass
class Row:
    """One month. ``minutes`` were worked, whoever pays for them."""

    month: str
    deploys: int = 0
    tickets: int = 0
    minutes: int = 0
    missed: int = 0
    invoice: str = ""
    total: str = ""
    report: str = ""
    checkpoint: str = ""

    def cells(self) -> tuple[str, ...]:
        hours = f"{self.minutes // 60}:{self.minutes % 60:02}"
        return (self.month, str(self.deploys), str(self.tickets), hours, str(self.missed), self.invoice, self.total,
                self.report[:12], self.checkpoint)  # fmt: skip


def rows(year: Year) -> list[Row]:
    """Acme's year: what the log says of each month, and the papers that were issued of it."""
    evidence = Evidence(year.office.out / "acme/handed-over")
    found = _logged(evidence.entries, year.months)
    drafts = {
        entry["facts"]["number"]: evidence.body(entry)["draft"] for entry in evidence.of("invoice", "issue")
    }
    for row in found:
        paper = next(each for each in year.office.papers if (each.client, each.month) == ("acme", row.month))
        draft = drafts[paper.number]
        report = next(data for name, data in paper.revisions[0].items() if name.endswith(".json"))
        row.missed = sum(
            1 for _ in evidence.misses(*map(date.fromisoformat, (draft["first"], draft["last"])))
        )
        row.invoice, row.total = paper.number, f"{draft['total']} {draft['currency']}"
        row.report = sha256(report).hexdigest()
        row.checkpoint = f"seq {checkpoint_in(json.loads(report))['seq']}"
    return found


def _logged(entries: list[Mapping[str, Any]], months: int) -> list[Row]:
    found = {name: Row(name) for name in (f"2026-{number:02}" for number in range(1, months + 1))}
    worked: dict[str, tuple[str, int]] = {}
    for entry in entries:
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


def _month(entry: Mapping[str, Any]) -> str:
    at = entry.get("at", entry["time"])
    return f"{datetime.fromisoformat(at).astimezone(BERLIN):%Y-%m}"
