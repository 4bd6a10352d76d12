"""Hours of work: how they lie in the service's, what is used of those included, and what a plan hears of it."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from netmgr.model.billing import Worked
from netmgr.model.time_entry import TimeEntry
from netmgr.service.calendar import ServiceHours
from netmgr.service.fee_terms import Terms
from netmgr.service.fees import draft
from netmgr.service.hours_used import judge, period, used
from netmgr.service.time_entries import overlap, refusal, split
from tests.unit.service.samples import agreement

HOUR = 3600
BERLIN = ZoneInfo("Europe/Berlin")
RATES = [{"amount": "100.00"}]


def second(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp())


def spell(begin, hours, number=1, **said):
    begin = second(begin)
    known = {"id": f"H-{number}", "person": "p-1", "service": "network", "entry": "e"} | said
    return TimeEntry(begin=begin, end=begin + int(hours * HOUR), **known)


def agreed(*included):
    return agreement(fees__included=list(included), fees__rates=RATES)


@pytest.mark.parametrize(
    ("begin", "hours", "parts"),
    [
        ("2026-11-23 09:00", 2, (2, 0)),  # a Monday, which works from 08:00 to 18:00
        ("2026-11-23 07:00", 2, (1, 1)),
        ("2026-11-23 17:00", 3, (1, 2)),
        ("2026-11-22 23:00", 12, (3, 9)),
        ("2026-11-24 09:00", 2, (0, 2)),
    ],
)
def test_working_and_outside_hours_by_the_signed_calendar(begin, hours, parts):
    start = second(begin)
    found = split(agreement(), start, start + hours * HOUR)
    assert (found.working / HOUR, found.outside / HOUR) == parts
    assert found.provisional is False


def test_a_split_is_additive_to_the_second():
    random, made = Random(7), agreement()
    for _ in range(300):
        begin = second("2026-03-20 00:00") + random.randrange(40 * 24 * HOUR)
        middle = begin + random.randrange(1, 20 * HOUR)
        end = middle + random.randrange(1, 20 * HOUR)
        whole, first, last = split(made, begin, end), split(made, begin, middle), split(made, middle, end)
        assert whole.working == first.working + last.working
        assert whole.working + whole.outside == end - begin


def test_without_an_agreement_all_of_it_is_working_and_provisional():
    assert split(None, 0, 90) == (90, 0, True)


@pytest.mark.parametrize(
    ("begin", "end", "why"),
    [
        (100, 200, None),
        (100, 100, "it ends at"),
        (100, 99, "it ends at"),
        (100, 1001, "that is to come"),
        (-100_000, 100, "more than 24 hours"),
    ],
)
def test_when_nobody_can_have_worked(begin, end, why):
    found = refusal(begin, end, 1000)
    assert (found is None) if why is None else (why in found)


def test_spells_that_touch_do_not_overlap():
    taken = [spell("2026-11-23 09:00", 1), spell("2026-11-23 11:00", 1, 2)]
    nine, hour = second("2026-11-23 09:00"), HOUR
    assert overlap(nine + hour, nine + 2 * hour, taken) is None
    assert overlap(nine + hour - 1, nine + 2 * hour, taken).id == "H-1"
    assert overlap(nine + hour, nine + 2 * hour + 1, taken).id == "H-2"
    assert overlap(nine - hour, nine, taken) is None
    assert overlap(nine + 3 * hour, None, taken) is None
    assert overlap(nine - hour, None, taken).id == "H-1"
    running = taken[0].model_copy(update={"end": None})
    assert overlap(nine + 90 * hour, nine + 91 * hour, [running]).id == "H-1"


@pytest.mark.parametrize(
    ("per", "at", "first", "last"),
    [
        ("month", "2026-11-30 23:59", date(2026, 11, 1), date(2026, 11, 30)),
        ("month", "2026-12-01 00:00", date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", "2026-11-15 12:00", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", "2026-03-01 12:00", date(2026, 1, 1), date(2026, 12, 31)),
        ("month", "2028-02-29 12:00", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_period_is_whole_days_on_the_agreement_s_clocks(per, at, first, last):
    found = period(agreement(), per, datetime.fromtimestamp(second(at), UTC))
    assert (found.first, found.last) == (first, last)
    assert (found.begin, found.end) == (
        second(f"{first} 00:00"),
        second(f"{date.fromordinal(last.toordinal() + 1)} 00:00"),
    )


def versions(*made):
    return tuple(
        Terms(
            version=number,
            first=each.effective,
            last=made[number].effective - timedelta(days=1) if number < len(made) else date(2026, 12, 31),
            fees=each.fees,
            hours=ServiceHours(each.calendar),
            zone=each.timezone,
            seq=number,
        )
        for number, each in enumerate(made, 1)
    )


def figures(made, *entries, at="2026-11-30 12:00"):
    found = used(versions(made), entries, datetime.fromtimestamp(second(at), UTC))
    return [(line.used / HOUR, line.over / HOUR) for line in found]


def test_hours_go_to_the_first_line_that_has_some_left():
    made = agreed(
        {"hours": "2", "services": ["faults"]}, {"hours": "3"}, {"hours": "9", "services": ["backup"]}
    )
    faults = spell("2026-11-02 09:00", 4, service="faults")
    network = spell("2026-11-03 09:00", 2, 2)
    assert figures(made, network, faults) == [(2, 0), (3, 1), (0, 0)]
    assert figures(made) == [(0, 0), (0, 0), (0, 0)]


def test_only_what_was_begun_in_the_period_counts_and_only_billable_time_up_to_the_moment():
    made = agreed({"hours": "10"})
    over_midnight = spell("2026-10-31 22:00", 3)
    free = spell("2026-11-05 09:00", 2, 2, billable=False)
    assert figures(made, over_midnight, free) == [(0, 0)]
    assert figures(made, over_midnight, at="2026-10-31 23:00") == [(3, 0)]
    assert figures(made, over_midnight, at="2026-10-31 22:00") == [(0, 0)]
    goes_on = spell("2026-11-30 09:00", 1, 3).model_copy(update={"end": None})
    assert figures(made, goes_on) == [(3, 0)]
    assert figures(made, at="2025-12-31 12:00") == []


def test_each_spell_is_rounded_as_it_is_billed():
    made = agreement(
        fees__included=[{"hours": "2"}],
        fees__rates=[
            {"amount": "100.00", "when": "working", "step": 30},
            {"amount": "100.00", "when": "outside", "step": 15},
            {"amount": "50.00", "rate_class": "junior", "step": 1},
        ],
    )
    # A Monday: 10 minutes before 18:00 and 10 after it.
    evening = spell("2026-11-23 17:50", 1 / 3)
    assert figures(made, evening) == [(0.75, 0)]
    assert figures(made, evening.model_copy(update={"rate_class": "junior"})) == [(1 / 3, 0)]
    later = [spell(f"2026-11-{day} 12:00", 0.01, day) for day in (24, 25, 26, 27, 28, 29)]
    assert figures(made, evening, *later) == [(2, 0.25)]


def test_hours_of_part_of_a_period_are_counted_by_the_day():
    before, after = agreed({"hours": "10"}), agreed({"hours": "20"})
    after = after.model_copy(update={"effective": date(2026, 11, 16)})
    worked = spell("2026-11-02 09:00", 7)
    found = used(versions(before, after), [worked], datetime.fromtimestamp(second("2026-11-30 12:00"), UTC))
    assert [(line.included / HOUR, line.used / HOUR) for line in found] == [(10, 0)]
    found = used(versions(before, after), [worked], datetime.fromtimestamp(second("2026-11-10 12:00"), UTC))
    assert [(line.included / HOUR, line.used / HOUR, line.over / HOUR) for line in found] == [(5, 5, 2)]


def test_it_is_what_the_invoice_counts():
    random = Random(11)
    made = versions(
        agreement(
            fees__included=[{"hours": "5", "services": ["faults"]}, {"hours": "9.5"}],
            fees__rates=[{"amount": "100.00", "when": "working"}, {"amount": "90.00", "step": 6}],
        )
    )
    for _ in range(40):
        begins = sorted(random.sample(range(second("2026-11-01 00:00"), second("2026-11-30 00:00")), 12))
        spells = [
            TimeEntry(
                id=f"H-{number}",
                person="p-1",
                service=random.choice(["faults", "network"]),
                entry="e",
                billable=random.random() < 0.9,
                begin=begin,
                end=begin + random.randrange(60, 4 * HOUR),
            )
            for number, begin in enumerate(begins, 1)
        ]
        entries = [
            Worked(seq=number, service=one.service, begin=one.begin, end=one.end, billable=one.billable)
            for number, one in enumerate(spells, 1)
        ]
        billed = draft(date(2026, 11, 1), date(2026, 11, 30), made, entries=entries)
        found = used(made, spells, datetime.fromtimestamp(second("2026-11-30 23:59"), UTC))
        assert [(each.included, each.used) for each in billed.hours] == [
            (line.included // 60, line.used // 60) for line in found
        ]
        paid = sum(
            each.quantity * (60 if each.unit == "hour" else 1) for each in billed.lines if each.kind == "work"
        )
        assert paid == sum(line.over for line in found) // 60


def said(made, *entries, service="network", emergency=False):
    lines = used(versions(made), entries, datetime.fromtimestamp(second("2026-11-30 12:00"), UTC))
    found = judge(lines, service, emergency=emergency)
    return [refusal.reason for refusal in found.refusals], list(found.warnings)


USED_UP = "the 2 hours included for network from 2026-11-01 to 2026-11-30 are used up (fees.included[0])"


@pytest.mark.parametrize(
    ("exhausted", "hours", "emergency", "expected"),
    [
        ("stop", 1.75, False, ([], [])),
        ("stop", 1.76, False, ([USED_UP], [])),
        ("stop", 2, False, ([USED_UP], [])),
        ("stop", 2, True, ([], [USED_UP])),
        ("warn", 2, False, ([], [USED_UP])),
        ("bill", 2, False, ([], [])),
    ],
)
def test_what_is_done_when_they_are_used_up_is_what_the_agreement_says(exhausted, hours, emergency, expected):
    made = agreed({"hours": "2", "exhausted": exhausted})
    assert said(made, spell("2026-11-02 09:00", hours), emergency=emergency) == expected


def test_a_service_without_hours_of_its_own_is_not_stopped():
    made = agreed({"hours": "2", "services": ["faults"], "exhausted": "stop"})
    worked = spell("2026-11-02 09:00", 5, service="faults")
    assert said(made, worked) == ([], [])
    assert said(made, worked, service="faults")[0]
    both = agreed({"hours": "2", "services": ["faults"], "exhausted": "stop"}, {"hours": "1"})
    assert said(both, spell("2026-11-02 09:00", 2, service="faults"), service="faults") == ([], [])
