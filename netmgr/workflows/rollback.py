"""Rollback: push each device's snapshot from before a change, as a new change of its own."""

import dataclasses

from netmgr.errors import Refused, UsageError
from netmgr.model.change import DeployResult, IntentFacts, Plan
from netmgr.model.entry import Entry
from netmgr.model.intended import Intended
from netmgr.model.selection import Selection
from netmgr.workflows.change import Approve, Change
from netmgr.workflows.deploy import as_given, refuse_foreign, refuse_if_open, saved, writing
from netmgr.workflows.gates import DeployRequest, judged
from netmgr.workflows.history import first_result
from netmgr.workflows.planning import design, prepare
from netmgr.workflows.runtime import Runtime

#: Outcomes after which a device may run what the change intended.
_TOUCHED = ("applied", "in_doubt")


def rollback(
    runtime: Runtime, change: str, request: DeployRequest, *, approve: Approve, given: Plan | None = None
) -> DeployResult:
    """Undo ``change``; with its plan ``given`` where one had to be approved.

    Raises UsageError for an unknown change, Refused when later changes touched its devices or a gate refuses.
    """
    started = runtime.clock.monotonic()
    with writing(runtime) as lease:
        refuse_if_open(runtime)
        if earlier := first_result(runtime):
            return earlier
        intent, applied = _what_it_did(runtime, change)
        _refuse_overtaken(runtime, intent, applied)
        digests = {item.device: item.snapshot for item in IntentFacts.parse(intent.facts).devices}
        drawn = design(runtime, Selection(names=tuple(applied)))
        missing = sorted(set(applied) - {device.name for device in drawn.devices})
        if missing:
            raise Refused(
                "inventory", f"{', '.join(missing)} is not an active device any more", "restore it by hand"
            )
        snapshots = {
            name: runtime.snapshots.get(runtime.client, digests[name]).decode("utf-8", "surrogateescape")
            for name in applied
        }
        before = {
            name: Intended(
                device=name,
                platform=drawn.intended[name].platform,
                candidate=snapshots[name],
                config=snapshots[name],
                warnings=(
                    f"the inventory still intends change {change}: the next deploy would make it again",
                ),
            )
            for name in applied
        }
        drawn = dataclasses.replace(drawn, intended=before)
        with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
            prepared = prepare(runtime, session, drawn, confirm_in=request.confirm_in)
            if given:
                refuse_foreign(runtime, given)
                prepared = as_given(given, prepared)
            else:
                prepared = judged(runtime, prepared, request, undoes=change)
                runtime.plans.save(runtime.client, prepared.plan.id, saved(prepared.plan))
            undo = Change(
                runtime, session, lease, prepared, request, action="rollback", started=started, of=change
            )
            return undo.run(approve)


def _what_it_did(runtime: Runtime, change: str) -> tuple[Entry, list[str]]:
    """The change's intent, and the devices that it left changed."""
    entries = tuple(runtime.log.entries(runtime.client, change=change))
    intents = [entry for entry in entries if entry.phase == "intent" and entry.target == runtime.target]
    if not intents:
        raise UsageError(
            f"no change {change} of {runtime.client} on the {runtime.target}; `netmgr log list` shows them"
        )
    applied = sorted(e.device for e in entries if e.phase == "result" and e.device and e.outcome in _TOUCHED)
    if not applied:
        raise Refused("rollback", f"change {change} left no device changed", "there is nothing to bring back")
    return intents[0], applied


def _refuse_overtaken(runtime: Runtime, intent: Entry, devices: list[str]) -> None:
    later = {
        entry.change
        for name in devices
        for entry in runtime.log.entries(runtime.client, device=name, after=intent.seq, kind="change")
        if entry.phase == "result"
        and entry.outcome in _TOUCHED
        and entry.change != intent.change
        and entry.target == runtime.target
    }
    if later:
        raise Refused(
            "rollback",
            f"its devices were changed since by {', '.join(sorted(str(name) for name in later))}",
            "roll those back first, newest first",
        )
