"""A month's report out of a year's log: `python -m benchmarks report`.

A million entries of acme's year 2025, under its signed agreement: audits, changes, tickets with all that becomes of
them, time worked, days of probes. The command is run as an engineer runs it; what verifying the log adds is a figure
of the service log.
"""

import gc
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.clock import SetClock
from benchmarks.figures import Contender, Work, spend
from benchmarks.routers import NETMGR
from netmgr.model.access import Actor
from netmgr.model.agreement import Agreement
from netmgr.model.canonical import canonical
from netmgr.model.entry import Body, Draft
from netmgr.model.settings import Settings
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.agreement import frozen, written

BEGIN = datetime(2025, 1, 1, 0, 0, tzinfo=UTC)
MONTH = "2025-11"
MONTH_DAYS = 30
#: Tickets a day, and what becomes of each: minutes after it was opened, act, facts.
TICKETS = 40
LIFE: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (
        0,
        "open",
        {"kind": "fault", "impact": "limited", "urgency": "high", "priority": "high", "given": False},
    ),
    (4, "ack", {}),
    (20, "note", {}),
    (30, "pause", {"reason": "vendor"}),
    (60, "resume", {}),
    (90, "note", {}),
    (120, "resolve", {"outcome": "fixed", "cause": "hardware"}),
    (180, "close", {"outcome": "fixed"}),
)
CHANGES = 12

_MONTH_OF = """
import json, sqlite3, sys
from bisect import bisect_left
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
(newest,) = database.execute("SELECT max(seq) FROM entries WHERE client = 'acme'").fetchone()
def time(seq):
    chain = "client = 'acme' AND stream = 'main'"
    (line,) = database.execute(f"SELECT line FROM entries WHERE {chain} AND seq = ?", [seq]).fetchone()
    return json.loads(line)["time"]
bounds = [bisect_left(range(1, newest + 1), moment, key=time) for moment in sys.argv[2:]]
where = "client = 'acme' AND stream = 'main' AND seq > ? AND seq <= ?"
"""
#: What everybody has to do who reads the month, in a program that imports nothing else.
PARSED = f"""{_MONTH_OF}
rows = database.execute(f"SELECT line FROM entries WHERE {{where}}", bounds)
print(len([json.loads(line) for (line,) in rows]))
"""
#: The least that could be called a report.
COUNTED = f"""{_MONTH_OF}
text = "CAST(line AS TEXT)"
what = f"kind, {{text}} ->> '$.action', {{text}} ->> '$.outcome'"
rows = database.execute(f"SELECT {{what}}, count(*) FROM entries WHERE {{where}} GROUP BY 1, 2, 3", bounds)
print(sum(row[-1] for row in rows))
"""


def draft(**fields: Any) -> Draft:
    known = {
        "client": "acme",
        "target": "network",
        "phase": "result",
        "actor": "p-17",
        "auth": "os",
        "on": "ops1",
    }
    return Draft(**({"request": "r-1"} | known | fields))


def signed(agreement: Agreement) -> Draft:
    names = {"client": "A", "provider": "B"}
    facts = {
        "version": agreement.version, "digest": agreement.digest, "document": "d" * 64, "rendered": "d" * 64,
        "form": "rendered", "effective": agreement.effective.isoformat(), "timezone": agreement.timezone,
        "signed_by": ["client", "provider"],
    }  # fmt: skip
    body = canonical({"agreement": json.loads(agreement.canonical()), "signatures": names})
    return draft(
        kind="agreement", action="sign", outcome="signed", facts=facts, body=Body(body, "application/json")
    )


def day(number: int, devices: list[str], audits: int) -> Iterator[tuple[int, Draft]]:
    """Everything of one day: (minute, entry)."""
    for audit in range(audits):
        minute, request = audit * 1440 // audits, f"a-{number}-{audit}"
        for at, name in enumerate(devices):
            drifted = (number + audit + at) % 97 == 0
            facts = {"running": "r", "added": 2 * drifted, "removed": 0, "findings": [], "milliseconds": 400}
            yield minute, draft(
                kind="audit", action="audit", outcome="drifted" if drifted else "compliant", device=name,
                facts=facts, request=request,
            )  # fmt: skip
        yield minute, draft(
            kind="audit", action="audit", outcome="compliant", request=request,
            facts={"devices": len(devices), "milliseconds": 900},
        )  # fmt: skip
    for one in range(TICKETS):
        ticket, opened = f"T-{number * TICKETS + one + 1}", one * 1200 // TICKETS
        for after, action, facts in LIFE:
            yield (
                opened + after,
                draft(kind="ticket", action=action, outcome="done", ticket=ticket, facts=facts),
            )
    for one in range(CHANGES):
        yield from change(number * CHANGES + one, 60 + one * 100, devices[one % len(devices)])
    sums = {
        name: {"expected": 1440, "taken": 1440, "up": 1440, "up_seconds": 86400, "down_seconds": 0}
        for name in devices
    }
    told = (BEGIN + timedelta(days=number - 1)).date().isoformat()
    yield 5, draft(kind="probe", action="digest", facts={"day": told, "interval": 60, "devices": sums})


def change(number: int, minute: int, device: str) -> Iterator[tuple[int, Draft]]:
    """One deploy of one device."""
    same = {"kind": "change", "action": "deploy", "change": f"c-{number}", "request": f"c-{number}"}
    part = {
        "device": device,
        "commit": "c",
        "before": "b",
        "after": "a",
        "snapshot": "s",
        "added": 3,
        "removed": 1,
    }
    text = Body(b"reason: as agreed\n# core1\n+x\n", "text/x-diff")
    yield minute, draft(phase="intent", facts={"plan": f"p-{number}", "devices": [part]}, body=text, **same)
    yield minute, draft(phase="decision", facts={"decision": "confirm"}, **same)
    yield minute, draft(outcome="applied", device=device, facts={"phase": "confirm"}, **same)
    yield minute, draft(outcome="applied", facts={"milliseconds": 8400}, **same)


def made(workspace: Path, days: int, entries: int) -> int:
    """Fill the workspace's log with a year of acme's; how many entries it has."""
    wiring, clock = (
        Wiring(workspace, Settings()),
        SetClock(BEGIN - timedelta(days=31), timedelta(microseconds=1)),
    )
    wiring.clock = clock  # type: ignore[assignment]
    runtime = wiring.runtime(
        client="acme", target="network", actor=Actor(id="p-17", auth="os", on="ops1"), request="r-1",
        progress=Silent(), interrupted=lambda: False,
    )  # fmt: skip
    devices = [device.name for device in runtime.inventories.load("acme").devices]
    written_copy = written(runtime).agreement
    agreement = frozen(runtime, written_copy.model_copy(update={"effective": BEGIN.date()}))
    described = {name: {"name": name, "role": "router"} for name in devices}
    facts = {
        "digest": "i-1", "devices": dict.fromkeys(devices, "d"), "added": devices, "removed": [],
        "changed": [], "described": described,
    }  # fmt: skip
    log = wiring.service_log
    log.append("acme", [signed(agreement), draft(kind="inventory", action="record", facts=facts)])
    rest = TICKETS * len(LIFE) + CHANGES * 4 + 1
    audits = max(1, (entries // days - rest) // (len(devices) + 1))
    for number in range(days):
        every = sorted(day(number, devices, audits), key=lambda each: each[0])
        for hour in range(0, 24, 4):
            clock.moment = BEGIN + timedelta(days=number, hours=hour)
            batch = [one for minute, one in every if hour * 60 <= minute < (hour + 4) * 60]
            if batch:
                log.append("acme", batch)
    head = log.head("acme")
    log.close()
    return head.seq if head else 0


def measured(entries: int = 1_000_000, days: int = 365, rounds: int = 5) -> list[Work]:
    """Seconds of a command."""
    gc.set_threshold(100_000)  # as the netmgr command does
    plain = Contender("netmgr report, HTML", "the whole command, one format, an agreement in force")
    all_ = Contender("netmgr report, HTML, Markdown, JSON, CSV", "the same material in four formats")
    manager = Contender(
        "netmgr report --audience manager, Chinese", "every text looked at for addresses and names"
    )
    counted = Contender("SQL", "the month's entries, counted by kind, action and outcome")
    parsed = Contender("parsed", "floor: the month's entries read and parsed as JSON, nothing made of them")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        workspace = Path(directory) / "msp"
        spend([NETMGR, "init", str(workspace)])
        shutil.rmtree(workspace / ".netmgr", ignore_errors=True)
        count = made(workspace, days, entries)
        month = MONTH if days == 365 else "2025-01"
        command = [NETMGR, "-w", str(workspace), "report", "-c", "acme", "--month", month, "--no-verify"]
        command += ["--out", directory]
        began = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
        ended = began + timedelta(days=MONTH_DAYS)
        asked = [str(workspace / ".netmgr" / "store.db"), began.isoformat(), ended.isoformat()]
        for _ in range(rounds):
            for contender, program in ((counted, COUNTED), (parsed, PARSED)):
                spent = spend([sys.executable, "-c", program, *asked])
                if int(spent.out) < count * min(days, MONTH_DAYS) // days * 9 // 10:
                    raise SystemExit(f"{contender.name} read {spent.out} of {count} entries")
                contender.add(spent.wall, spent.cpu)
            for contender, more in (
                (plain, []),
                (all_, ["--format", "html,md,json,csv"]),
                (manager, ["--audience", "manager", "--locale", "zh-CN"]),
            ):
                spent = spend([*command, *more])
                if (
                    f"up to entry {count + 1}" not in spent.out
                ):  # it logs that it was asked, and reads to there
                    raise SystemExit(f"it read another log:\n{spent.out}")
                count += 2
                contender.add(spent.wall, spent.cpu)
    return [
        Work(
            f"Report: a month out of {count:,} entries of a year",
            "s",
            "≤ 3 s without PDF",
            [plain, all_, manager, counted, parsed],
            note="Without verifying the log, which has a goal of its own.",
        )
    ]
