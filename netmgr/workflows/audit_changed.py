"""Audits that read only what has changed: each device is asked for its marker first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from netmgr.audit.unchanged import Noted, as_before, differs, noted, recalled
from netmgr.errors import DeviceError, UsageError
from netmgr.model.audit import AuditedDevice, AuditPart
from netmgr.model.entry import Entry
from netmgr.model.marker import Marker
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.runtime import Runtime

Reading = Literal["plain", "changed", "full"]
"""``plain`` reads all and asks for no markers; ``full`` reads all and notes them; ``changed`` reads what changed."""

SWEEP = 24
"""Hours after which a device is read whatever it says, unless somebody states another number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking for markers gave."""

    kept: Mapping[str, AuditedDevice] = field(default_factory=dict)
    """The devices that need not be read, as they were found."""
    failed: Mapping[str, DeviceError] = field(default_factory=dict)
    """Those that did not answer."""
    notes: Mapping[str, Noted] = field(default_factory=dict)
    """What the log is to note of each device that told a marker."""
    carried: Mapping[str, Entry] = field(default_factory=dict)
    """The entry by which each of ``kept`` is known."""


def only_unchanging(parts: Collection[AuditPart]) -> None:
    """Raise UsageError for parts that no marker speaks of."""
    if asked := sorted({"state", "reach"} & set(parts)):
        raise UsageError(
            f"--changed goes without the {' and '.join(asked)} part: no change marker tells of it; "
            "audit it by itself, or leave --changed away"
        )


def ask(
    runtime: Runtime, session: FleetSession, bases: Mapping[str, str], *, reading: Reading, sweep: int
) -> Asked:
    """Log in and ask each device (of ``bases``: what it is judged by) for its marker. ``sweep`` in hours."""
    if reading == "plain":
        return Asked()
    answers = session.markers(bases)
    now = runtime.clock.now()
    limit = timedelta(hours=sweep)
    known = _newest(runtime, bases, now - limit) if reading == "changed" else {}
    kept: dict[str, AuditedDevice] = {}
    notes: dict[str, Noted] = {}
    for name, marker in answers.items():
        if not isinstance(marker, Marker):
            continue
        notes[name] = noted(marker, bases[name], now, now)
        entry = known.get(name)
        before = recalled(entry) if entry else None
        if entry and before and not differs(before, marker, bases[name], now, limit):
            body = _body(runtime, entry)
            if body is not None:
                kept[name] = as_before(entry, before, body)
                notes[name] = noted(marker, bases[name], now, before.fetched)
    return Asked(
        kept=kept,
        failed={name: answer for name, answer in answers.items() if isinstance(answer, DeviceError)},
        notes=notes,
        carried={name: known[name] for name in kept},
    )


def _newest(runtime: Runtime, names: Collection[str], since: datetime) -> dict[str, Entry]:
    """Each device's newest audit on this target, as far as it is not older than ``since``."""
    found: dict[str, Entry] = {}
    for entry in runtime.log.entries(runtime.client, kind="audit", newest_first=True):
        if len(found) == len(names) or datetime.fromisoformat(entry.time) < since:
            break
        if entry.device and entry.device in names and entry.target == runtime.target:
            found.setdefault(entry.device, entry)
    return found


def _body(runtime: Runtime, entry: Entry) -> str | None:
    """What the entry's audit found to differ, and who was named; None where that was erased."""
    if entry.outcome != "drifted":
        return ""
    body = runtime.log.body(runtime.client, entry.body.digest) if entry.body else None
    return body.decode() if isinstance(body, bytes) else None
