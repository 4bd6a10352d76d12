"""What a company is asked makes a whole agreement."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from netmgr.model.client import Client
from netmgr.service.agreement_check import Surroundings, findings
from netmgr.service.agreement_first import Answers, first_agreement
from netmgr.service.versions import AgreementHistory

ANSWERS = Answers(
    language="en",
    timezone="Europe/Berlin",
    client="Acme",
    client_address="Berlin",
    client_signs="A",
    provider="Example",
    provider_address="London",
    provider_signs="B",
    begins=date(2026, 1, 1),
    months=12,
    days=(0, 4),
    hours="09:00-17:00",
    country="DE",
    emergency=True,
    phone="+44 20 7946 0199",
    currency="EUR",
    monthly="480.00",
    per_device="85.00",
    included_hours="6",
    hourly="110.00",
    payment_days=30,
    tax="19",
    law="German law",
)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("emergency", [True, False])
def test_it_has_no_errors(language, emergency):
    made = first_agreement(replace(ANSWERS, language=language, emergency=emergency))
    around = Surroundings(client=Client(id="acme"), devices=("r1",))
    found = findings(made, around, AgreementHistory(), date(2026, 1, 1))
    assert [one for one in found if one.severity == "error"] == []
    assert (made.emergency is not None) == emergency


def test_the_answers_are_in_it():
    made = first_agreement(ANSWERS)
    assert (made.term.from_, made.term.to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert made.calendar.hours.monday == ("09:00-17:00",)
    assert made.calendar.hours.saturday == ()
    assert [unit.amount for unit in made.fees.units] == ["85.00"]
    assert [hours.hours for hours in made.fees.included] == ["6"]
    assert made.emergency.phone == "+44 20 7946 0199"


def test_what_is_not_wanted_is_not_in_it():
    made = first_agreement(replace(ANSWERS, country=None, per_device=None, included_hours=None, phone=None))
    assert (made.calendar.holidays, made.fees.units, made.fees.included) == (None, (), ())


@pytest.mark.parametrize(
    ("begins", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
    ],
)
def test_a_term_has_whole_months(begins, months, last):
    assert first_agreement(replace(ANSWERS, begins=begins, months=months)).term.to == last


def test_an_answer_that_cannot_be_is_refused():
    with pytest.raises(ValidationError, match="is not an amount"):
        first_agreement(replace(ANSWERS, monthly="plenty"))
