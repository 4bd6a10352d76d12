"""Four eyes: when a change needs a second person, and whether what the log holds is that person's word for it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase

from netmgr.model.approval import GivenApproval, plan_digest
from netmgr.model.change import Plan, Refusal
from netmgr.model.change_policy import ApprovalPolicy
from netmgr.model.inventory import Device


def needs_approval(policy: ApprovalPolicy, plan: Plan, devices: Mapping[str, Device]) -> tuple[str, ...]:
    """Why the change needs a second person; empty where it does not."""
    return tuple(_needs(policy, plan, devices))


def _needs(policy: ApprovalPolicy, plan: Plan, devices: Mapping[str, Device]) -> Iterator[str]:
    count, lines = len(plan.changed), sum(device.added + device.removed for device in plan.changed)
    if policy.devices is not None and count > policy.devices:
        yield f"{count} device{'s are' if count > 1 else ' is'} more than {policy.devices}"
    if policy.lines is not None and lines > policy.lines:
        yield f"{lines} line{'s are' if lines > 1 else ' is'} more than {policy.lines}"
    names = [device.device for device in plan.changed]
    for name in names:
        if any(fnmatchcase(name, glob) for glob in policy.touching):
            yield f"it changes {name}"
        elif (role := devices[name].role) in policy.roles:
            yield f"it changes {name}, whose role is {role}"


def objection(given: GivenApproval, plan: Plan, *, deploys: str, at: datetime) -> str | None:
    """Why an approval does not hold for this plan when ``deploys`` deploys it at that time; None where it does."""
    by = given.by
    if given.approval.digest != plan_digest(plan):
        return f"{by} approved another content of it"
    if not given.genuine:
        return f"the signature of {by} does not hold"
    if not given.may:
        return f"{by} may not approve any more"
    if by == plan.author:
        return f"{by} made it"
    if by == deploys:
        return f"{by} approved it, and somebody else has to deploy it"
    if datetime.fromisoformat(given.approval.expires) <= at:
        return f"the approval of {by} expired at {given.approval.expires}"
    return None


def approval_refusals(
    why: Iterable[str],
    plan: Plan,
    approvals: Iterable[GivenApproval],
    *,
    saved: bool,
    again: str | None = None,
    deploys: str,
    at: datetime,
) -> tuple[Refusal, ...]:
    """What of the four eyes stands against the change: it needs approval (``why``), and nobody's holds.

    ``plan`` is the document that was approved; one that is not ``saved`` cannot have been. ``again`` is the
    command that carries it out once it is approved, where it is no deploy.
    """
    reasons = tuple(why)
    objections = [objection(given, plan, deploys=deploys, at=at) for given in approvals] if saved else []
    if not reasons or None in objections:
        return ()
    said = "".join(f"; {each}" for each in dict.fromkeys(objections))
    approver = "somebody else with the role approver"
    by_id = f"{approver} runs `netmgr approve {plan.id} -c {plan.client}`"
    if again is not None:
        do = f"{by_id}, then `{again}`"
    elif saved:
        do = by_id
    else:
        do = f"`netmgr plan --out FILE`, {approver} runs `netmgr approve FILE`, then `netmgr deploy FILE`"
    return (
        Refusal(
            gate="approval",
            reason=f"a second person has to approve: {', '.join(reasons)}{said}",
            remedy=f"{do}, or --break-glass REASON",
        ),
    )
