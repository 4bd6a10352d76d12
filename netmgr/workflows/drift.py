"""Drift triage: what audits found open, and what somebody decides of it. Each decision is in the log."""

from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from netmgr.audit.attribution import parted
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.adoption import Adoption
from netmgr.model.change import Plan
from netmgr.model.digest import sha256_hex
from netmgr.model.drift import Drifts, OpenDrift, ShownDrift, Waiver, waiver_reason
from netmgr.model.entry import Body, Draft, Entry
from netmgr.model.inventory import Device, Inventory
from netmgr.model.selection import Selection
from netmgr.ports.secrets import SecretStore
from netmgr.report.history import device_record
from netmgr.workflows.adopt import Approve, adopt
from netmgr.workflows.deploy import plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.runtime import Runtime

_ERASED = "(the reason was erased)"


def open_drift(runtime: Runtime, selection: Selection) -> Drifts:
    """The selected devices that drifted, by the log alone. Raises UsageError for a name that fits no device."""
    runtime.require("read")
    inventory = _inventory(runtime, selection)
    chosen = [device for device in inventory.devices if selection.selects(device)]
    waivers = given_waivers(runtime)
    found = (_open(runtime, device, waivers.get(device.name)) for device in chosen)
    return Drifts(client=runtime.client, target=runtime.target, devices=tuple(one for one in found if one))


def show_drift(runtime: Runtime, device: str) -> ShownDrift:
    """One device's open drift, with the diff of the audit that found it last. Raises UsageError where there is none."""
    (found,) = _drifted(runtime, Selection(names=(device,)), one=True)
    body = _body(runtime, _found(runtime, device))
    return ShownDrift(
        **found.model_dump(),
        client=runtime.client,
        target=runtime.target,
        diff=None if body is None else parted(body)[0],
    )


def waive(runtime: Runtime, selection: Selection, *, until: date, reason: str) -> Drifts:
    """Let the selected devices' drift be, as the newest audit found it, until the end of the day ``until``.

    Raises UsageError where a day is over, or a device has not drifted; then nothing is waived.
    """
    runtime.require("change")
    inventory = _inventory(runtime, selection)
    if until < today(runtime, inventory):
        raise UsageError(f"--until {until}: that day is over; name today or a later day")
    drafts = []
    for found in _drifted(runtime, selection):
        entry = _found(runtime, found.device)
        body = _body(runtime, entry)
        if body is None:
            raise UsageError(f"{found.device}: what the audit found was erased; run netmgr audit again")
        facts = {
            "until": until.isoformat(),
            "running": str(entry.facts.get("running")),
            "diff": sha256_hex(parted(body)[0]),
        }
        drafts.append(_draft(runtime, "waive", "waived", found.device, facts, reason))
    _append(runtime, drafts)
    return open_drift(runtime, selection)


def revert(runtime: Runtime, selection: Selection, request: DeployRequest) -> Plan:
    """The plan that puts the selected devices right, for a deploy. Changes no device."""
    runtime.require("change")
    _drifted(runtime, selection)
    made = plan(runtime, selection, request)
    facts = {"plan": made.id}
    changed = [device.device for device in made.changed]
    _append(runtime, [_draft(runtime, "revert", "planned", name, facts) for name in changed])
    return made


def accept(runtime: Runtime, selection: Selection, *, store: SecretStore, approve: Approve) -> Adoption:
    """Write what the selected devices run into the client's files, as an adoption does: a plan is empty afterwards."""
    runtime.require("change")
    made = adopt(runtime, selection, store=store, given=None, approve=approve)
    if made.written:
        _append(
            runtime,
            [
                _draft(runtime, "accept", "accepted", device.device, {"running": str(device.running)})
                for device in made.devices
                if device.changed
            ],
        )
    return made


def given_waivers(runtime: Runtime) -> dict[str, Waiver]:
    """Device → its newest waiver on this target, whether it still holds or not."""
    found: dict[str, Waiver] = {}
    for entry in runtime.log.entries(runtime.client, kind="drift", newest_first=True):
        name = entry.device
        if entry.action == "waive" and entry.target == runtime.target and name and name not in found:
            found[name] = _waiver(runtime, entry, name)
    return found


def today(runtime: Runtime, inventory: Inventory) -> date:
    """The day on the client's calendar."""
    return runtime.clock.now().astimezone(ZoneInfo(inventory.client.timezone)).date()


def _waiver(runtime: Runtime, entry: Entry, device: str) -> Waiver:
    body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else None
    reason = waiver_reason(body) if isinstance(body, bytes) else _ERASED
    return Waiver(
        device=device,
        until=date.fromisoformat(entry.facts["until"]),
        by=entry.actor,
        time=entry.time,
        reason=reason,
        running=entry.facts["running"],
        diff=entry.facts["diff"],
    )


def _inventory(runtime: Runtime, selection: Selection) -> Inventory:
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    return inventory


def _open(runtime: Runtime, device: Device, waiver: Waiver | None) -> OpenDrift | None:
    known = device_record(device.name, _newest(runtime, device.name))
    if known.drift is None:
        return None
    body = _body(runtime, _found(runtime, device.name))
    return OpenDrift(
        device=device.name,
        since=known.drift.since.isoformat(timespec="seconds"),
        seen=known.drift.seen.isoformat(timespec="seconds"),
        added=known.drift.added,
        removed=known.drift.removed,
        waiver=waiver if waiver and waiver.running == known.drift.running else None,
        changed_by=None if body is None else parted(body)[1],
    )


def _drifted(runtime: Runtime, selection: Selection, *, one: bool = False) -> tuple[OpenDrift, ...]:
    """The selected devices' open drift. Raises UsageError where a device that is named has none, or no device has."""
    found = open_drift(runtime, selection).devices
    names = [drift.device for drift in found]
    well = [name for name in selection.names if not set("*?[") & set(name) and name not in names]
    if well or not found or (one and len(found) != 1):
        who = ", ".join(well) or "of the selected devices none"
        raise UsageError(f"{who}: no drift is open; `netmgr audit` looks, `netmgr drift list` shows what is")
    return found


def _newest(runtime: Runtime, device: str) -> Iterator[Entry]:
    entries = runtime.log.entries(runtime.client, device=device, newest_first=True)
    return (entry for entry in entries if entry.target == runtime.target)


def _found(runtime: Runtime, device: str) -> Entry:
    """The newest audit that found the device drifted."""
    return next(e for e in _newest(runtime, device) if e.kind == "audit" and e.outcome == "drifted")


def _body(runtime: Runtime, entry: Entry) -> str | None:
    """What the audit told besides its facts; None where that was erased."""
    body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else None
    return body.decode() if isinstance(body, bytes) else None


def _draft(
    runtime: Runtime,
    action: str,
    outcome: str,
    device: str,
    facts: dict[str, str],
    reason: str | None = None,
) -> Draft:
    return runtime.draft(
        kind="drift",
        action=action,
        phase="result",
        outcome=outcome,
        device=device,
        facts=facts,
        body=Body(f"reason: {reason}\n".encode(), "text/plain") if reason else None,
    )


def _append(runtime: Runtime, drafts: Iterable[Draft]) -> None:
    try:
        runtime.log.append(runtime.client, list(drafts))
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what is decided is logged"
        ) from error
