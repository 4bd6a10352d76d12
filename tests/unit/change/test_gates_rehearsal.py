"""Whether a policy lets a change pass that was, or was not, rehearsed; and which plans are one change."""

import pytest

from netmgr.change.gates_rehearsal import rehearsal_refusals
from netmgr.change.rehearsal import rehearsed_digest
from netmgr.model.change_policy import RehearsalPolicy
from netmgr.model.rehearsal import AttachedRehearsal
from tests.unit.change.test_gates_approval import plan

ASKED = RehearsalPolicy(required=True)


def rehearsal(outcome="passed", *, exact=True):
    return AttachedRehearsal(
        id="r",
        plan="plan-1",
        time="2026-11-28T12:00:00.000000Z",
        outcome=outcome,
        partitions=0,
        seconds_lost=0.0,
        emulated=0,
        exact=exact,
    )


@pytest.mark.parametrize(
    ("policy", "changed", "found", "reason"),
    [
        (RehearsalPolicy(), ("edge1",), None, None),
        (RehearsalPolicy(devices=1), ("edge1", "edge2"), None, None),
        (ASKED, ("edge1",), rehearsal(), None),
        (RehearsalPolicy(required=True, devices=1), ("edge1",), None, None),
        (ASKED, (), None, None),
        (ASKED, ("edge1",), None, "the policy asks for a change to be rehearsed, and it was not"),
        (
            RehearsalPolicy(required=True, devices=1),
            ("edge1", "edge2"),
            None,
            "the policy asks for a change of more than 1 devices to be rehearsed, and it was not",
        ),
        (
            ASKED,
            ("edge1",),
            rehearsal("failed"),
            "the policy asks for a change to be rehearsed, and its rehearsal at 2026-11-28T12:00:00.000000Z failed",
        ),
        (
            ASKED,
            ("edge1",),
            rehearsal(exact=False),
            "the policy asks for a change to be rehearsed, and what was rehearsed at 2026-11-28T12:00:00.000000Z is "
            "out of date",
        ),
    ],
)
def test_the_policy_s_rule(policy, changed, found, reason):
    refusals = rehearsal_refusals(policy, plan(*changed), found)
    assert [(each.gate, each.reason) for each in refusals] == ([("rehearsal", reason)] if reason else [])


def test_the_remedy_can_be_typed():
    (network,) = rehearsal_refusals(ASKED, plan("edge1"), None)
    (lab,) = rehearsal_refusals(ASKED, plan("edge1", target="lab"), None)
    assert network.remedy == "run `netmgr rehearse -c acme plan-1`"
    assert lab.remedy == "run `netmgr --lab rehearse -c acme plan-1`"


def based(**changes):
    made = plan("edge1", waves=(("edge1",),))
    return made.model_copy(update={"basis": made.basis.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (based(), True),
        (based().model_copy(update={"id": "plan-2", "created": "2026-11-28T11:30:00+00:00"}), True),
        (based().model_copy(update={"author": "p-2", "at": "2026-11-28T11:30:00+00:00"}), True),
        (based(inventory="other"), False),
        (based(templates="other"), False),
        (based(secrets="other"), False),
        (based(running={"edge1": "other"}), False),
        (based().model_copy(update={"waves": (("edge1",), ("edge2",))}), False),
        (based().model_copy(update={"limit": ("edge1",)}), False),
        (based().model_copy(update={"confirm_in": 99}), False),
        (based().model_copy(update={"target": "lab"}), False),
    ],
)
def test_plans_that_do_the_same_to_the_same_network_are_one(other, same):
    assert (rehearsed_digest(other) == rehearsed_digest(based())) is same
