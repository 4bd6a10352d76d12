"""Changes as a report tells them: each folded from its entries in the service log (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from netmgr.model.entry import Entry
from netmgr.ports.store import Gone
from netmgr.report.facts import happened, whole, words

KINDS = ("change", "recover")

Bodies = Mapping[str, bytes | Gone]
"""Digest of a body → its content, or why it is not there."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change was made. ``text`` is None where nobody said, or where ``gone`` tells what became of it."""

    text: str | None = None
    gone: Gone | None = None


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One change from its first entry to its end.

    ``outcome`` is the log's word, ``pending`` for a held change and ``open`` for one that has no end yet. ``added``
    and ``removed`` are lines over all devices, None where neither facts nor body tell. ``stopped`` names the devices
    that failed, and the phase in which each did. ``later`` says that another command than the one that began it brought
    it to its end.
    """

    change: str
    seq: int
    action: str
    began: datetime
    actor: str
    auth: str
    ticket: str | None
    reason: Reason
    devices: tuple[str, ...]
    outcomes: Mapping[str, str]
    stopped: Mapping[str, str]
    added: int | None
    removed: int | None
    outcome: str
    held: bool
    later: bool
    milliseconds: int | None
    undoes: str | None
    broken_glass: tuple[str, ...] | None = None
    """The gates that --break-glass passed; None where it was not given."""
    approved_by: str | None = None


def change_records(entries: Iterable[Entry], bodies: Bodies) -> tuple[ChangeRecord, ...]:
    """The changes among ``entries``, in the order in which they began. Entries of other kinds are passed over."""
    changes: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        if entry.kind in KINDS and entry.change is not None:
            changes.setdefault(entry.change, []).append(entry)
    return tuple(_record(change, told, bodies) for change, told in changes.items())


def reason_bodies(entries: Iterable[Entry]) -> frozenset[str]:
    """Digests of the bodies in which a reason may stand."""
    return frozenset(
        entry.body.digest
        for entry in entries
        if entry.kind in KINDS and entry.device is None and entry.body is not None
    )


def _record(change: str, entries: Sequence[Entry], bodies: Bodies) -> ChangeRecord:
    first = entries[0]
    intent = next((e for e in entries if e.phase == "intent" and e.device is None), None)
    ends = [e for e in entries if e.phase == "result" and e.device is None]
    # A change that ended in doubt may be read again: what was found last holds.
    end = ends[-1] if ends else None
    decisions = [e.facts.get("decision") for e in entries if e.phase == "decision"]
    outcomes = {e.device: e.outcome or "" for e in entries if e.phase == "result" and e.device is not None}
    stopped = {
        e.device: e.facts.get("phase") for e in entries if e.outcome == "failed" and e.device is not None
    }
    parts = _parts(intent)
    devices = tuple(sorted(parts)) or tuple(sorted(n for n, word in outcomes.items() if word != "unchanged"))
    told = intent if intent is not None else end
    reason, diff = _told(told, bodies, devices)
    added, removed = _size(parts, diff)
    open_word = "pending" if decisions and decisions[-1] == "hold" else "open"
    undoes = None if intent is None else intent.facts.get("rollback_of")
    passed, approver = (intent.facts.get(key) if intent else None for key in ("break_glass", "approved_by"))
    return ChangeRecord(
        change=change,
        seq=first.seq,
        action=first.action,
        began=happened(first),
        actor=first.actor,
        auth=first.auth,
        ticket=next((e.ticket for e in entries if e.ticket is not None), None),
        reason=reason,
        devices=devices,
        outcomes=outcomes,
        stopped={name: phase for name, phase in stopped.items() if isinstance(phase, str)},
        added=added,
        removed=removed,
        outcome=open_word if end is None else end.outcome or "open",
        held="hold" in decisions,
        later=end is not None and end.request != first.request,
        milliseconds=None if end is None else whole(end.facts.get("milliseconds")),
        undoes=undoes if isinstance(undoes, str) else None,
        broken_glass=None if not isinstance(passed, list) else words(passed),
        approved_by=approver if isinstance(approver, str) else None,
    )


def _parts(intent: Entry | None) -> dict[str, Mapping[str, Any]]:
    """Device → its part of the intent's facts."""
    listed = intent.facts.get("devices") if intent is not None else None
    parts = listed if isinstance(listed, list) else []
    return {
        part["device"]: part
        for part in parts
        if isinstance(part, Mapping) and isinstance(part.get("device"), str)
    }


def _told(entry: Entry | None, bodies: Bodies, devices: Sequence[str]) -> tuple[Reason, str | None]:
    """The reason and the diff of a body: ``reason: …``, then for each device ``# device`` and its diff."""
    if entry is None or entry.body is None:
        return Reason(), None
    body = bodies.get(entry.body.digest, Gone.MISSING)
    if isinstance(body, Gone):
        return Reason(gone=body), None
    text = body.decode(errors="replace")
    if not text.startswith("reason: "):
        return Reason(), text
    said, diff = _parted(text.removeprefix("reason: "), devices)
    return Reason(text=said.strip("\n") or None), diff


def _parted(text: str, devices: Sequence[str]) -> tuple[str, str | None]:
    """A reason may have lines of its own: it ends where the first of the devices' diffs begins.

    Where none does, only the first line is surely the reason: a diff is not for every reader.
    """
    marks = (text.find(f"\n# {device}\n") for device in devices)
    end = min((mark for mark in marks if mark >= 0), default=-1)
    if end < 0:
        return text.partition("\n")[0], None
    return text[:end], text[end + 1 :]


Side = Literal["added", "removed"]


def _size(parts: Mapping[str, Mapping[str, Any]], diff: str | None) -> tuple[int | None, int | None]:
    """Lines added and removed: as the facts count them, else as the diff shows them."""

    def counted(side: Side) -> int | None:
        numbers = [whole(part.get(side)) for part in parts.values()]
        return None if not numbers or None in numbers else sum(number or 0 for number in numbers)

    added, removed = counted("added"), counted("removed")
    if (added is None or removed is None) and diff is not None:
        lines = [line for line in diff.split("\n") if line not in ("--- running", "+++ intended")]
        return sum(line.startswith("+") for line in lines), sum(line.startswith("-") for line in lines)
    return added, removed
