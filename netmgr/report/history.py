"""History: what the service log says of one period, folded from its entries into records (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Entry
from netmgr.model.names import Target
from netmgr.report.availability import UNKNOWN, AvailabilityRecord
from netmgr.report.changes import ChangeRecord
from netmgr.report.facts import happened, whole, words
from netmgr.report.period import Period
from netmgr.report.restores import DrillRecord

State = Literal["compliant", "deployed", "drifted", "unreachable", "error", "changed", "never"]
"""A device at the end of a period, by the newest entry that tells. ``deployed``: not audited since a deploy left it as
planned, or since its drift was accepted; ``changed``: not audited since something else changed it, or since a change
left it in doubt."""

_AUDITED: Mapping[str | None, State] = {
    "compliant": "compliant",
    "drifted": "drifted",
    "unreachable": "unreachable",
    "error": "error",
}


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One audit command. ``finished`` is false where it was interrupted before its last entry."""

    time: datetime
    actor: str
    auth: str
    finished: bool
    statuses: Mapping[str, str]
    """Device → status."""
    milliseconds: int | None

    def count(self, status: str) -> int:
        """Devices with this status."""
        return sum(found == status for found in self.statuses.values())


@dataclass(frozen=True, slots=True)
class Drift:
    """What an audit found and nothing has put right since."""

    since: datetime
    seen: datetime
    added: int | None
    removed: int | None
    running: str | None = None
    """Digest of what the device ran."""
    waived: "Waived | None" = None


@dataclass(frozen=True, slots=True)
class Waived:
    """Somebody lets the drift be until the end of a day (ISO 8601), by a decision in the log."""

    until: str
    actor: str
    seq: int
    body: str | None = None
    """Digest of the body in which its reason stands."""
    reason: str | None = None
    """None where it was erased."""


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """One device at the end of the period. ``audited`` is when it was last audited, and with what ``status``."""

    device: str
    state: State
    audited: datetime | None
    status: str | None
    drift: Drift | None


@dataclass(frozen=True, slots=True)
class InventoryChange:
    """Devices that came, went or were edited."""

    time: datetime
    actor: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """The checkpoint of the cut, and what verifying the whole log found; None where it was not verified."""

    checkpoint: Checkpoint
    problems: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that a report is made of."""

    client: str
    name: str
    target: Target
    period: Period
    cut: int
    until: datetime
    complete: bool
    changes: tuple[ChangeRecord, ...]
    audits: tuple[AuditRun, ...]
    devices: tuple[DeviceRecord, ...]
    inventory: tuple[InventoryChange, ...]
    proof: Proof
    drills: tuple[DrillRecord, ...] = ()
    """The last drill up to the end of the period, then the last that passed, where that is another."""
    availability: AvailabilityRecord = UNKNOWN


def audit_runs(entries: Iterable[Entry]) -> tuple[AuditRun, ...]:
    """The audits among ``entries`` (oldest first), one for each command."""
    runs: dict[str, _Run] = {}
    for entry in entries:
        if entry.kind == "audit":
            run = runs.get(entry.request)
            if run is None:
                run = runs[entry.request] = _Run(entry)
            run.last = entry
            if entry.device is not None:
                run.statuses[entry.device] = entry.outcome or "error"
    return tuple(run.made() for run in runs.values())


class _Run:
    """An audit while its entries are read: they are many, and none is kept but the last."""

    __slots__ = ("actor", "auth", "last", "statuses")

    def __init__(self, first: Entry) -> None:
        self.actor, self.auth, self.last = first.actor, first.auth, first
        self.statuses: dict[str, str] = {}

    def made(self) -> AuditRun:
        end = self.last if self.last.device is None else None
        return AuditRun(
            time=happened(self.last),
            actor=self.actor,
            auth=self.auth,
            finished=end is not None,
            statuses=self.statuses,
            milliseconds=None if end is None else whole(end.facts.get("milliseconds")),
        )


def device_record(device: str, entries: Iterable[Entry]) -> DeviceRecord:
    """The device's state by its entries, which come newest first and are read only as far back as they tell.

    Drift is open while no later audit found the device compliant, no later deploy left it as planned and nobody
    accepted it; its age counts from the first audit that found it. An audit that could not look neither opens nor
    closes it.
    """
    state: State = "never"
    newest: Entry | None = None
    found: Entry | None = None
    since: Entry | None = None
    waive: Entry | None = None
    closed = False
    for entry in entries:
        if entry.kind == "drift" and entry.action == "waive":
            waive = waive or entry
        told = _told(entry)
        if told is None:
            continue
        state = told if state == "never" else state
        if entry.kind == "audit" and newest is None:
            newest = entry
        closed = closed or told in ("compliant", "deployed")
        if closed and newest is not None:
            break
        if told == "drifted":
            found, since = found or entry, entry
    drift = None
    if found is not None and since is not None:
        facts = found.facts
        running = facts.get("running")
        drift = Drift(
            happened(since),
            happened(found),
            whole(facts.get("added")),
            whole(facts.get("removed")),
            str(running) if running else None,
            _waived(waive, running),
        )
    return DeviceRecord(
        device=device,
        state=state,
        audited=None if newest is None else happened(newest),
        status=None if newest is None else newest.outcome,
        drift=drift,
    )


def _waived(entry: Entry | None, running: object) -> Waived | None:
    """The waiver, where it was given for what the device ran when it was found last."""
    if entry is None or not running or entry.facts.get("running") != running:
        return None
    body = entry.body.digest if entry.body else None
    return Waived(str(entry.facts.get("until")), entry.actor, entry.seq, body)


def _told(entry: Entry) -> State | None:
    """What one entry says of its device, or None."""
    if entry.kind == "audit":
        return _AUDITED.get(entry.outcome)
    if entry.kind == "drift" and entry.action == "accept":
        return "deployed"
    if entry.kind not in ("change", "recover") or entry.phase != "result":
        return None
    if entry.outcome == "in_doubt":
        return "changed"
    if entry.outcome in ("applied", "unchanged"):
        return "deployed" if entry.action == "deploy" else "changed"
    return None


def inventory_changes(entries: Iterable[Entry]) -> tuple[InventoryChange, ...]:
    """The inventory's entries among ``entries`` in which a device came, went or was edited."""
    return tuple(
        InventoryChange(
            time=happened(entry),
            actor=entry.actor,
            added=words(entry.facts.get("added")),
            removed=words(entry.facts.get("removed")),
            changed=words(entry.facts.get("changed")),
        )
        for entry in entries
        if entry.kind == "inventory" and any(entry.facts.get(key) for key in ("added", "removed", "changed"))
    )
