"""Backups: read everything that a device would have to be given again, judge it, keep it, log where it is."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC

from netmgr.backup.judgement import documents, doubts, lines_of
from netmgr.errors import DeviceError, NetmgrError, Refused, StoreError, UsageError
from netmgr.model.audit import Finding
from netmgr.model.backup import BackedUpDevice, BackupRun, BackupStatus, Capture, Offered, Stored
from netmgr.model.change import DeployResult, IntentFacts
from netmgr.model.entry import Body, Draft, Entry
from netmgr.model.inventory import Device, Inventory
from netmgr.model.names import Lifecycle
from netmgr.model.selection import Selection
from netmgr.ports.backups import Backups
from netmgr.ports.fleet import Answers, FleetSession
from netmgr.workflows.backup_sets import keep_promises
from netmgr.workflows.inventory_log import note_inventory
from netmgr.workflows.runtime import Runtime

#: Devices that are there and ours.
_KEPT: frozenset[Lifecycle] = frozenset({"active", "maintenance"})


def backup(runtime: Runtime, selection: Selection, *, accepted: Collection[str] = ()) -> BackupRun:
    """Back the selected devices up, with no lock: also while a change is under way.

    ``accepted`` are devices whose configuration may have shrunk. A device's failure is its own answer. Raises
    UsageError, InputError without a recipient who is elsewhere, StoreError where nothing can be kept, and Refused(log)
    where it could not be logged.
    """
    runtime.require("read")
    started = runtime.clock.monotonic()
    if earlier := _earlier(runtime):
        return earlier
    backups = kept_in(runtime)
    backups.ready()
    _append(runtime, [])
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    note_inventory(runtime, inventory)
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    devices, left_out = _chosen(runtime, inventory, selection)
    if unknown := sorted(set(accepted) - {device.name for device in devices}):
        raise UsageError(f"--accept {unknown[0]}: is not among the devices that are backed up")
    runtime.progress(f"backup: {len(devices)} devices")
    with runtime.fleet.session(runtime.endpoints(devices)) as session:
        captures = session.capture([device.name for device in devices])
    runtime.progress("keep: encrypt and commit")
    kept = _keep(runtime, backups, devices, captures, accepted=accepted)
    expired, copied = keep_promises(runtime, backups, inventory.client.backup_sets)
    made = BackupRun(
        client=runtime.client,
        target=runtime.target,
        time=runtime.clock.now().isoformat(timespec="seconds"),
        seconds=round(runtime.clock.monotonic() - started, 3),
        devices=kept,
        left_out=left_out,
        copies=copied,
        expired=expired,
    )
    _append(runtime, _drafts(runtime, made))
    return made


def after_change(
    runtime: Runtime, session: FleetSession, inventory: Inventory, results: Iterable[DeployResult]
) -> None:
    """Back up what a change has just touched, over its own connections. Whatever goes wrong is said and logged, and the
    change is what it was.
    """
    if runtime.backups is None:
        return
    for result in results:
        names = {d.device for d in result.devices if d.outcome in ("applied", "rolled_back", "in_doubt")}
        if result.change is None or result.outcome == "pending" or not names:
            continue
        devices = [device for device in inventory.devices if device.name in names]
        try:
            _of_change(runtime, runtime.backups, session, devices, result.change)
        except NetmgrError as error:
            runtime.progress(f"no backup after the change: {error}")
        except Exception as error:  # noqa: BLE001 - a defect here must not hide how the change ended
            runtime.progress(f"no backup after the change: {type(error).__name__}: {error}")


def _of_change(
    runtime: Runtime, backups: Backups, session: FleetSession, devices: list[Device], change: str
) -> None:
    started = runtime.clock.monotonic()
    backups.ready()
    runtime.progress(f"backup: {len(devices)} devices that the change touched")
    captures = session.capture([device.name for device in devices])
    kept = _keep(runtime, backups, devices, captures, change=change)
    made = BackupRun(
        client=runtime.client,
        target=runtime.target,
        time=runtime.clock.now().isoformat(timespec="seconds"),
        seconds=round(runtime.clock.monotonic() - started, 3),
        devices=kept,
    )
    _append(runtime, _drafts(runtime, made, change=change))
    for device in kept:
        if device.error or device.findings:
            runtime.progress(f"backup of {device.device}: {device.status}: {_said(device)}")


def kept_in(runtime: Runtime) -> Backups:
    """Where backups are kept. Raises StoreError in a world that keeps none, such as a twin."""
    if runtime.backups is None:
        raise StoreError("nothing here keeps backups; run it on the network or the lab")
    return runtime.backups


def asked(runtime: Runtime, inventory: Inventory) -> tuple[Device, ...]:
    """The devices of which there should be backups."""
    return tuple(
        device
        for device in inventory.devices
        if device.lifecycle in _KEPT and runtime.forms[device.platform].driver
    )


def _chosen(
    runtime: Runtime, inventory: Inventory, selection: Selection
) -> tuple[list[Device], dict[str, str]]:
    """The selected devices of which there should be backups, and why the others are left out."""
    selected = [device for device in inventory.devices if selection.selects(device)]
    devices = [device for device in asked(runtime, inventory) if device in selected]
    names = {device.name for device in devices}
    return devices, {
        device.name: device.lifecycle
        if device.lifecycle not in _KEPT
        else f"{device.platform}: not configured here"
        for device in selected
        if device.name not in names
    }


def _keep(
    runtime: Runtime,
    backups: Backups,
    devices: Iterable[Device],
    captures: Answers[Capture],
    *,
    accepted: Collection[str] = (),
    change: str | None = None,
) -> tuple[BackedUpDevice, ...]:
    """Judge what was read and put it away; each device with where it is."""
    newest = backups.newest(runtime.client, runtime.target)
    planned = _planned(runtime, change) if change else {}
    taken = runtime.clock.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    offered: list[Offered] = []
    for device in devices:
        capture = captures[device.name]
        if not isinstance(capture, DeviceError):
            findings = doubts(
                capture,
                runtime.forms[device.platform],
                before=newest.get(device.name),
                expected=planned.get(device.name),
                accepted=device.name in accepted,
            )
            offered.append(
                Offered(
                    device=device.name,
                    platform=device.platform,
                    taken=taken,
                    documents=documents(capture),
                    change=change,
                    request=runtime.request,
                    findings=findings,
                )
            )
    stored = backups.put(runtime.client, runtime.target, offered, _message(runtime, offered, change))
    by_name = {each.device: each for each in offered}
    return tuple(
        _failed(device.name, captures[device.name])
        if device.name not in by_name
        else _kept(by_name[device.name], stored[device.name])
        for device in devices
    )


def _planned(runtime: Runtime, change: str) -> Mapping[str, str]:
    """Device → digest of what the change was to leave it with."""
    for entry in runtime.log.entries(runtime.client, change=change):
        if entry.phase == "intent":
            return {item.device: item.after for item in IntentFacts.parse(entry.facts).devices}
    return {}


def _message(runtime: Runtime, offered: Iterable[Offered], change: str | None) -> str:
    names = ", ".join(each.device for each in offered)
    why = f"after change {change}" if change else f"request {runtime.request}"
    return f"Backup of {runtime.client} ({runtime.target})\n\n{why}\n{names}\n"


def _kept(offered: Offered, stored: Stored) -> BackedUpDevice:
    lines = lines_of(offered.documents["running"])
    good: BackupStatus = "stored" if stored.changed else "unchanged"
    return BackedUpDevice(
        device=offered.device,
        status="quarantined" if offered.findings else good,
        version=stored.commit,
        lines=lines,
        findings=offered.findings,
    )


def _failed(device: str, error: Capture | DeviceError) -> BackedUpDevice:
    unreachable = isinstance(error, DeviceError) and error.kind == "unreachable"
    return BackedUpDevice(device=device, status="unreachable" if unreachable else "error", error=str(error))


def _append(runtime: Runtime, drafts: list[Draft]) -> None:
    """All or none; nothing at all tries whether the log could be written."""
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        raise Refused("log", str(error), "make the service log writable: a backup is logged") from error


def _drafts(runtime: Runtime, made: BackupRun, change: str | None = None) -> list[Draft]:
    """Each device's result, then the run's. What they name is durable already.

    ``change`` stands in the facts: the entries that carry a change as such are those that say how it ended.
    """
    milliseconds = round(made.seconds * 1000)
    after = {"change": change} if change else {}
    drafts = [
        runtime.draft(
            kind="backup",
            action="run",
            phase="result",
            outcome=device.status,
            device=device.device,
            facts={**_facts(device), **after},
            body=Body(said.encode(), "text/plain") if (said := _said(device)) else None,
        )
        for device in made.devices
    ]
    totals = {"devices": len(made.devices), **made.counts, "milliseconds": milliseconds, **after}
    if made.copies:
        totals["copies_failed"] = sum(copy.error is not None for copy in made.copies)
    closing = runtime.draft(kind="backup", action="run", phase="result", outcome=made.worst, facts=totals)
    copied = [
        runtime.draft(
            kind="backup",
            action="copy",
            phase="result",
            outcome="failed" if copy.error else "copied",
            facts={"set": copy.set, **({"version": copy.commit} if copy.commit else {})},
            body=Body(f"{copy.place}: {copy.error or 'up to date'}".encode(), "text/plain"),
        )
        for copy in made.copies
    ]
    return [*drafts, *copied, closing]


def _facts(device: BackedUpDevice) -> dict[str, object]:
    facts: dict[str, object] = {"findings": [finding.check for finding in device.findings]}
    if device.version:
        facts["version"] = device.version
    if device.lines is not None:
        facts["lines"] = device.lines
    return facts


def _said(device: BackedUpDevice) -> str:
    return device.error or "; ".join(finding.detail for finding in device.findings)


def _earlier(runtime: Runtime) -> BackupRun | None:
    """The run that this request made before, from the log: a repeated request backs nothing up twice."""
    entries = [
        e
        for e in runtime.log.entries(runtime.client, kind="backup", request=runtime.request)
        if e.action == "run" and e.target == runtime.target
    ]
    closing = next((entry for entry in entries if entry.device is None), None)
    if closing is None:
        return None
    return BackupRun(
        client=runtime.client,
        target=runtime.target,
        time=closing.time,
        seconds=closing.facts["milliseconds"] / 1000,
        devices=tuple(_logged(runtime, entry) for entry in entries if entry.device),
    )


def _logged(runtime: Runtime, entry: Entry) -> BackedUpDevice:
    body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else b""
    said = body.decode(errors="replace") if isinstance(body, bytes) else str(body.value)
    checks = entry.facts["findings"]
    return BackedUpDevice.model_validate(
        {
            "device": entry.device,
            "status": entry.outcome,
            "version": entry.facts.get("version"),
            "lines": entry.facts.get("lines"),
            "findings": tuple(
                Finding(check=check, status="failed", severity="error", detail=said) for check in checks
            ),
            "error": said if said and not checks else None,
        }
    )
