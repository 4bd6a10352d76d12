"""Issuing: files are kept by digest and logged, and the same is given out ever after; late facts make a revision."""

import json
from datetime import timedelta

import pytest

from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.digest import sha256_hex
from netmgr.model.issued_report import IssuedReport
from netmgr.workflows.log import verify
from netmgr.workflows.report import ReportRequest
from netmgr.workflows.report_issue import issue, issued, show
from tests.unit.report.conftest import START
from tests.unit.report.service_story import ServiceStory
from tests.unit.report.story import at, november
from tests.unit.service.samples import agreement

FORMATS = ("html", "md", "json", "csv")


def go(desk, when="2026-12-02 09:00", *, request=None, audiences=(), target="network", **asked):
    desk.clock.elapsed = (at(when) - START).total_seconds()
    asked = {"month": "2026-11", "formats": FORMATS, **asked}
    return issue(desk.runtime(target, request), ReportRequest(**asked), audiences)


def told(done, format_="json", audience="manager"):
    return next(
        file.data.decode()
        for file, kept in zip(done.files, done.chosen, strict=True)
        if (kept.format, kept.audience) == (format_, audience)
    )


def sections(done, audience="manager"):
    return {s["key"]: s for s in json.loads(told(done, audience=audience))["sections"]}


def late(done, section="revision"):
    (table,) = (b for b in sections(done)[section]["blocks"] if b["type"] == "table")
    return [(row["seq"], row["what"], row["ticket"]) for row in table["rows"]]


def worked(desk, when, begin, **fields):
    """Time entries are recorded ``when`` and begin at ``begin``."""
    story = desk.story()
    facts = {"id": "H-1", "begin": int(at(begin).timestamp()), "end": int(at(begin).timestamp()) + 3600}
    draft = story.draft(
        kind="time", action="add", phase="result", outcome="added", facts=facts, at=at(begin), **fields
    )
    (entry,) = story.log_at(when, [draft])
    return entry


def test_it_is_kept_by_digest_with_its_checkpoint_then_logged(desk):
    november(desk.story())
    done = go(desk, audiences=("manager", "technical"))
    assert (done.new, done.report.revision, done.report.audiences) == (True, 1, ("manager", "technical"))
    intent, result = desk.log.entries("acme", kind="report")
    assert (intent.phase, result.phase, result.outcome, result.visibility) == (
        "intent",
        "result",
        "issued",
        "client",
    )
    assert IssuedReport.parse(result.facts) == done.report
    assert done.report.cut == intent.seq
    assert (done.report.checkpoint["seq"], done.report.checkpoint["hash"]) == (intent.seq, intent.hash)
    assert [sha256_hex(file.data) for file in done.files] == [file.digest for file in done.report.files]
    assert {name: desk.reports.read("acme", name) for name in desk.reports.kept("acme")} == {
        kept.kept: file.data for kept, file in zip(done.chosen, done.files, strict=True)
    }
    assert [file.name for file in done.files if file.format == "html"] == [
        "acme-2026-11-r1-manager.html",
        "acme-2026-11-r1-technical.html",
    ]
    assert '"draft": false,\n  "revision": 1,' in told(done)
    assert "Draft" not in told(done, "html") + told(done, "md")
    assert "Issued, revision 1." in told(done, "html")
    assert verify(desk.log, desk.signer, "acme").problems == ()


def test_issued_or_shown_again_it_is_the_same_bytes_from_what_is_kept(desk):
    november(desk.story())
    first = go(desk)
    desk.files["client.yaml"] = "id: acme\nnames: {en: Another name}\ntimezone: Europe/Berlin\n"
    desk.sections.clear()
    again = go(desk, "2027-02-01 09:00", formats=("md",))
    assert (again.new, again.report, again.files) == (False, first.report, first.files)
    shown = show(desk.runtime(), ReportRequest(month="2026-11", formats=()), audience="manager")
    assert shown.files == first.files
    assert [report for _, report in issued(desk.runtime())] == [first.report]
    assert len(list(desk.log.entries("acme", kind="report"))) == 2


def test_a_repeated_command_ends_as_the_first(desk):
    november(desk.story())
    first = go(desk, request="r-1")
    again = go(desk, "2026-12-03 09:00", request="r-1")
    assert (again.report, again.files) == (first.report, first.files)


def test_without_an_agreement_it_is_for_managers(desk):
    assert go(desk).report.audiences == ("manager",)


def test_audiences_are_those_of_the_agreement_as_the_period_ended(desk):
    """What holds from the next day on decides of the next report."""
    story = ServiceStory(desk.log, desk.clock)
    story.sign("2025-12-20 10:00", agreement(reports={"every": "month", "audiences": ["manager"]}))
    both = agreement(
        reports={"every": "month", "audiences": ["manager", "technical"]},
        version=2,
        effective="2026-12-01",
        amendments=[{"version": 2, "effective": "2026-12-01", "summary": "More."}],
    )
    story.sign("2026-11-20 10:00", both)
    assert go(desk).report.audiences == ("manager",)
    assert go(desk, "2027-01-02 09:00", month="2026-12").report.audiences == ("manager", "technical")


def test_what_is_not_over_is_refused(desk):
    november(desk.story())
    length = desk.log.head("acme").seq
    with pytest.raises(Refused) as refused:
        go(desk, "2026-11-30 22:59")
    assert str(refused.value) == (
        "refused (period): 2026-11 is over at 2026-11-30T23:00:00.000000Z; "
        "issue it then; `netmgr report` makes a draft until now"
    )
    assert desk.log.head("acme").seq == length
    assert go(desk, "2026-11-30 23:00").new


def test_the_lab_is_never_reported_to_a_client(desk):
    with pytest.raises(UsageError, match="a report of the lab is never issued"):
        go(desk, target="lab")


def test_a_log_that_does_not_verify_issues_nothing(desk):
    november(desk.story())
    kept = desk.log._clients["acme"].streams["main"]  # as an intruder finds it
    kept[3] = kept[3]._replace(line=kept[3].line.replace(b"p-17", b"p-18"))
    with pytest.raises(Refused, match="the log does not verify"):
        go(desk)
    assert issued(desk.runtime()) == ()
    assert desk.reports.kept("acme") == []


def test_a_file_that_is_not_what_was_issued_is_not_given_out(desk):
    done = go(desk)
    desk.reports.keep("acme", done.chosen[0].kept, b"something else")
    with pytest.raises(StoreError, match="it is not what was issued"):
        show(desk.runtime(), ReportRequest(month="2026-11", formats=()))
    desk.reports.remove("acme", [done.chosen[0].kept])
    with pytest.raises(StoreError, match="it is not kept"):
        show(desk.runtime(), ReportRequest(month="2026-11", formats=()))


def test_what_was_never_issued_is_not_shown(desk):
    go(desk)
    with pytest.raises(UsageError, match="no report of 2026-10 was issued to acme"):
        show(desk.runtime(), ReportRequest(month="2026-10", formats=()))
    with pytest.raises(UsageError, match="no report of revision 2 of 2026-11 was issued to acme"):
        show(desk.runtime(), ReportRequest(month="2026-11", formats=()), revision=2)
    with pytest.raises(UsageError, match="that report was issued for manager only"):
        show(desk.runtime(), ReportRequest(month="2026-11", formats=()), audience="technical")


def test_late_facts_make_a_revision_that_names_them(desk):
    november(desk.story())
    first = go(desk)
    entry = worked(desk, "2026-12-03 10:00", "2026-11-20 10:00", ticket="T-1042")
    second = go(desk, "2026-12-04 09:00")
    assert (second.new, second.report.revision, second.report.since) == (True, 2, first.report.cut)
    assert late(second) == [(str(entry.seq), "time worked: taken down", "T-1042")]
    assert sections(second)["revision"]["title"] == "Changed since revision 1"
    assert "Issued, revision 2." in told(second, "html")
    assert show(desk.runtime(), ReportRequest(month="2026-11", formats=()), revision=1).files == first.files
    assert not go(desk, "2026-12-05 09:00").new


def test_each_late_entry_is_in_the_revision_that_follows_it_and_in_no_other(desk):
    go(desk)
    entries = [worked(desk, f"2026-12-0{day} 10:00", f"2026-11-2{day} 10:00") for day in (3, 4)]
    second = go(desk, "2026-12-05 09:00")
    entries.append(worked(desk, "2026-12-06 10:00", "2026-11-29 10:00"))
    third = go(desk, "2026-12-07 09:00")
    assert [seq for seq, *_ in late(second)] == [str(entry.seq) for entry in entries[:2]]
    assert [seq for seq, *_ in late(third)] == [str(entries[2].seq)]


OTHERS = {
    "of another month": {"at": at("2026-12-02 20:00")},
    "of the month before": {"at": at("2026-10-31 22:59")},
    "of no time": {},
    "a step": {"at": at("2026-11-20 10:00"), "phase": "intent", "outcome": None},
    "of the lab": {"at": at("2026-11-20 10:00"), "target": "lab"},
}


@pytest.mark.parametrize("case", OTHERS)
def test_what_does_not_tell_of_the_period_makes_no_revision(desk, case):
    go(desk)
    story = desk.story()
    fields = {"kind": "ticket", "action": "update", "phase": "result", "outcome": "updated", **OTHERS[case]}
    story.log_at("2026-12-03 10:00", [story.draft(**fields)])
    assert not go(desk, "2026-12-04 09:00").new


def test_what_is_corrected_or_accepted_later_tells_of_its_time(desk):
    entry = worked(desk, "2026-11-20 12:00", "2026-11-20 10:00")
    go(desk)
    story = desk.story()
    same = {"phase": "result", "ticket": "T-9"}
    drafts = [
        story.draft(kind="time", action="add", outcome="added", corrects=entry.id, **same),
        story.draft(
            kind="ticket", action="accept", outcome="accepted", facts={"accepts": [entry.seq]}, **same
        ),
        story.draft(
            kind="ticket", action="accept", outcome="accepted", facts={"accepts": [10**9, "x"]}, **same
        ),
    ]
    found = story.log_at("2026-12-03 10:00", drafts)
    assert late(go(desk, "2026-12-04 09:00")) == [
        (str(found[0].seq), "time worked: taken down", "T-9"),
        (str(found[1].seq), "ticket: accepted", "T-9"),
    ]


@pytest.mark.parametrize(("day", "new"), [("2026-11-30", True), ("2026-12-01", False), ("soon", False)])
def test_a_day_s_sums_that_come_late_tell_of_it(desk, day, new):
    go(desk)
    story = desk.story()
    facts = {"day": day, "devices": {}}
    story.log_at(
        "2026-12-03 10:00", [story.draft(kind="probe", action="digest", phase="result", facts=facts)]
    )
    assert go(desk, "2026-12-04 09:00").new is new


def test_the_next_period_s_report_tells_of_corrections_too(desk):
    go(desk)
    entry = worked(desk, "2026-12-03 10:00", "2026-11-20 10:00", ticket="T-7")
    worked(desk, "2026-12-04 10:00", "2026-10-20 10:00")  # nothing was issued of October
    worked(desk, "2026-12-05 10:00", "2026-12-04 10:00")
    december = go(desk, "2027-01-02 09:00", month="2026-12")
    (table,) = (b for b in sections(december)["corrections"]["blocks"] if b["type"] == "table")
    assert [(row["seq"], row["period"], row["ticket"]) for row in table["rows"]] == [
        (str(entry.seq), "2026-11", "T-7")
    ]
    january = go(desk, "2027-02-02 09:00", month="2027-01")
    assert "corrections" not in sections(january)


def test_what_was_kept_but_not_logged_is_made_again_to_the_byte(desk, monkeypatch):
    """The process dies between keeping and logging; the same command, repeated, ends as it would have."""
    november(desk.story())
    append = desk.log.append

    def dies(client, drafts, **since):
        if drafts[0].phase == "result" and drafts[0].kind == "report":
            raise KeyboardInterrupt
        return append(client, drafts, **since)

    monkeypatch.setattr(desk.log, "append", dies)
    with pytest.raises(KeyboardInterrupt):
        go(desk, request="r-1")
    kept = {name: desk.reports.read("acme", name) for name in desk.reports.kept("acme")}
    assert issued(desk.runtime()) == ()
    monkeypatch.undo()
    done = go(desk, "2027-03-01 09:00", request="r-1")
    assert (done.new, done.report.revision) == (True, 1)
    assert {name: desk.reports.read("acme", name) for name in desk.reports.kept("acme")} == kept


def test_of_two_who_issue_at_once_one_does_and_the_other_gives_out_the_same(desk, monkeypatch):
    november(desk.story())
    append, others = desk.log.append, []

    def races(client, drafts, **since):
        if drafts[0].phase == "result" and drafts[0].kind == "report" and not others:
            others.append(None)
            others[0] = go(desk, request="r-other")
        return append(client, drafts, **since)

    monkeypatch.setattr(desk.log, "append", races)
    done = go(desk, request="r-mine")
    assert (done.new, done.report, done.files) == (False, others[0].report, others[0].files)
    assert len(issued(desk.runtime())) == 1


def test_a_year_of_months_each_once(desk):
    for month in range(1, 13):
        when = at("2026-12-31 23:30") if month == 12 else at(f"2026-{month + 1:02}-01 09:00")
        go(desk, f"{when + timedelta(hours=1):%Y-%m-%d %H:%M}", month=f"2026-{month:02}", formats=("md",))
    assert [(r.from_.month, r.revision) for _, r in issued(desk.runtime())] == [(m, 1) for m in range(1, 13)]
