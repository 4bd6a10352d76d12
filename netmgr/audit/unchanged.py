"""Whether what an earlier audit found of a device still holds without reading it again. Pure functions.

A marker is a time on the device's own clock, on most platforms: after a restart, or when somebody set the clock, an
equal one proves nothing. Both show in when the device says that it began to run, and for how long it has.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from netmgr.audit.attribution import parted
from netmgr.audit.ignoring import Ignoring
from netmgr.model.audit import AuditedDevice, AuditPart, Finding
from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.compliance import Rule
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Entry, Facts
from netmgr.model.intended import Intended
from netmgr.model.marker import Marker

#: Seconds that a device's clock and its uptime may be off: IOS counts its uptime in whole minutes.
SLACK = 90
#: What is no matter of the running configuration alone: whoever had that is looked at again.
_PASSING = frozenset({"read", "pending", "startup", "kernel"})


class Noted(Frozen):
    """What an audit notes of a device, so that a later one need not read it: ``facts.marker`` of its log entry."""

    revision: str
    """SHA-256 of the marker's revision: what devices say does not belong into facts."""
    basis: str
    """Digest of everything that the device was judged by."""
    time: datetime
    """When the device was asked for its marker."""
    fetched: datetime
    """When it was read last."""
    booted: int | None = None
    uptime: int | None = None

    def facts(self) -> Facts:
        """As an entry has it."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value is not None}


def noted(marker: Marker, basis: str, now: datetime, fetched: datetime) -> Noted:
    """What is noted of a device whose marker was told ``now``, and which was read last at ``fetched``."""
    return Noted(
        revision=sha256_hex(marker.revision),
        basis=basis,
        time=now,
        fetched=fetched,
        booted=marker.booted,
        uptime=marker.uptime,
    )


def basis(
    intended: Intended,
    rules: Iterable[Rule],
    ignoring: Ignoring,
    host_features: Iterable[str],
    parts: Iterable[AuditPart],
    version: str,
) -> str:
    """Digest of what a device is judged by. ``version`` is netmgr's own: another one may read devices otherwise."""
    judged: list[Any] = [
        version,
        [intended.config, intended.salt, None if intended.owned is None else sorted(intended.owned)],
        [[rule.name, rule.demands.model_dump(mode="json")] for rule in rules],
        [
            [pattern.name, pattern.ignored.model_dump(mode="json"), pattern.expired(ignoring.today)]
            for pattern in ignoring.patterns
        ],
        sorted(host_features),
        sorted(parts),
    ]
    return sha256_hex(canonical(judged))


def recalled(entry: Entry) -> Noted | None:
    """What an audit's entry notes; None where it notes nothing, or what passes by itself."""
    found = entry.facts.get("findings")
    if entry.outcome not in ("compliant", "drifted") or not isinstance(found, list | tuple):
        return None
    if _PASSING & {str(finding["check"]) for finding in found}:
        return None
    try:
        return Noted.model_validate_json(canonical(entry.facts.get("marker")))
    except ValidationError:
        return None


def differs(before: Noted, marker: Marker, wanted: str, now: datetime, sweep: timedelta) -> str:
    """Why a device has to be read again, in a word; nothing where what was found still holds."""
    since = now - before.time
    if since < timedelta(0) or now - before.fetched >= sweep:
        return "sweep"
    if before.basis != wanted:
        return "intended"
    if before.revision != sha256_hex(marker.revision):
        return "changed"
    if marker.booted is None and marker.uptime is None and before.booted is None and before.uptime is None:
        return ""
    if marker.booted is None or marker.uptime is None or before.booted is None or before.uptime is None:
        return "clock"
    if marker.uptime < before.uptime + since.total_seconds() - SLACK:
        return "restarted"
    return "clock" if abs(marker.booted - before.booted) > SLACK else ""


def as_before(entry: Entry, before: Noted, body: str) -> AuditedDevice:
    """The device as the entry found it, without waivers: they are given and end meanwhile. ``body`` is that entry's."""
    facts = entry.facts
    diff, changed_by = parted(body)
    when = before.fetched.isoformat(timespec="seconds")
    findings = [
        Finding(**finding, detail=f"as the audit of {when} found it", part=_part(finding["check"]))
        for finding in facts["findings"]
        if finding["check"] != "waived"
    ]
    return AuditedDevice(
        device=str(entry.device),
        status="drifted" if entry.outcome == "drifted" else "compliant",
        diff=diff,
        added=facts["added"],
        removed=facts["removed"],
        findings=tuple(findings),
        running=facts["running"],
        unchanged_since=when,
        changed_by=changed_by,
    )


def _part(check: str) -> AuditPart:
    return "compliance" if check == "compliance" else "configuration"
