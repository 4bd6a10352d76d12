"""Records of the service log: `python -m benchmarks records`.

A million entries of a hundred thousand tickets, ten each, many under way at a time: made again from the entries, as
`netmgr log rebuild` does. Nothing else is in the log: entries of other kinds are not read at all.
"""

import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.clock import SetClock
from benchmarks.figures import Contender, Work
from netmgr.adapters.store_sql import SqlServiceLog, open_sqlite
from netmgr.model.entry import Draft
from netmgr.service.records import PROJECTIONS

BATCH = 5000
OPEN_AT_A_TIME = 300

#: What becomes of every ticket; its facts are of the size that they have.
LIFE = (
    ("open", {"kind": "fault", "impact": "limited", "urgency": "high", "priority": "normal", "given": False}),
    ("ack", {}),
    ("note", {}),
    ("update", {"priority": "high", "given": True}),
    ("pause", {"reason": "client"}),
    ("resume", {}),
    ("link", {"links": [{"kind": "change", "ref": "0198a1b2-0000-7000-8000-000000000001"}]}),
    ("note", {}),
    ("resolve", {"outcome": "fixed", "cause": "hardware"}),
    ("close", {}),
)


def clock() -> SetClock:
    """A minute passes with every batch."""
    return SetClock(datetime(2021, 1, 4, 8, 0, tzinfo=UTC), timedelta(minutes=1))


def drafts(tickets: int) -> Iterator[Draft]:
    """Every act of every ticket: a window of open ones moves over all of them."""
    for first in range(0, tickets, OPEN_AT_A_TIME):
        window = range(first + 1, min(first + OPEN_AT_A_TIME, tickets) + 1)
        for action, facts in LIFE:
            for number in window:
                yield Draft(
                    client="acme", target="network", kind="ticket", action=action, phase="result", outcome="done",
                    actor="p-17", auth="os", on="ops1", request=f"r-{number}", ticket=f"T-{number}", facts=facts,
                )  # fmt: skip


def fill(log: SqlServiceLog, made: Iterator[Draft]) -> None:
    batch: list[Draft] = []
    for draft in made:
        batch.append(draft)
        if len(batch) == BATCH:
            log.append("acme", batch)
            batch = []
    log.append("acme", batch)


def rebuilt(path: Path, tickets: int, *, differing: bool) -> tuple[float, float]:
    """Wall and CPU seconds of making all records again."""
    with open_sqlite(path, clock(), projections=PROJECTIONS) as log:
        wall, cpu = time.perf_counter(), time.process_time()
        made = log.records.rebuild("acme")
        spent = time.perf_counter() - wall, time.process_time() - cpu
    if (made.entries, made.records, bool(made.differences)) != (tickets * len(LIFE), tickets, differing):
        raise SystemExit(f"records: {made.entries} entries, {made.records} records: not what was asked for")
    return spent


def appended(log: SqlServiceLog, made: Sequence[Draft], batch: int) -> float:
    """Entries a second."""
    start = time.perf_counter()
    for first in range(0, len(made), batch):
        log.append("acme", made[first : first + batch])
    return len(made) / (time.perf_counter() - start)


def measured(tickets: int = 100_000, rounds: int = 3) -> list[Work]:
    """Seconds of rebuilding, rates of appending."""
    new = Contender("netmgr log rebuild, all missing", "entries read, folded, every record written")
    same = Contender("netmgr log rebuild, all equal", "the same, compared, nothing written")
    folded = Contender("append, folded", "a record is read, folded and written with each transaction")
    plain = Contender("append, no records", "the same entries, of which no records are kept")
    gc.set_threshold(100_000)  # as the netmgr command does
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        path = Path(directory) / "log.db"
        with open_sqlite(path, clock()) as log:
            fill(log, drafts(tickets))
        new.add(*rebuilt(path, tickets, differing=True))
        for _ in range(rounds):
            same.add(*rebuilt(path, tickets, differing=False))
        some = list(drafts(min(tickets, 100)))
        for number in range(rounds):
            for contender, projections in ((folded, PROJECTIONS), (plain, {})):
                place = Path(directory) / f"{number}-{contender.name}.db"
                with open_sqlite(place, clock(), projections=projections) as log:
                    contender.add(appended(log, some, 1))
    entries = tickets * len(LIFE)
    return [
        Work(f"Records: {tickets:,} tickets made again from {entries:,} entries", "s", "≤ 60 s", [new, same]),
        Work(
            "Records: append, one entry in a transaction",
            "entries/s",
            "no figure is promised",
            [folded, plain],
        ),
    ]
