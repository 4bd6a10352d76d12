"""What the agreement promised for a month and what became of it: from the log's entries to the report's tables."""

import pytest

from netmgr.document.locale import english
from netmgr.service.invoice_record import facts_of
from tests.unit.report.reading import block, document, figures, rows
from tests.unit.report.service_story import ServiceStory
from tests.unit.service.invoices import invoice
from tests.unit.service.samples import agreement

DEVICES = ["core1", "core2"]


@pytest.fixture
def story(desk):
    return ServiceStory(desk.log, desk.clock)


def signed(story, **changes):
    return story.sign("2025-12-20 10:00", agreement(**changes))


def levels(made):
    return {
        (row["priority"], row["target"]): (
            row["result"],
            row["met"],
            row["missed"],
            row["running"],
            row["paused"],
        )
        for row in rows(made, "performance", "service-levels")
    }


def test_tickets_by_level(desk, story):
    signed(story)
    story.fault("2026-11-02 08:00", "T-1", "No network", "urgent")
    story.ticket("2026-11-02 08:20", "T-1", "ack")
    story.ticket("2026-11-02 11:00", "T-1", "resolve", cause="power", outcome="fixed")
    story.fault("2026-11-09 08:00", "T-2", "Slow", "urgent")
    story.ticket("2026-11-09 08:45", "T-2", "ack")
    story.fault("2026-11-16 08:00", "T-3", "Printer", "other")
    made = desk.make("2026-12-02 08:00")
    assert levels(made) == {
        ("urgent", "Response"): ("missed", 1, 1, 0, 0),
        ("other", "Response"): ("missed", 0, 1, 0, 0),
        ("urgent", "Resolution"): ("missed", 1, 1, 0, 0),
    }
    assert [
        (row["ticket"], row["cause"], row["answered"], row["resolved"]) for row in rows(made, "faults")
    ] == [
        ("T-1", "power", 1_200_000, 10_800_000),
        ("T-2", None, 2_700_000, None),
        ("T-3", None, None, None),
    ]


def test_what_was_open_all_the_month_is_told_and_what_was_over_before_is_not(desk, story):
    """Of the first two nothing was recorded in the month; the third was over, and only a note came since."""
    signed(story)
    story.fault("2026-10-05 08:00", "T-1", "No network", "urgent")
    story.fault("2026-10-06 08:00", "T-2", "Slow", "urgent")
    story.ticket("2026-10-06 08:10", "T-2", "pause", reason="client")
    story.fault("2026-10-07 08:00", "T-3", "Printer", "other")
    story.ticket("2026-10-07 08:20", "T-3", "ack")
    story.ticket("2026-10-07 09:00", "T-3", "resolve", cause="power", outcome="fixed")
    story.ticket("2026-11-03 09:00", "T-3", "note")
    story.fault("2026-11-16 08:00", "T-4", "Phone", "other")
    assert [row["ticket"] for row in rows(desk.make("2026-12-02 08:00"), "faults")] == ["T-1", "T-2", "T-4"]


def test_a_month_is_told_as_the_cut_knows_it(desk, story):
    """What is logged after the cut changes nothing; what happens after the period does neither."""
    signed(story)
    story.fault("2026-11-30 22:50", "T-1", "No network", "urgent")
    first = desk.make("2026-12-01 08:00")
    story.ticket("2026-12-02 09:00", "T-1", "ack")
    story.ticket("2026-12-02 09:10", "T-1", "update", devices=["core2"])
    later = desk.make("2026-12-03 08:00")
    again = desk.make("2026-12-04 08:00", cut=document(first)["cut"])
    assert document(again) == document(first)
    assert (
        levels(later)["urgent", "Response"] == levels(first)["urgent", "Response"] == ("running", 0, 0, 1, 0)
    )


def test_without_an_agreement_and_tickets_there_is_nothing_to_say(desk, story):
    story.inventory("2026-11-01 08:00", DEVICES, DEVICES)
    keys = [section["key"] for section in document(desk.make())["sections"]]
    assert not {"performance", "faults"} & set(keys)


def test_tickets_without_an_agreement_are_not_measured(desk, story):
    story.fault("2026-11-02 08:00", "T-1", "No network")
    made = desk.make()
    (row,) = rows(made, "performance", "tickets")
    assert (row["response"], row["resolution"]) == ("not_measured", "not_measured")


def test_what_is_counted_as_missed_is_what_is_credited(desk, story):
    """One is answered too late, by another priority; one was resolved in October, and is said to be in November."""
    each = [
        {"level": "response", "priority": "urgent", "percent": "5"},
        {"level": "resolution", "percent": "2"},
    ]
    signed(story, fees__credits=[*each, {"level": "response", "percent": "1"}])
    story.fault("2026-10-31 21:00", "T-1", "No network", "urgent")
    story.ticket("2026-10-31 21:10", "T-1", "ack")
    late = story.ticket("2026-11-01 06:00", "T-1", "resolve", happened="2026-10-31 22:00", outcome="fixed")
    story.fault("2026-11-03 08:00", "T-2", "Slow", "urgent")
    answer = story.ticket("2026-11-03 09:00", "T-2", "update", priority="other")
    made = desk.make()
    found = levels(made)
    assert (found["urgent", "Response"], found["urgent", "Resolution"]) == (
        ("missed", 0, 1, 0, 0),
        ("missed", 0, 1, 0, 0),
    )
    assert found["other", "Response"][1:] == (0, 0, 0, 0)
    told = [
        (row["ticket"], row["priority"], row["response"], row["response_priority"])
        for row in rows(made, "performance", "tickets")
    ]
    assert told == [("T-1", "urgent", "met", None), ("T-2", "other", "missed", "urgent")]
    lines = [(row["what"], row["net"], row["entries"]) for row in rows(made, "fees", "draft-lines")[1:]]
    assert lines == [
        ("Credit: resolution too late (urgent)", "-2.00", ["1", "2", "3", str(late)]),
        ("Credit: response too late (urgent)", "-5.00", ["1", str(answer - 1), str(answer)]),
    ]


def test_what_runs_out_in_the_month_is_credited_though_nothing_of_it_was_recorded_then(desk, story):
    signed(story, fees__credits=[{"level": "response", "priority": "urgent", "percent": "5"}])
    story.fault("2026-10-31 22:50", "T-1", "No network", "urgent")
    made = desk.make("2026-12-02 08:00")
    assert levels(made)["urgent", "Response"] == ("missed", 0, 1, 0, 0)
    lines = [(row["what"], row["net"], row["entries"]) for row in rows(made, "fees", "draft-lines")[1:]]
    assert lines == [("Credit: response too late (urgent)", "-5.00", ["1", "2"])]


def test_invoices_of_the_period_are_told_as_they_were_issued(desk, story):
    """And while one stands nothing else is said to be owed for the same time."""
    signed(story)
    made = invoice()
    seq = story.one(
        "2026-12-01 09:00",
        made.canonical(),
        kind="invoice",
        action="issue",
        outcome="issued",
        facts=facts_of(made, "R-", 1),
    )
    report = desk.make("2026-12-02 08:00")
    key = f"invoice-{made.number.lower()}"
    lines = rows(report, "fees", f"{key}-lines")
    assert [(row["net"], row["entries"]) for row in lines] == [
        (f"{line.net:f}", [str(seq) for seq in sorted(line.evidence)]) for line in made.draft.lines
    ]
    assert rows(report, "fees", f"{key}-sums")[-1]["sum"] == f"{made.draft.total:f}"
    said = block(report, "fees", "paragraph")["text"]
    assert said.startswith(f"Invoice {made.number}, issued on ")
    assert said.endswith(f"(log entry {seq}).")
    assert {row["key"]: row["result"] for row in rows(report, "promises")}["fees"] == "met"
    assert figures(report)["fees"] == english().money(made.draft.total, made.draft.currency)


def test_what_lasted_when_the_period_began_counts_from_its_begin(desk, story):
    """October's audit found it, a deploy in October did not touch it, one in November put it right."""
    signed(story, promises={"drift_age": "3d", "backup_age": "1d", "unsupported": "30d"})
    story.described("2026-01-10 08:00", DEVICES)
    old = [{"check": "version", "status": "failed", "severity": "error"}]
    for day in ("2026-08-01", "2026-10-20"):
        story.device(f"{day} 05:00", "audit", "audit", "compliant", "core1", software="failed", findings=old)
    first = story.device("2026-10-25 05:00", "audit", "audit", "drifted", "core1", running="r")
    story.change("2026-10-26 20:00", {"core2": (1, 1)})
    last = story.backup("2026-10-30 04:00", core1="stored")
    story.backup("2026-10-31 04:00", core1="quarantined")
    story.device("2026-10-31 05:00", "audit", "audit", "drifted", "core1", running="r")
    story.change("2026-11-05 05:00", {"core1": (2, 1)})
    for device in DEVICES:
        story.device("2026-11-29 05:00", "audit", "audit", "compliant", device, software="passed")
    made = desk.make("2026-12-02 08:00")
    told = {row["key"]: (row["result"], row["measured"]) for row in rows(made, "promises")}
    assert told["promises.drift_age"] == ("missed", "longest: 11 days (core1)")
    assert told["promises.unsupported"] == ("missed", "longest: 120 days (core1)")
    assert told["promises.backup_age"] == ("missed", "longest: 31 days 19 hours (core1)")
    evidence = {row["key"]: row["entries"] for row in rows(made, "promises")}
    assert evidence["promises.backup_age"] == [str(last)]
    assert evidence["promises.drift_age"][0] == str(first)


def test_a_day_is_the_clients_where_devices_are_counted(desk, story):
    """In Shanghai it is the 20th already, when a device is taken up."""
    desk.files["client.yaml"] = "id: acme\nnames: {en: Acme}\ntimezone: Asia/Shanghai\n"
    signed(story, timezone="Asia/Shanghai", calendar__timezone="Asia/Shanghai")
    story.described("2026-11-19 23:00", DEVICES)
    assert [row["device"] for row in rows(desk.make("2026-11-19 23:30"), "operating")] == DEVICES


def points(made):
    return [(row["what"], row["day"]) for row in rows(made, "points") if row["kind"] == "Agreement"]


def test_the_end_of_the_agreement_is_an_open_point(desk, story):
    signed(story)
    assert points(desk.make("2026-11-28 08:00")) == [("The agreement ends.", "2026-12-31")]


def test_the_last_day_to_say_that_the_agreement_shall_not_go_on_is_told_while_it_can_be_renewed(desk, story):
    signed(story, term__renewal={"months": 12, "notice": "90d", "times": 1})
    said = "The agreement goes on by 12 months, unless a party said by 2 October 2026 that it shall not."
    assert points(desk.make("2026-11-28 08:00")) == [(said, "2026-12-31")]


def test_an_agreement_that_was_renewed_as_often_as_agreed_ends(desk, story):
    term = {"from": "2025-01-01", "to": "2025-12-31", "notice": "90d"}
    signed(story, term=term | {"renewal": {"months": 12, "notice": "90d", "times": 1}})
    assert points(desk.make("2026-11-28 08:00")) == [("The agreement ends.", "2026-12-31")]
