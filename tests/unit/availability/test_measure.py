"""Availability: what holds of every sum of samples, and some sums by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.availability.digest import clipped, digest
from netmgr.availability.measure import availability, expected, slot
from netmgr.availability.standing import following
from netmgr.model.availability import Availability, percent
from netmgr.model.probe import Span, Standing
from netmgr.model.stretch import Stretch, whole_day

START = datetime(2026, 11, 23, tzinfo=UTC)
STATES = st.sampled_from(["up", "down", "unknown", "exempt", "gap"])


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def stretch(first: float, last: float) -> Stretch:
    return Stretch(at(first), at(last))


def spans(states: list[tuple[str, int]]) -> list[Span]:
    """Samples one after the other, each with its interval in minutes, as a store keeps them."""
    made: list[Span] = []
    now = 0
    for state, interval in states:
        now = -(-now // interval) * interval  # the next multiple
        if state != "gap":
            last = made[-1] if made else None
            step = timedelta(minutes=interval)
            known = (at(now) - step, interval * 60, state)
            if last and (last.last, last.interval, last.state) == known:
                made[-1] = replace(last, last=at(now))
            else:
                made.append(Span("core", at(now), at(now), interval * 60, state))
        now += 1  # a shorter interval may come at any time
        if state == "gap":
            now += interval
    return made


@st.composite
def taken(draw):
    return spans(draw(st.lists(st.tuples(STATES, st.sampled_from([1, 2, 5, 60])), max_size=40)))


MOMENTS = st.integers(-200, 3000)


@given(taken(), MOMENTS, MOMENTS, MOMENTS, st.sampled_from([60, 300, 3600]))
def test_a_split_period_adds_up(samples, a, b, c, interval):
    first, middle, last = sorted((a, b, c))
    halves = availability(samples, stretch(first, middle), interval) + availability(
        samples, stretch(middle, last), interval
    )
    assert halves == availability(samples, stretch(first, last), interval)


@given(taken(), MOMENTS, MOMENTS, st.sampled_from([60, 300, 3600]))
def test_it_is_never_more_than_all_of_it(samples, a, b, interval):
    made = availability(samples, stretch(min(a, b), max(a, b)), interval)
    assert 0 <= made.up + made.down <= made.seconds
    assert made.seconds + made.exempt == (max(a, b) - min(a, b)) * 60
    assert 0 <= made.expected <= expected(stretch(min(a, b), max(a, b)), interval)
    assert 0 <= made.answered <= made.taken
    assert made.percent is None or 0 <= made.percent <= 100
    assert 0 <= made.share <= 100


@given(taken(), st.data())
def test_a_sample_more_that_fails_never_helps(samples, data):
    period = stretch(0, 3000)
    before = availability(samples, period, 60)
    good = [(span, n) for span in samples if span.state == "up" for n in range(span.samples)]
    if not good:
        return
    span, number = data.draw(st.sampled_from(good))
    step = timedelta(seconds=span.interval)
    failed = span.first + number * step
    parts = [
        replace(span, last=failed - step),
        Span("core", failed, failed, span.interval, "down"),
        replace(span, first=failed + step),
    ]
    others = [each for each in samples if each != span] + [part for part in parts if part.first <= part.last]
    after = availability(others, period, 60)
    assert (after.up + after.down, after.taken) == (before.up + before.down, before.taken)
    assert after.up < before.up
    assert after.answered == before.answered - 1


@given(taken(), st.sampled_from(["up", "down", "unknown"]), st.data())
def test_what_is_exempt_excuses_and_adds_nothing(samples, state, data):
    """A span under maintenance instead: what was down or unknown costs nothing more, what was up brings nothing."""
    spans_of_it = [span for span in samples if span.state == state]
    if not spans_of_it:
        return
    span = data.draw(st.sampled_from(spans_of_it))
    others = [replace(span, state="exempt") if each == span else each for each in samples]
    period = stretch(0, 3000)
    before, after = availability(samples, period, 60), availability(others, period, 60)
    gone = before.seconds - after.seconds
    assert after.exempt - before.exempt == gone > 0
    assert before.expected - after.expected == gone // 60
    taken_out = {"up": (gone, 0), "down": (0, gone), "unknown": (0, 0)}[state]
    assert (before.up - after.up, before.down - after.down) == taken_out
    known = (before.up + before.down, after.up + after.down)
    if all(known):
        shares = [percent(made.up, made.up + made.down) for made in (before, after)]
        assert shares == sorted(shares, reverse=state == "up")


@given(taken(), MOMENTS, MOMENTS)
def test_it_is_what_counting_every_minute_gives(samples, a, b):
    """A reference that knows each minute by itself."""
    first, last = min(a, b), max(a, b)
    minutes: dict[datetime, str] = {}
    for span in sorted(samples, key=lambda span: span.first):
        for number in range(span.samples):
            begin = span.first + number * timedelta(seconds=span.interval)
            for minute in [moment for moment in minutes if moment >= begin]:
                del minutes[minute]
            minutes |= {begin + timedelta(minutes=n): span.state for n in range(span.interval // 60)}
    inside = [state for moment, state in minutes.items() if at(first) <= moment < at(last)]
    made = availability(samples, stretch(first, last), 60)
    words = ("up", "down", "exempt")
    assert (made.up, made.down, made.exempt) == tuple(inside.count(word) * 60 for word in words)
    assert made.expected == last - first - inside.count("exempt")


def test_a_day_by_hand():
    samples = [
        Span("core", at(0), at(699), 60, "up"),
        Span("core", at(700), at(709), 60, "down"),
        Span("core", at(710), at(719), 60, "unknown"),
        Span("core", at(720), at(1439), 60, "up"),
    ]
    made = availability(samples, stretch(0, 1440), 60)
    assert made == Availability(86_400, 1420 * 60, 600, 1440, 1430, 1420)
    assert (made.measured, made.share, made.percent) == (True, 99.305, 99.300)


def test_a_day_with_maintenance_by_hand():
    samples = [
        Span("core", at(0), at(599), 60, "up"),
        Span("core", at(600), at(659), 60, "exempt"),
        Span("core", at(660), at(663), 60, "down"),
        Span("core", at(664), at(1439), 60, "up"),
    ]
    made = availability(samples, stretch(0, 1440), 60)
    assert made == Availability(1380 * 60, 1376 * 60, 240, 1380, 1380, 1376, exempt=3600)
    assert (made.share, made.percent) == (100.0, 99.710)
    assert availability(samples, stretch(600, 660), 60) == Availability(exempt=3600)
    assert not availability(samples, stretch(600, 660), 60).measured


@pytest.mark.parametrize(("minutes", "measured"), [(1367, False), (1368, True)])
def test_below_95_percent_it_is_not_measured(minutes, measured):
    made = availability([Span("core", at(0), at(minutes - 1), 60, "up")], stretch(0, 1440), 60)
    assert (made.measured, made.percent) == (measured, 100.0 if measured else None)


def test_no_samples_are_no_availability():
    made = availability([], stretch(0, 1440), 300)
    assert (made, made.percent, made.share) == (Availability(86_400, expected=288), None, 0.0)
    assert availability([], stretch(0, 0), 300).percent is None


def test_nearly_all_is_not_all():
    assert percent(999_999, 1_000_000) == 99.999
    assert percent(1, 3) == 33.333
    assert percent(0, 0) == 0.0


def test_a_sample_belongs_to_the_interval_that_it_was_taken_in():
    moment = datetime(2026, 11, 23, 10, 59, 59, 999_999, tzinfo=UTC)
    assert slot(moment, 3600) == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert slot(slot(moment, 60), 60) == datetime(2026, 11, 23, 10, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "samples"), [(0, 60, 12), (1, 60, 11), (0, 61, 13), (1, 1, 0), (1, 4, 0)]
)
def test_what_is_due_in_a_period(first, last, samples):
    assert expected(stretch(first, last), 300) == samples


UP, DOWN = Standing("up", at(0)), Standing("down", at(0))


@pytest.mark.parametrize(
    ("newest", "before", "after"),
    [
        pytest.param(None, UP, UP, id="nothing new"),
        pytest.param(Span("core", at(5), at(9), 60, "unknown"), DOWN, DOWN, id="nothing known"),
        pytest.param(Span("core", at(5), at(9), 60, "exempt"), UP, UP, id="under maintenance"),
        pytest.param(Span("core", at(5), at(5), 60, "up"), None, Standing("up", at(5)), id="first seen up"),
        pytest.param(Span("core", at(5), at(5), 60, "up"), UP, UP, id="still up"),
        pytest.param(Span("core", at(5), at(5), 60, "up"), DOWN, Standing("up", at(5)), id="up again"),
        pytest.param(Span("core", at(5), at(6), 60, "down"), UP, UP, id="two are too few"),
        pytest.param(
            Span("core", at(5), at(7), 60, "down"), UP, Standing("down", at(5)), id="three are down"
        ),
        pytest.param(
            Span("core", at(5), at(7), 60, "down"), None, Standing("down", at(5)), id="from the start"
        ),
        pytest.param(Span("core", at(5), at(9), 60, "down"), DOWN, DOWN, id="still down"),
        pytest.param(Span("core", at(5), at(6), 60, "down"), None, None, id="too few to know"),
    ],
)
def test_when_a_device_counts_as_down(newest, before, after):
    assert following(newest, before, 3) == after


def test_the_digest_is_of_the_samples_and_not_of_how_they_are_kept():
    day = stretch(0, 10)
    one = [Span("core", at(-5), at(20), 60, "up"), Span("edge", at(3), at(4), 60, "down")]
    parts = [
        Span("edge", at(3), at(3), 60, "down"),
        Span("core", at(7), at(9), 60, "up"),
        Span("edge", at(4), at(4), 60, "down"),
        Span("core", at(-1), at(6), 60, "up"),
        Span("core", at(10), at(11), 60, "down"),
    ]
    assert clipped(one, day) == clipped(parts, day)
    assert clipped(one, day) == (
        Span("core", at(0), at(9), 60, "up"),
        Span("edge", at(3), at(4), 60, "down"),
    )
    assert digest(one, day) == digest(parts, day)
    others = [
        replace(one[0], state="down"),
        replace(one[0], interval=300),
        replace(one[0], first=at(1)),
        replace(one[0], last=at(8)),
        replace(one[0], device="core2"),
    ]
    assert len({digest([each, one[1]], day) for each in (one[0], *others)}) == 6
    gap = [Span("core", at(0), at(4), 60, "up"), Span("core", at(6), at(9), 60, "up")]
    assert clipped(gap, day) == tuple(gap)


def test_days_are_as_long_as_the_clocks_say():
    spring, autumn = datetime(2026, 3, 29).date(), datetime(2026, 10, 25).date()
    lengths = [
        (day.end - day.start) // timedelta(hours=1)
        for day in (whole_day(spring, "Europe/Berlin"), whole_day(autumn, "Europe/Berlin"))
    ]
    assert lengths == [23, 25]
