"""Each device's entries → when it was audited and backed up, and how long it was not as agreed (pure)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from netmgr.model.entry import Entry
from netmgr.model.stretch import midnight
from netmgr.report.facts import happened
from netmgr.report.service_facts import Act, Observed, Spell

KINDS = ("backup", "change", "recover", "drift")
"""What tells of devices beside audits."""
GOOD_BACKUPS = ("stored", "unchanged")
_READ = ("compliant", "drifted")

Word = Literal["begins", "ends", "decided"]
Told = Callable[[Entry], Word | None]
_OF_AUDITS: Final[Mapping[str, Word]] = {"drifted": "begins", "compliant": "ends"}
_OF_DECISIONS: Final[Mapping[str, Word]] = {"accept": "ends", "waive": "decided"}
_OF_SOFTWARE: Final[Mapping[str, Word]] = {"failed": "begins", "passed": "ends"}


class Seen(NamedTuple):
    """What an entry tells of its device: that it was audited or backed up, whether drift or software that is too old
    begins or ends with it. ``until`` is the day (ISO 8601) until which drift was let be.

    Of the tens of thousands of audits in a month, this is kept.
    """

    seq: int
    device: str
    at: datetime
    did: Literal["audit", "backup"] | None
    drift: Word | None
    software: Word | None
    until: str | None = None


def seen(entry: Entry) -> Seen | None:
    """None where it tells nothing of a device."""
    if entry.device is None or entry.phase != "result":
        return None
    did: Literal["audit", "backup"] | None = None
    if entry.kind == "audit" and entry.outcome in _READ:
        did = "audit"
    elif entry.kind == "backup" and entry.action == "run" and entry.outcome in GOOD_BACKUPS:
        did = "backup"
    drift, software = drift_told(entry), software_told(entry)
    if not (did or drift or software):
        return None
    until = str(entry.facts.get("until")) if drift == "decided" else None
    return Seen(entry.seq, entry.device, happened(entry), did, drift, software, until)


@dataclass(slots=True)
class _Device:
    audits: list[Act] = field(default_factory=list)
    backups: list[Act] = field(default_factory=list)
    software: list[Act] = field(default_factory=list)
    drift: list[Spell] = field(default_factory=list)
    unsupported: list[Spell] = field(default_factory=list)


def observed(told: Iterable[Seen], zone: str) -> Observed:
    """``told`` is oldest first, from so far back that the last act before the period, and the begin of what lasted
    then, are in it. ``zone`` says when the day ends on which a waiver does.
    """
    devices: dict[str, _Device] = {}
    for one in told:
        device = devices.get(one.device)
        if device is None:
            device = devices[one.device] = _Device()
        act = Act(one.at, one.seq)
        if one.did == "audit":
            device.audits.append(act)
            if one.software is not None:
                device.software.append(act)
        elif one.did == "backup":
            device.backups.append(act)
        if one.drift is not None:
            _spell(device.drift, one, one.drift, zone)
        if one.software is not None:
            _spell(device.unsupported, one, one.software, zone)
    return Observed(
        audits={name: tuple(found.audits) for name, found in devices.items() if found.audits},
        backups={name: tuple(found.backups) for name, found in devices.items() if found.backups},
        drift={name: tuple(found.drift) for name, found in devices.items() if found.drift},
        software={name: tuple(found.software) for name, found in devices.items() if found.software},
        unsupported={name: tuple(found.unsupported) for name, found in devices.items() if found.unsupported},
    )


def drift_told(entry: Entry) -> Word | None:
    """What an entry says of the difference between a device and what is agreed for it."""
    if entry.kind == "audit":
        return _OF_AUDITS.get(entry.outcome or "")
    if entry.kind == "drift":
        return _OF_DECISIONS.get(entry.action)
    deployed = entry.kind in ("change", "recover") and entry.action == "deploy" and entry.phase == "result"
    return "ends" if deployed and entry.outcome in ("applied", "unchanged") else None


def software_told(entry: Entry) -> Word | None:
    """What an audit says of a device's version: that it is too old, or that it is supported; None where neither."""
    if entry.kind != "audit":
        return None
    status: Any = entry.facts.get("software")
    if status in ("passed", "failed"):
        return _OF_SOFTWARE[status]
    findings = entry.facts.get("findings")
    if not findings or not isinstance(findings, list):
        return None
    old = any(
        isinstance(one, dict) and (one.get("check"), one.get("status")) == ("version", "failed")
        for one in findings
    )
    return "begins" if old else None


def _spell(spells: list[Spell], one: Seen, told: Word, zone: str) -> None:
    """Goes on with the last spell, ends it, or begins another."""
    at, seq = one.at, one.seq
    last = spells[-1] if spells and spells[-1].until is None else None
    if told in ("begins", "ends") and last is not None and last.let_be is not None and last.let_be <= at:
        # What somebody let be until then is there still: it counts anew.
        spells[-1] = last._replace(until=last.let_be)
        last = Spell(last.let_be, None, last.seqs[-1:])
        spells.append(last)
    if told == "begins" and last is None:
        spells.append(Spell(at, None, (seq,)))
    elif told == "ends" and last is not None:
        spells[-1] = last._replace(until=at, seqs=(*last.seqs, seq))
    elif told == "decided" and last is not None:
        let_be = _let_be(one, zone)
        spells[-1] = last._replace(seqs=(*last.seqs, seq), decided=last.decided or at, let_be=let_be)


def _let_be(one: Seen, zone: str) -> datetime:
    """The end of the day until which drift was waived."""
    try:
        return midnight(date.fromisoformat(one.until or "") + timedelta(days=1), zone)
    except (ValueError, OverflowError):
        return one.at
