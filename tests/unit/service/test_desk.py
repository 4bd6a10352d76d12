"""The desk's rules, act by act and state by state; the words of the command line."""

from itertools import pairwise

import pytest

from netmgr.cli import ticket as command
from netmgr.model import ticket as model
from netmgr.model.agreement_levels import Impact, Urgency
from netmgr.model.ticket import Happened, TicketRecord
from netmgr.service.desk import ALLOWED, cannot_accept, refusal

NINE = 1_764_406_800  # 2025-11-29 09:00 UTC
ACTS = model.words(model.Act)
STATES = model.words(model.State)


def ticket(state="open", **fields):
    made = {"id": "T-1", "kind": "fault", "state": state, "priority": "high", "opened": NINE, "updated": NINE}
    return TicketRecord(**made | fields)


def happened(*steps):
    """(what, minutes after nine)"""
    return [
        Happened(what, NINE + 60 * minutes, NINE + 60 * minutes, "", True, False, n)
        for n, (what, minutes) in enumerate(steps, 1)
    ]


def refused(act, stands, *steps, after=60, outcome=None, now=600):
    history = happened(("opened", 0), *steps)
    return refusal(act, stands, history, at=NINE + 60 * after, now=NINE + 60 * now, outcome=outcome)


TABLE = {
    "open": "",
    "import": "open in_progress paused resolved closed",
    "ack": "open in_progress paused",
    "update": "open in_progress paused resolved",
    "note": "open in_progress paused resolved closed",
    "link": "open in_progress paused resolved closed",
    "escalate": "open in_progress paused",
    "pause": "open in_progress",
    "resume": "paused",
    "resolve": "open in_progress paused",
    "close": "resolved",
    "reopen": "resolved closed",
    "accept": "open in_progress paused resolved closed",
    "warn": "open in_progress paused",
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_each_act_is_for_some_states(act, state):
    answer = refused(act, ticket(state))
    assert (answer is None) == (state in TABLE[act].split()), answer
    assert answer is None or (answer.startswith("T-1 ") and "\n" not in answer)


def test_the_table_has_every_act():
    assert set(TABLE) == set(ACTS) == set(ALLOWED)


@pytest.mark.parametrize("state", ["open", "in_progress", "paused", "resolved"])
@pytest.mark.parametrize("outcome", ["cancelled", "duplicate", "rejected"])
def test_what_is_cancelled_needs_no_resolution(state, outcome):
    assert refused("close", ticket(state), outcome=outcome) is None
    assert refused("close", ticket("closed"), outcome=outcome) == (
        "T-1 is closed; reopen it first: closing is not for it"
    )


def test_refusals_say_what_to_do():
    assert refused("close", ticket()) == (
        "T-1 is not resolved; resolve it first, or say with --outcome why it is closed: cancelled, duplicate, rejected"
    )
    assert refused("resolve", ticket(), outcome="cancelled") == (
        "T-1: cancelled is no resolution; close it with that outcome"
    )
    assert refused("pause", ticket("paused")) == "T-1 is paused; resume it first: pausing is not for it"


def test_nothing_happens_before_it_was_opened_or_in_the_future():
    for act in ("note", "pause", "resolve"):
        assert refused(act, ticket(), after=-1) == (
            "--at 2025-11-29T08:59:00Z: T-1 was opened at 2025-11-29T09:00:00Z; nothing was done for it before"
        )
        assert refused(act, ticket(), after=0) is None
        assert refused(act, ticket(), after=601) == (
            "--at 2025-11-29T19:01:00Z: that is to come; say when it happened"
        )
        assert refused(act, ticket(), after=600) is None


def test_what_the_clocks_count_goes_on_in_time_and_notes_may_be_made_up_for():
    steps = (("paused", 30), ("acted", 90))
    assert refused("resume", ticket("paused"), *steps, after=29) == (
        "--at 2025-11-29T09:29:00Z: T-1 was paused at 2025-11-29T09:30:00Z; say a later time"
    )
    assert refused("resume", ticket("paused"), *steps, after=30) is None
    assert refused("note", ticket("paused"), *steps, after=10) is None


def test_a_second_person_accepts_what_was_recorded_late():
    stands = ticket(late={"7": "p-17"})
    assert cannot_accept(stands, [7], "p-18") is None
    assert cannot_accept(stands, [7], "p-17") == "T-1: seq 7 was recorded by p-17; a second person accepts it"
    assert cannot_accept(stands, [7, 8], "p-18") == "T-1: seq 8 was not recorded late, or is accepted already"
    assert cannot_accept(ticket(), [], "p-18") == "T-1: nothing was recorded late that is not accepted"


def test_the_command_line_has_the_models_words():
    assert model.words(model.TicketKind) == command.KINDS
    assert command.STATES == STATES
    assert model.words(Impact) == command.IMPACTS
    assert model.words(Urgency) == command.URGENCIES
    assert model.words(model.PauseReason) == command.REASONS
    assert model.words(model.Cause) == command.CAUSES
    assert model.words(model.LinkKind) == command.LINKS
    assert frozenset(command.CANCELLING) == model.CANCELLING
    assert {*command.OUTCOMES, *command.CANCELLING} == set(model.words(model.Outcome))


@pytest.mark.parametrize("impact", model.words(Impact))
@pytest.mark.parametrize("urgency", model.words(Urgency))
def test_the_default_matrix_has_a_priority_for_everything(impact, urgency):
    assert model.priority(impact, urgency) in model.PRIORITIES


def test_the_default_matrix_grows_with_impact_and_urgency():
    rank = model.PRIORITIES.index
    for more, less in pairwise(model.words(Impact)):
        for urgency in model.words(Urgency):
            assert rank(model.priority(more, urgency)) <= rank(model.priority(less, urgency))
    urgencies = model.words(Urgency)
    for impact in model.words(Impact):
        ranks = [rank(model.priority(impact, urgency)) for urgency in urgencies]
        assert ranks == sorted(ranks)
    assert model.priority("limited", "low", {"limited": {"low": "later"}}) == "later"
