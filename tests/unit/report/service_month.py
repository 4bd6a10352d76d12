"""A November of Acme's under its agreement: levels kept and missed, an outage, a pause, a version in the middle."""

import json
from datetime import date, timedelta
from pathlib import Path

from netmgr.adapters.agreement_yaml import YamlAgreements
from netmgr.adapters.holidays_frozen import FrozenHolidays
from netmgr.model.agreement import Agreement
from tests.unit.report.service_story import ServiceStory

ROOT = Path(__file__).parents[3]
DEVICES = ("edge1", "edge2", "core1", "core2", "north1", "south1")


def agreement(client: str = "acme") -> Agreement:
    """As its file says it, with the year's public holidays."""
    copy = YamlAgreements(ROOT).working_copy(client)
    assert copy is not None
    assert copy.agreement.calendar.holidays is not None
    calendar = copy.agreement.calendar
    years = tuple(FrozenHolidays().freeze(calendar.holidays, year) for year in (2026, 2027))
    return copy.agreement.model_copy(update={"calendar": calendar.model_copy(update={"frozen": years})})


def amended(first: Agreement, effective: str, **promises: str) -> Agreement:
    """The next version: other promises from that day on."""
    document = json.loads(first.canonical())
    document |= {"version": first.version + 1, "effective": effective}
    document["amendments"] = [
        {"version": first.version + 1, "effective": effective, "summary": "Audits and backups, twice a day."}
    ]
    document["promises"] |= promises
    return Agreement.model_validate_json(json.dumps(document))


def november(story: ServiceStory, first: Agreement, second: Agreement | None) -> None:
    """What is logged. Times are in UTC; Berlin is an hour ahead."""
    story.sign("2025-12-20 10:00", first)
    story.described("2026-10-01 08:00", DEVICES, **dict.fromkeys(DEVICES, {"site": "hq"}))
    story.change("2026-10-10 20:00", dict.fromkeys(DEVICES, (40, 0)), reason="First configuration")
    story.drill("2026-10-12 09:00", "passed", 6, real=6, seconds=41)
    for number in range(31):
        day = date(2026, 10, 31) + timedelta(days=number)
        # On the 17th nobody audited; from the 12th to the 16th edge2 was not as agreed.
        if day.day != 17 or day.month == 10:
            drifted = "drifted" if date(2026, 11, 12) <= day <= date(2026, 11, 16) else "compliant"
            statuses = dict.fromkeys(DEVICES, "compliant") | {"edge2": drifted}
            _audited(story, f"{day} 04:00", statuses)
        story.backup(f"{day} 04:30", **dict.fromkeys(DEVICES, "unchanged"))
        _of_day(story, f"{day}", second)
        # Two hours of core1's on the 9th. A day is summed up when it is over in Berlin.
        if day.month == 11:
            story.probed(f"{day} 23:10", f"{day}", {"core1": 7200} if day.day == 9 else {}, devices=DEVICES)


def _of_day(story: ServiceStory, day: str, second: Agreement | None) -> None:
    match day:
        case "2026-11-03":
            story.fault(f"{day} 08:10", "T-1", "Nobody in the office can print", "normal", devices=["core2"])
            story.ticket(f"{day} 09:40", "T-1", "ack")
            story.ticket(f"{day} 14:10", "T-1", "resolve", cause="configuration", outcome="fixed")
        case "2026-11-05":
            story.one(
                f"{day} 09:00",
                kind="notice",
                action="send",
                outcome="sent",
                facts={
                    "plan": "plan-5",
                    "digest": "p" * 64,
                    "content": "c" * 64,
                    "devices": ["core1", "core2"],
                    "contacts": 1,
                    "sent": f"{day}T09:00:00Z",
                },
            )
        case "2026-11-07":
            story.change(
                f"{day} 21:30",
                {"core1": (2, 2), "core2": (2, 2)},
                reason="Jumbo frames between the cores",
                ticket="T-1",
                intent={"plan": "plan-5"},
            )
        case "2026-11-09":
            story.went_down(f"{day} 10:00", "core1")
            story.fault(
                f"{day} 10:05", "T-2", "core1 does not answer", "emergency", devices=["core1"], auth="service"
            )
            story.ticket(
                f"{day} 10:06", "T-2", "escalate", auth="service", assignee="p-17", step=1, steps=4, told=True
            )
            story.ticket(f"{day} 10:25", "T-2", "ack")
            story.ticket(f"{day} 12:00", "T-2", "resolve", cause="power", outcome="fixed")
        case "2026-11-10":
            if second is not None:
                story.sign(f"{day} 10:00", second)
        case "2026-11-11":
            story.fault(f"{day} 09:00", "T-3", "The line to the branch drops", "high", devices=["north1"])
            story.ticket(f"{day} 11:30", "T-3", "ack")
            story.ticket(f"{day} 12:00", "T-3", "pause", reason="access")
        case "2026-11-12":
            story.ticket(f"{day} 09:00", "T-3", "resume")
            story.ticket(f"{day} 16:30", "T-3", "resolve", cause="carrier", outcome="fixed")
        case "2026-11-13":
            story.change(f"{day} 20:00", {"edge1": (1, 1)}, reason="A filter for the provider")
        case "2026-11-20":
            story.fault(f"{day} 10:00", "T-4", "Which switches for the new floor?", "low", kind="consulting")
            story.ticket(f"{day} 13:00", "T-4", "ack")
            _worked(story, f"{day} 16:00", "H-1", f"{day} 13:00", 120, "consulting", "T-4")
        case "2026-11-27":
            story.fault(f"{day} 09:00", "T-5", "The firewall's licence runs out", "normal", devices=["edge1"])
            story.ticket(f"{day} 10:00", "T-5", "ack")
            _worked(story, f"{day} 16:00", "H-2", f"{day} 10:00", 300, "faults", "T-5")


def _audited(story: ServiceStory, when: str, statuses: dict[str, str]) -> None:
    """One audit of the state, too."""
    drafts = []
    for device, status in statuses.items():
        drifted = status == "drifted"
        facts = {
            "running": "r",
            "added": 2 * drifted,
            "removed": 1 * drifted,
            "software": "passed",
            "findings": [],
        }
        drafts.append(
            story.draft(
                kind="audit", action="audit", phase="result", outcome=status, device=device, facts=facts
            )
        )
    worst = "drifted" if "drifted" in statuses.values() else "compliant"
    closing = {"devices": len(statuses), "milliseconds": 1900}
    drafts.append(story.draft(kind="audit", action="audit", phase="result", outcome=worst, facts=closing))
    story.count += 1
    story.log_at(when, drafts)


def _worked(
    story: ServiceStory, when: str, key: str, begin: str, minutes: int, service: str, ticket: str
) -> None:
    from tests.unit.report.story import at

    start = int(at(begin).timestamp())
    facts = {
        "id": key,
        "person": "p-17",
        "service": service,
        "billable": True,
        "begin": start,
        "end": start + minutes * 60,
        "working": minutes * 60,
        "outside": 0,
        "version": 1,
    }
    story.one(when, kind="time", action="add", outcome="added", ticket=ticket, facts=facts)
