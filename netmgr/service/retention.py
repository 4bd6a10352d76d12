"""What an agreement's retention says is to be deleted by now, and what a certificate says was (pure).

Texts, tickets and configurations are kept for a time after they were recorded. Documents and personal data serve as
long as the agreement does: their time begins when the term and what follows it are over, as does that of the log,
after which no text is left at all. Entries stay: they hold no text and no name, and the chain is the proof of all else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Kept
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.duration import length
from netmgr.model.entry import Entry
from netmgr.service.contacts import KIND as CONTACT
from netmgr.service.versions import KIND as AGREEMENT
from netmgr.service.versions import bounds

KIND: Final = "erasure"
BASIS: Final = "agreement confidentiality.retention"

_OF_KIND: Final[Mapping[str, Kept]] = {
    AGREEMENT: "documents",
    CONTACT: "personal",
    # Books: the law wants them for longer than any text of the day's work.
    "adjustment": "documents",
    "invoice": "documents",
    "payment": "documents",
    "report": "documents",
    "notice": "tickets",
    "oncall": "tickets",
    "ticket": "tickets",
    "time": "tickets",
}
_AFTER_THE_TERM: Final = frozenset({"documents", "log", "personal"})


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept. ``closes`` is when the term and its run-off ended; None while they have not."""

    kept: Mapping[Kept, timedelta]
    closes: datetime | None

    def before(self, what: Kept, now: datetime) -> datetime | None:
        """What was recorded before this moment is due; None where nothing is."""
        if what not in self.kept:
            return None
        if what not in _AFTER_THE_TERM:
            return now - self.kept[what]
        return now if self.closes is not None and self.closes + self.kept[what] <= now else None

    def over(self, what: Kept, now: datetime) -> bool:
        """Whether all of it is due: its time is over since the end of the term."""
        return self.closes is not None and what in self.kept and self.closes + self.kept[what] <= now


def retention(agreement: Agreement, now: datetime) -> Retention:
    """As the agreement says; durations by its clocks."""
    closes = bounds(agreement.term, agreement.timezone, now).closes
    kept = {what: length(duration) for what, duration in agreement.confidentiality.retention.items()}
    return Retention(kept, closes if closes is not None and closes <= now else None)


@dataclass(frozen=True, slots=True)
class DueBody:
    """A body whose time is over, by which rule, and when it was recorded."""

    digest: str
    rule: Kept
    recorded: datetime


def due_bodies(entries: Iterable[Entry], promised: Retention, now: datetime) -> tuple[DueBody, ...]:
    """The bodies of a whole log that are due, without those that were erased already: the oldest first.

    The agreement itself goes with the log, and last: as long as anything else is left, it says what is due.
    """
    erased: set[str] = set()
    found: list[DueBody] = []
    agreed: list[DueBody] = []
    limits = {what: promised.before(what, now) for what in promised.kept}
    for entry in entries:
        if entry.kind == KIND and isinstance(digest := entry.facts.get("digest"), str):
            erased.add(digest)
        if entry.body is None:
            continue
        signed = entry.kind == AGREEMENT and entry.action == "sign" and "log" in promised.kept
        rule = "log" if signed else _OF_KIND.get(entry.kind, "texts")
        if rule == "tickets" and rule not in promised.kept:
            rule = "texts"
        recorded = datetime.fromisoformat(entry.time)
        for each in (rule, "log"):
            limit = limits.get(each)
            if limit is not None and recorded <= limit:
                (agreed if entry.kind == AGREEMENT else found).append(
                    DueBody(entry.body.digest, each, recorded)
                )
                break
    return tuple(body for body in (*found, *agreed) if body.digest not in erased)


@dataclass(slots=True)
class Destroyed:
    """What was destroyed by retention and is in no certificate yet."""

    bodies: dict[str, str] = field(default_factory=dict)
    """Digest → rule."""
    files: dict[str, list[str]] = field(default_factory=dict)
    """versions, snapshots, reports → what each is known by."""

    @property
    def facts(self) -> dict[str, Any]:
        """Counts, and a digest over the names of all of it (SHA-256 of their RFC 8785 JSON)."""
        files = {what: sorted(set(names)) for what, names in sorted(self.files.items()) if names}
        listed = {"bodies": sorted(self.bodies), **files}
        return {
            "bodies": dict(sorted(Counter(self.bodies.values()).items())),
            **{what: len(names) for what, names in files.items()},
            "destroyed": sha256_hex(canonical(listed)),
        }

    def __bool__(self) -> bool:
        return bool(self.bodies or any(self.files.values()))


def uncertified(entries: Iterable[Entry]) -> Destroyed:
    """What the log says of it, oldest entry first: of a run that was cut short, too."""
    found = Destroyed()
    for entry in entries:
        if entry.kind != KIND:
            continue
        if entry.action == "certificate":
            found = Destroyed()
        elif entry.action == "erase" and (rule := entry.facts.get("rule")):
            found.bodies[entry.facts["digest"]] = rule
        elif entry.action == "destroy":
            for what, names in entry.facts["files"].items():
                found.files.setdefault(what, []).extend(names)
    return found


def counted(bodies: Sequence[DueBody]) -> dict[Kept, tuple[int, datetime]]:
    """Rule → how many, and the oldest's time."""
    found: dict[Kept, tuple[int, datetime]] = {}
    for body in bodies:
        count, oldest = found.get(body.rule, (0, body.recorded))
        found[body.rule] = (count + 1, min(oldest, body.recorded))
    return found
