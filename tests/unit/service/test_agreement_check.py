"""What is wrong with an agreement beside its form: each finding with its severity and place."""

from datetime import date

import pytest

from netmgr.model.client import Client
from netmgr.service.agreement_check import Surroundings, findings
from netmgr.service.versions import AgreementHistory
from tests.unit.service.samples import agreement
from tests.unit.service.test_versions import AMENDED

TODAY = date(2026, 3, 1)
NOBODY = AgreementHistory()
CLIENT = Client.model_validate(
    {
        "id": "acme",
        "timezone": "Europe/Berlin",
        "contacts": [{"name": "IT", "email": "it@acme.example", "roles": ["report", "notice"]}],
        "backup_sets": {"routers": {"kind": "configuration", "rpo": "24h", "rto": "4h"}},
    }
)
AROUND = Surroundings(
    client=CLIENT, jobs=frozenset({"audit", "report", "drill"}), roster=True, probes=True, devices=("r1",)
)
MATRIX = {
    impact: dict.fromkeys(("critical", "high", "medium", "low"), "other")
    for impact in ("extensive", "significant", "limited")
}


def found(around=AROUND, known=NOBODY, **changes):
    return [
        (one.severity, ".".join(map(str, one.path)), one.message)
        for one in findings(agreement(**changes), around, known, TODAY)
    ]


def without(**changes):
    return Surroundings(**{name: changes.get(name, getattr(AROUND, name)) for name in Surroundings.__slots__})


def test_a_whole_agreement_is_well():
    assert found() == []


def test_months_of_reports_and_invoices_are_the_same():
    client = CLIENT.model_copy(update={"timezone": "Asia/Shanghai"})
    said = (
        "reports begin and end their months in Asia/Shanghai (client.yaml), invoices in Europe/Berlin; what falls "
        "between is in another month's"
    )
    assert found(without(client=client)) == [("warning", "timezone", said)]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        (
            {"levels__priorities__urgent": {"response": "5h", "calendar": "always"}, "emergency": None}
            | {"levels__priorities__other": {"response": "4h", "calendar": "always"}},
            [
                (
                    "error",
                    "levels.priorities.other.response",
                    "other is answered sooner (4h) than urgent (5h), which is more severe",
                ),
                (
                    "warning",
                    "levels.priorities.urgent",
                    "urgent counts at any hour and there is no emergency service; write emergency",
                ),
            ],
        ),
        (
            {"levels__priorities__urgent": {"response": "30m"}},
            [
                (
                    "error",
                    "levels.priorities.urgent.calendar",
                    "urgent is the emergency, at any hour; write calendar: always",
                )
            ],
        ),
        (
            {"emergency__acknowledge": "31m"},
            [
                (
                    "error",
                    "emergency.acknowledge",
                    "the next person is called after 31m: too late to respond in 30m",
                )
            ],
        ),
        (
            {"levels__priorities__other": {"response": "4h", "resolution": "2d"}},
            [
                (
                    "warning",
                    "levels.priorities.other.resolution",
                    "2d is 48 hours of service time, not days of the calendar; write 48h",
                )
            ],
        ),
        (
            {"levels__matrix": MATRIX},
            [("warning", "levels.priorities.urgent", "no impact and urgency give urgent")],
        ),
        (
            {"title": {"en": "Support"}, "languages": ["en", "zh-CN"]},
            [("error", "title", "no text in zh-CN; write one for each of languages")],
        ),
        (
            {"duties__client": ["Gives access.", {"en": "Names contacts."}], "languages": ["zh-CN", "en"]},
            [("error", "duties.client.1", "no text in zh-CN; write one for each of languages")],
        ),
        (
            {"fees__units": [{"name": "Server", "unit": "asset", "amount": "5.00"}]},
            [
                (
                    "warning",
                    "fees.units.0",
                    "no asset is covered, so nothing is paid for any; write coverage.assets",
                )
            ],
        ),
        (
            {"fees__credits": [{"level": "availability", "percent": "5"}]},
            [
                (
                    "error",
                    "fees.credits.0",
                    "a credit for availability, which is not promised; write promises.availability",
                )
            ],
        ),
        (
            {"fees__credits": [{"level": "response", "priority": "high", "percent": "5"}]},
            [("error", "fees.credits.0.priority", "high is no priority; write one of urgent, other")],
        ),
        (
            {"fees__rates": [{"amount": "90", "services": ["consulting"]}]},
            [("error", "fees.rates.0", "consulting is not among coverage.services")],
        ),
        (
            {"fees__included": [{"hours": "6", "exhausted": "stop"}], "emergency": None}
            | {"levels__priorities__urgent__calendar": "service"},
            [
                (
                    "warning",
                    "fees.included",
                    "work stops when the hours are used up, and there is no emergency service",
                )
            ],
        ),
        (
            {"calendar__timezone": "Europe/London"},
            [
                (
                    "warning",
                    "calendar.timezone",
                    "hours are in Europe/London, dates of the agreement in Europe/Berlin",
                )
            ],
        ),
        (
            {"promises": {"backup_age": "12h", "restore": "1h"}},
            [
                (
                    "error",
                    "promises.backup_age",
                    "backups may be 12h old by the agreement and 24h by backup_sets",
                ),
                ("error", "promises.restore", "restoring may take 1h by the agreement and 4h by backup_sets"),
            ],
        ),
        (
            {"confidentiality__retention": {"log": "3650d"}},
            [
                (
                    "warning",
                    "confidentiality",
                    "it is not said how long texts, personal is kept; write retention",
                )
            ],
        ),
    ],
)
def test_contradictions_and_gaps(changes, wanted):
    assert found(**changes) == wanted


@pytest.mark.parametrize(
    ("around", "promises", "wanted"),
    [
        ({"probes": False}, {"availability": {"target": "99.5"}}, [("promises.availability", "probe")]),
        (
            {"jobs": frozenset({"report"})},
            {"drift_age": "3d", "audit": "1d", "unsupported": "90d", "drill": "90d"},
            [
                ("promises.drift_age", "audit"),
                ("promises.audit", "audit"),
                ("promises.unsupported", "audit"),
                ("promises.drill", "drill"),
            ],
        ),
        (
            {"client": CLIENT.model_copy(update={"backup_sets": {}})},
            {"backup_age": "1d", "restore": "4h"},
            [("promises.backup_age", "backup_sets"), ("promises.restore", "backup_sets")],
        ),
    ],
)
def test_a_promise_that_nobody_measures_is_told(around, promises, wanted):
    told = found(without(**around), promises=promises)
    assert [(severity, path) for severity, path, _ in told] == [("warning", path) for path, _ in wanted]
    assert [message.split()[-1] for _, _, message in told] == [what for _, what in wanted]


@pytest.mark.parametrize(
    ("around", "path"),
    [
        ({"jobs": frozenset({"audit"})}, "reports"),
        ({"roster": False}, "emergency"),
        ({"client": CLIENT.model_copy(update={"contacts": ()})}, "reports"),
    ],
)
def test_what_nobody_does_is_told(around, path):
    assert [(severity, where) for severity, where, _ in found(without(**around))] == [("warning", path)]


def test_an_agreement_that_covers_no_device_is_an_error():
    assert found(without(devices=())) == [
        ("error", "coverage.devices", "no device of the inventory is covered; mend the names")
    ]


SECOND = [{"version": 2, "effective": "2026-07-01", "summary": "Dearer"}]


@pytest.mark.parametrize(
    ("known", "version", "message"),
    [
        (
            NOBODY,
            2,
            "version 2 amends what was never signed; sign version 1 first, or write version: 1",
        ),
        (AMENDED, 1, "version 2 is signed; the next is 3, not 1"),
    ],
)
def test_versions_come_in_their_order(known, version, message):
    amendments = SECOND if version == 2 else []
    assert found(known=known, version=version, amendments=amendments) == [("error", "version", message)]


HOLIDAYS = {"country": "CN"}
YEAR = {"library": "0.90", "tzdata": "2026a", "closed": [], "working": []}


@pytest.mark.parametrize(
    ("frozen", "unsure"),
    [
        ([{"year": 2026, **YEAR}], []),
        ([{"year": 2026, "provisional": True, **YEAR}], ["2026"]),
        ([{"year": 2025, **YEAR}], ["2026"]),
    ],
)
def test_a_calendar_that_is_not_final_is_told(frozen, unsure):
    told = found(calendar__holidays=HOLIDAYS, calendar__frozen=frozen)
    assert told == [
        (
            "warning",
            "calendar",
            f"the holidays of {year} are provisional; amend the agreement once they are decreed",
        )
        for year in unsure
    ]
