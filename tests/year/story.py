"""A year of Acme, and of Northwind beside it: who did what when. One seed, one year."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.year import network, workspace
from tests.year.clock import YearClock
from tests.year.desk import AUDITORS, CANARY, JANA, Case, Desk, Work, everyday
from tests.year.house import House, Outage
from tests.year.network import CHANGES, Network
from tests.year.office import SIGNED_BY, Office
from tests.year.timeline import Timeline, berlin

SEED = 2026
#: Ordinary days of each month, all of them days on which the service works.
DAYS = {
    1: ("13", "20", "27"), 2: ("03", "10", "17", "24"), 3: ("04", "16", "25"), 4: ("08", "21", "28"),
    5: ("05", "13", "21"), 6: ("02", "16", "24"), 7: ("07", "15", "28"), 8: ("05", "13", "26"),
    9: ("02", "15", "24"), 10: ("06", "14", "27"), 11: ("04", "12", "25"), 12: ("02", "09", "15"),
}  # fmt: skip
HQ = ("core1", "core2", "edge1", "edge2")
OUTAGES = [
    Outage(berlin("2026-05-19 10:10"), berlin("2026-05-19 16:10"), ("north1",)),
    Outage(berlin("2026-08-11 09:10"), berlin("2026-08-11 19:10"), HQ),
]
#: What is not of every month: levels that are met and missed, pauses, advice, and a request for information.
CASES = (
    Case(
        "2026-01-15 09:12", f"The file server does not answer ({CANARY['acme']})", "fault", "significant", "high",
        ("--asset", "files1", "--reporter", JANA), ack=20, resolve=260, cause="software",
        work=[Work(20, 95, note=f"Restarted, and the disk's driver updated ({CANARY['acme']})")],
    ),
    Case(
        "2026-01-22 10:05", "The branch south cannot print", "fault", "limited", "high", ("--device", "south1"),
        ack=330, resolve=400, cause="configuration", work=[Work(330, 60)],
    ),
    Case(
        "2026-02-05 08:30", "No way into the server room", "fault", "limited", "high", ("--asset", "files1"),
        ack=15, pause=(40, 1500, "access"), resolve=1590, cause="hardware", work=[Work(1500, 85)],
    ),
    Case(
        "2026-02-19 13:00", "Which firewall for the branches", "consulting", "limited", "low",
        ack=60, resolve=2900, outcome="answered", note="Two offers compared; the client took the first",
        work=[Work(70, 150, note="Compared two offers")],
    ),
    Case(
        "2026-03-03 08:05", "The offices' network is slow", "fault", "significant", "critical", ("--device", "core2"),
        ack=30, resolve=1900, cause="capacity", work=[Work(40, 240), Work(1500, 180)],
    ),
    Case(
        "2026-04-17 08:00", "Mount the router of the branch west", "request", "limited", "low",
        ack=5, resolve=480, outcome="done", work=[Work(120, 240, note="Mounted and cabled on site",
                   words=("--travel-minutes", "380", "--kilometres", "1150"))],
    ),
    Case(
        "2026-05-19 12:05", "Branch north is cut off", "fault", "significant", "high", ("--device", "north1"),
        ack=10, resolve=250, cause="carrier", work=[Work(10, 120)],
    ),
    Case(
        "2026-06-10 09:00", AUDITORS, "information", "limited", "low",
        ("--due", "2026-06-24", "--reporter", JANA), ack=90, resolve=4400, outcome="answered", work=[Work(120, 60)],
    ),
    Case(
        "2026-07-08 11:00", "A phone's display is broken", "fault", "limited", "low",
        ack=30, pause=(60, 11000, "vendor"), resolve=11100, cause="hardware", work=[Work(40, 20)],
    ),
    Case(
        "2026-08-11 11:03", "The head office is cut off", "fault", "extensive", "critical", ("--device", "edge1"),
        ack=12, resolve=480, cause="power", note="Power is back; the supply's battery was replaced",
        work=[Work(12, 200), Work(240, 235, "p-2")],
    ),
    Case(
        "2026-09-08 09:30", "Is our backup good enough?", "consulting", "limited", "medium",
        ack=40, resolve=3100, outcome="answered", work=[Work(60, 180, note="Looked at the drills together")],
    ),
    Case(
        "2026-10-20 10:00", "Tapes of the old backup", "request", "limited", "low",
        ack=500, resolve=900, outcome="done", work=[Work(510, 45)],
    ),
    Case(
        "2026-11-17 14:00", "A licence runs out", "fault", "limited", "medium", ("--asset", "office-suite"),
        ack=30, resolve=1500, cause="software", work=[Work(30, 30)],
    ),
    Case(
        "2026-12-10 08:45", "Plans for the next year", "consulting", "limited", "low",
        ack=60, resolve=1700, outcome="answered", work=[Work(90, 120)],
    ),
)  # fmt: skip
#: Northwind's desk, in the same weeks by the same people.
BESIDE = tuple(
    Case(
        f"2026-{month:02}-09 18:10" if month != 5 else "2026-05-12 18:10",
        f"Terminal {month} does not start ({CANARY['northwind']})", "fault", "limited", "high",
        ack=20, resolve=150, cause="software", note=f"Mended ({CANARY['northwind']})",
        work=[Work(20, 45 + 10 * month, "p-2", f"Looked into it ({CANARY['northwind']})")],
        client="northwind", who="p-2",
    )
    for month in range(1, 13)
)  # fmt: skip


@dataclass
class Year:
    """The whole, while and after it is played."""

    house: House
    line: Timeline
    desk: Desk
    network: Network
    office: Office
    months: int


def year(out: Path, *, months: int = 12, memory: bool = False, papers: bool = True) -> Year:
    """Everything planned, nothing played yet. ``papers``: with PDF, signs of life and drills, which take their time."""
    root = out / "workspace"
    workspace.begin(root, measured=papers, whole=months == 12)
    house = House(root, YearClock(berlin("2025-12-15 09:00"), SEED), memory, papers, list(OUTAGES))
    line = Timeline(house, probes=papers)
    desk = Desk(house, line)
    made = Year(house, line, desk, Network(house, line, desk), Office(house, line, desk, out, papers), months)
    end = datetime(2026 + months // 12, months % 12 + 1, 1, tzinfo=UTC)
    random = Random(SEED)
    for client in SIGNED_BY:
        line.at(berlin("2025-12-18 14:00"), lambda client=client: made.office.sign(client))
    cases = [*CASES, *BESIDE]
    for month, days in DAYS.items():
        cases += everyday(random, month, [f"2026-{month:02}-{day}" for day in days], "p-4")
    for case in cases:
        if berlin(case.opened) < end:
            desk.plan(case)
    for change in CHANGES:
        if berlin(change.made) < end:
            made.network.plan(change)
    if months == 12:
        made.network.emergency()
        made.network.drift()
        made.office.rest_of_the_year()
    for month in range(1, months + 1):
        made.office.plan(month)
    return made


def play(made: Year) -> None:
    """From the agreement's signature to the last month's papers."""
    house = made.house
    with house.open():
        if not house.memory:
            network.boot(house)
        try:
            last = made.months + 1
            made.line.play(berlin(f"{2026 + last // 13}-{last % 12 or 12:02}-20 12:00"))
        finally:
            if not house.memory:
                house.netmgr("lab", "down")
