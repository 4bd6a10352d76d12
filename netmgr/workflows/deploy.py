"""Deploy: plan (or take a saved plan), pass the gates, change the network as one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netmgr.change.checks import Requirements, requirements
from netmgr.change.outcome import change_outcome
from netmgr.change.plan import stale
from netmgr.errors import DeviceError, InputError, Refused
from netmgr.model.change import CommitOrder, DeployResult, DeviceResult, Plan
from netmgr.model.selection import Selection
from netmgr.model.state import AdjacencyState
from netmgr.ports.fleet import FleetSession
from netmgr.ports.locks import Lease
from netmgr.workflows import change_log
from netmgr.workflows.history import first_result
from netmgr.workflows.planning import Prepared, design, prepare
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """What the engineer asked for. ``max_fail`` devices may be left out before the commit."""

    reason: str | None = None
    ticket: str | None = None
    confirm_in: int | None = None
    takeover: frozenset[str] = frozenset()
    max_fail: int = 0
    hold: bool = False
    dry_run: bool = False


Approve = Callable[[Plan], bool]
"""Shown the plan; says whether to go on. The CLI asks, the workflow decides what happens then."""


def plan(runtime: Runtime, selection: Selection, request: DeployRequest) -> Plan:
    """Make a plan and save it. Reads the devices; changes nothing."""
    runtime.require("read")
    drawn = design(runtime, selection)
    with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
        prepared = prepare(runtime, session, drawn, confirm_in=request.confirm_in, takeover=request.takeover)
    runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
    return prepared.plan


def saved(made: Plan) -> bytes:
    """A plan's file: its document and nothing else."""
    return made.model_dump_json(indent=2).encode() + b"\n"


def deploy(
    runtime: Runtime, selection: Selection, request: DeployRequest, *, given: Plan | None, approve: Approve
) -> DeployResult:
    """Change the network. Raises Refused where a gate refuses before anything was touched."""
    runtime.require("change")
    holder = f"{runtime.actor.id} on {runtime.actor.on}"
    since = runtime.clock.now().isoformat(timespec="seconds")
    with runtime.locks.hold(runtime.client, runtime.target, holder, since) as lease:
        refuse_if_open(runtime)
        if earlier := first_result(runtime):
            return earlier
        if given:
            _refuse_foreign(runtime, given)
            selection = Selection(names=given.limit)
        drawn = design(runtime, selection)
        with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
            asked = (
                request.confirm_in if request.confirm_in is not None else given.confirm_in if given else None
            )
            prepared = prepare(runtime, session, drawn, confirm_in=asked, takeover=request.takeover)
            if given:
                _refuse_stale(given, prepared.plan)
                prepared = Prepared(
                    plan=prepared.plan.model_copy(update={"id": given.id, "created": given.created}),
                    intended=prepared.intended,
                    readings=prepared.readings,
                    expected=prepared.expected,
                    known=prepared.known,
                )
            else:
                runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
            return change_network(
                runtime, session, lease, prepared, request, action="deploy", approve=approve
            )


def change_network(
    runtime: Runtime,
    session: FleetSession,
    lease: Lease,
    prepared: Prepared,
    request: DeployRequest,
    *,
    action: str,
    approve: Approve,
    of: str | None = None,
) -> DeployResult:
    """Carry a plan out: gates, snapshots, intent, load, transaction. Shared by deploy and rollback."""
    made = prepared.plan
    change = runtime.clock.new_id()
    left_out = dict(made.unreachable)
    if len(left_out) > request.max_fail:
        return change_log.results(runtime, _stopped(runtime, change, prepared, left_out, "connect"), action)
    if not made.changed:
        return change_log.results(runtime, _stopped(runtime, change, prepared, left_out, "compare"), action)
    if not approve(made):
        raise Refused("approval", "the plan was not approved", "nothing was changed")
    if made.refused:
        first = made.refused[0]
        raise Refused(first.gate, "; ".join(r.reason for r in made.refused), first.remedy)
    orders = {
        device.device: CommitOrder(
            change=change,
            commit=runtime.clock.new_id(),
            epoch=lease.epoch,
            expected=prepared.readings[device.device].digest,
            after=device.after,
            seconds=made.confirm_in,
            message=request.reason or f"netmgr {action} {change}",
        )
        for device in made.changed
    }
    needed = _requirements(runtime, session, prepared, frozenset(orders))
    snapshots = {
        name: runtime.snapshots.put(runtime.client, prepared.readings[name].running.encode())
        for name in orders
    }
    if not request.dry_run:
        change_log.intent(
            runtime,
            action=action,
            plan=made,
            orders=orders,
            snapshots=snapshots,
            reason=request.reason,
            ticket=request.ticket,
            of=of,
        )
    runtime.progress(f"load: {len(orders)} devices")
    loaded = session.load({name: prepared.intended[name].candidate for name in orders})
    failed = {name: str(answer) for name, answer in loaded.items() if isinstance(answer, DeviceError)}
    if request.dry_run or len(failed) + len(left_out) > request.max_fail:
        session.discard(set(orders) - set(failed))
        stopped = _stopped(runtime, change, prepared, {**left_out, **failed}, "load", dry_run=request.dry_run)
        return stopped if request.dry_run else change_log.results(runtime, stopped, action)
    for name in failed:
        del orders[name]
    result = Transaction(runtime, session, orders=orders, needed=needed, plan=made.id, action=action).run(
        hold=request.hold
    )
    return _with_bystanders(result, prepared, {**left_out, **failed})


def refuse_if_open(runtime: Runtime) -> None:
    """Raise Refused(open_change) while an earlier change of this client and target has no end."""
    intents = runtime.log.open_intents(runtime.client, runtime.target)
    if intents:
        names = ", ".join(f"{entry.change} ({entry.action}, {entry.time})" for entry in intents)
        raise Refused(
            "open_change", f"{names} has no end yet", f"run `netmgr recover -c {runtime.client}` first"
        )


def _refuse_foreign(runtime: Runtime, given: Plan) -> None:
    if given.client != runtime.client:
        raise Refused("stale_plan", f"the plan is for {given.client}, not {runtime.client}", "plan again")
    if given.target != runtime.target:
        raise Refused(
            "stale_plan",
            f"the plan is for the {given.target}, not the {runtime.target}",
            "plan again, or aim at its target",
        )
    if runtime.log.plan_used(runtime.client, given.id):
        raise Refused("stale_plan", f"plan {given.id} has run already", "plan again")


def _refuse_stale(given: Plan, now: Plan) -> None:
    if now.unreachable and not given.unreachable:
        raise Refused(
            "stale_plan", "; ".join(now.unreachable.values()), "make the devices reachable, then deploy"
        )
    reasons = stale(given.basis, now.basis)
    if reasons:
        raise Refused("stale_plan", "; ".join(reasons), "plan again")


def _requirements(
    runtime: Runtime, session: FleetSession, prepared: Prepared, changed: frozenset[str]
) -> Requirements:
    """What must hold after the commit, from the intent and from the state before."""
    runtime.progress("state before: adjacencies")
    answers = session.adjacencies(prepared.readings)
    before: Mapping[str, tuple[AdjacencyState, ...]] = {
        name: answer for name, answer in answers.items() if not isinstance(answer, DeviceError)
    }
    return requirements(
        expected=[a for a in prepared.expected if a.device in prepared.readings],
        known=prepared.known,
        changed=changed,
        configured={
            name: runtime.forms[item.platform].configured(item.config)
            for name, item in prepared.intended.items()
        },
        before=before,
    )


def _stopped(
    runtime: Runtime,
    change: str,
    prepared: Prepared,
    failed: Mapping[str, str],
    phase: str,
    *,
    dry_run: bool = False,
) -> DeployResult:
    """The result of a change that ended before any commit: nothing was touched."""
    devices = []
    for device in prepared.plan.devices:
        if device.device in failed:
            continue
        unchanged = device.action == "none"
        devices.append(
            DeviceResult(
                device=device.device,
                outcome="unchanged" if unchanged else "refused",
                phase=phase,
                seconds=0.0,
                error=None
                if unchanged
                else "dry run"
                if dry_run
                else "left alone: the change stopped before any commit",
            )
        )
    devices += [
        DeviceResult(device=name, outcome="failed", phase=phase, seconds=0.0, error=error)
        for name, error in failed.items()
    ]
    devices.sort(key=lambda result: result.device)
    outcome = "failed" if failed and not dry_run else change_outcome(d.outcome for d in devices)
    if dry_run and not failed:
        outcome = "unchanged"
    return DeployResult(
        change=None if dry_run else change,
        plan=prepared.plan.id,
        client=runtime.client,
        target=runtime.target,
        outcome=outcome,
        seconds=0.0,
        devices=tuple(devices),
    )


def _with_bystanders(result: DeployResult, prepared: Prepared, failed: Mapping[str, str]) -> DeployResult:
    """Add the devices that the transaction did not touch: those that read so already, and those left out."""
    others = [
        DeviceResult(device=device.device, outcome="unchanged", phase="compare", seconds=0.0)
        for device in prepared.plan.devices
        if device.action == "none"
    ]
    others += [
        DeviceResult(device=name, outcome="failed", phase="load", seconds=0.0, error=error)
        for name, error in failed.items()
    ]
    devices = sorted((*result.devices, *others), key=lambda device: device.device)
    return result.model_copy(update={"devices": tuple(devices)})


def parse_plan(document: bytes, where: str) -> Plan:
    """A saved plan's document as a Plan. Raises InputError naming the file."""
    try:
        return Plan.model_validate_json(document)
    except ValueError as error:
        raise InputError([f"{where}: not a plan: {' '.join(str(error).split())[:200]}"]) from error
