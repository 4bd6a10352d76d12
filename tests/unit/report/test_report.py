"""A month as the log tells it: what is in the report, from the entries to the documents."""

import json

import pytest

from netmgr.errors import Refused, UsageError
from netmgr.model.access import Actor
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Body
from netmgr.workflows.log import erase
from tests.unit.report.reading import Page, artefact, block, document, figures, rows
from tests.unit.report.story import november


def outcomes(made):
    return [row["outcome"] for row in rows(made, "changes")]


def test_a_month_s_changes(desk):
    ids = november(desk.story())
    made = desk.make()
    assert [
        (
            r["began"],
            r["action"],
            r["reason"],
            r["ticket"],
            r["actor"],
            r["devices"],
            r["added"],
            r["removed"],
            r["outcome"],
        )
        for r in rows(made, "changes")[:4]
    ] == [
        (
            "2026-11-03T21:30:00.000000Z",
            "deploy",
            "Jumbo frames between the cores, as agreed on 28 October",
            "T-1042",
            "p-17",
            ["core1", "core2"],
            4,
            4,
            "applied",
        ),
        (
            "2026-11-07T21:02:00.000000Z",
            "deploy",
            "Branch south goes live",
            "T-1047",
            "p-17",
            ["branch-south", "core2"],
            58,
            0,
            "applied",
        ),
        (
            "2026-11-11T21:15:00.000000Z",
            "deploy",
            "Tighter route filter towards the provider",
            "T-1051",
            "p-17",
            ["edge1", "edge2"],
            8,
            2,
            "rolled_back",
        ),
        (
            "2026-11-12T20:58:00.000000Z",
            "deploy",
            "Tighter route filter towards the provider, second try",
            "T-1051",
            "p-17",
            ["edge1", "edge2"],
            None,
            None,
            "failed",
        ),
    ]
    assert ids["october"] not in json.dumps(document(made))
    assert figures(made) == {
        "changes": 10,
        "unsettled": 0,
        "audits": 8,
        "intended": "4 of 6",
        "drift": 1,
        "availability": "not measured",
        "log": "verified",
    }


def test_a_rollback_and_what_it_undid_name_each_other(desk):
    ids = november(desk.story())
    found = {row["change"]: row for row in rows(desk.make(), "changes")}
    undone, undo = found[ids["timers"]], found[ids["undo"]]
    assert undone["note"] == f"rolled back later, by entry {undo['seq']}"
    assert (undo["action"], undo["note"]) == (
        "rollback",
        f"brings back what was before entry {undone['seq']}",
    )


def test_a_reason_is_told_as_what_became_of_it(desk):
    ids = november(desk.story())
    intent = next(e for e in desk.log.entries("acme", change=ids["erased"]) if e.phase == "intent")
    erase(
        desk.log,
        "acme",
        intent.body.digest,
        reason="asked",
        basis="GDPR-17",
        actor=Actor(id="p-1", auth="os", on="ops1"),
        request="r-9",
        target="network",
    )
    made = desk.make()
    found = {row["change"]: row for row in rows(made, "changes")}
    assert found[ids["erased"]]["reason"] == "(erased by order)"
    assert (found[ids["erased"]]["added"], found[ids["erased"]]["removed"]) == (1, 0)
    assert found[ids["silent"]]["reason"] is None
    assert "no reason was given" in Page(artefact(made, "html")).text
    assert not any("by name" in artefact(made, format_) for format_ in ("html", "md", "json"))


def test_sizes_of_older_entries_are_counted_in_their_diff(desk):
    ids = november(desk.story())
    found = {row["change"]: row for row in rows(desk.make(), "changes")}
    assert (found[ids["silent"]]["added"], found[ids["silent"]]["removed"]) == (0, 3)


def test_a_reason_ends_where_the_first_diff_begins_whichever_device_it_is_of(desk):
    desk.story().change(
        "2026-11-03 21:30", {"z1": (2, 0), "a1": (0, 1)}, reason="two\nlines\n# a1 is one", counted=False
    )
    (row,) = rows(desk.make(), "changes")
    assert (row["reason"], row["devices"], row["added"], row["removed"]) == (
        "two\nlines\n# a1 is one",
        ["a1", "z1"],
        2,
        1,
    )


def test_a_diff_is_not_taken_for_a_reason(desk):
    story = desk.story()
    body = Body(b"reason: first line\nsecond, or a diff of who knows what\n+secret\n", "text/x-diff")
    draft = story.draft(kind="change", action="deploy", phase="intent", change="c", facts={}, body=body)
    story.log_at("2026-11-03 21:30", [draft])
    (row,) = rows(desk.make(), "changes")
    assert (row["reason"], row["added"]) == ("first line", None)


ENDS = [
    ({"outcome": None, "decision": "confirm"}, "open", None),
    ({"outcome": None, "decision": "hold"}, "pending", None),
    (
        {"outcome": "in_doubt", "outcomes": {"core1": "applied"}},
        "in_doubt",
        "applied: core1; in doubt: core2",
    ),
    (
        {"outcome": "split", "outcomes": {"core1": "applied", "core2": "rolled_back"}},
        "split",
        "applied: core1; rolled back: core2",
    ),
    ({"decision": "hold", "ended": "2026-11-04 08:00"}, "applied", "held, then ended by a later command"),
    ({"ended": "2026-11-04 08:00"}, "applied", "interrupted; ended by a later command"),
]


@pytest.mark.parametrize(("life", "outcome", "note"), ENDS)
def test_how_a_change_ended(desk, life, outcome, note):
    desk.story().change("2026-11-03 21:30", {"core1": (1, 1), "core2": (1, 1)}, **life)
    (row,) = rows(desk.make(), "changes")
    assert (row["outcome"], row["note"]) == (outcome, note)
    assert figures(desk.make())["unsettled"] == (outcome != "applied")


def test_a_change_that_stood_open_over_the_month_s_end_is_in_both_reports(desk):
    story = desk.story()
    story.change("2026-10-31 22:30", {"core1": (1, 1)}, ended="2026-11-01 07:00", reason="over the border")
    october, november_ = desk.make(month="2026-10"), desk.make()
    assert [(r["outcome"], r["reason"]) for r in rows(october, "changes")] == [("open", "over the border")]
    assert [(r["outcome"], r["reason"]) for r in rows(november_, "changes")] == [
        ("applied", "over the border")
    ]


def test_a_change_open_since_before_the_period_is_told(desk):
    desk.story().change("2026-10-20 22:30", {"core1": (1, 1)}, outcome=None)
    assert outcomes(desk.make()) == ["open"]


def test_the_period_ends_at_the_client_s_midnight(desk):
    story = desk.story()
    for when in ("2026-10-31 22:59", "2026-10-31 23:00", "2026-11-30 22:59", "2026-11-30 23:00"):
        story.change(when, {"core1": (1, 1)})
    began = [row["began"][:16] for row in rows(desk.make("2026-12-02 08:00"), "changes")]
    assert began == ["2026-10-31T23:00", "2026-11-30T22:59"]


def test_the_lab_is_another_network(desk):
    november(desk.story())
    desk.story(target="lab").change("2026-11-27 10:00", {"core1": (9, 9)}, reason="a try")
    assert "a try" not in artefact(desk.make(), "json")
    lab = desk.make(target="lab")
    assert [row["reason"] for row in rows(lab, "changes")] == ["a try"]
    assert {a.name for a in lab.artefacts} == {
        f"acme-2026-11-lab.{format_}" for format_ in ("html", "md", "json")
    }
    assert "LAB" in Page(artefact(lab, "html")).text
    assert "**LAB, NOT YOUR NETWORK.**" in artefact(lab, "md")
    assert "LAB" not in Page(artefact(desk.make(), "html")).text


def test_an_open_month_says_until_when(desk):
    november(desk.story())
    made = desk.make("2026-11-28 17:05")
    assert (document(made)["complete"], document(made)["until"]) == (False, "2026-11-28T17:05:00.000000Z")
    assert "it is told until 2026-11-28 18:05." in " ".join(Page(artefact(made, "html")).text.split())
    closed = desk.make("2026-12-01 09:00")
    assert (document(closed)["complete"], document(closed)["until"]) == (True, "2026-11-30T23:00:00.000000Z")
    assert "is told until" not in Page(artefact(closed, "html")).text


def test_the_same_cut_has_the_same_bytes(desk):
    november(desk.story())
    first = desk.make("2026-11-28 17:05")
    desk.story().change("2026-11-28 21:00", {"core1": (1, 1)}, reason="later")
    again = desk.make("2026-12-05 09:00", cut=first.report.cut)
    assert [a.data for a in again.artefacts] == [a.data for a in first.artefacts]
    later = desk.make("2026-12-05 10:00")
    assert (later.report.cut > first.report.cut, "later" in artefact(later, "json")) == (True, True)


def test_a_repeated_request_is_answered_with_the_same_report(desk):
    november(desk.story())
    first, second = (desk.make(when, request="r-77") for when in ("2026-11-28 17:05", "2026-11-28 19:00"))
    assert [a.data for a in second.artefacts] == [a.data for a in first.artefacts]


def test_what_was_made_is_logged_after_the_cut(desk):
    november(desk.story())
    made = desk.make()
    cut, end = desk.log.entries("acme", kind="report")
    period = {"from": "2026-11-01", "to": "2026-11-30", "timezone": "Europe/Berlin"}
    assert (cut.seq, cut.phase, cut.action, cut.facts) == (made.report.cut, "intent", "draft", period)
    digests = {artefact.format: artefact.digest for artefact in made.artefacts}
    assert (end.phase, end.request) == ("result", cut.request)
    assert end.facts == {**period, "cut": cut.seq, "digests": digests}


def test_the_checkpoint_covers_the_cut_and_holds(desk):
    november(desk.story())
    made = desk.make()
    facts = block(made, "evidence", "facts")["facts"]
    with desk.log.snapshot("acme") as snapshot:
        (kept,) = snapshot.checkpoints()
    assert facts == kept.document()
    _, file = (
        b
        for s in document(made)["sections"]
        if s["key"] == "evidence"
        for b in s["blocks"]
        if b["type"] == "facts"
    )
    assert Checkpoint.parse(file["facts"]["file"]) == kept
    cut = next(e for e in desk.log.entries("acme") if e.seq == made.report.cut)
    assert (kept.seq, kept.hash) == (cut.seq, cut.hash)
    assert desk.signer.verifies(kept.raw_key, kept.signed, kept.raw_signature)


def test_a_log_that_does_not_verify_is_said_everywhere(desk):
    november(desk.story())
    lines = desk.log._clients["acme"].streams["main"]
    lines[20] = lines[20]._replace(line=lines[20].line.replace(b"p-17", b"p-18"))
    made = desk.make()
    assert (made.holds, figures(made)["log"]) == (False, "DOES NOT VERIFY")
    text = Page(artefact(made, "html")).text
    assert "The log DOES NOT VERIFY" in text
    assert "seq 21: its hash is not that of its content; the entry was edited" in text


def test_what_was_not_asked_for_is_said_not_met(desk):
    made = desk.make(verify=False)
    assert (made.holds, figures(made)["log"]) == (None, "not verified")


def test_an_empty_month_is_honest(desk):
    made = desk.make()
    assert figures(made) == {
        "changes": 0,
        "unsettled": 0,
        "audits": 0,
        "intended": "not measured",
        "drift": "not measured",
        "availability": "not measured",
        "log": "verified",
    }
    text = " ".join(Page(artefact(made, "html")).text.split())
    for words in (
        "No change was made. No audit ran.",
        "Not measured in this report: availability, backups.",
        "No audit ran: compliance was not measured.",
        "Not measured: no device was ever audited.",
        "Not measured: no drill has shown that the configuration can be restored.",
    ):
        assert words in text


def test_other_months_are_not_walked_through(desk):
    """A report reads what it tells, by the log's indexes, and little else: the log may be long before and after."""
    story = desk.story()
    story.inventory("2025-01-01 08:00", ["core1", "core2"], ["core1", "core2"])
    for month in (*(f"2025-{n:02}" for n in range(1, 13)), *(f"2026-{n:02}" for n in range(1, 12))):
        for day in range(1, 25):
            story.audit(f"{month}-{day:02} 10:00", core1="compliant", core2="compliant")
        story.change(f"{month}-24 12:00", {"core1": (1, 1)}, reason=month)
    length = desk.log.head("acme").seq
    read = []
    entries = desk.log.entries

    def counted(*arguments, **filters):
        for entry in entries(*arguments, **filters):
            read.append(entry.seq)
            yield entry

    desk.log.entries = counted
    made = desk.make(month="2026-02", formats=("json",), verify=False)
    assert [row["reason"] for row in rows(made, "changes")] == ["2026-02"]
    assert figures(made)["audits"] == 24
    told, bisections = 24 * 3 + 4, 2 * length.bit_length()
    assert (length > 1700, len(read) <= told + bisections + 12) == (True, True)


def test_who_may_not_read_gets_nothing(desk):
    desk.permitted = False
    with pytest.raises(Refused, match=r"^refused \(access\): p-17 may not read acme; "):
        desk.make()
    assert desk.log.head("acme") is None


def test_a_cut_that_cannot_be_is_refused(desk):
    desk.story().change("2026-10-03 21:30", {"core1": (1, 1)})
    head = desk.log.head("acme").seq
    with pytest.raises(UsageError, match=r"^--cut 99: the log of acme has no entry 99$"):
        desk.make(cut=99)
    with pytest.raises(
        UsageError, match=r"^--cut 1: that entry was recorded at 2026-10-03T.*, before 2026-11 began$"
    ):
        desk.make(cut=1)
    assert desk.log.head("acme").seq == head


def test_a_broken_glass_and_an_approval_are_told(desk):
    story = desk.story()
    story.change(
        "2026-11-03 21:30",
        {"core1": (1, 0)},
        reason="it cannot wait\nbreak-glass: the line is down",
        intent={"break_glass": ["freeze", "window"], "approved_by": None},
    )
    story.change("2026-11-04 21:30", {"core1": (1, 0)}, intent={"break_glass": []})
    story.change("2026-11-05 21:30", {"core1": (1, 0)}, intent={"approved_by": "p-2"})
    story.change("2026-11-06 21:30", {"core1": (1, 0)}, intent={"approved_by": 7, "break_glass": "window"})
    made = desk.make()
    assert [row["note"] for row in rows(made, "changes")] == [
        "broke the glass: passed a freeze, the maintenance window",
        "broke the glass, though nothing stood against it",
        "approved by p-2",
        None,
    ]
    assert rows(made, "changes")[0]["reason"] == "it cannot wait\nbreak-glass: the line is down"
    said = "2 changes broke the glass: the table of changes tells what each one passed."
    assert all(said in artefact(made, format_) for format_ in ("md", "json"))
    assert said in Page(artefact(made, "html")).text


def test_no_broken_glass_is_not_spoken_of(desk):
    november(desk.story())
    assert "broke the glass" not in artefact(desk.make(), "md")
