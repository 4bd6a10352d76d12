"""Four eyes: when a second person has to approve, and whose word holds."""

from datetime import datetime

import pytest

from netmgr.change.gates_approval import approval_refusals, needs_approval, objection
from netmgr.model.approval import Approval, GivenApproval, plan_digest
from netmgr.model.change import Basis, Plan, PlannedDevice
from netmgr.model.change_policy import ApprovalPolicy
from netmgr.model.inventory import Device

AT = datetime.fromisoformat("2026-11-28T12:00+00:00")
LATER = datetime.fromisoformat("2026-11-29T12:00+00:00")
DEVICES = {
    name: Device.model_validate({"name": name, "hostname": name, "platform": "frr", "data": {"role": role}})
    for name, role in (("core1", "core"), ("edge1", "edge"), ("edge2", "edge"))
}


def plan(*changed, lines=(1, 1), author="p-1", **fields):
    devices = tuple(
        PlannedDevice(
            device=name,
            action="replace" if name in changed else "none",
            strategy="commit_confirm",
            diff="",
            added=lines[0] if name in changed else 0,
            removed=lines[1] if name in changed else 0,
            wave=1,
        )
        for name in DEVICES
    )
    basis = Basis(
        target="network", store="s", git=None, inventory="i", templates="t", secrets="x", running={}
    )
    made = {
        "id": "plan-1",
        "client": "acme",
        "target": "network",
        "created": "2026-11-28T11:00:00+00:00",
        "author": author,
        "basis": basis,
        "atomic": "network",
        "confirm_in": 100,
        "devices": devices,
        "waves": (),
    }
    return Plan(**(made | fields))


EDGES = ("edge1", "edge2")

#: (policy, plan, why)
NEEDS = {
    "no rule": ({}, plan(*EDGES), []),
    "as many devices as may be": ({"devices": 2}, plan(*EDGES), []),
    "one more": ({"devices": 1}, plan(*EDGES), ["2 devices are more than 1"]),
    "every change": ({"devices": 0}, plan("edge1"), ["1 device is more than 0"]),
    "but not of nothing": ({"devices": 0}, plan(), []),
    "as many lines as may be": ({"lines": 10}, plan(*EDGES, lines=(3, 2)), []),
    "added and removed lines of all devices": (
        {"lines": 9},
        plan(*EDGES, lines=(3, 2)),
        ["10 lines are more than 9"],
    ),
    "a device that is named": ({"touching": ("edge2",)}, plan(*EDGES), ["it changes edge2"]),
    "a glob": ({"touching": ("c*", "x")}, plan("core1", "edge1"), ["it changes core1"]),
    "not where it is unchanged": ({"touching": ("core*",), "roles": ("core",)}, plan(*EDGES), []),
    "a role": ({"roles": ("core",)}, plan("core1", "edge1"), ["it changes core1, whose role is core"]),
    "several reasons": (
        {"devices": 1, "lines": 3, "touching": ("edge1",)},
        plan(*EDGES),
        ["2 devices are more than 1", "4 lines are more than 3", "it changes edge1"],
    ),
}


@pytest.mark.parametrize(("policy", "made", "why"), NEEDS.values(), ids=NEEDS)
def test_when_a_second_person_is_needed(policy, made, why):
    assert list(needs_approval(ApprovalPolicy(**policy), made, DEVICES)) == why


PLAN = plan("edge1")


def given(by="p-2", *, of=PLAN, expires=LATER, genuine=True, may=True):
    return GivenApproval(by=by, approval=Approval.of(of, expires=expires), genuine=genuine, may=may)


#: (approval, what is wrong with it)
OBJECTIONS = {
    "it holds": (given(), None),
    "of another content": (given(of=plan("edge2")), "p-2 approved another content of it"),
    "of another plan": (given(of=plan("edge1", id="plan-2")), "p-2 approved another content of it"),
    "of another author's": (given(of=plan("edge1", author="p-3")), "p-2 approved another content of it"),
    "a bad signature": (given(genuine=False), "the signature of p-2 does not hold"),
    "a role that was taken away": (given(may=False), "p-2 may not approve any more"),
    "by the author": (given("p-1"), "p-1 made it"),
    "by who deploys": (given("p-4"), "p-4 approved it, and somebody else has to deploy it"),
    "until the last second": (
        given(expires=datetime.fromisoformat("2026-11-28T12:00:00.000001+00:00")),
        None,
    ),
    "expired": (given(expires=AT), "the approval of p-2 expired at 2026-11-28T12:00:00.000000Z"),
}


@pytest.mark.parametrize(("approval", "wrong"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_whose_word_holds(approval, wrong):
    assert objection(approval, PLAN, deploys="p-4", at=AT) == wrong


def refused(*approvals, why=("2 devices are more than 1",), saved=True):
    return approval_refusals(why, PLAN, approvals, saved=saved, deploys="p-1", at=AT)


def test_one_that_holds_is_enough():
    assert refused(given("p-1"), given(expires=AT), given()) == ()
    assert refused(why=()) == ()


def test_every_objection_is_told_once():
    (refusal,) = refused(given(expires=AT), given("p-1"), given(expires=AT))
    assert refusal.model_dump() == {
        "gate": "approval",
        "reason": "a second person has to approve: 2 devices are more than 1; "
        "the approval of p-2 expired at 2026-11-28T12:00:00.000000Z; p-1 made it",
        "remedy": "somebody else with the role approver runs `netmgr approve plan-1 -c acme`, or --break-glass REASON",
    }


def test_a_plan_that_was_not_saved_cannot_have_been_approved():
    (refusal,) = refused(given(), saved=False)
    assert refusal.reason == "a second person has to approve: 2 devices are more than 1"
    assert refusal.remedy == (
        "`netmgr plan --out FILE`, somebody else with the role approver runs `netmgr approve FILE`, "
        "then `netmgr deploy FILE`, or --break-glass REASON"
    )


def test_the_digest_is_of_the_content_and_not_of_its_layout():
    again = Plan.model_validate_json(PLAN.model_dump_json(indent=7))
    assert plan_digest(again) == plan_digest(PLAN)
    assert len({plan_digest(plan("edge1", confirm_in=n)) for n in (1, 2)} | {plan_digest(PLAN)}) == 3


def test_a_statement_binds_client_target_and_time():
    approval = Approval.of(PLAN, expires=LATER)
    assert approval.statement("acme", "lab").decode() == (
        f'{{"client":"acme","digest":"{plan_digest(PLAN)}","expires":"2026-11-29T12:00:00.000000Z",'
        '"plan":"plan-1","target":"lab","what":"netmgr-approval"}'
    )
