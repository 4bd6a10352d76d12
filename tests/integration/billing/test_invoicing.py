"""Invoices out of a real log, through their workflows and the command line."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from netmgr.adapters.store_sql import open_sqlite
from netmgr.cli.invoice import FORMATS as WORDS
from netmgr.cli.main import run as netmgr
from netmgr.errors import InputError, Refused, StoreError, UsageError
from netmgr.model.bill import NOTHING_BILLED
from netmgr.model.schedule import InvoicesJob
from netmgr.model.selection import Selection
from netmgr.notify.events import events
from netmgr.report.period import Period
from netmgr.service.invoice_record import billed
from netmgr.workflows import invoice_document
from netmgr.workflows.adjusting import Correction, adjust, withdraw
from netmgr.workflows.agreement import suspend
from netmgr.workflows.billing import bill
from netmgr.workflows.invoice_files import files
from netmgr.workflows.invoice_log import ledger, whole
from netmgr.workflows.invoicing import credit, draft, go_on, issue, record_fapiao
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.overdue import invoices_as_of, shown, tell
from netmgr.workflows.payments import Paid, record
from netmgr.workflows.status import status
from netmgr.workflows.time import Work, add
from tests.integration.agreement.conftest import signing  # noqa: F401 - a fixture
from tests.integration.billing.test_billing import JUNE
from tests.integration.billing.test_billing import ledger as ledger_fixture  # noqa: F401 - a fixture
from tests.integration.conftest import ROOT

MAY = Period(date(2026, 5, 1), date(2026, 5, 31), "Europe/Berlin")
JUNE = Period(*JUNE, "Europe/Berlin")
JULY = Period(date(2026, 7, 1), date(2026, 7, 31), "Europe/Berlin")


@pytest.fixture
def world(ledger_fixture):  # noqa: F811
    """A June in which an hour was worked; it is 1 July."""
    made = ledger_fixture.world
    (made.workspace / "config/provider.yaml").write_text((ROOT / "config/provider.yaml").read_text())
    ledger_fixture.at(1, 9)
    ledger_fixture.note()
    ledger_fixture.at(8, 19)
    add(made.runtime(), Work(service="consulting"), minutes=60)
    go(made, 7, 1)
    return made


def go(world, month, day, hour=10):
    world.clock.start, world.clock.elapsed = datetime(2026, month, day, hour - 2, tzinfo=UTC), 0.0


def numbers(world, kind="invoice"):
    return [entry.facts["number"] for entry in world.wiring.service_log.entries("square", kind=kind)]


def refused(call):
    with pytest.raises(Refused) as error:
        call()
    return str(error.value)


def test_issued_once_with_a_number_and_never_changed(world):
    made = draft(world.runtime(), JUNE)
    assert (made.refusal, made.invoice.number) == (None, "R-00000")
    assert list(world.wiring.service_log.entries("square", kind="invoice")) == []
    one = issue(world.runtime("request-1"), JUNE, reference="KST 7")
    assert (one.number, one.total, one.due) == ("R-00001", made.invoice.draft.total, date(2026, 7, 31))
    kept = whole(world.runtime(), one)
    assert kept.draft == made.invoice.draft
    assert (kept.buyer.reference, kept.issued, kept.versions) == ("KST 7", date(2026, 7, 1), (1,))
    again = issue(world.runtime("request-1"), JUNE)
    assert again == one
    said = refused(lambda: issue(world.runtime(), JUNE))
    assert said == (
        "refused (invoice): R-00001 has 2026-06-01 to 2026-06-30 already; bill other days, or take it back first: "
        "netmgr invoice credit -c square R-00001"
    )
    part = Period(date(2026, 6, 30), date(2026, 6, 30), "Europe/Berlin")
    assert refused(lambda: issue(world.runtime(), part)) == said
    assert world.wiring.service_log.records.rebuild("square").differences == ()
    assert numbers(world) == ["R-00001"]


def test_what_is_not_over_or_not_agreed_is_refused(world):
    go(world, 6, 30)
    assert refused(lambda: issue(world.runtime(), JUNE)).startswith(
        "refused (invoice): 2026-06-30 is not over; issue it on 2026-07-01 or later"
    )
    with pytest.raises(InputError, match="no agreement was in force by 2025-05-31"):
        issue(world.runtime(), Period(date(2025, 5, 1), date(2025, 5, 31), "Europe/Berlin"))
    (world.workspace / "config/provider.yaml").unlink()
    with pytest.raises(InputError, match=r"config/provider.yaml:1: there is none; write who bills"):
        issue(world.runtime(), MAY)
    assert world.wiring.service_log.numbers() == ()


def test_work_is_billed_once_and_again_after_the_whole_invoice_was_taken_back(world):
    first = issue(world.runtime(), JUNE)
    assert first.billed.work != ()
    go(world, 8, 1)
    july = issue(world.runtime(), JULY)
    assert july.billed.work == ()
    note = credit(world.runtime(), "R-00001", "Billed to the wrong company")
    assert (note.number, note.total, note.whole) == ("C-00001", first.total, True)
    with pytest.raises(UsageError, match="nothing is left to be credited"):
        credit(world.runtime(), "R-00001", "Again")
    again = issue(world.runtime(), JUNE)
    assert (again.number, again.total, again.billed.work) == ("R-00003", first.total, first.billed.work)


def test_credit_by_lines_leaves_the_days_billed(world):
    issue(world.runtime(), JUNE)
    lines = whole(world.runtime(), ledger(world.runtime()).records["example:R-00001"]).draft.lines
    credit(world.runtime(), "R-00001", "Half", {1: Decimal("40.00")})
    with pytest.raises(UsageError, match=r"60.00 is left of it"):
        credit(world.runtime(), "R-00001", "More", {1: Decimal("60.01")})
    credit(world.runtime(), "R-00001", "Rest of it", {1: None})
    one = ledger(world.runtime()).standing("example:R-00001")
    assert (one.left[lines[0].key], one.cancelled, one.state) == (0, False, "issued")
    assert refused(lambda: issue(world.runtime(), JUNE)).startswith("refused (invoice): R-00001 has")
    with pytest.raises(UsageError, match="C-00001 is a credit note"):
        credit(world.runtime(), "C-00001", "No")


def test_a_credit_note_has_the_number_of_today_s_series(world):
    issue(world.runtime(), JUNE)
    world.edit("config/provider.yaml", lambda text: text.replace("prefix: C-", "prefix: C2027-"))
    assert credit(world.runtime(), "R-00001", "Less", {1: Decimal(1)}).number == "C2027-00001"
    (world.workspace / "config/provider.yaml").unlink()
    note = credit(world.runtime(), "R-00001", "Less", {1: Decimal(1)})
    assert (note.number, whole(world.runtime(), note).seller.name) == (
        "C-00001",
        "Example Network Services Ltd",
    )


def test_payments_settle_and_nothing_goes_in_twice(world):
    one = issue(world.runtime(), JUNE)
    day = date(2026, 7, 1)
    half = Paid(amount=Decimal("100.00"), day=day, reference="RF18")
    made, standing = record(world.runtime("request-2"), "R-00001", half)
    assert (made.id, standing.state, standing.open) == ("P-1", "part_paid", one.total - 100)
    assert record(world.runtime("request-2"), "R-00001", half)[0] == made
    with pytest.raises(
        UsageError, match=f"{one.total - 100} EUR of R-00001 is open; record that much, or add --keep"
    ):
        record(world.runtime(), "R-00001", Paid(amount=one.total, day=day))
    _, standing = record(world.runtime(), "R-00001", Paid(amount=one.total, day=day, keep=True))
    assert (standing.state, standing.surplus) == ("paid", 100)
    with pytest.raises(UsageError, match=f"{one.total - 100} EUR of R-00001 is open"):
        record(world.runtime(), "R-00001", Paid(amount=one.total, day=day, corrects="P-2"))
    with pytest.raises(UsageError, match=r"100.00 EUR was paid too much for R-00001; no more can go back"):
        record(world.runtime(), "R-00001", Paid(amount=Decimal("100.01"), day=day, refund=True))
    go(world, 8, 1)
    issue(world.runtime(), JULY)
    with pytest.raises(UsageError, match=r"100.00 EUR was paid too much for R-00001; no more can go back"):
        record(world.runtime(), "R-00002", Paid(amount=Decimal("100.01"), day=day, out_of="R-00001"))
    record(world.runtime(), "R-00002", Paid(amount=Decimal(60), day=day, out_of="R-00001"))
    record(world.runtime(), "R-00001", Paid(amount=Decimal(40), day=day, refund=True))
    known = ledger(world.runtime())
    assert [(p.id, p.invoice[-1:], str(p.amount), p.peer) for p in known.payments] == [
        ("P-1", "1", "100.00", None),
        ("P-2", "1", str(one.total), None),
        ("P-3", "2", "60.00", "P-4"),
        ("P-4", "1", "-60.00", "P-3"),
        ("P-5", "1", "-40.00", None),
    ]
    assert [(s.state, s.surplus) for s in known.standings] == [("paid", 0), ("part_paid", 0)]
    _, standing = record(world.runtime(), "R-00001", Paid(amount=Decimal(0), day=day, corrects="P-1"))
    assert (standing.state, standing.open) == ("part_paid", 100)
    assert world.wiring.service_log.records.rebuild("square").differences == ()


def test_as_it_was_known_then(world):
    issue(world.runtime(), JUNE)
    go(world, 7, 10)
    record(world.runtime(), "R-00001", Paid(amount=Decimal(10), day=date(2026, 7, 5)))
    then = datetime(2026, 7, 9, tzinfo=UTC)
    assert [one.state for one in invoices_as_of(world.runtime(), at=then).known.standings] == ["issued"]
    assert [one.state for one in invoices_as_of(world.runtime()).known.standings] == ["part_paid"]
    assert invoices_as_of(world.runtime(), at=datetime(2026, 6, 1, tzinfo=UTC)).known.records == {}


def test_overdue_is_told_once_then_that_the_agreement_lets_the_provider_stop(world):
    issue(world.runtime(), JUNE)  # due on 31 July; 30 days of grace
    go(world, 7, 31)
    assert tell(world.runtime()) == "nothing"
    go(world, 8, 1)
    due = world.clock.now()
    assert (
        JOBS["invoices"].run(world.runtime(), InvoicesJob(job="invoices", cron="0 9 * * *"), due) == "overdue"
    )
    assert tell(world.runtime()) == "nothing"
    assert (invoices_as_of(world.runtime()).proposed, shown(world.runtime(), "R-00001").overdue) == ({}, 1)
    go(world, 8, 31)
    assert [tell(world.runtime()), tell(world.runtime())] == ["proposed", "nothing"]
    assert invoices_as_of(world.runtime()).proposed == {"example:R-00001": date(2026, 8, 31)}
    (late,) = status(world.runtime(), Selection(), contact=False).overdue
    assert (late.number, late.days, late.suspension_since) == ("R-00001", 31, "2026-08-31")
    log = world.wiring.service_log
    assert [(e.outcome, e.facts["name"], e.facts["days"]) for e in log.entries("square", kind="overdue")] == [
        ("overdue", "R-00001", 1),
        ("proposed", "R-00001", 31),
    ]
    told = events(log.entries("square", kind="overdue"))
    assert [(e.name, e.severity, e.subject) for e in told] == [
        ("overdue.overdue", "warning", "network overdue R-00001 tell"),
        ("overdue.proposed", "error", "network overdue R-00001 tell"),
    ]
    suspend(world.runtime(), notice=date(2026, 8, 31))
    go(world, 9, 15)
    assert (invoices_as_of(world.runtime()).suspended, invoices_as_of(world.runtime()).proposed) == (True, {})
    assert tell(world.runtime()) == "nothing"


def test_a_fapiao_is_recorded_once(world):
    issue(world.runtime(), JUNE)
    go(world, 8, 1)
    issue(world.runtime(), JULY)
    assert record_fapiao(world.runtime(), "R-00001", "26312000000123456789").fapiao == "26312000000123456789"
    with pytest.raises(UsageError, match="R-00001 has the fapiao 26312000000123456789"):
        record_fapiao(world.runtime(), "R-00001", "26312000000123456780")
    with pytest.raises(UsageError, match="is of R-00001"):
        record_fapiao(world.runtime(), "R-00002", "26312000000123456789")


def test_a_file_is_made_once_and_given_out_as_it_was_kept(world, monkeypatch):
    issue(world.runtime(), JUNE)
    first = files(world.runtime(), "R-00001", ["json", "csv"])
    assert [one.kept for one in first.files] == [False] * len(first.files)
    monkeypatch.setattr(invoice_document, "invoice_document", None)  # a later netmgr would make it otherwise
    again = files(world.runtime(), "R-00001", ["csv", "json"])
    assert {(one.name, one.data) for one in again.files} == {(one.name, one.data) for one in first.files}
    assert all(one.kept for one in again.files)
    monkeypatch.undo()
    record_fapiao(world.runtime(), "R-00001", "26312000000123456789")
    named = files(world.runtime(), "R-00001", ["json"]).files[0]
    assert (named.kept, json.loads(named.data)["fapiao"]) == (False, "26312000000123456789")
    assert world.wiring.service_log.records.rebuild("square").differences == ()


def test_a_file_that_the_store_has_lost_is_named(world, monkeypatch):
    issue(world.runtime(), JUNE)
    files(world.runtime(), "R-00001", ["json"])
    runtime = world.runtime()
    read = runtime.log.body
    ((_, kept),) = ledger(runtime).records["example:R-00001"].documents.items()
    monkeypatch.setattr(
        runtime.log, "body", lambda client, digest: None if digest == kept.body else read(client, digest)
    )
    with pytest.raises(StoreError, match="which was kept of R-00001, is missing"):
        files(runtime, "R-00001", ["json"])


def test_what_an_invoice_says_can_be_erased_and_its_sums_and_its_number_stay(world):
    one = issue(world.runtime(), JUNE)
    log = world.wiring.service_log
    order = world.runtime().draft(kind="erasure", action="erase", phase="result", facts={"digest": one.body})
    log.erase("square", one.body, order)
    assert log.records.rebuild("square").differences == ()
    assert [(s.record.number, s.open) for s in ledger(world.runtime()).standings] == [("R-00001", one.total)]
    for call in (
        lambda: shown(world.runtime(), "R-00001"),
        lambda: credit(world.runtime(), "R-00001", "No"),
        lambda: files(world.runtime(), "R-00001", ["json"]),
    ):
        with pytest.raises(
            StoreError, match=r"what R-00001 says is erased by order \(seq \d+\); its sums stay"
        ):
            call()
    record(world.runtime(), "R-00001", Paid(amount=one.total, day=date(2026, 7, 1)))
    assert refused(lambda: issue(world.runtime(), JUNE)).startswith("refused (invoice): R-00001 has")
    go(world, 8, 1)
    assert issue(world.runtime(), JULY).number == "R-00002"


def test_a_correction_stands_on_the_next_invoice(world, capsys, monkeypatch):
    monkeypatch.setattr("netmgr.cli.invoice_acts.reading_runtime", world_runtime(world))
    issue(world.runtime(), JUNE)
    said = ("--amount=-20.00", "--day", "2026-06-05", "--reason", "closed", "--invoice", "R-00001")
    made = json.loads(cli(world, capsys, "invoice", "adjust", *said, "-o", "json").out)
    assert (made["schema"], made["id"], made["amount"], made["invoice"], made["reason"]) == (
        *("netmgr.adjustment/1", "A-1", "-20.00", "R-00001", "closed"),
    )
    cli(world, capsys, "invoice", "adjust", *said)
    assert cli(world, capsys, "invoice", "adjust", "--withdraw", "A-2").out == "A-2: -20.00 EUR: withdrawn\n"
    go(world, 8, 1)
    july = issue(world.runtime(), JULY)
    lines = whole(world.runtime(), july).draft.lines
    assert [(line.about, line.net) for line in lines if line.kind == "correction"] == [("closed", -20)]
    assert "is on an invoice" in cli(world, capsys, "invoice", "adjust", "--withdraw", "A-1", code=64).err
    go(world, 9, 1)
    august = issue(world.runtime(), Period(date(2026, 8, 1), date(2026, 8, 31), "Europe/Berlin"))
    assert august.billed.corrections == ()


def once(what, act):
    """As ``what``, but ``act`` is done after its first answer: as another command would."""
    left = [act]

    def made(*args, **named):
        found = what(*args, **named)
        if left:
            left.pop()()
        return found

    return made


def test_nothing_is_issued_but_what_was_shown(world):
    shown = draft(world.runtime(), JUNE)
    adjust(world.runtime(), Correction(amount=Decimal(-20), day=date(2026, 6, 5), reason="closed"))
    assert refused(lambda: issue(world.runtime(), JUNE, shown=shown)) == (
        "refused (invoice): what is owed is not what was shown any more: somebody has logged more meanwhile; "
        "run the command again and look at the new draft"
    )
    assert ledger(world.runtime()).records == {}
    assert issue(world.runtime(), JUNE, shown=draft(world.runtime(), JUNE)).number == "R-00001"


def test_a_correction_that_is_withdrawn_while_an_invoice_is_made_is_not_on_it(world, monkeypatch):
    adjust(world.runtime(), Correction(amount=Decimal(-20), day=date(2026, 6, 5), reason="closed"))
    go(world, 8, 1)
    taken_back = once(bill, lambda: withdraw(world.runtime(), "A-1", lambda: NOTHING_BILLED))
    monkeypatch.setattr("netmgr.workflows.invoicing.bill", taken_back)
    july = issue(world.runtime(), JULY)
    assert july.billed.corrections == ()
    assert "correction" not in [line.kind for line in whole(world.runtime(), july).draft.lines]


def test_a_correction_that_an_invoice_takes_meanwhile_is_not_withdrawn(world):
    adjust(world.runtime(), Correction(amount=Decimal(-20), day=date(2026, 6, 5), reason="closed"))
    go(world, 8, 1)
    known = once(lambda: billed(ledger(world.runtime()).records), lambda: issue(world.runtime(), JULY))
    with pytest.raises(UsageError, match=r"^A-1: it is on an invoice; record another one against it$"):
        withdraw(world.runtime(), "A-1", known)


def test_after_a_restore_somebody_says_how_numbers_go_on(world, tmp_path):
    issue(world.runtime(), JUNE)
    log = world.wiring.service_log
    with log.copy().held() as held:
        revision, tables = held.revision, [(name, list(rows)) for name, rows in held.tables()]
    with open_sqlite(tmp_path / "copy.db", world.clock, projections=log._projections) as copy:
        copy.copy().fill(revision, tables)
        go(world, 8, 1)

        def runtime():
            return world.runtime(log=copy, open_records=lambda: copy.records)

        assert refused(lambda: issue(runtime(), JULY)) == (
            "refused (numbers): nobody knows which numbers of example R- have gone out: the store was restored from a "
            "copy, or has lost entries; see which was sent last, then: netmgr invoice continue -c square --after NUMBER"
        )
        with pytest.raises(UsageError, match="--after X-1: write a number of the series, like R-00001"):
            go_on(runtime(), "X-1")
        assert go_on(runtime(), "R-00004") == "R-00005"
        assert issue(runtime(), JULY).number == "R-00005"
        assert copy.records.rebuild("square").differences == ()


def cli(world, capsys, *words, code=0):
    found = netmgr(["-w", str(world.workspace), *words, "-c", "square"])
    said = capsys.readouterr()
    assert found == code, said.err
    return said


def test_the_command_line_shows_what_was_issued_with_its_evidence(world, capsys, monkeypatch):
    monkeypatch.setattr("netmgr.cli.invoice.reading_runtime", world_runtime(world))
    monkeypatch.setattr("netmgr.cli.payment.reading_runtime", world_runtime(world))
    assert "DRAFT for square" in cli(world, capsys, "invoice", "draft", "--month", "2026-06").out
    asked = cli(world, capsys, "invoice", "issue", "--month", "2026-06", code=5)
    assert "there is no terminal to ask on" in asked.err
    assert cli(world, capsys, "invoice", "issue", "--yes").out.startswith("R-00001: ")
    paid = cli(
        world,
        capsys,
        "payment",
        "record",
        "R-00001",
        "--amount",
        "10.00",
        "--day",
        "2026-07-01",
        "-o",
        "json",
    )
    assert json.loads(paid.out)["state"] == "part_paid"
    assert cli(world, capsys, "payment", "list").out.splitlines()[1].split()[:4] == [
        *("P-1", "2026-07-01", "R-00001", "10.00")
    ]
    shown_ = cli(world, capsys, "invoice", "show", "R-00001", "--evidence")
    assert "time add added" in shown_.out
    assert "inventory" in shown_.out
    document = json.loads(cli(world, capsys, "invoice", "show", "R-00001", "--evidence", "-o", "json").out)
    assert document["schema"] == "netmgr.invoice/1"
    for line in document["invoice"]["draft"]["lines"]:
        assert [entry["seq"] for entry in document["evidence"][line["key"]]] == sorted(line["evidence"])
    listed = cli(world, capsys, "invoice", "list")
    assert listed.out.splitlines()[1].split()[0] == "R-00001"
    credited = cli(
        *(world, capsys, "invoice", "credit", "R-00001", "--line", "1=10", "--reason", "Less", "--yes")
    )
    assert credited.out == "credit note C-00001 for R-00001: 11.90 EUR\n"
    everything = "".join(cli(world, capsys, "invoice", *w).out for w in (["list"], ["show", "R-00001"]))
    assert max(map(len, everything.splitlines())) <= 100
    for words, problem in (
        (["invoice", "show", "R-9"], "square has no invoice R-9"),
        (["invoice", "draft", "--month", "2026-13"], "--month 2026-13 is not a month"),
        (
            ["invoice", "credit", "R-00001", "--line", "x", "--reason", "y", "--yes"],
            "--line x: write a line's number",
        ),
        (["invoice", "show", "R-00001", "--format", "doc"], "--format doc: invoices are made as pdf, html"),
        (
            ["payment", "record", "R-00001", "--amount", "1,5", "--day", "2026-07-01"],
            "--amount 1,5: write a sum",
        ),
        (["payment", "record", "R-00001", "--amount", "1", "--day", "1.7."], "--day 1.7.: write a day"),
        (["payment", "record", "R-00001", "--amount", "1", "--day", "2026-07-02"], "that day is to come"),
    ):
        said = cli(world, capsys, *words, code=64)
        assert problem in said.err
        assert len(said.err.splitlines()) == 1, said.err


def world_runtime(world):
    from contextlib import contextmanager

    @contextmanager
    def made(_context, _target):
        yield world.runtime(), world.runtime().progress

    return made


def test_the_formats_are_those_that_can_be_made():
    assert WORDS == invoice_document.FORMATS
