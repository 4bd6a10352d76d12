"""What a period costs, rule by rule. Random months are in tests/faults/test_invoices.py."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from netmgr.errors import InputError
from netmgr.model.agreement_fees import Fees
from netmgr.model.agreement_scope import Coverage
from netmgr.model.billing import Adjustment, LookedAfter, Miss, Worked
from netmgr.model.invoice import UNIT_CODES, InvoiceDraft, Unit
from netmgr.model.money import share
from netmgr.model.service_calendar import ServiceCalendar
from netmgr.model.stretch import midnight
from netmgr.service.calendar import ServiceHours
from netmgr.service.fee_terms import Terms, around, terms
from netmgr.service.fees import draft, minor_digits
from netmgr.service.versions import AgreementHistory, SignedVersion
from tests.faults.random_months import billed, month, terms_of
from tests.unit.service.samples import agreement

ZONE = "Europe/Berlin"
HOURS = ServiceHours(
    ServiceCalendar.model_validate(
        {
            "timezone": ZONE,
            "hours": dict.fromkeys(
                ("monday", "tuesday", "wednesday", "thursday", "friday"), ("08:00-18:00",)
            ),
        }
    )
)
JUNE = date(2026, 6, 1), date(2026, 6, 30)
TAX = {"code": "S", "rate": "19"}


def version(number=1, first=date(2026, 1, 1), last=None, **fees):
    made = Fees.model_validate({"currency": "EUR", "tax": TAX, **fees})
    return Terms(number, first, last, made, HOURS, ZONE, number)


def at(day, clock="10:00"):
    return int(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZoneInfo(ZONE)).timestamp())


def entry(day, clock="10:00", minutes=60, seq=100, **more):
    begin = at(day, clock)
    whole = {"seq": seq, "service": "faults", "begin": begin, "end": begin + minutes * 60}
    return Worked.model_validate({**whole, **more})


def device(name, first, last, seq=50, **more):
    return LookedAfter(unit="device", uid=name, name=name, first=first, last=last, evidence=(seq,), **more)


def shown(made):
    return [(line.key, line.quantity, line.unit, line.base, line.price, line.net) for line in made.lines]


def nets(made):
    return {line.key: str(line.net) for line in made.lines}


def miss(day="2026-06-10", level="response", priority="high", seq=70):
    return Miss(level=level, priority=priority, judged=at(day), evidence=(seq,))


def test_a_whole_month_is_one_month_and_a_part_of_it_is_days():
    fees = {"fixed": [{"name": "Desk", "amount": "480.00"}]}
    whole = draft(*JUNE, [version(**fees)])
    assert shown(whole) == [("fixed.0.v1.2026-06-01", 1, "month", 1, 480, 480)]
    late = draft(*JUNE, [version(first=date(2026, 6, 12), **fees)])
    assert shown(late) == [("fixed.0.v1.2026-06-12", 19, "day", 30, 480, 304)]
    ended = draft(*JUNE, [version(last=date(2026, 6, 7), **fees)])
    assert shown(ended) == [("fixed.0.v1.2026-06-01", 7, "day", 30, 480, 112)]


def test_an_amendment_splits_lines_at_its_day():
    made = draft(
        *JUNE,
        [
            version(1, last=date(2026, 6, 9), fixed=[{"name": "Desk", "amount": "300.00"}]),
            version(2, first=date(2026, 6, 10), fixed=[{"name": "Desk", "amount": "310.00"}]),
        ],
    )
    assert [(line.version, line.first.day, line.last.day, str(line.net)) for line in made.lines] == [
        (1, 1, 9, "90.00"),
        (2, 10, 30, "217.00"),
    ]
    assert [line.evidence for line in made.lines] == [(1,), (2,)]


def test_quarters_and_years_are_spread_over_their_days():
    fees = {
        "fixed": [
            {"name": "Quarter", "amount": "910.00", "per": "quarter"},
            {"name": "Year", "amount": "365.00", "per": "year"},
        ]
    }
    assert nets(draft(*JUNE, [version(**fees)])) == {
        "fixed.0.v1.2026-06-01": "300.00",
        "fixed.1.v1.2026-06-01": "30.00",
    }
    assert around(date(2024, 2, 10), "month") == (date(2024, 2, 1), date(2024, 2, 29))
    assert around(date(2026, 12, 31), "quarter") == (date(2026, 10, 1), date(2026, 12, 31))
    assert around(date(2026, 12, 31), "year") == (date(2026, 1, 1), date(2026, 12, 31))


def test_things_are_counted_by_the_day_each_day_once():
    fees = {"units": [{"name": "Router", "unit": "device", "amount": "85.00", "names": ["core*", "edge*"]}]}
    made = draft(
        *JUNE,
        [version(**fees)],
        looked_after=[
            device("core1", date(2025, 1, 1), date(2027, 1, 1), 11),
            device("edge1", date(2026, 6, 25), date(2026, 12, 31), 12),
            device("edge1", date(2026, 6, 20), date(2026, 6, 27), 13),
            device("isp1", date(2025, 1, 1), date(2027, 1, 1), 14),
        ],
    )
    (line,) = made.lines
    assert (line.things, line.quantity, line.unit) == ((("core1", 30), ("edge1", 11)), 41, "day")
    assert (str(line.net), line.evidence) == ("116.17", (1, 11, 12, 13))


def test_assets_by_kind_and_sites_by_name():
    fees = {
        "units": [
            {"name": "Server", "unit": "asset", "amount": "10.00", "kinds": ["server"]},
            {"name": "Site", "unit": "site", "amount": "20.00", "sites": ["hq"]},
        ]
    }
    days = {"first": date(2026, 6, 1), "last": date(2026, 6, 30), "evidence": (9,)}
    made = draft(
        *JUNE,
        [version(**fees)],
        looked_after=[
            LookedAfter(unit="asset", uid="a", name="a", kind="server", **days),
            LookedAfter(unit="asset", uid="b", name="b", kind="printer", **days),
            LookedAfter(unit="site", uid="hq", name="hq", **days),
            LookedAfter(unit="site", uid="other", name="other", **days),
        ],
    )
    assert [(line.things, line.net) for line in made.lines] == [((("a", 30),), 10), ((("hq", 30),), 20)]


RATES = [
    {"amount": "100.00", "step": 15},
    {"amount": "150.00", "when": "outside", "step": 15},
    {"amount": "200.00", "rate_class": "senior", "step": 15},
    {"amount": "120.00", "services": ["consulting"], "step": 15},
]


@pytest.mark.parametrize(
    ("work", "line"),
    [
        ({}, "work.0.working.v1"),
        ({"clock": "20:00"}, "work.1.outside.v1"),
        ({"rate_class": "senior"}, "work.2.working.v1"),
        ({"rate_class": "senior", "clock": "20:00"}, "work.2.outside.v1"),
        ({"rate_class": "junior"}, "work.0.working.v1"),
        ({"service": "consulting"}, "work.3.working.v1"),
        ({"service": "consulting", "clock": "20:00"}, "work.3.outside.v1"),
    ],
)
def test_the_rate_that_says_most_of_the_work_is_taken(work, line):
    made = draft(*JUNE, [version(rates=RATES)], entries=[entry("2026-06-10", **work)])
    assert [each.key for each in made.lines] == [line]


def test_work_is_rounded_up_to_the_step_by_the_second_and_once_where_one_rate_pays():
    rates = [{"amount": "60.00", "step": 15}]
    one = draft(*JUNE, [version(rates=rates)], entries=[entry("2026-06-10", "17:50", 20)])
    assert nets(one) == {"work.0.working.v1": "15.00", "work.0.outside.v1": "15.00"}
    begin = at("2026-06-10")
    late = entry("2026-06-10").model_copy(update={"end": begin + 15 * 60 + 1})
    assert nets(draft(*JUNE, [version(rates=rates)], entries=[late])) == {"work.0.working.v1": "30.00"}
    two = [{"amount": "60.00", "when": "working"}, {"amount": "120.00", "when": "outside"}]
    cut = draft(*JUNE, [version(rates=two)], entries=[entry("2026-06-10", "17:50", 20)])
    assert nets(cut) == {"work.0.working.v1": "15.00", "work.1.outside.v1": "30.00"}


def test_minutes_that_no_two_decimals_of_an_hour_say_stay_minutes():
    rates = [{"amount": "110.00", "step": 1}]
    made = draft(*JUNE, [version(rates=rates)], entries=[entry("2026-06-10", minutes=7)])
    assert shown(made) == [("work.0.working.v1", 7, "minute", 60, 110, Decimal("12.83"))]


def test_included_hours_are_used_in_the_order_of_the_work_and_what_is_left_is_billed():
    fees = {"included": [{"hours": "2", "services": ["faults"]}], "rates": [{"amount": "100.00"}]}
    made = draft(
        *JUNE,
        [version(**fees)],
        entries=[
            entry("2026-06-19", minutes=60, seq=102),
            entry("2026-06-10", minutes=45, seq=101),
            entry("2026-06-11", minutes=45, seq=103, service="consulting"),
        ],
        billed=[entry("2026-06-25", minutes=30, seq=99)],
    )
    # 30 before, 45 of the first, 45 of the second; 15 of it and the consulting are billed.
    assert nets(made) == {"work.0.working.v1": "100.00"}
    assert made.lines[0].evidence == (1, 102, 103)
    (used,) = made.hours
    assert (used.included, used.before, used.used, used.evidence) == (120, 30, 90, (101, 102))


def test_included_hours_that_an_amendment_leaves_alone_are_whole_and_others_go_by_the_day():
    hours = {"included": [{"hours": "7.25"}]}
    paid = {"rates": [{"amount": "100.00"}]}
    same = draft(
        *JUNE,
        [
            version(1, last=date(2026, 6, 9), **hours, **paid),
            version(2, first=date(2026, 6, 10), **hours, rates=[{"amount": "90.00"}]),
        ],
    )
    assert [(used.included, used.first, used.last) for used in same.hours] == [(435, *JUNE)]
    other = draft(
        *JUNE,
        [
            version(1, last=date(2026, 6, 1), **hours, **paid),
            version(2, first=date(2026, 6, 2), included=[{"hours": "8"}], **paid),
        ],
    )
    # 435/30 = 14.5, half up.
    assert [used.included for used in other.hours] == [15, 464]


def test_work_over_midnight_belongs_to_the_day_on_which_it_begins():
    made = draft(
        *JUNE,
        [
            version(1, last=date(2026, 6, 9), rates=[{"amount": "100.00"}]),
            version(2, first=date(2026, 6, 10), rates=[{"amount": "200.00"}]),
        ],
        entries=[entry("2026-06-09", "23:30", 60)],
    )
    assert nets(made) == {"work.0.outside.v1": "100.00"}


def test_work_without_a_rate_is_told_of_and_not_billed():
    fees = {"included": [{"hours": "1", "exhausted": "stop"}]}
    made = draft(
        *JUNE,
        [version(first=date(2026, 6, 5), **fees)],
        entries=[
            entry("2026-06-01", seq=90),
            entry("2026-06-10", minutes=90, seq=91),
            entry("2026-06-11", seq=92, billable=False),
        ],
    )
    assert made.lines == ()
    assert [(each.seq, each.minutes, each.why) for each in made.uncharged] == [
        (90, 60, "no_rate"),
        (91, 38, "no_rate"),
        (92, 60, "not_billable"),
    ]


def test_travel_and_calls():
    fees = {"travel": {"hour": "70.00", "kilometre": "0.42", "flat": "15.00"}, "call_out": "120.00"}
    travel = {"minutes": 50, "kilometres": "33.5"}
    made = draft(
        *JUNE,
        [version(**fees)],
        entries=[
            entry("2026-06-10", seq=101, travel=travel, called_out=True),
            entry("2026-06-10", "22:00", seq=102, called_out=True),
            entry("2026-06-12", seq=103),
        ],
    )
    assert nets(made) == {
        "travel.flat.v1": "15.00",
        "travel.hour.v1": "58.33",
        "travel.kilometre.v1": "14.07",
        "call_out.v1": "120.00",
    }
    assert made.lines[-1].evidence == (1, 102)


CREDITS = {
    "fixed": [{"name": "Desk", "amount": "480.00"}],
    "credits": [
        {"level": "response", "percent": "2"},
        {"level": "response", "priority": "high", "percent": "5"},
        {"level": "availability", "percent": "12.5"},
    ],
    "credit_cap": "15",
}


def test_credits_are_percentages_of_the_fixed_fees_up_to_the_cap():
    made = draft(
        *JUNE,
        [version(**CREDITS)],
        misses=[
            miss("2026-06-03", priority="low", seq=71),
            miss("2026-05-30", seq=70),
            miss("2026-06-04", level="availability", priority=None, seq=72),
            miss("2026-06-05", level="resolution", seq=73),
        ],
    )
    assert [(line.quantity, str(line.net), line.evidence) for line in made.lines[1:]] == [
        (-5, "-24.00", (1, 70)),
        (-2, "-9.60", (1, 71)),
        (-8, "-38.40", (1, 72)),
    ]
    assert [(each.percent, each.credited, each.evidence) for each in made.capped] == [
        (Decimal("12.5"), 8, (72,))
    ]
    assert (made.net, made.tax, made.total) == (Decimal("408.00"), Decimal("77.52"), Decimal("485.52"))


def test_nothing_gives_back_more_than_the_fees_whatever_the_versions_say():
    fees = {
        "fixed": [{"name": "Desk", "amount": "100.00"}],
        "credits": [{"level": "response", "percent": "70"}],
    }
    made = draft(
        *JUNE,
        [version(1, last=date(2026, 6, 9), **fees), version(2, first=date(2026, 6, 10), **fees)],
        misses=[miss("2026-06-05", seq=70), miss("2026-06-15", seq=71), miss("2026-06-16", seq=72)],
    )
    assert made.total == 0
    assert [each.credited for each in made.capped] == [30, 0]


def test_tax_is_of_each_code_and_rate_and_a_credit_lowers_each():
    fees = {
        "fixed": [
            {"name": "Desk", "amount": "100.01"},
            {"name": "Books", "amount": "50.05", "tax": "reduced"},
            {"name": "Abroad", "amount": "10.00", "tax": "abroad"},
        ],
        "taxes": {
            "reduced": {"code": "S", "rate": "7"},
            "abroad": {"code": "AE", "rate": "0", "reason": "Reverse charge"},
        },
        "credits": [{"level": "response", "percent": "10"}],
    }
    made = draft(*JUNE, [version(**fees)], misses=[miss()])
    assert [(each.code, each.rate, str(each.net), str(each.tax), each.reason) for each in made.taxes] == [
        ("S", "19", "90.01", "17.10", None),
        ("S", "7", "45.04", "3.15", None),
        ("AE", "0", "9.00", "0.00", "Reverse charge"),
    ]


def test_a_correction_may_go_either_way():
    made = draft(
        *JUNE,
        [version()],
        adjustments=[
            Adjustment(name="Device counted twice", amount="-85.00", day=date(2026, 5, 3), evidence=(40,)),
            Adjustment(name="Hours forgotten", amount="10.005", day=date(2026, 5, 4), evidence=(41,)),
        ],
    )
    assert nets(made) == {"correction.1": "-85.00", "correction.2": "10.01"}


def test_sums_are_rounded_half_up_to_the_currencys_own_unit():
    assert [minor_digits(each) for each in ("EUR", "CNY", "JPY", "KWD")] == [2, 2, 0, 3]
    assert [str(share(Decimal(price), Decimal(1), Decimal(2), 2)) for price in ("0.01", "-0.01", "0.03")] == [
        "0.01",
        "-0.01",
        "0.02",
    ]
    yen = draft(*JUNE, [version(currency="JPY", fixed=[{"name": "Desk", "amount": "10000.5"}])])
    assert (str(yen.net), str(yen.tax), str(yen.total)) == ("10001", "1900", "11901")


def test_an_amendment_of_the_currency_is_billed_in_two():
    versions = [version(1, last=date(2026, 6, 9)), version(2, first=date(2026, 6, 10), currency="JPY")]
    with pytest.raises(InputError, match="version 2 changes the currency on 2026-06-10, from EUR to JPY"):
        draft(*JUNE, versions)
    assert draft(date(2026, 6, 10), date(2026, 6, 30), versions).currency == "JPY"
    versions = [version(1, last=date(2026, 5, 31), rates=RATES), version(2, JUNE[0], currency="JPY")]
    with pytest.raises(InputError, match="version 1 is not in JPY"):
        draft(*JUNE, versions, entries=[entry("2026-05-20")])


def test_nothing_in_force_is_no_invoice():
    with pytest.raises(InputError, match="no agreement was in force by 2026-06-30"):
        draft(*JUNE, [version(first=date(2026, 7, 1))])


def test_a_draft_that_does_not_add_up_is_not_read():
    made = draft(*JUNE, [version(**CREDITS)], misses=[miss()])
    document = made.model_dump(mode="json")
    assert InvoiceDraft.model_validate(document) == made
    for path, value in (
        (("lines", 0, "net"), "480.01"),
        (("lines", 0, "kind"), "credit"),
        (("taxes", 0, "tax"), "0.01"),
        (("total",), "1.00"),
        (("net",), "1.00"),
        (("lines", 1, "kind"), "work"),
        (("lines", 1, "key"), "fixed.0.v1.2026-06-01"),
    ):
        changed = made.model_dump(mode="json")
        node = changed
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
        if path == ("lines", 0, "kind"):
            assert InvoiceDraft.model_validate(changed)
            continue
        with pytest.raises(ValidationError):
            InvoiceDraft.model_validate(changed)


def signed(number, agreed, seq):
    begins = midnight(agreed.effective, agreed.timezone)
    return SignedVersion(number, agreed.digest, begins, begins, begins, "d", None, seq)


def test_the_days_of_versions_come_from_what_was_signed():
    one = agreement()
    two = agreement(
        version=2,
        effective="2026-06-10",
        amendments=[{"version": 2, "effective": "2026-06-10", "summary": "More"}],
    )
    never = agreement(
        version=3,
        effective="2026-08-01",
        amendments=[
            {"version": 2, "effective": "2026-06-10", "summary": "More"},
            {"version": 3, "effective": "2026-08-01", "summary": "More"},
        ],
    )
    content = {each.digest: each for each in (one, two, never)}
    known = AgreementHistory((signed(1, one, 5), signed(2, two, 8), signed(3, never, 9)))
    found = terms(known, content, date(2026, 6, 30))
    assert [(each.version, each.first, each.last, each.seq) for each in found] == [
        (1, date(2026, 1, 1), date(2026, 6, 9), 5),
        (2, date(2026, 6, 10), date(2026, 12, 31), 8),
    ]
    # A version signed later for an earlier day takes the place of the one before it.
    other = AgreementHistory((signed(1, one, 5), signed(3, never, 9), signed(2, two, 10)))
    assert [each.version for each in terms(other, content, date(2026, 9, 30))] == [1, 2]


def test_a_term_that_goes_on_is_billed_on():
    renewed = agreement(
        term={
            "from": "2026-01-01",
            "to": "2026-12-31",
            "renewal": {"months": 12, "notice": "90d"},
            "notice": "90d",
        }
    )
    known, content = AgreementHistory((signed(1, renewed, 5),)), {renewed.digest: renewed}
    assert terms(known, content, date(2027, 3, 31))[0].last == date(2027, 12, 31)
    ended = agreement()
    known, content = AgreementHistory((signed(1, ended, 5),)), {ended.digest: ended}
    assert terms(known, content, date(2027, 3, 31))[0].last == date(2026, 12, 31)


def test_every_unit_has_its_code():
    from typing import get_args

    assert set(UNIT_CODES) == set(get_args(Unit))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 499), st.data())
def test_two_invoices_for_the_parts_of_a_month_are_the_month_but_for_rounding(number, data):
    """Credits are left out: they are percentages of the fees of the invoice that they are on."""
    case = month(number) | {"misses": [], "adjustments": []}
    if len(case["versions"]) > 1:
        case["versions"] = [case["versions"][0] | {"to": None}]
    day = data.draw(st.dates(case["first"] + timedelta(days=1), case["last"]))
    cut = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(case["zone"])).timestamp())
    if case["versions"][0]["from"] > case["first"]:
        case["versions"][0]["from"] = case["first"]
    early = [each for each in case["entries"] if each["begin"] < cut]
    late = [each for each in case["entries"] if each["begin"] >= cut]
    known = terms_of(case)
    whole = billed(case, known)
    first = billed(case, known, last=day - timedelta(days=1), entries=early)
    second = billed(case, known, first=day, entries=late, billed=[*case["billed"], *early])

    def quantities(*drafts):
        sums, nets = {}, {}
        for each in drafts:
            for line in each.lines:
                name = (
                    line.kind,
                    line.about,
                    line.version,
                    line.services,
                    line.rate_class,
                    line.when,
                    line.way,
                )
                key = (*name, line.price, line.tax.code, line.tax.rate)
                amount = (
                    line.quantity
                    / line.base
                    * (60 if line.unit == "minute" else 60 if line.unit == "hour" else 1)
                )
                sums[key] = sums.get(key, Decimal(0)) + round(amount, 9)
                nets.setdefault(key, []).append(line.net)
        return sums, nets

    (all_of_it, sums), (parts, cut_sums) = quantities(whole), quantities(first, second)
    assert {key: round(value, 6) for key, value in all_of_it.items()} == {
        key: round(value, 6) for key, value in parts.items()
    }
    half = Decimal(1).scaleb(-whole.digits) / 2
    for key, lines in cut_sums.items():
        assert abs(sum(lines) - sum(sums[key])) <= half * (len(lines) + len(sums[key])), key


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 499))
def test_only_credits_and_corrections_are_negative_and_each_tax_is_its_codes(number):
    made = billed(month(number))
    assert {line.kind for line in made.lines if line.net < 0} <= {"credit", "correction"}
    for each in made.taxes:
        lines = [line for line in made.lines if (line.tax.code, line.tax.rate) == (each.code, each.rate)]
        assert each.net == sum(line.net for line in lines)
        assert each.tax == share(each.net, Decimal(each.rate), Decimal(100), made.digits)


def test_only_what_the_version_covers_is_counted():
    fees = {
        "units": [
            {"name": "Router", "unit": "device", "amount": "85.00"},
            {"name": "Server", "unit": "asset", "amount": "10.00"},
        ]
    }
    plain = version(**fees)
    days = {"first": JUNE[0], "last": JUNE[1], "evidence": (9,)}
    things = [
        device("core1", *JUNE),
        device("isp1", *JUNE),
        LookedAfter(unit="asset", uid="a", name="a", kind="server", **days),
        LookedAfter(unit="asset", uid="b", name="b", kind="printer", **days),
    ]

    def counted(**coverage):
        covered = Coverage.model_validate({"services": ["faults"], **coverage})
        made = draft(*JUNE, [replace(plain, coverage=covered)], looked_after=things)
        return [name for line in made.lines for name, _ in line.things]

    assert counted(devices={"except": ["isp*"]}) == ["core1"]
    assert counted(assets={"kinds": ["server"]}) == ["core1", "isp1", "a"]
