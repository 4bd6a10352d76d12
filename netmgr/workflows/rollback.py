"""Rollback: push each device's snapshot from before a change, as a new change of its own."""

import dataclasses
from collections.abc import Iterable, Mapping

from netmgr.errors import Refused, UsageError
from netmgr.model.change import DeployResult, IntentFacts, Plan
from netmgr.model.entry import Entry
from netmgr.model.selection import Selection
from netmgr.workflows.backup import after_change
from netmgr.workflows.change import Approve, Change
from netmgr.workflows.deploy import as_given, refuse_foreign, refuse_if_open, saved, writing
from netmgr.workflows.gates import DeployRequest, judged
from netmgr.workflows.history import first_result
from netmgr.workflows.planning import Design, design, prepare
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
        refuse_overtaken(runtime, intent, applied)
        digests = {name: digest for name, digest in snapshots_of(intent).items() if name in applied}
        note = f"the inventory still intends change {change}: the next deploy would make it again"
        drawn = from_snapshots(runtime, design(runtime, Selection(names=tuple(applied))), digests, note)
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
            result = undo.run(approve)
            after_change(runtime, session, prepared.inventory, [result])
            return result


def snapshots_of(intent: Entry) -> dict[str, str]:
    """Device → digest of its snapshot from before a change."""
    return {item.device: item.snapshot for item in IntentFacts.parse(intent.facts).devices}


def from_snapshots(runtime: Runtime, drawn: Design, digests: Mapping[str, str], note: str) -> Design:
    """The design with these snapshots in place of what the inventory intends; ``note`` warns of it.

    Raises Refused for a device that the inventory does not have active any more, StoreError for a lost snapshot.
    """
    texts = {
        name: runtime.snapshots.get(runtime.client, digest).decode("utf-8", "surrogateescape")
        for name, digest in digests.items()
    }
    return in_place_of_intended(drawn, texts, dict.fromkeys(texts, note))


def in_place_of_intended(drawn: Design, texts: Mapping[str, str], notes: Mapping[str, str]) -> Design:
    """The design with these canonical texts in place of what the inventory intends, each with a note that warns of it.

    Raises Refused for a device that the inventory does not have active any more.
    """
    missing = sorted(texts.keys() - {device.name for device in drawn.devices})
    if missing:
        raise Refused(
            "inventory", f"{', '.join(missing)} is not an active device any more", "restore it by hand"
        )
    given = {
        name: drawn.intended[name].model_copy(
            update={"candidate": text, "config": text, "warnings": (notes[name],)}
        )
        for name, text in texts.items()
    }
    return dataclasses.replace(drawn, intended=given)


def _what_it_did(runtime: Runtime, change: str) -> tuple[Entry, list[str]]:
    """The change's intent, and the devices that it left changed."""
    entries = tuple(runtime.log.entries(runtime.client, change=change))
    intents = [entry for entry in entries if entry.phase == "intent" and entry.target == runtime.target]
    if not intents:
        raise UsageError(
            f"no change {change} of {runtime.client} on the {runtime.target}; `netmgr log list` shows them"
        )
    ends = {e.device: e.outcome for e in entries if e.phase == "result" and e.device}
    applied = sorted(name for name, outcome in ends.items() if name and outcome in _TOUCHED)
    if not applied:
        raise Refused("rollback", f"change {change} left no device changed", "there is nothing to bring back")
    return intents[0], applied


def refuse_overtaken(runtime: Runtime, intent: Entry, devices: Iterable[str]) -> None:
    """Raise Refused(rollback) where other changes left one of the devices changed since.

    A compensation has only taken back what another change did.
    """
    later = {
        entry.change
        for name in devices
        for entry in runtime.log.entries(runtime.client, device=name, after=intent.seq, kind="change")
        if entry.phase == "result"
        and entry.outcome in _TOUCHED
        and entry.change != intent.change
        and entry.action != "compensation"
        and entry.target == runtime.target
    }
    if later:
        raise Refused(
            "rollback",
            f"its devices were changed since by {', '.join(sorted(str(name) for name in later))}",
            "roll those back first, newest first",
        )
