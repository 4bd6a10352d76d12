"""Bringing a network together again that a change left mixed: all of it back, or all of it forward, by a new change."""

from typing import Literal

from netmgr.model.change import DeployResult, IntentFacts
from netmgr.model.entry import Entry
from netmgr.model.selection import Selection
from netmgr.workflows.backup import after_change, kept_in
from netmgr.workflows.change import Approve, Change
from netmgr.workflows.deploy import refuse_if_open, saved, writing
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.history import first_result
from netmgr.workflows.planning import Design, design, prepare
from netmgr.workflows.restore import from_backups, restored_by
from netmgr.workflows.rollback import from_snapshots, refuse_overtaken, snapshots_of
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.unresolved import to_answer

Direction = Literal["back", "forward"]


def answer(
    runtime: Runtime, direction: Direction, change: str | None, request: DeployRequest, *, approve: Approve
) -> DeployResult:
    """Plan and carry out what brings the devices of ``change`` together; None is the newest that needs it.

    Devices that are there already are left alone. Raises Refused where nothing needs it, UsageError for an unknown
    change.
    """
    started = runtime.clock.monotonic()
    with writing(runtime) as lease:
        refuse_if_open(runtime)
        if earlier := first_result(runtime):
            return earlier
        intent = to_answer(runtime, change)
        names = sorted(item.device for item in IntentFacts.parse(intent.facts).devices)
        if direction == "back":
            refuse_overtaken(runtime, intent, names)
        drawn = _target(runtime, intent, names, direction)
        with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
            prepared = prepare(runtime, session, drawn, confirm_in=request.confirm_in)
            runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
            mending = Change(
                runtime,
                session,
                lease,
                prepared,
                request,
                action="recover",
                started=started,
                of=str(intent.change) if direction == "back" else None,
                answers=str(intent.change),
            )
            result = mending.run(approve)
            after_change(runtime, session, prepared.inventory, [result])
            return result


def _target(runtime: Runtime, intent: Entry, names: list[str], direction: Direction) -> Design:
    """What the devices shall run. Forward of a deploy is what the inventory intends, of any other what it pushed."""
    drawn, facts = design(runtime, Selection(names=tuple(names))), IntentFacts.parse(intent.facts)
    if direction == "back":
        note = f"the inventory still intends change {intent.change}: the next deploy would make it again"
        return from_snapshots(runtime, drawn, snapshots_of(intent), note)
    if restored := restored_by(runtime, intent):
        return from_backups(runtime, drawn, kept_in(runtime), restored)
    if facts.rollback_of is None:
        return drawn
    undone = next(
        e for e in runtime.log.entries(runtime.client, change=facts.rollback_of) if e.phase == "intent"
    )
    note = f"the inventory still intends change {facts.rollback_of}: the next deploy would make it again"
    return from_snapshots(runtime, drawn, {n: d for n, d in snapshots_of(undone).items() if n in names}, note)
