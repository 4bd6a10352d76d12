"""Each promise of the agreement's model has a measure: a new one cannot be forgotten."""

from pathlib import Path

import pytest

from netmgr.adapters.agreement_yaml import YamlAgreements
from netmgr.document.locale import english
from netmgr.document.numbering import numbered
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_levels import ChangeNotice, Emergency, Promises, Reports, Target
from netmgr.model.agreement_scope import ServiceKind
from netmgr.report.promises import LEVELS, MEASURES, TERMS, printed
from netmgr.service.agreement_clauses import clauses
from tests.unit.report.reading import document, rows
from tests.unit.report.service_month import amended
from tests.unit.report.service_story import ServiceStory
from tests.unit.service.samples import agreement

ROOT = Path(__file__).parents[3]

#: Everything that an agreement can say, said.
WHOLE = {
    "languages": ["en", "zh-CN"],
    "term__renewal": {"months": 12, "notice": "90d", "times": 3},
    "coverage__services": ["faults", "consulting", "network", "backup", "requests"],
    "coverage__excluded": ["Cabling"],
    "calendar__closures": [{"from": "2026-12-24", "to": "2026-12-31", "reason": "Closed"}],
    "emergency": {
        "priority": "urgent",
        "acknowledge": "15m",
        "phone": "+44 20 7946 0199",
        "break_glass": True,
    },
    "promises": {
        "availability": {"target": "99.5"},
        **dict.fromkeys(("drift_age", "audit", "backup_age", "restore", "drill", "unsupported"), "3d"),
    },
    "reports": {"every": "month"},
    "notice": {"before": "2d"},
    "fees__included": [{"hours": "6"}],
    "fees__rates": [{"amount": "110.00"}],
    "fees__credits": [{"level": "response", "percent": "5"}],
    "payment": {
        "days": 30,
        "interest": "9",
        "suspension": {"grace": "30d", "notice": "14d"},
        "adjustment": "Once a year.",
    },
    "law": {"governing": "German law", "venue": "Berlin"},
    "other": ["Nothing else."],
    "version": 2,
    "amendments": [{"version": 2, "effective": "2026-01-01", "summary": "More."}],
}

#: What each part of the agreement promises, by the keys of the clauses that it is printed as.
PARTS = {
    "coverage": {f"services.{kind}" for kind in ServiceKind.__args__},
    "levels": {LEVELS},
    "emergency": {"emergency", "emergency.break_glass"},
    "promises": {f"promises.{name}" for name in Promises.model_fields},
    "reports": {"reports", "reports.log", "reports.request"},
    "notice": {"notice"},
    "fees": {"fees", "fees.included", "fees.credits"},
    "duties": {"duties.provider"},
    "confidentiality": {"confidentiality", "confidentiality.retention"},
    # These say who, when and under which law, what is counted how, and what the client owes.
    **dict.fromkeys(("version", "effective", "languages", "timezone", "title", "parties", "term"), set()),
    **dict.fromkeys(("calendar", "payment", "law", "other", "annexes", "amendments"), set()),
}


@pytest.fixture
def keys():
    """Of every clause that is printed of everything that can be said."""
    words = english()
    return {key for key, _ in printed(numbered(clauses(agreement(**WHOLE), words), words))}


def test_the_example_says_everything(keys):
    """A key that is added to the model has to be said here, and printed, or to stand among those without one."""
    said = agreement(**WHOLE)
    unsaid = {name for name in Agreement.model_fields if getattr(said, name) in (None, ())}
    assert unsaid == {"title"}
    for part in (said.promises, said.emergency, said.payment, said.law.model_copy(update={"language": "en"})):
        assert None not in [getattr(part, name) for name in type(part).model_fields]
    assert set(PARTS) == set(Agreement.model_fields)
    assert set().union(*PARTS.values()) <= keys


def test_what_is_printed_is_measured_or_a_term(keys):
    assert keys - set(MEASURES) - TERMS == {LEVELS}
    assert set(MEASURES).isdisjoint(TERMS)
    assert set(MEASURES) | {LEVELS} == set().union(*PARTS.values())


def test_the_models_of_promises_are_these():
    """What is added to one of them promises more: it needs a clause, and a measure."""
    assert {
        model.__name__: set(model.model_fields) for model in (Emergency, Reports, ChangeNotice, Target)
    } == {
        "Emergency": {"priority", "acknowledge", "rounds", "phone", "break_glass"},
        "Reports": {"every", "due", "audiences"},
        "ChangeNotice": {"before", "calendar"},
        "Target": {"response", "resolution", "calendar"},
    }


def test_what_an_amendment_leaves_as_it_was_is_one_promise(desk, story):
    first = YamlAgreements(ROOT).working_copy("acme").agreement
    story.sign("2025-12-20 10:00", first)
    story.sign("2026-11-10 10:00", amended(first, "2026-11-16", audit="1h"))
    made = desk.make("2026-12-02 08:00")
    versions = {
        row["key"]: row["version"] for row in rows(made, "promises") if row["key"] != "promises.audit"
    }
    assert set(versions.values()) == {"1, 2"}


@pytest.fixture
def story(desk):
    return ServiceStory(desk.log, desk.clock)


def results(made):
    return {row["key"]: row["result"] for row in rows(made, "promises")}


def test_a_month_in_which_nothing_was_measured_says_so_of_every_promise(desk, story):
    story.sign("2025-12-20 10:00", agreement(**WHOLE))
    made = desk.make("2026-12-02 08:00", verify=False)
    found = results(made)
    assert found.pop("fees") == "running", "what is paid for days is known"
    assert set(found.values()) == {"not_measured"}
    assert all(row["measured"] for row in rows(made, "promises"))
    levels = {
        f"levels.{name}.{priority}"
        for name, priority in (("response", "urgent"), ("response", "other"), ("resolution", "urgent"))
    }
    assert set(results(made)) == set(MEASURES) | levels
    assert {row["result"] for row in rows(made, "performance", "service-levels")} == {"not_measured"}


def test_clauses_are_those_of_the_agreement_as_it_was_signed(desk, story):
    """Numbers and texts are the rendered document's; each version that holds has its own."""
    first = YamlAgreements(ROOT).working_copy("acme").agreement
    story.sign("2025-12-20 10:00", first)
    story.sign("2026-11-10 10:00", amended(first, "2026-11-16", audit="1h"))
    made = desk.make("2026-12-02 08:00")
    found = [
        (row["version"], row["clause"], row["promise"])
        for row in rows(made, "promises")
        if row["key"] == "promises.audit"
    ]
    assert found == [
        ("1", "5.2", "No more than 1 day passes between two audits of a device."),
        ("2", "5.2", "No more than 1 hour passes between two audits of a device."),
    ]


def test_the_log_itself_is_a_promise(desk, story):
    story.sign("2025-12-20 10:00", agreement())
    made = desk.make("2026-12-02 08:00")
    assert results(made)["reports.log"] == "met"
    assert document(made)["cut"] == 2
