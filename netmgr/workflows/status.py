"""Status: how a client's network stands, from the log and from a login at each device. Changes and logs nothing."""

from collections.abc import Callable, Mapping
from itertools import islice

from netmgr.errors import DeviceError, UsageError
from netmgr.model.change import IntentFacts
from netmgr.model.entry import Entry
from netmgr.model.inventory import Device
from netmgr.model.names import Target
from netmgr.model.numbering import INVOICE
from netmgr.model.selection import Selection
from netmgr.model.status import (
    ClientOverview,
    DeviceStanding,
    Event,
    Holder,
    OpenChange,
    OverdueInvoice,
    Probe,
    Status,
    Witness,
)
from netmgr.ports.fleet import Answers
from netmgr.ports.inventory import Inventories
from netmgr.ports.store import ServiceLog
from netmgr.report.history import device_record
from netmgr.workflows.recover import decided
from netmgr.workflows.runtime import Runtime

_CONTACTED = ("active", "maintenance")
#: How many results of single devices may lie between two ends of a command before the search for one gives up.
_FAR = 20_000


def status(runtime: Runtime, selection: Selection, *, contact: bool) -> Status:
    """The client's status. Without ``contact`` no device is asked. Raises InputError, UsageError, StoreError."""
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    unmatched = selection.unmatched(inventory.devices)
    if unmatched:
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    devices = tuple(device for device in inventory.devices if selection.selects(device))
    opened = _open_changes(runtime)
    started = runtime.clock.monotonic()
    probes = _probe(runtime, devices) if contact else {}
    took = round(runtime.clock.monotonic() - started, 3) if contact else None
    lease = runtime.locks.held(runtime.client, runtime.target)
    head = runtime.log.head(runtime.client)
    return Status(
        client=runtime.client,
        target=runtime.target,
        time=runtime.clock.now().isoformat(timespec="seconds"),
        seconds=took,
        devices=tuple(_standing(runtime, device, probes.get(device.name), opened) for device in devices),
        open_changes=tuple(change for change, _ in opened),
        last_change=_last(runtime.log, runtime.client, runtime.target, "change"),
        last_audit=_last(runtime.log, runtime.client, runtime.target, "audit"),
        lock=Holder(holder=lease.holder, since=lease.since, left=round(lease.left)) if lease else None,
        entries=head.seq if head else 0,
        checkpoint=_checkpoint(runtime),
        overdue=_overdue(runtime) if runtime.target == "network" else (),
    )


def overview(
    log: ServiceLog, inventories: Inventories, target: Target, permitted: Callable[[str], bool]
) -> tuple[ClientOverview, ...]:
    """A line for each client that the actor may read, from the log alone."""
    return tuple(
        ClientOverview(
            client=client,
            devices=_recorded_devices(log, client, target),
            open_changes=len(log.open_intents(client, target)),
            last_change=_last(log, client, target, "change"),
            last_audit=_last(log, client, target, "audit"),
        )
        for client in inventories.clients()
        if permitted(client)
    )


def _probe(runtime: Runtime, devices: tuple[Device, ...]) -> Answers[Probe]:
    asked = [d for d in devices if d.lifecycle in _CONTACTED and runtime.forms[d.platform].driver]
    runtime.progress(f"status: {len(asked)} devices")
    with runtime.fleet.session(runtime.endpoints(asked)) as session:
        return session.probe([device.name for device in asked])


def _standing(
    runtime: Runtime,
    device: Device,
    answer: Probe | DeviceError | None,
    opened: tuple[tuple[OpenChange, Mapping[str, str]], ...],
) -> DeviceStanding:
    newest = runtime.log.entries(runtime.client, device=device.name, newest_first=True)
    known = device_record(device.name, (entry for entry in newest if entry.target == runtime.target))
    probe = answer if isinstance(answer, Probe) else Probe()
    return DeviceStanding(
        device=device.name,
        platform=device.platform,
        lifecycle=device.lifecycle,
        state=known.state,
        audited=known.audited.isoformat(timespec="seconds") if known.audited else None,
        drifted_since=known.drift.since.isoformat(timespec="seconds") if known.drift else None,
        reachable=None if answer is None else not isinstance(answer, DeviceError),
        error=str(answer) if isinstance(answer, DeviceError) else None,
        pending=probe.pending,
        remaining=probe.remaining,
        change=next((change.change for change, commits in opened if probe.pending in commits.values()), None),
    )


def _open_changes(runtime: Runtime) -> tuple[tuple[OpenChange, Mapping[str, str]], ...]:
    """Each open change with its commits: device → commit id."""
    found = []
    for entry in runtime.log.open_intents(runtime.client, runtime.target):
        commits = {item.device: item.commit for item in IntentFacts.parse(entry.facts).devices}
        change = OpenChange(
            change=str(entry.change),
            action=entry.action,
            since=entry.time,
            actor=entry.actor,
            held=decided(runtime, str(entry.change)) == "hold",
            devices=tuple(commits),
        )
        found.append((change, commits))
    return tuple(found)


def _last(log: ServiceLog, client: str, target: Target, kind: str) -> Event | None:
    """The newest end of a whole command of this kind."""
    for entry in islice(log.entries(client, kind=kind, newest_first=True), _FAR):
        if entry.phase == "result" and entry.device is None and entry.target == target:
            return Event(
                id=entry.change or entry.request,
                action=entry.action,
                outcome=str(entry.outcome),
                time=entry.time,
                actor=entry.actor,
                devices=_counts(log, client, entry),
            )
    return None


def _counts(log: ServiceLog, client: str, end: Entry) -> dict[str, int]:
    """Devices by outcome: those of the same command that are logged with its end."""
    counts: dict[str, int] = {}
    for entry in log.entries(client, request=end.request):
        if entry.device and entry.phase == "result" and (entry.kind, entry.change) == (end.kind, end.change):
            counts[str(entry.outcome)] = counts.get(str(entry.outcome), 0) + 1
    return counts


def _recorded_devices(log: ServiceLog, client: str, target: Target) -> int | None:
    """How many devices the newest inventory entry counts."""
    entries = log.entries(client, kind="inventory", newest_first=True)
    newest = next((entry for entry in entries if entry.target == target), None)
    return len(newest.facts["devices"]) if newest else None


def _overdue(runtime: Runtime) -> tuple[OverdueInvoice, ...]:
    if not runtime.open_records().page(runtime.client, INVOICE, limit=1):
        return ()
    from netmgr.workflows.overdue import overdue_invoices

    return overdue_invoices(runtime)


def _checkpoint(runtime: Runtime) -> Witness | None:
    with runtime.log.snapshot(runtime.client) as snapshot:
        issued = snapshot.checkpoints()
    last = max(issued, key=lambda checkpoint: checkpoint.seq, default=None)
    return Witness(seq=last.seq, time=last.time) if last else None
