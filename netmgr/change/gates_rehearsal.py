"""Whether a change was rehearsed: the policy's rule, and what of the plan's rehearsal stands against it."""

from netmgr.model.change import Plan, Refusal
from netmgr.model.change_policy import RehearsalPolicy
from netmgr.model.rehearsal import AttachedRehearsal


def rehearsal_refusals(
    policy: RehearsalPolicy, plan: Plan, rehearsal: AttachedRehearsal | None
) -> tuple[Refusal, ...]:
    """A change of more devices than the policy lets pass needs a passed rehearsal of exactly this plan."""
    count = len(plan.changed)
    if not policy.required or count <= policy.devices:
        return ()
    if rehearsal is None:
        found = "it was not"
    elif not rehearsal.exact:
        found = f"what was rehearsed at {rehearsal.time} is out of date"
    elif rehearsal.outcome == "failed":
        found = f"its rehearsal at {rehearsal.time} failed"
    else:
        return ()
    more = f" of more than {policy.devices} devices" if policy.devices else ""
    lab = " --lab" if plan.target == "lab" else ""
    return (
        Refusal(
            gate="rehearsal",
            reason=f"the policy asks for a change{more} to be rehearsed, and {found}",
            remedy=f"run `netmgr{lab} rehearse -c {plan.client} {plan.id}`",
        ),
    )
