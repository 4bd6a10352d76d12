"""A bill out of a real log: every amount as an independent function counts it from what was done."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import yaml

from netmgr.errors import InputError, UsageError
from netmgr.model.access import Actor
from netmgr.model.bill import Billed, OpenPoint
from netmgr.model.provider import Provider
from netmgr.model.schedule import InvoicesJob
from netmgr.workflows import billing
from netmgr.workflows.agreement import amend
from netmgr.workflows.billing import bill
from netmgr.workflows.inventory_log import note_inventory
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.ticket import Described, accept, open_ticket, resolve
from netmgr.workflows.time import Work, add, start, stop
from tests.faults import fee_reference as reference
from tests.integration.agreement.conftest import FILE, signing  # noqa: F401 - a fixture
from tests.integration.conftest import ROOT

FEES = """\
  fixed: [{name: Desk, amount: "100.00"}]
  units: [{name: Router, unit: device, amount: "85.00"}, {name: Site, unit: site, amount: "20.00"}]
  included: [{hours: "2", services: [faults, network]}]
  rates: [{amount: "110.00", when: working}, {amount: "165.00", when: outside}]
  credits: [{level: response, priority: urgent, percent: "5"}, {level: resolution, percent: "2"}]
"""
WEEK = {0: (("08:00", "18:00"),)}  # Mondays
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
PROVIDER = Provider.model_validate(yaml.safe_load((ROOT / "config/provider.yaml").read_text()))


class Ledger:
    """The world on a day of June, and what is done there, told twice: to netmgr, and as plain data."""

    def __init__(self, world):
        self.world = world
        world.edit("inventory/square/client.yaml", lambda text: text + "sites: {branch: {}}\n")
        world.clock.start = datetime(2026, 5, 31, 8, 0, tzinfo=UTC)
        world.edit(FILE, lambda text: text.replace('  fixed: [{name: Desk, amount: "100.00"}]\n', FEES))
        world.sign()

    def at(self, day, hour=12, minute=0):
        """Go to a time on Berlin's clocks in summer."""
        moment = datetime(2026, 6, day, hour - 2, minute, tzinfo=UTC)
        assert moment >= self.world.clock.now()
        self.world.clock.start, self.world.clock.elapsed = moment, 0.0
        return moment

    def note(self):
        runtime = self.world.runtime()
        note_inventory(runtime, runtime.inventories.load("square"))

    def bill(self, first=JUNE[0], last=JUNE[1], **how):
        return bill(self.world.runtime(), PROVIDER, first, last, **how)

    def newest(self, kind):
        log = self.world.wiring.service_log
        return next(log.entries("square", kind=kind, newest_first=True)).seq


@pytest.fixture
def ledger(signing):  # noqa: F811
    return Ledger(signing)


def thing(name, first, last=JUNE[1], unit="device", **said):
    return {"unit": unit, "uid": name, "name": name, "first": first, "last": last, **said}


def moment(*when):
    return int(datetime(2026, 6, *when, tzinfo=UTC).timestamp())


def version(number, first, fees, seq, to=date(2026, 12, 31)):
    return {"version": number, "from": first, "to": to, "week": tuple(WEEK.items()), "fees": fees, "seq": seq}


def spell(begin, minutes, service, **said):
    return {"seq": begin, "begin": begin, "end": begin + minutes * 60, "service": service, **said}


def case(versions, things=(), entries=(), misses=(), billed=(), adjustments=(), days=JUNE):
    """What the reference counts from."""
    return {
        "currency": "EUR", "zone": "Europe/Berlin", "first": days[0], "last": days[1], "versions": versions,
        "things": list(things), "entries": list(entries), "billed": list(billed), "misses": list(misses),
        "adjustments": list(adjustments),
    }  # fmt: skip


def same(made, told):
    """Every line, tax and the total."""
    expected, left_out, _ = reference.lines_of(told)
    assert {line.key: line.net for line in made.lines} == {key: net for key, (net, _) in expected.items()}
    taxes, total = reference.total(expected, "EUR")
    assert {(each.code, each.rate): each.tax for each in made.taxes} == taxes
    assert made.total == total
    assert {each.minutes for each in made.uncharged} == set(left_out.values())


def test_a_month_with_a_new_device_an_amendment_work_and_a_missed_level(ledger):
    world = ledger.world
    fees = yaml.safe_load("fees:\n" + FEES)["fees"] | {"tax": {"code": "S", "rate": "19"}}
    ledger.at(1, 9)
    ledger.note()
    ledger.at(8, 19)
    add(
        world.runtime(), Work(service="network"), minutes=75
    )  # 17:45 to 19:00: 15 minutes of it in service hours
    ledger.at(10, 12)
    open_ticket(
        world.runtime(),
        Described(subject="All is down", kind="fault", impact="extensive", urgency="critical"),
    )
    ledger.at(10, 14)
    add(world.runtime(), Work(ticket="T-1"), minutes=80)
    hosts = "inventory/square/hosts.yaml"
    world.edit(hosts, lambda text: text + "r5: {data: {loopback: 10.255.0.5, site: branch}}\n")
    ledger.at(16)
    ledger.note()
    ledger.at(18)
    amend(world.runtime(), effective=date(2026, 6, 21), summary="More routers")
    world.edit(FILE, lambda text: text.replace('"85.00"', '"80.00"').replace('hours: "2"', 'hours: "3"'))
    world.sign()
    ledger.at(29, 12)
    add(world.runtime(), Work(service="consulting"), minutes=30)
    world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    made = ledger.bill()
    later = {
        **fees,
        "units": [{**fees["units"][0], "amount": "80.00"}, fees["units"][1]],
        "included": [{**fees["included"][0], "hours": "3"}],
    }
    told = case(
        [
            version(1, date(2026, 1, 1), fees, 1),
            version(2, date(2026, 6, 21), later, 2),
        ],
        [
            *(thing(f"r{number}", JUNE[0]) for number in (1, 2, 3, 4)),
            thing("r5", date(2026, 6, 16), site="branch"),
            thing("branch", date(2026, 6, 16), unit="site"),
        ],
        [
            spell(moment(8, 15, 45), 75, "network"),
            spell(moment(10, 10, 40), 80, "faults"),
            spell(moment(29, 9, 30), 30, "consulting"),
        ],
        [
            {"level": level, "priority": "urgent", "judged": moment(10, 10), "evidence": [1]}
            for level in ("response", "resolution")
        ],
    )
    same(made.draft, told)
    assert made.open == ()
    assert (made.version, made.versions, made.entity_id) == (2, (1, 2), "example")
    assert made.agreement.parties.client.name == "Acme"


def test_the_same_cut_makes_the_same_bill_whatever_is_logged_later(ledger):
    world = ledger.world
    ledger.at(3)
    ledger.note()
    open_ticket(world.runtime(), Described(subject="Down", kind="fault", priority="urgent"))
    ledger.at(8)
    add(world.runtime(), Work(service="network"), minutes=200)
    start(world.runtime(), Work(service="network"))
    world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    made = ledger.bill()
    assert [(one.why, one.about) for one in made.open] == [("goes_on", "H-2")]
    done = datetime(2026, 6, 3, 11, tzinfo=UTC)
    resolve(world.runtime(), "T-1", outcome="fixed", cause="unknown", note="done", at=done)
    accept(world.runtime(actor=Actor(id="p-2", auth="os", on="ops1")), "T-1")
    stop(world.runtime(), at=datetime(2026, 6, 8, 10, 30, tzinfo=UTC))
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("r4:", "r9:"))
    world.edit("inventory/square/topology.yaml", lambda text: text.replace("r4:", "r9:"))
    ledger.note()
    assert ledger.bill(cut=made.cut) == made
    again = ledger.bill()
    assert again != made
    assert again.open == ()


def test_what_was_billed_is_not_billed_again_and_late_work_goes_on_the_next(ledger):
    world = ledger.world
    ledger.at(8)
    add(world.runtime(), Work(service="network"), minutes=90)
    first = ledger.newest("time")
    ledger.at(9)
    add(world.runtime(), Work(service="network"), minutes=45)
    second = ledger.newest("time")
    world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    earlier = Billed(work=frozenset({first}), until=JUNE[1])
    july = (date(2026, 7, 1), date(2026, 7, 31))
    made = ledger.bill(*july, billed=earlier)
    (line,) = (line for line in made.draft.lines if line.kind == "work")
    # 90 minutes of June's 120 were used before, 30 of these 45 are the rest; 15 are paid.
    assert (line.net, line.evidence) == (Decimal("41.25"), (1, second))
    add(
        world.runtime(),
        Work(service="network"),
        corrects="H-1",
        at=datetime(2026, 6, 8, 9, tzinfo=UTC),
        minutes=30,
    )
    again = ledger.bill(*july, billed=earlier)
    assert again.draft == made.draft
    assert OpenPoint("corrected", "H-1", date(2026, 6, 8), (ledger.newest("time"),)) in again.open
    told = Billed(work=frozenset({first}), told=frozenset({second}), until=JUNE[1])
    assert [line.kind for line in ledger.bill(*july, billed=told).draft.lines] == ["fixed"]


def test_who_bills_must_be_known_and_something_agreed(ledger):
    two = {"a": PROVIDER.entities["example"], "b": PROVIDER.entities["example"]}
    with pytest.raises(InputError, match="who bills square"):
        bill(ledger.world.runtime(), Provider(entities=two), *JUNE)
    with pytest.raises(InputError, match="no agreement was in force by 2025-12-31"):
        ledger.bill(date(2025, 12, 1), date(2025, 12, 31))
    with pytest.raises(InputError, match="name the first day first"):
        ledger.bill(JUNE[1], JUNE[0])
    with pytest.raises(UsageError, match="has no log yet"):
        bill(ledger.world.runtime(client="globex"), PROVIDER, *JUNE)


def test_what_nobody_has_noted_is_not_charged_and_said_to_be(ledger):
    ledger.at(1, 9)
    ledger.world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    before = ledger.bill(*JUNE)
    assert [line.kind for line in before.draft.lines if line.kind == "unit"] == []
    assert [one for one in before.open if one.why == "not_counted"] == [OpenPoint("not_counted", "", JUNE[1])]
    JOBS["invoices"].run(
        ledger.world.runtime(),
        InvoicesJob(job="invoices", cron="0 6 * * *"),
        datetime(2026, 7, 2, tzinfo=UTC),
    )
    assert "not_counted" not in [one.why for one in ledger.bill(*JUNE).open]
    assert ledger.newest("inventory")


def test_what_is_known_too_late_of_what_was_billed_is_told(ledger):
    world = ledger.world
    ledger.at(1, 9)
    ledger.note()
    world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    issued = Billed(until=JUNE[1], seq=ledger.newest("inventory"))
    july = (date(2026, 7, 1), date(2026, 7, 31))
    assert [one.why for one in ledger.bill(*july, billed=issued).open] == ["not_over"]
    hosts = "inventory/square/hosts.yaml"
    late = 'r5: {data: {loopback: 10.255.0.5, service: {from: "2026-06-20"}}}\n'
    world.edit(
        hosts,
        lambda text: text.replace("r4:\n  data:\n", 'r4:\n  data:\n    service: {to: "2026-06-24"}\n') + late,
    )
    ledger.note()
    evidence = ledger.newest("inventory")
    assert ledger.bill(*july, billed=issued).open[:2] == (
        OpenPoint("counted_late", "r5", date(2026, 6, 20), (evidence,)),
        OpenPoint("counted_late", "r4", date(2026, 6, 25), (issued.seq,)),
    )


def test_what_is_settled_is_not_read_and_changes_nothing(ledger, monkeypatch):
    world, read = ledger.world, []
    inner = billing.spells
    monkeypatch.setattr(
        billing, "spells", lambda entries: inner(read.append(entries := list(entries)) or entries)
    )
    ledger.at(8)
    add(world.runtime(), Work(service="network"), minutes=90)
    billed = [ledger.newest("time")]
    ledger.at(29)
    start(world.runtime(), Work(service="network"))
    world.clock.start = datetime(2026, 7, 2, 8, 0, tzinfo=UTC)
    july = (date(2026, 7, 1), date(2026, 7, 31))

    def bills(expected):
        """The same with what is settled, for which only so many entries are read at last."""
        known = Billed(work=frozenset(billed), until=JUNE[1])
        whole = ledger.bill(*july, billed=known)
        read.clear()
        again = ledger.bill(*july, billed=replace(known, settled=JUNE[1]))
        assert (again.draft, again.open) == (whole.draft, whole.open)
        assert len(read[-1]) == expected
        return [line.net for line in whole.draft.lines if line.kind == "work"]

    assert bills(0) == []
    stop(world.runtime(), at=datetime(2026, 6, 29, 12, tzinfo=UTC))  # begun before: everything is read
    assert bills(3) == [Decimal("165.00")]
    billed.append(ledger.newest("time"))
    assert bills(3) == []
    add(world.runtime(), Work(service="network"), at=datetime(2026, 6, 15, 8, tzinfo=UTC), minutes=60)
    assert bills(4) == [Decimal("110.00")]
    billed.append(ledger.newest("time"))
    world.clock.start = datetime(2026, 8, 2, 8, 0, tzinfo=UTC)
    add(world.runtime(), Work(service="network"), at=datetime(2026, 7, 27, 8, tzinfo=UTC), minutes=180)
    july = (date(2026, 8, 1), date(2026, 8, 31))
    known = Billed(work=frozenset(billed), until=date(2026, 7, 31), settled=date(2026, 7, 31))
    (line,) = (line for line in ledger.bill(*july, billed=known).draft.lines if line.kind == "work")
    assert (line.net, len(read[-1])) == (Decimal("110.00"), 5)


def test_work_of_settled_days_that_goes_on_is_told_of_until_it_is_ended(ledger):
    world = ledger.world
    ledger.at(29)
    ledger.note()
    start(world.runtime(), Work(service="network"))
    goes_on = OpenPoint("goes_on", "H-1", date(2026, 6, 29), (ledger.newest("time"),))

    def bills(month, **how):
        days = date(2026, month, 1), date(2026, month, 28)
        settled = days[0] - timedelta(days=1)
        return ledger.bill(*days, billed=Billed(until=settled, settled=settled), **how)

    world.clock.start = datetime(2026, 12, 29, 8, 0, tzinfo=UTC)
    add(world.runtime(actor=Actor(id="p-2", auth="os", on="ops1")), Work(service="network"), minutes=20)
    assert [bills(month).open for month in (7, 9, 12)] == [(goes_on,)] * 3
    before = bills(12)
    world.clock.sleep(60)
    stop(world.runtime(), at=datetime(2026, 6, 29, 12, tzinfo=UTC))
    assert bills(12).open == ()
    assert ledger.newest("time") in {seq for each in bills(12).draft.hours for seq in each.evidence}
    assert bills(12, cut=before.cut) == before
