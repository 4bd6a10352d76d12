"""Signing, amending, suspending: what is recorded counts, what is written in agreement.yaml does not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from netmgr.cli.main import run
from netmgr.errors import InputError, Refused, UsageError
from netmgr.model.digest import sha256_hex
from netmgr.workflows import agreement as workflow
from tests.integration.agreement.conftest import FILE
from tests.unit.service.samples import TEXT


def entries(world):
    found = world.wiring.service_log.entries("square", kind="agreement")
    return [(e.action, e.outcome, e.visibility, e.at) for e in found if e.action != "document"]


def test_what_is_signed_is_kept_by_its_content(signing):
    document = signing.document()
    signed = signing.sign(document)
    assert (signed.version, signed.document) == (1, sha256_hex(document))
    assert entries(signing) == [("sign", "signed", "client", None)]
    shown = workflow.show(signing.runtime())
    assert (shown.standing.state, shown.unsigned) == ("in_force", False)
    written = signing.runtime().open_office().agreements.working_copy("square").agreement
    assert shown.agreement.canonical() == written.canonical()
    assert signed.digest == written.digest


@pytest.mark.parametrize(
    ("added", "scan", "form"),
    [(b"", False, "rendered"), (b"\n%signature", False, "signed"), (b"", True, "rendered")],
)
def test_what_is_rendered_may_have_signatures_appended(signing, added, scan, form):
    rendered = signing.document()
    signing.sign(rendered + added, scan=scan)
    log = signing.wiring.service_log
    first, second = log.entries("square", kind="agreement")
    assert (first.facts["form"], first.facts["rendered"]) == (form, sha256_hex(rendered))
    assert log.body("square", second.body.digest) == rendered + added
    assert second.facts == {"version": 1, "document": sha256_hex(rendered + added)}


def test_another_document_is_no_signature_unless_it_is_a_scan(signing):
    rendered = signing.document()
    signing.edit(FILE, lambda text: text.replace("response: 4h", "response: 6h"))
    with pytest.raises(UsageError, match=r"not what agreement\.yaml and the inventory render now"):
        signing.sign(rendered)
    assert entries(signing) == []
    signing.sign(rendered, scan=True)
    (entry, _) = signing.wiring.service_log.entries("square", kind="agreement")
    assert entry.facts["form"] == "scan"


def test_nothing_is_in_force_before_it_is_signed(signing):
    shown = workflow.show(signing.runtime())
    assert (shown.standing.state, shown.agreement, shown.unsigned) == ("none", None, True)


def test_an_edited_file_changes_nothing_until_it_is_signed(signing):
    signing.sign()
    before = workflow.show(signing.runtime())
    signing.edit(FILE, lambda text: text.replace("response: 4h", "response: 6h"))
    edited = workflow.show(signing.runtime())
    assert edited.agreement == before.agreement
    assert (before.unsigned, edited.unsigned) == (False, True)
    with pytest.raises(UsageError, match=r"version 1 is signed already \(seq 1\)"):
        signing.sign()
    path = workflow.amend(signing.runtime(), effective=date(2026, 12, 1), summary="Slower")
    assert path == FILE
    assert workflow.show(signing.runtime()).agreement == before.agreement
    signing.sign()
    priorities = {
        day: workflow.show(signing.runtime(), at=datetime(2026, *day, tzinfo=UTC))
        .agreement.levels.priorities["other"]
        .response
        for day in ((11, 30), (12, 1))
    }
    assert priorities == {(11, 30): "4h", (12, 1): "6h"}


def test_what_was_known_earlier_is_what_was_recorded_by_then(signing):
    signing.sign()
    signing.clock.sleep(86_400)
    between = signing.clock.now()
    signing.clock.sleep(86_400)
    workflow.amend(signing.runtime(), effective=date(2026, 11, 1), summary="Slower")
    signing.edit(FILE, lambda text: text.replace("response: 4h", "response: 6h"))
    # Signed two days ago and recorded now; it holds from before all of this.
    signing.sign(at=signing.clock.now() - timedelta(days=1.5))
    early, late = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC)
    answers = {
        (at, known): workflow.show(signing.runtime(), at=at, known_at=known).standing.version.version
        for at in (early, late)
        for known in (between, signing.clock.now())
    }
    assert list(answers.values()) == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("document", "at", "message"),
    [
        (b"PK", None, "the signed document is no PDF"),
        (None, timedelta(days=1), r"that is to come; a signature is recorded when it was given"),
    ],
)
def test_what_cannot_be_signed_is_not_recorded(signing, document, at, message):
    moment = signing.clock.now() + at if at else None
    with pytest.raises(UsageError, match=message):
        signing.sign(document, at=moment)
    assert entries(signing) == []


def test_errors_are_told_with_their_lines_and_nothing_is_signed(signing):
    signing.edit(
        FILE, lambda text: text.replace("{priority: urgent}", "{priority: urgent, acknowledge: 31m}")
    )
    with pytest.raises(InputError) as refused:
        signing.sign()
    assert refused.value.problems == (
        f"{FILE}:22: the next person is called after 31m: too late to respond in 30m",
    )
    assert entries(signing) == []


def test_an_amendment_before_the_first_signature_is_refused(signing):
    with pytest.raises(UsageError, match="nothing is signed yet"):
        workflow.amend(signing.runtime(), effective=date(2026, 12, 1), summary="Slower")
    assert (signing.workspace / FILE).read_text() == TEXT


def test_two_amendments_at_once_are_refused(signing):
    signing.sign()
    workflow.amend(signing.runtime(), effective=date(2026, 12, 1), summary="Slower")
    with pytest.raises(UsageError, match="version 2 is being written already"):
        workflow.amend(signing.runtime(), effective=date(2026, 12, 2), summary="Faster")


def test_who_may_not_decide_decides_nothing(signing):
    runtime = signing.runtime(permitted=lambda action: action != "agree")
    with pytest.raises(Refused, match="may not agree"):
        signing.sign(runtime=runtime)
    assert entries(signing) == []


def test_suspension_begins_when_notice_is_over(signing):
    signing.sign()
    begins = workflow.suspend(signing.runtime(), notice=date(2026, 11, 20))
    assert begins == datetime(2026, 12, 3, 23, tzinfo=UTC)
    state = {
        moment: workflow.show(signing.runtime(), at=moment).standing.state
        for moment in (begins - timedelta(microseconds=1), begins)
    }
    assert list(state.values()) == ["in_force", "suspended"]
    with pytest.raises(UsageError, match="suspended already"):
        workflow.suspend(signing.runtime(), notice=date(2026, 11, 20))
    workflow.resume(signing.runtime())
    assert workflow.show(signing.runtime(), at=begins).standing.state == "in_force"
    with pytest.raises(UsageError, match="not suspended"):
        workflow.resume(signing.runtime())
    assert [action for action, *_ in entries(signing)] == ["sign", "suspend", "resume"]


@pytest.mark.parametrize(
    ("notice", "begins", "message"),
    [
        (date(2026, 11, 24), None, "that day is to come; give notice first"),
        (date(2026, 11, 20), date(2026, 12, 3), "notice is 14d; the earliest day is 2026-12-04"),
    ],
)
def test_a_suspension_without_its_notice_is_refused(signing, notice, begins, message):
    signing.sign()
    with pytest.raises(UsageError, match=message):
        workflow.suspend(signing.runtime(), notice=notice, begins=begins)
    assert [action for action, *_ in entries(signing)] == ["sign"]


def test_an_agreement_without_the_clause_is_not_suspended(signing):
    signing.edit(FILE, lambda text: text.replace(", suspension: {grace: 30d, notice: 14d}", ""))
    signing.sign()
    with pytest.raises(Refused, match="says nothing of suspension"):
        workflow.suspend(signing.runtime(), notice=date(2026, 11, 20))


def test_validate_reads_agreement_and_assets(signing, monkeypatch, capsys):
    signing.edit(FILE, lambda text: text.replace("days: 30,", "days: 366,"))
    (signing.workspace / "inventory/square/assets.yaml").write_text("files: {kind: toaster}\n")
    monkeypatch.chdir(signing.workspace)
    assert run(["validate"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"error: {FILE}:27: payment.days: must be 365 or less",
        "error: inventory/square/assets.yaml:1: files: kind: must be 'server', 'workstation', 'printer', 'storage', "
        "'phone', 'software', 'service', 'line' or 'other'; did you mean 'other'?",
    ]
