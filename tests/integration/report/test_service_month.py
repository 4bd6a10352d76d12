"""A month of Acme's in a workspace and its store; each figure of the report is computed again, another way."""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from netmgr.adapters.store_sql import open_sqlite
from netmgr.cli.main import run
from netmgr.report.promises import MEASURES
from netmgr.service.records import PROJECTIONS
from tests.clock import ManualClock
from tests.unit.report.service_month import DEVICES, agreement, amended, november
from tests.unit.report.service_story import ServiceStory

ROOT = Path(__file__).parents[3]
ZONE = ZoneInfo("Europe/Berlin")
BEGINS = datetime(2026, 11, 1, tzinfo=ZONE).astimezone(UTC)
AMENDED = datetime(2026, 11, 16, tzinfo=ZONE).astimezone(UTC)
ENDS = datetime(2026, 12, 1, tzinfo=ZONE).astimezone(UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """The report as JSON, and the log's entries that it was made of."""
    workspace = tmp_path_factory.mktemp("acme")
    shutil.copytree(ROOT / "inventory/acme", workspace / "inventory/acme")
    for name in ("config", ".netmgr"):
        (workspace / name).mkdir(mode=0o700)
    (workspace / "config/netmgr.yaml").write_text("{}\n")
    first = agreement()
    with open_sqlite(workspace / ".netmgr/store.db", ManualClock(), projections=PROJECTIONS) as log:
        november(ServiceStory(log, log._clock), first, amended(first, "2026-11-16", audit="36h"))
        entries = tuple(log.entries("acme"))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("NETMGR_")]:
            patch.delenv(name)
        patch.chdir(workspace)
        assert run(["report", "-c", "acme", "--month", "2026-11", "--format", "json"]) == 0
    return json.loads((workspace / "acme-2026-11.json").read_text()), entries


def rows(month, section, key):
    (found,) = (one for one in month[0]["sections"] if one["key"] == section)
    return next(block for block in found["blocks"] if block.get("key") == key)["rows"]


def at(entry):
    return datetime.fromisoformat(entry.at or entry.time)


def works(moment):
    """Acme's service hours, as the agreement says them; November has no public holiday in Berlin."""
    local = moment.astimezone(ZONE)
    return local.weekday() < 5 and 8 <= local.hour < (16 if local.weekday() == 4 else 18)


def minutes(begin, end, always, without=()):
    """Minute by minute."""
    count, moment = 0, begin
    while moment < end:
        standing = any(first <= moment < last for first, last in without)
        count += (always or works(moment)) and not standing
        moment += MINUTE
    return count


def test_tickets_minute_by_minute(month):
    limits = {
        "emergency": (30, 240, True),
        "high": (60, 480, False),
        "normal": (240, 1440, False),
        "low": (480, 4800, False),
    }
    expected = []
    for key in ("T-1", "T-2", "T-3", "T-4", "T-5"):
        acts = [entry for entry in month[1] if entry.kind == "ticket" and entry.ticket == key]
        when = {entry.action: at(entry) for entry in acts}
        response, resolution, always = limits[acts[0].facts["priority"]]
        pauses = [(when["pause"], when["resume"])] if "pause" in when else []
        answered = minutes(when["open"], when["ack"], always)
        used = minutes(when["open"], when.get("resolve", ENDS), always, pauses)
        over = "met" if "resolve" in when else "running"
        expected.append(
            (
                key,
                "missed" if answered > response else "met",
                answered * 60_000,
                "missed" if used > resolution else over,
                used * 60_000,
            )
        )
    names = ("ticket", "response", "response_used", "resolution", "resolution_used")
    assert [tuple(row[name] for name in names) for row in rows(month, "performance", "tickets")] == expected
    assert {row[1] for row in expected} == {"met", "missed"}, "the month has both"


def test_levels_are_the_tickets_counted(month):
    found = {(row["priority"], row["target"]): row for row in rows(month, "performance", "service-levels")}
    told = rows(month, "performance", "tickets")
    for name in ("response", "resolution"):
        for priority in ("emergency", "high", "normal", "low"):
            mine = [row[name] for row in told if row["priority"] == priority]
            row = found[priority, name.capitalize()]
            words = ("met", "missed", "running")
            assert [row[word] for word in words] == [mine.count(word) for word in words]


def longest(month, kind, outcomes, begins, ends):
    """Between two entries of each device, with the numbers of the two."""
    found = []
    for device in DEVICES:
        acts = [
            (at(entry), entry.seq)
            for entry in month[1]
            if (entry.kind, entry.device) == (kind, device) and entry.outcome in outcomes and at(entry) < ends
        ]
        acts.append((ends, 0))
        found += [(two[0] - one[0], device, one[1], two[1]) for one, two in pairwise(acts) if two[0] > begins]
    return max(time for time, *_ in found), found


def promise(month, key):
    return [
        (row["version"], row["result"], row["measured"])
        for row in rows(month, "promises", "promises")
        if row["key"] == key
    ]


def test_the_longest_time_without_an_audit_and_a_backup(month):
    """The amendment cuts the month: before it a day was promised, from then on a day and a half."""
    before, _ = longest(month, "audit", ("compliant", "drifted"), BEGINS, AMENDED)
    after, gaps = longest(month, "audit", ("compliant", "drifted"), AMENDED, ENDS)
    assert (before, after) == (timedelta(days=1), timedelta(days=2))
    assert promise(month, "promises.audit") == [
        ("1", "met", "longest: 1 day"),
        ("2", "missed", "longest: 2 days (south1)"),
    ]
    (evidence,) = (
        row["entries"]
        for row in rows(month, "promises", "promises")
        if row["key"] == "promises.audit" and row["version"] == "2"
    )
    (two,) = (
        (str(one), str(other)) for time, device, one, other in gaps if (time, device) == (after, "south1")
    )
    assert tuple(evidence) == two
    assert longest(month, "backup", ("stored", "unchanged"), BEGINS, ENDS)[0] == timedelta(days=1)
    assert promise(month, "promises.backup_age") == [("1, 2", "met", "longest: 1 day")]


def test_drift_from_the_first_audit_that_found_it_to_the_one_that_did_not(month):
    of = [entry for entry in month[1] if (entry.kind, entry.device) == ("audit", "edge2")]
    first = next(entry for entry in of if entry.outcome == "drifted")
    gone = next(entry for entry in of if entry.seq > first.seq and entry.outcome == "compliant")
    assert at(gone) - at(first) == timedelta(days=6)
    assert promise(month, "promises.drift_age") == [("1, 2", "missed", "longest: 6 days (edge2)")]


def test_availability_from_the_sums_of_its_days(month):
    days = [entry for entry in month[1] if entry.action == "digest"]
    up = sum(each["up_seconds"] for entry in days for each in entry.facts["devices"].values())
    assert (len(days), up) == (30, 30 * 6 * 86400 - 7200)
    share = f"{up * 100_000 // (30 * 6 * 86400) / 1000:.3f}%"
    assert promise(month, "promises.availability") == [("1, 2", "met", f"{share} of the time")]
    (row,) = (row for row in rows(month, "promises", "promises") if row["key"] == "promises.availability")
    assert row["entries"] == [str(entry.seq) for entry in days]


def test_the_others(month):
    assert {
        key: promise(month, key) for key in ("promises.drill", "promises.restore", "notice", "emergency")
    } == {
        "promises.drill": [("1, 2", "met", "longest: 49 days 14 hours")],
        "promises.restore": [("1, 2", "not_measured", "none was needed; a drill does not count")],
        "notice": [("1, 2", "missed", "1 of 2 changes announced in time")],
        "emergency": [("1, 2", "missed", "1 emergency; longest until somebody answered: 20 minutes")],
    }


def test_hours_and_fees(month):
    """Two hours and five of six that are included; one beyond is paid. A resolution was missed: 2 %."""
    (row,) = rows(month, "hours", "hours")
    assert (row["included"], row["used"], row["left"]) == ("6", "6", "0")
    spent = sum(e.facts["end"] - e.facts["begin"] for e in month[1] if e.kind == "time") / 3600
    assert spent == 7
    lines = rows(month, "fees", "draft-lines")
    fixed, devices, beyond, credit = 480, len(DEVICES) * 85, 110, 480 * 0.02
    assert sum(float(line["net"]) for line in lines) == pytest.approx(fixed + devices + beyond - credit)
    sums = {row["what"]: row["sum"] for row in rows(month, "fees", "draft-sums")}
    net = f"{fixed + devices + beyond - credit:.2f}"
    assert (sums["Without tax"], sums["Tax"]) == (net, f"{float(net) * 0.19:.2f}")


def test_the_first_page(month):
    told = {row["promise"]: row["result"] for row in rows(month, "summary", "lights")}
    assert told == {
        "Response to tickets": "missed",
        "Resolution of tickets": "missed",
        "Emergencies": "missed",
        "Availability": "met",
        "Differences put right": "missed",
        "Audits": "missed",
        "Backups": "met",
        "Proof that backups can be restored": "met",
        "Restoring a configuration": "not_measured",
        "Supported software": "met",
        "Notice of changes": "missed",
        "Reports": "not_measured",
        "Service log": "met",
    }
    pause = rows(month, "faults", "pauses")
    assert [(row["ticket"], row["reason"], row["lasted"]) for row in pause] == [
        ("T-3", "no access to site or device", 21 * 3_600_000)
    ]


def test_open_points(month):
    """Advice, what is open, the year's agreement that ends, and work that nobody took down."""
    found = [(row["kind"], row["what"], row["day"], row["about"]) for row in rows(month, "points", "points")]
    assert found[:3] == [
        ("Advice", "Which switches for the new floor?", "2026-11-20", "T-4"),
        ("Open ticket", "The firewall's licence runs out", "2026-11-27", "T-5"),
        (
            "Agreement",
            "The agreement goes on by 12 months, unless a party said by 2 October 2026 that it shall not.",
            "2026-12-31",
            "version 2",
        ),
    ]
    changes = [entry for entry in month[1] if entry.kind == "change" and entry.phase == "intent"]
    assert found[3:] == [
        ("Fees", "Work that the log shows was not taken down as time.", f"{at(entry).date()}", entry.change)
        for entry in changes
        if at(entry) > BEGINS
    ]


def test_devices_as_they_stood(month):
    ends = {entry.device: at(entry) for entry in month[1] if entry.kind == "audit" and entry.device}
    backups = {entry.device: at(entry) for entry in month[1] if entry.kind == "backup"}
    found = {row["device"]: row for row in rows(month, "operating", "operating")}
    assert set(found) == set(DEVICES)
    for device, row in found.items():
        assert row["audited"] == f"{ends[device]:%Y-%m-%dT%H:%M:%S.%fZ}"
        assert row["backup"] == f"{backups[device]:%Y-%m-%dT%H:%M:%S.%fZ}"
        assert (row["drift"], row["software"], row["oldest"]) == ("yes", "supported", "1 day")


def test_the_reference_names_the_tables(month):
    """docs/reference/report-sections.md has each section's tables with their columns, and each promise's key."""
    text = (ROOT / "docs/reference/report-sections.md").read_text()
    described = re.findall(r"^\| `([a-z-]+)` \| (`[a-z_]+`(?: `[a-z_]+`)+) \|$", text, re.MULTILINE)
    named = {key: re.findall(r"`([a-z_]+)`", columns) for key, columns in described}
    made = {
        block["key"]: [column["key"] for column in block["columns"]]
        for section in month[0]["sections"]
        for block in section["blocks"]
        if block["type"] == "table"
    }
    assert named == {key: made[key] for key in named}
    others = {"changes", "audits", "drift", "devices", "inventory", "availability"}
    assert set(made) - set(named) == others & set(made)
    keys = set(re.findall(r"`([a-z]+(?:\.[a-z_]+)*(?:\.PRIORITY)?)`", text.split("| key | measured by |")[1]))
    levels = {"levels.response.PRIORITY", "levels.resolution.PRIORITY"}
    assert (set(MEASURES) | levels) - keys == set()
