"""The agreement's gate: a new change is judged by the agreement in force at that minute; the way back is free."""

from datetime import date

import pytest

from netmgr.errors import Refused
from netmgr.model.selection import Selection
from netmgr.workflows import agreement as workflow
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.rollback import rollback
from tests.integration.agreement.conftest import FILE

EVERYTHING = Selection()
HOUR = 3600
TO_THE_END = (38 * 24 + 15) * HOUR
"""From the clock's begin, 08:00 UTC on 23 November, to the end of the term, midnight in Berlin."""


@pytest.fixture
def agreed(signing):
    signing.sign()
    return signing


def run(world, runtime=None, **asked):
    return deploy(
        runtime or world.runtime(), EVERYTHING, DeployRequest(**asked), given=None, approve=lambda _: True
    )


def other_loopbacks(world):
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.", "10.254.0."))


def test_refused_at_the_minute_the_term_ends(agreed):
    agreed.clock.sleep(TO_THE_END - 60)
    assert run(agreed).outcome == "applied"
    other_loopbacks(agreed)
    agreed.clock.sleep(60 - agreed.clock.elapsed % 60)
    before = agreed.running()
    made = plan(agreed.runtime(), EVERYTHING, DeployRequest())
    assert [refusal.gate for refusal in made.refused] == ["agreement"]
    for asked in ({}, {"break_glass": "customer's word"}):
        with pytest.raises(
            Refused, match=r"refused \(agreement\): the agreement is not in force: it ended at 2027"
        ):
            run(agreed, **asked)
    assert agreed.running() == before


def test_a_term_that_ends_soon_is_told(agreed):
    agreed.clock.sleep(TO_THE_END - 6 * 24 * HOUR)
    made = plan(agreed.runtime(), EVERYTHING, DeployRequest())
    assert made.refused == ()
    assert made.warnings == ("the agreement ends on 2027-01-01T00:00+01:00, in 6 days; nothing renews it",)


def test_suspended_a_new_change_is_refused_and_the_way_back_is_free(agreed):
    assert run(agreed).outcome == "applied"
    before = agreed.running()
    other_loopbacks(agreed)
    second = run(agreed)
    assert second.outcome == "applied"
    workflow.suspend(agreed.runtime(), notice=date(2026, 11, 1))
    agreed.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.254.0.", "10.253.0."))
    with pytest.raises(Refused, match="the agreement is suspended since 2026-11-15"):
        run(agreed)
    back = rollback(agreed.runtime(), second.change, DeployRequest(), approve=lambda _: True)
    assert back.outcome == "applied"
    assert agreed.running() == before


def test_the_glass_is_broken_where_the_agreement_says_so(agreed):
    workflow.suspend(agreed.runtime(), notice=date(2026, 11, 1))
    result = run(agreed, break_glass="the head office is down")
    assert result.outcome == "applied"
    (intent,) = (
        entry
        for entry in agreed.wiring.service_log.entries("square", kind="change")
        if entry.phase == "intent" and entry.device is None
    )
    assert intent.facts["break_glass"] == ["agreement"]


def test_the_lab_is_not_bound_unless_it_is_asked_for(agreed):
    workflow.suspend(agreed.runtime(), notice=date(2026, 11, 1))
    assert run(agreed, agreed.runtime(target="lab")).outcome == "applied"
    other_loopbacks(agreed)
    with pytest.raises(Refused, match="suspended"):
        run(agreed, agreed.runtime(target="lab"), gates=True)


def test_an_unsigned_amendment_binds_nobody(agreed):
    agreed.edit(FILE, lambda text: text.replace("[faults, network]", "[faults]"))
    assert run(agreed).outcome == "applied"
