"""Plan and deploy: what the inventory intends, shown or made so."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from netmgr.change.plan import stale
from netmgr.errors import InputError, Refused
from netmgr.model.change import DeployResult, Plan
from netmgr.model.selection import Selection
from netmgr.ports.locks import Lease
from netmgr.workflows.backup import after_change
from netmgr.workflows.change import Approve, Change
from netmgr.workflows.gates import DeployRequest, judged
from netmgr.workflows.history import first_result
from netmgr.workflows.planning import Prepared, design, prepare
from netmgr.workflows.runtime import Runtime


def plan(runtime: Runtime, selection: Selection, request: DeployRequest) -> Plan:
    """Make a plan and save it. Reads the devices; changes nothing."""
    runtime.require("read")
    drawn = design(runtime, selection)
    with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
        prepared = prepare(runtime, session, drawn, confirm_in=request.confirm_in, canary=request.canary)
    prepared = judged(runtime, prepared, request)
    runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
    return prepared.plan


def deploy(
    runtime: Runtime, selection: Selection, request: DeployRequest, *, given: Plan | None, approve: Approve
) -> DeployResult:
    """Change the network. Raises Refused where a gate refuses before anything was touched."""
    started = runtime.clock.monotonic()
    with writing(runtime) as lease:
        refuse_if_open(runtime)
        if earlier := first_result(runtime):
            return earlier
        if given:
            refuse_foreign(runtime, given)
            selection = Selection(names=given.limit)
        drawn = design(runtime, selection)
        with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
            asked = request.confirm_in or (given.asked if given else None)
            canary = request.canary or (given.canary if given else None)
            prepared = prepare(runtime, session, drawn, confirm_in=asked, canary=canary)
            if given:
                prepared = as_given(given, prepared)
            prepared = judged(runtime, prepared, request)
            if not given:
                runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
            change = Change(runtime, session, lease, prepared, request, action="deploy", started=started)
            result = change.run(approve)
            after_change(runtime, session, prepared.inventory, [result])
            return result


@contextmanager
def writing(runtime: Runtime) -> Iterator[Lease]:
    """The right to write to the client's devices. Raises Refused(access) or Refused(lock).

    One writer for each client and target: what another workspace does at the same time, each device's own fence stops.
    """
    runtime.require("change")
    holder = f"{runtime.actor.id} on {runtime.actor.on}"
    with runtime.locks.hold(runtime.client, runtime.target, holder) as lease:
        if old := lease.taken_from:
            runtime.progress(
                f"lease: taken over from {old.holder} (since {old.since}), which has fallen silent"
            )
        yield lease


def refuse_if_open(runtime: Runtime) -> None:
    """Raise Refused(open_change) while an earlier change of this client and target has no end."""
    intents = runtime.log.open_intents(runtime.client, runtime.target)
    if intents:
        names = ", ".join(f"{entry.change} ({entry.action}, {entry.time})" for entry in intents)
        raise Refused(
            "open_change", f"{names} has no end yet", f"run `netmgr recover -c {runtime.client}` first"
        )


def saved(made: Plan) -> bytes:
    """A plan's file: its document and nothing else."""
    return made.model_dump_json(indent=2).encode() + b"\n"


def parse_plan(document: bytes, where: str) -> Plan:
    """A saved plan's document as a Plan. Raises InputError naming the file."""
    try:
        return Plan.model_validate_json(document)
    except ValueError as error:
        raise InputError([f"{where}:1: not a plan: {' '.join(str(error).split())[:200]}"]) from error


def refuse_foreign(runtime: Runtime, given: Plan) -> None:
    """Raise Refused(stale_plan) for the plan of another client or target, and for one that has run."""
    if given.client != runtime.client:
        raise Refused("stale_plan", f"the plan is for {given.client}, not {runtime.client}", "plan again")
    if given.target != runtime.target:
        reason = f"the plan is for the {given.target}, not the {runtime.target}"
        raise Refused("stale_plan", reason, "plan again, or aim at its target")
    if runtime.log.plan_used(runtime.client, given.id):
        raise Refused("stale_plan", f"plan {given.id} has run already", "plan again")


def as_given(given: Plan, prepared: Prepared) -> Prepared:
    """The fresh plan under the given one's name, if nothing has changed in between; Refused(stale_plan) otherwise."""
    if prepared.plan.unreachable and not given.unreachable:
        reason = "; ".join(prepared.plan.unreachable.values())
        raise Refused("stale_plan", reason, "make the devices reachable, then deploy")
    reasons = stale(given.basis, prepared.plan.basis)
    if reasons:
        raise Refused("stale_plan", "; ".join(reasons), "plan again")
    if _content(given) != _content(prepared.plan):
        raise Refused("stale_plan", "it would change something else now", "plan again")
    if given.canary == prepared.plan.canary and given.waves != prepared.plan.waves:
        raise Refused(
            "stale_plan", "the change would go in other waves now: a policy has changed", "plan again"
        )
    same = prepared.plan.model_copy(update={"id": given.id, "created": given.created, "author": given.author})
    return dataclasses.replace(prepared, plan=same, given=given)


def _content(plan: Plan) -> dict[str, tuple[str, str]]:
    """What the plan would do, device by device: what was looked at, and approved, is what runs."""
    return {device.device: (device.action, device.diff) for device in plan.changed}
