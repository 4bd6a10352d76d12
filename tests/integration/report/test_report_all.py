"""All clients side by side: sums by hand, what is at risk, when agreements end; nothing is written."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from netmgr.cli import view_report_all
from netmgr.cli.main import run as netmgr
from netmgr.report.period import Period
from netmgr.workflows.invoice_log import ledger, whole
from netmgr.workflows.invoicing import credit, issue
from netmgr.workflows.report_all import across
from netmgr.workflows.ticket import Described, open_ticket
from netmgr.workflows.time import Work, add, start
from tests.integration.agreement.conftest import FILE, signing  # noqa: F401 - a fixture
from tests.integration.conftest import ROOT

PEOPLE = """\
p-1: {roles: {"*": [engineer, manager]}, cost: {amount: "40.00", currency: EUR}}
p-2: {roles: {"*": [engineer]}, cost: {amount: "1.00", currency: CHF}}
"""
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30), "Europe/Berlin")


@pytest.fixture
def house(signing):  # noqa: F811
    world = signing
    world.clock.start = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    (world.workspace / "config/people.yaml").write_text(PEOPLE)
    rates = '  rates: [{amount: "100.00"}]\n  tax:'
    world.edit(FILE, lambda text: text.replace("  tax:", rates))
    world.sign()
    (world.workspace / "config/provider.yaml").write_text((ROOT / "config/provider.yaml").read_text())
    return world


def sheet(world, within=90, **changes):
    (found,) = across([world.runtime(**changes)], within=within)
    return found


def test_work_that_no_invoice_has_what_it_cost_and_what_is_left(house):
    add(house.runtime(), Work(service="network"), at=datetime(2026, 9, 30, 7, tzinfo=UTC), minutes=90)
    found = sheet(house)
    assert (found.problem, found.since, found.work, found.currency) == (
        None,
        date(2026, 10, 1),
        Decimal("150.00"),
        "EUR",
    )
    # One day of 31 of the fixed fee beside it.
    assert found.unbilled == Decimal("153.23")
    assert (found.month, found.billed, found.margin) == (date(2026, 9, 1), None, None)
    assert (found.cost.amount, found.cost.seconds, found.cost.unknown) == (Decimal("60.00"), 5400, ())
    issue(house.runtime(), SEPTEMBER)
    assert (sheet(house).billed, sheet(house).margin) == (Decimal("250.00"), Decimal("190.00"))
    other = house.runtime().actor.__class__(id="p-2", auth="os", on="ops1")
    add(
        house.runtime(actor=other),
        Work(service="network"),
        at=datetime(2026, 9, 30, 7, tzinfo=UTC),
        minutes=30,
    )
    assert (sheet(house).cost.unknown, sheet(house).margin) == (("p-2",), None)
    start(house.runtime(actor=other), Work(service="network"), at=datetime(2026, 9, 30, 20, tzinfo=UTC))
    assert sheet(house).cost.seconds == 7200


def test_billed_is_what_credit_notes_leave_of_the_month_s_invoices(house):
    add(house.runtime(), Work(service="network"), at=datetime(2026, 9, 30, 7, tzinfo=UTC), minutes=90)
    half = Period(date(2026, 9, 1), date(2026, 9, 15), "Europe/Berlin")
    rest = Period(date(2026, 9, 16), date(2026, 9, 30), "Europe/Berlin")
    august = Period(date(2026, 8, 1), date(2026, 8, 31), "Europe/Berlin")

    def billed():
        found = sheet(house)
        return found.month, found.billed, found.work, found.since

    issue(house.runtime(), august)
    assert billed() == (SEPTEMBER.first, None, Decimal("150.00"), date(2026, 9, 1))
    issue(house.runtime(), half)
    assert billed() == (SEPTEMBER.first, Decimal("50.00"), Decimal("150.00"), date(2026, 9, 16))
    second = issue(house.runtime(), rest)
    assert billed() == (SEPTEMBER.first, Decimal("250.00"), 0, date(2026, 10, 1))
    lines = whole(house.runtime(), ledger(house.runtime()).records[second.key]).draft.lines
    (work,) = (number for number, line in enumerate(lines, 1) if line.kind == "work")
    credit(house.runtime(), second.number, "Took too long", {work: Decimal("40.00")})
    assert billed() == (SEPTEMBER.first, Decimal("210.00"), 0, date(2026, 10, 1))
    assert sheet(house).margin == Decimal("150.00")
    credit(house.runtime(), second.number, "All of it")
    assert billed()[1:] == (Decimal("50.00"), Decimal("150.00"), date(2026, 9, 16))
    issue(house.runtime(), rest)
    assert billed()[1] == Decimal("250.00")


def test_an_agreement_is_told_of_when_it_ends_soon(house):
    assert sheet(house, within=90).ends is None  # 31 December is 91 days away
    assert (sheet(house, within=91).ends.last, sheet(house, within=91).ends.renews) == (
        date(2026, 12, 31),
        False,
    )


def test_nothing_is_told_with_the_currencys_decimals(house):
    assert str(sheet(house).work) == "0.00"


def test_promises_at_risk_are_named(house):
    open_ticket(house.runtime(), Described(subject="Down", kind="fault", priority="urgent"))
    assert sheet(house).at_risk == ()
    house.clock.sleep(25 * 60)
    (one,) = sheet(house).at_risk
    assert (one.ticket, one.priority, one.left.target, one.left.percent, one.left.state) == (
        "T-1", "urgent", "response", 83, "running",
    )  # fmt: skip


def test_what_is_overdue_is_named(house, monkeypatch, capsys):
    due = issue(house.runtime(), SEPTEMBER).due
    assert sheet(house).overdue == ()
    house.clock.sleep(40 * 86400)
    (one,) = sheet(house).overdue
    days = (date(2026, 11, 10) - due).days
    # A month of the fixed fee, with 19 % of tax.
    assert (one.number, one.open, one.currency, one.days) == ("R-00001", "119.00", "EUR", days)
    monkeypatch.setattr(view_report_all, "quiet_runtime", lambda _context, _client: house.runtime())
    netmgr(["-w", str(house.workspace), "report", "--all"])
    said = capsys.readouterr().err.splitlines()
    assert f"square: R-00001: 119.00 EUR overdue for {days} d" in said


def test_a_problem_of_one_client_keeps_no_other_out_and_others_money_is_not_shown(house):
    (house.workspace / "inventory/globex").mkdir()
    (house.workspace / "inventory/globex/client.yaml").write_text("id: globex\n")
    found = across([house.runtime(client="globex"), house.runtime()], within=90)
    assert [(one.client, one.problem) for one in found] == [
        ("globex", "no agreement is in force"),
        ("square", None),
    ]
    assert across([house.runtime(permitted=lambda action: action != "agree")], within=90) == ()


def test_the_command_writes_nothing_and_shows_a_line_for_each(house, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(view_report_all, "quiet_runtime", lambda _context, _client: house.runtime())
    before, head = sorted(tmp_path.rglob("*")), house.wiring.service_log.head("square")
    add(house.runtime(), Work(service="network"), minutes=90)
    head = house.wiring.service_log.head("square")
    arguments = ["-w", str(house.workspace), "report", "--all", "--within", "100"]
    assert netmgr([*arguments, "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "netmgr.report-all/1"
    (one,) = document["clients"]
    said = (ROOT / "docs/reference/json.md").read_text().split("## netmgr.report-all/1")[1].split("\n## ")[0]
    assert one.keys() <= set(re.findall(r"`(\w+)`", said))
    assert (one["unbilled_work"], one["ends"], one["margin"]) == ("150.00", "2026-12-31", None)
    assert netmgr(arguments) == 0
    out, _ = capsys.readouterr()
    assert out.splitlines()[1].split() == [
        "square",
        "150.00",
        "EUR",
        "153.23",
        "2026-10-01",
        "0.00",
        "2026-12-31",
    ]
    assert max(map(len, out.splitlines())) <= 100
    assert netmgr([*arguments, "-c", "square"]) == 64
    assert house.wiring.service_log.head("square") == head
    assert [each for each in sorted(tmp_path.rglob("*")) if each.suffix in (".html", ".pdf", ".md")] == [
        each for each in before if each.suffix in (".html", ".pdf", ".md")
    ]
