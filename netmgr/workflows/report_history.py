"""Reading a period out of the service log, by its indexes: what was logged before or after it is not walked through."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from netmgr.model.checkpoint import Checkpoint
from netmgr.model.drift import waiver_reason
from netmgr.model.entry import Entry, rfc3339
from netmgr.model.inventory import Inventory
from netmgr.model.ordering import natural
from netmgr.ports.store import Signer
from netmgr.report.availability import availability_record
from netmgr.report.changes import KINDS, ChangeRecord, change_records, reason_bodies
from netmgr.report.facts import words
from netmgr.report.history import (
    DeviceRecord,
    History,
    Proof,
    device_record,
    inventory_changes,
)
from netmgr.report.period import Period
from netmgr.report.restores import drill_records
from netmgr.workflows.log import verify as verified
from netmgr.workflows.log import witness
from netmgr.workflows.report_window import Window
from netmgr.workflows.runtime import Runtime

_NOT_OURS = ("external", "planned")


def read_history(
    runtime: Runtime,
    signer: Signer,
    inventory: Inventory,
    period: Period,
    window: Window,
    cut: Entry,
    *,
    locale: str,
    verify: bool,
) -> History:
    """What the log says of the period (``window`` is over it), up to the entry ``cut`` (not before it); verifying reads
    the whole log.
    """
    complete = cut.time >= rfc3339(period.end)
    changes = _changes(window)
    audits = window.audits.runs
    seen = {device for run in audits for device in run.statuses}
    seen |= {device for change in changes for device in change.devices}
    names = inventory.client.names
    until = period.end if complete else datetime.fromisoformat(cut.time)
    devices = tuple(_devices(window, inventory, seen))
    # A day's sums are logged when it is over, those of the last day after the period.
    probed = Window(runtime, window.before, cut.seq).of("probe")
    return History(
        client=runtime.client,
        name=names.get(locale) or names.get(inventory.client.locale) or names.get("en") or runtime.client,
        target=runtime.target,
        period=period,
        cut=cut.seq,
        until=until,
        complete=complete,
        changes=changes,
        audits=audits,
        devices=devices,
        inventory=inventory_changes(window.of("inventory")),
        proof=_proof(runtime, signer, cut, verify=verify),
        drills=drill_records(window.newest(kind="drill")),
        availability=availability_record(probed, period, until, (device.device for device in devices)),
    )


def _changes(window: Window) -> tuple[ChangeRecord, ...]:
    """Changes with an entry in the window, and the one that stood open when it began, each with all its entries."""
    entries = {entry.seq: entry for entry in window.of(*KINDS)}
    begun = {entry.change for entry in entries.values() if entry.phase == "intent" and entry.device is None}
    carried = {entry.change for entry in entries.values()} - begun
    # One change at a time: if the last word before the window is not a result, that change was open.
    last_word = next((e for e in window.newest(until=window.before, kind="change") if e.device is None), None)
    if last_word is not None and last_word.phase != "result":
        carried.add(last_word.change)
    for change in carried:
        if change is not None:
            entries |= {entry.seq: entry for entry in window.change(change)}
    log, client = window.runtime.log, window.runtime.client
    return change_records(entries.values(), log.bodies(client, reason_bodies(entries.values())))


def _devices(window: Window, inventory: Inventory, seen: set[str]) -> Iterator[DeviceRecord]:
    """Each device that is looked after, by the newest inventory entry; by what was touched, where there is none.

    The log knows devices by uid; the inventory of today says what they are called, and which are not ours to manage.
    """
    entry = next(window.newest(kind="inventory"), None)
    known: Mapping[str, str] = {device.uid: device.name for device in inventory.devices}
    others = {device.name for device in inventory.devices if device.lifecycle in _NOT_OURS}
    recorded = entry.facts.get("devices") if entry is not None else None
    uids = words(list(recorded)) if isinstance(recorded, dict) else ()
    names = {known.get(uid, uid) for uid in uids} if entry is not None else seen
    for name in sorted(names - others, key=natural):
        yield _with_reason(window, device_record(name, window.newest(device=name)))


def _with_reason(window: Window, device: DeviceRecord) -> DeviceRecord:
    """The device with why its drift is waived: the reason is a body, which may be erased."""
    waived = device.drift and device.drift.waived
    if not device.drift or not waived or not waived.body:
        return device
    body = window.runtime.log.body(window.runtime.client, waived.body)
    reason = waiver_reason(body) if isinstance(body, bytes) else None
    return replace(device, drift=replace(device.drift, waived=replace(waived, reason=reason)))


def _proof(runtime: Runtime, signer: Signer, cut: Entry, *, verify: bool) -> Proof:
    """The cut's checkpoint: the first that was made of it, so that a report made again carries the same one."""
    with runtime.log.snapshot(runtime.client) as snapshot:
        kept = (c for c in snapshot.checkpoints() if (c.seq, c.hash) == (cut.seq, cut.hash))
        known: Checkpoint | None = min(kept, key=lambda checkpoint: checkpoint.time, default=None)
    checkpoint = known or witness(runtime.log, signer, runtime.clock, runtime.client, cut.seq, cut.hash)
    if not verify:
        return Proof(checkpoint, None)
    runtime.progress(f"verify: {cut.seq} entries")
    found = verified(runtime.log, signer, runtime.client)
    return Proof(checkpoint, tuple(str(problem) for problem in found.problems))
