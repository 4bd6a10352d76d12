"""A month of the example client in a real log, with everything that a bill is made of, against a count of its own."""

import dataclasses
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import yaml

from netmgr.model.access import Actor
from netmgr.model.billing import Travel
from netmgr.model.probe import Span
from netmgr.workflows.adjusting import Correction, adjust
from netmgr.workflows.agreement import amend
from netmgr.workflows.agreement_document import render
from netmgr.workflows.billing import bill
from netmgr.workflows.inventory_log import note_inventory
from netmgr.workflows.probing import day_facts
from netmgr.workflows.signing import sign
from netmgr.workflows.ticket import Described, open_ticket, resolve, update
from netmgr.workflows.time import Work, add
from tests.faults import fee_reference as reference
from tests.integration.agreement.conftest import BY, _plain
from tests.integration.billing.test_billing import PROVIDER
from tests.integration.conftest import ROOT

HOME = "inventory/acme"
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
#: Monday to Thursday, and Friday.
WEEK = tuple((day, (("08:00", "16:00" if day == 4 else "18:00"),)) for day in range(5))
PEOPLE = "p-1: {roles: {'*': [engineer, manager]}}\np-2: {roles: {'*': [engineer]}, rate_class: senior}\n"
EDITS = (
    ('  devices: {except: ["isp*"]}', '  devices: {except: ["isp*"]}\n  assets: {kinds: [server, storage]}'),
    ('amount: "85.00"}', 'amount: "79.90"}\n    - {name: Server, unit: asset, amount: "31.00"}'),
    (
        "  included:\n",
        '    - {name: Site, unit: site, amount: "12.00", sites: [north, south]}\n  included:\n',
    ),
    ('{hours: "6"', '{hours: "4"'),
    ("  rates:\n", '  rates:\n    - {amount: "140.00", rate_class: senior, services: [faults], step: 30}\n'),
)
SOUTH2 = """
south2:
  data:
    site: south
    loopback: 10.1.255.77
"""


class Acme:
    """The example client's files, on a clock that is moved by hand."""

    def __init__(self, world):
        self.world, self.root = world, world.workspace
        shutil.copytree(ROOT / HOME, self.root / HOME)
        (self.root / "config/people.yaml").write_text(PEOPLE)
        world.wiring.__dict__["office"] = dataclasses.replace(world.wiring.office, renderers={"pdf": _plain})
        world.clock.start = datetime(2026, 5, 28, 8, 0, tzinfo=UTC)
        self.sign()

    def runtime(self, person="p-1"):
        return self.world.runtime(client="acme", actor=Actor(id=person, auth="os", on="ops1"))

    def sign(self):
        sign(self.runtime(), render(self.runtime(), ["pdf"], [])[0].data, BY)

    def at(self, day, hour=12, minute=0, month=6):
        """A time on Berlin's clocks in summer, which is now."""
        moment = datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)
        assert moment >= self.world.clock.now()
        self.world.clock.start, self.world.clock.elapsed = moment, 0.0

    def edit(self, file, *pairs):
        path = self.root / HOME / file
        text = path.read_text()
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text)

    def append(self, file, text):
        path = self.root / HOME / file
        path.write_text(path.read_text() + text)

    def note(self):
        runtime = self.runtime()
        note_inventory(runtime, runtime.inventories.load("acme"))

    def probes(self, devices, down):
        """The days' sums of June: what each device answered, but ``down`` (device, day) for a whole day."""
        for number in range(1, 31):
            begin = datetime(2026, 6, number, tzinfo=UTC) - timedelta(hours=2)
            last = begin + timedelta(hours=23, minutes=55)
            spans = tuple(
                Span(name, begin, last, 300, "down" if (name, number) == down else "up")
                for name, since in devices.items()
                if since <= number
            )
            facts = day_facts(spans, f"2026-06-{number:02}", "Europe/Berlin", 300)
            runtime = self.runtime()
            runtime.log.append(
                "acme", [runtime.draft(kind="probe", action="digest", phase="result", facts=facts)]
            )

    def newest(self, kind):
        log = self.world.wiring.service_log
        return next(log.entries("acme", kind=kind, newest_first=True)).seq


@pytest.fixture
def acme(world):
    return Acme(world)


def moment(day, hour, minute=0):
    return int((datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)).timestamp())


def thing(unit, name, first, last=30, **said):
    days = {"first": date(2026, 6, first), "last": date(2026, 6, last)}
    return {"unit": unit, "uid": name, "name": name, **days, **said}


def spell(begin, minutes, service, **said):
    return {"seq": begin, "begin": begin, "end": begin + minutes * 60, "service": service, **said}


def month(acme):
    """What happens in June, told to netmgr; what the reference is told of it is written down by hand."""
    fees = [yaml.safe_load((acme.root / HOME / "agreement.yaml").read_text())["fees"]]
    acme.at(1, 9)
    acme.note()
    acme.at(3, 19, 20)
    add(acme.runtime(), Work(service="network"), minutes=110)
    acme.at(8, 14, 10)
    add(acme.runtime("p-2"), Work(service="requests"), minutes=250)
    acme.at(9, 22)
    down = Described(subject="All is down", kind="fault", impact="extensive", urgency="critical")
    open_ticket(acme.runtime(), down)
    acme.at(9, 22, 45)
    update(acme.runtime(), "T-1", Described(), ack=True)
    acme.at(10, 1, 30)
    resolve(acme.runtime(), "T-1", outcome="fixed", cause="hardware", note="A new power supply")
    way = Travel(minutes=35, kilometres="48.5")
    add(acme.runtime("p-2"), Work(ticket="T-1", travel=way, called_out=True), minutes=165)
    acme.at(11)
    amend(acme.runtime(), effective=date(2026, 6, 16), summary="More is looked after")
    acme.edit("agreement.yaml", *EDITS)
    acme.sign()
    fees.append(yaml.safe_load((acme.root / HOME / "agreement.yaml").read_text())["fees"])
    acme.at(12)
    acme.append("hosts.yaml", SOUTH2)
    acme.note()
    acme.at(17, 9)
    open_ticket(acme.runtime(), Described(subject="Slow", kind="fault", priority="normal"))
    acme.at(18, 12)
    add(acme.runtime("p-2"), Work(ticket="T-2"), minutes=310)
    acme.at(20)
    acme.edit(
        "assets.yaml",
        (
            '  service: {from: "2026-01-01"}\noffice',
            '  service: {from: "2026-01-01", to: "2026-06-24"}\noffice',
        ),
    )
    acme.append("assets.yaml", "nas: {kind: storage, site: north}\n")
    acme.note()
    acme.at(22, 10)
    resolve(acme.runtime(), "T-2", outcome="fixed", cause="configuration", note="A timer")
    acme.at(25)
    add(acme.runtime(), Work(service="network", billable=False), minutes=30)
    acme.at(1, 0, 30, month=7)
    add(acme.runtime(), Work(service="backup"), minutes=60)
    devices = dict.fromkeys(("edge1", "edge2", "core1", "core2", "north1", "south1"), 1) | {"south2": 12}
    acme.probes(devices, ("edge1", 14))
    adjust(acme.runtime(), Correction(amount=Decimal("-33.33"), day=date(2026, 5, 12), reason="Twice in May"))
    return {
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "first": JUNE[0],
        "last": JUNE[1],
        "versions": [
            {"version": number, "from": first, "to": date(2026, 12, 31), "week": WEEK, "fees": each, "seq": number}
            for number, first, each in ((1, date(2026, 1, 1), fees[0]), (2, date(2026, 6, 16), fees[1]))
        ],
        "things": [
            *(thing("device", name, since) for name, since in devices.items()),
            # Assets are covered by the second version alone.
            thing("asset", "files1", 16, 24, kind="server"),
            thing("asset", "nas", 20, kind="storage"),
            thing("site", "north", 1, site="north"),
            thing("site", "south", 1, site="south"),
        ],
        "entries": [
            spell(moment(3, 17, 30), 110, "network"),
            spell(moment(8, 10), 250, "requests", rate_class="senior"),
            spell(
                moment(9, 22, 45), 165, "faults", rate_class="senior", called_out=True,
                travel={"minutes": 35, "kilometres": "48.5"},
            ),
            spell(moment(18, 6, 50), 310, "faults", rate_class="senior"),
            spell(moment(25, 11, 30), 30, "network", billable=False),
            spell(moment(30, 23, 30), 60, "backup"),
        ],
        "billed": [],
        # T-1 was answered after 45 minutes in place of 30, and done in time. T-2 had 24 hours of service: until Friday;
        # for its late answer nothing is given back.
        "misses": [
            {"level": "availability", "priority": None, "judged": moment(1, 0), "evidence": [3]},
            {"level": "response", "priority": "emergency", "judged": moment(9, 22), "evidence": [1]},
            {"level": "response", "priority": "normal", "judged": moment(17, 9), "evidence": [1]},
            {"level": "resolution", "priority": "normal", "judged": moment(17, 9), "evidence": [2]},
        ],
        "adjustments": [{"amount": "-33.33", "day": date(2026, 5, 12)}],
    }  # fmt: skip


def test_every_amount_of_a_month_is_what_an_independent_count_makes_of_what_was_done(acme):
    told = month(acme)
    made = bill(acme.runtime(), PROVIDER, *JUNE).draft
    expected, left_out, pools = reference.lines_of(told)
    assert {line.key: line.net for line in made.lines} == {key: net for key, (net, _) in expected.items()}
    assert {line.kind for line in made.lines} == {
        "fixed", "unit", "work", "travel", "call_out", "credit", "correction",
    }  # fmt: skip
    taxes, total = reference.total(expected, "EUR")
    assert {(each.code, each.rate): each.tax for each in made.taxes} == taxes
    assert made.total == total
    assert [(each.minutes, each.why) for each in made.uncharged] == [(30, "not_billable")]
    assert sum(left_out.values()) == 30
    assert sorted((each.first, each.included, each.before, each.used) for each in made.hours) == pools


def test_nothing_is_open_and_every_line_names_entries_that_there_are(acme):
    month(acme)
    made = bill(acme.runtime(), PROVIDER, *JUNE)
    assert made.open == ()
    log = acme.world.wiring.service_log
    kinds = {entry.seq: entry.kind for entry in log.entries("acme")}
    named = {line.kind: {kinds[seq] for seq in line.evidence} for line in made.draft.lines}
    assert named == {
        "fixed": {"agreement"},
        "unit": {"agreement", "inventory"},
        "work": {"agreement", "time"},
        "travel": {"agreement", "time"},
        "call_out": {"agreement", "time"},
        "credit": {"agreement", "ticket"},
        "correction": {"agreement", "adjustment"},
    }
    assert log.records.rebuild("acme").differences == ()
    assert bill(acme.runtime(), PROVIDER, *JUNE) == made


def test_what_was_hardly_probed_is_not_credited_and_told(acme):
    acme.at(1, 9)
    acme.note()
    acme.at(1, 9, month=7)
    acme.probes({"edge1": 1, "edge2": 1}, ("edge1", 14))
    made = bill(acme.runtime(), PROVIDER, *JUNE)
    assert {line.kind for line in made.draft.lines} == {"fixed", "unit"}
    (point,) = made.open
    assert (point.why, point.about, point.day, len(point.evidence)) == (
        "not_measured",
        "availability",
        JUNE[1],
        30,
    )
