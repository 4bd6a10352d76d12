"""What entries of the log are news of: their severity, and whether they begin or end a problem."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from netmgr.model.entry import Entry
from netmgr.model.notification import Event, EventState, Severity, is_held, is_told

#: Kinds that look at a state again and again: what they find is a problem until they find it well.
_LOOKS: Final = frozenset({"audit", "availability", "backup", "drill", "probe", "witness"})
#: What such a kind does besides: it finds nothing.
_ASIDE: Final = frozenset({("backup", "export")})
#: Kinds whose problem is over when the same change, or its recovery, ends otherwise.
_RECURRING: Final = frozenset({"schedule"})
_CHANGES: Final = frozenset({"change", "recover", "restore"})
#: Of several things of one kind, which of them: the first of these facts that there is.
_NAMED_BY: Final = ("job", "set", "playbook", "name")

_SEVERITY: Final[Mapping[str, Severity]] = {
    "in_doubt": "critical",
    "split": "critical",
    "down": "critical",
    "unanswered": "critical",
    "rolled_back": "error",
    "failed": "error",
    "error": "error",
    "mixed": "error",
    "lost": "error",
    "different": "error",
    "missing": "error",
    "drifted": "warning",
    "found": "warning",
    "unreachable": "warning",
    "interrupted": "warning",
    "missed": "warning",
    "partial": "warning",
    "incomplete": "warning",
    "quarantined": "warning",
    "pending": "warning",
    "refused": "warning",
    "skipped": "warning",
    "stale": "warning",
    "warned": "warning",
}
"""The log's word for how something ended → how bad that is; any other word is ``info``."""

#: Where a word means something else than elsewhere: a log that was restored has lost what came after its copy; an
#: escalation is a fault that nobody has taken yet, a target that was missed is more than a run that was; where an
#: invoice is overdue past its grace, somebody has to decide.
_BY_NAME: Final[Mapping[str, Severity]] = {
    "ticket.missed": "error",
    "state.restored": "warning",
    "ticket.escalated": "error",
    "overdue.overdue": "warning",
    "overdue.proposed": "error",
}


def events(entries: Iterable[Entry]) -> tuple[Event, ...]:
    """The news in some entries of one client, in their order.

    Of what looks at devices each device is an event, and the entry that sums them up is none. Everything else is one
    event with its devices in it, where there is an entry that sums them up; of a change there is one sooner or later.
    """
    every = [entry for entry in entries if is_told(entry)]
    single = {(entry.request, entry.kind) for entry in every if entry.device}
    summed = {(entry.request, entry.kind) for entry in every if not entry.device}
    found = []
    for entry in every:
        command = entry.request, entry.kind
        if _looks(entry):
            told = entry.device is not None or command not in single
        else:
            told = entry.device is None or (entry.kind not in _CHANGES and command not in summed)
        if told:
            found.append(_event(entry, every))
    return tuple(found)


def severity_of(outcome: str) -> Severity:
    """How bad it is that something ended so."""
    return _SEVERITY.get(outcome, "info")


def _event(entry: Entry, batch: Sequence[Entry]) -> Event:
    outcome = "pending" if is_held(entry) else str(entry.outcome)
    name = f"{entry.kind}.{outcome}"
    severity = _BY_NAME.get(name) or severity_of(outcome)
    return Event(
        name=name,
        severity=severity,
        state=_state(entry, severity),
        subject=_subject(entry),
        target=entry.target,
        request=entry.request,
        action=entry.action,
        outcome=outcome,
        time=entry.time,
        stream=entry.stream,
        seq=entry.seq,
        device=entry.device,
        change=entry.change,
        ticket=entry.ticket,
        devices=_devices(entry, batch),
    )


def _looks(entry: Entry) -> bool:
    return entry.kind in _LOOKS and (entry.kind, entry.action) not in _ASIDE


def _state(entry: Entry, severity: Severity) -> EventState:
    if _looks(entry):
        return "well" if severity == "info" else "problem"
    if entry.kind in _RECURRING:
        return "recurring"
    return "problem" if entry.kind in _CHANGES and severity == "critical" else "once"


def _subject(entry: Entry) -> str:
    """Changes, what recovers them and what restores a device are told of by the change's id."""
    if entry.kind in _CHANGES and entry.change:
        return f"{entry.target} change {entry.change}"
    named = next((entry.facts[key] for key in _NAMED_BY if isinstance(entry.facts.get(key), str)), None)
    about = entry.ticket if entry.kind == "ticket" else entry.device
    words = (entry.target, entry.kind, about, named, "" if _looks(entry) else entry.action)
    return " ".join(str(word) for word in words if word)


def _devices(entry: Entry, batch: Sequence[Entry]) -> Mapping[str, tuple[str, ...]] | None:
    if entry.device is not None:
        return None
    found: dict[str, list[str]] = {}
    for other in batch:
        same = (other.kind, other.change, other.request) == (entry.kind, entry.change, entry.request)
        if same and other.device and other.outcome:
            found.setdefault(other.outcome, []).append(other.device)
    return {outcome: tuple(sorted(names)) for outcome, names in sorted(found.items())} or None
