"""A service calendar as data: what is taken, and what is said of mistakes."""

from datetime import date

import pytest
from pydantic import ValidationError

from netmgr.model.service_calendar import MakeUpDay, ServiceCalendar, minutes

OFFICE = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
YEAR = {"year": 2026, "library": "0.109", "tzdata": "2026f"}


def calendar(**said):
    return ServiceCalendar.model_validate({"timezone": "Europe/Berlin", "hours": OFFICE} | said)


def problems(**said):
    with pytest.raises(ValidationError) as refused:
        calendar(**said)
    return [problem["msg"].removeprefix("Value error, ") for problem in refused.value.errors()]


@pytest.mark.parametrize(
    ("spell", "expected"),
    [
        ("09:00-17:00", (540, 1020)),
        ("00:00-24:00", (0, 1440)),
        ("22:00-24:00", (1320, 1440)),
        ("22:00-06:00", (1320, 1800)),
        ("22:00-00:00", (1320, 1440)),
    ],
)
def test_a_spell_is_minutes_after_its_day_s_midnight(spell, expected):
    assert minutes(spell) == expected


def test_what_was_written_is_read_again():
    made = calendar(
        holidays={"country": "CN"},
        closures=[{"from": date(2026, 2, 9), "to": date(2026, 2, 10), "reason": "Stocktaking"}],
        extra=[{"date": date(2026, 2, 8), "like": "monday", "reason": "Before it"}],
        frozen=[
            YEAR
            | {
                "closed": [{"date": date(2026, 1, 1), "names": {"zh-CN": "元旦"}}],
                "working": [{"date": date(2026, 1, 4), "like": "friday"}],
            }
        ],
    )
    assert ServiceCalendar.model_validate_json(made.model_dump_json(by_alias=True)) == made
    assert made.frozen[0].working == (MakeUpDay(date=date(2026, 1, 4), like="friday"),)


def test_of_several_statements_about_a_day_one_holds():
    made = calendar(
        hours=OFFICE | {"friday": "09:00-15:00"},
        holidays={"country": "CN"},
        closures=[{"from": "2026-02-09", "to": "2026-02-10", "reason": "Stocktaking"}],
        extra=[{"date": "2026-01-02", "hours": ["10:00-12:00"], "reason": "A release"}],
        frozen=[
            YEAR
            | {
                "closed": [{"date": "2026-01-01"}, {"date": "2026-01-02"}, {"date": "2026-02-09"}],
                "working": [{"date": "2026-01-04", "like": "friday"}],
            }
        ],
    )
    assert made.exceptions() == {
        date(2026, 1, 1): (),
        date(2026, 1, 2): ("10:00-12:00",),
        date(2026, 1, 4): ("09:00-15:00",),
        date(2026, 2, 9): (),
        date(2026, 2, 10): (),
    }


def test_only_years_that_were_final_are_certain():
    later = YEAR | {"year": 2027, "provisional": True}
    assert calendar(holidays={"country": "CN"}, frozen=[YEAR, later]).certain_years == {2026}


CLOSED = {"from": "2026-03-02", "to": "2026-03-06", "reason": "Works holidays"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"timezone": "Europe/Berln"},
            "'Europe/Berln' is not a time zone; write an IANA name like Europe/Berlin or UTC",
        ),
        (
            {"hours": {"monday": "9-17"}},
            "'9-17' is not a spell of hours; write it like \"09:00-17:00\", to 24:00 at most",
        ),
        (
            {"hours": {"monday": "08:00-24:30"}},
            "'08:00-24:30' is not a spell of hours; write it like \"09:00-17:00\", to 24:00 at most",
        ),
        (
            {"hours": {"monday": "08:00-08:00"}},
            "'08:00-08:00' begins and ends at the same time; write \"00:00-24:00\" for a whole day, or remove it",
        ),
        (
            {"hours": {"monday": ["13:00-18:00", "08:00-13:30"]}},
            "08:00-13:30 and 13:00-18:00 overlap; join them, or shorten one",
        ),
        (
            {"hours": {"sunday": "22:00-06:00", "monday": "05:00-12:00"}},
            "22:00-06:00 of sunday and 05:00-12:00 of monday overlap after midnight; shorten one",
        ),
        ({"hours": {}}, 'no day has hours; write some, such as monday: "09:00-17:00"'),
        (
            {"closures": [CLOSED | {"to": "2026-03-01"}]},
            "ends on 2026-03-01, before it begins on 2026-03-02; exchange the two, or mend one",
        ),
        (
            {"closures": [CLOSED | {"to": "2027-03-03"}]},
            "closes 2026-03-02 to 2027-03-03, more than a year; write one for each year",
        ),
        (
            {"closures": [{"from": "2026-03-06", "reason": "Move"}, CLOSED]},
            "closures: Works holidays and Move overlap on 2026-03-06; join them, or shorten one",
        ),
        (
            {"closures": [CLOSED], "extra": [{"date": "2026-03-04", "like": "monday", "reason": "Launch"}]},
            "2026-03-04 is both closed (Works holidays) and extra (Launch); remove one",
        ),
        (
            {"extra": [{"date": "2026-03-07", "reason": "Launch"}]},
            "say either 'like' (a weekday whose hours it has) or 'hours' of its own",
        ),
        (
            {"extra": [{"date": "2026-03-07", "like": "sunday", "reason": "Launch"}]},
            "2026-03-07 is worked like a sunday, which has no hours; write 'hours'",
        ),
        (
            {
                "extra": [
                    {"date": "2026-03-07", "like": day, "reason": "Launch"} for day in ("monday", "friday")
                ]
            },
            "extra: 2026-03-07 stands twice; join the two",
        ),
        (
            {"frozen": [YEAR]},
            "frozen: there are no holidays to freeze; say of which country (holidays), or write closures",
        ),
        (
            {"holidays": {"country": "CN"}, "frozen": [YEAR, YEAR]},
            "frozen: 2026 stands twice; remove one",
        ),
        (
            {"holidays": {"country": "CN"}, "frozen": [YEAR | {"closed": [{"date": "2027-01-01"}]}]},
            "2027-01-01 is not in 2026; move it to its year",
        ),
        (
            {
                "holidays": {"country": "CN"},
                "frozen": [
                    YEAR
                    | {
                        "closed": [{"date": "2026-01-04"}],
                        "working": [{"date": "2026-01-04", "like": "friday"}],
                    }
                ],
            },
            "2026-01-04 stands twice; remove one",
        ),
        (
            {"holidays": {"country": "China"}},
            "'China' is not a country's two letters; write it like CN or DE",
        ),
    ],
)
def test_a_mistake_is_explained(said, message):
    assert problems(**said) == [message]
