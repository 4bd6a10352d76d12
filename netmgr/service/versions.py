"""Which version of an agreement holds when, as known when; and how the agreement then stands (pure).

Two times run beside each other. What is *in force* at a moment is decided by the days on which versions become
effective; what was *known* of it, by when each signature was recorded. An amendment that was signed late is in force
from its day, but nobody who asks as of an earlier day is told of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Term
from netmgr.model.duration import length
from netmgr.model.entry import Entry
from netmgr.model.stretch import day_of, midnight

KIND = "agreement"


@dataclass(frozen=True, slots=True)
class SignedVersion:
    """One signature of both: ``begins`` is the first moment of the day from which it holds."""

    version: int
    digest: str
    begins: datetime
    signed: datetime
    recorded: datetime
    document: str
    """SHA-256 of the signed document."""
    body: str | None
    """Digest of the log's body that holds it; None where the entry has none."""
    seq: int


@dataclass(frozen=True, slots=True)
class Suspended:
    """The provider stops working from ``begins`` on, until ``ends``; notice of it was given on ``notice``."""

    notice: date
    begins: datetime
    recorded: datetime
    seq: int
    ends: datetime | None = None
    ended: datetime | None = None
    """When its end was recorded."""


@dataclass(frozen=True, slots=True)
class AgreementHistory:
    """Everything that was signed and decided, in the order of the log."""

    versions: tuple[SignedVersion, ...] = ()
    suspensions: tuple[Suspended, ...] = ()

    @property
    def newest(self) -> SignedVersion | None:
        """What was signed last, in force yet or not."""
        return self.versions[-1] if self.versions else None

    def known(self, at: datetime) -> "AgreementHistory":
        """What was recorded by then."""
        suspensions = (
            one if one.ended is None or one.ended <= at else _open(one)
            for one in self.suspensions
            if one.recorded <= at
        )
        return AgreementHistory(
            tuple(version for version in self.versions if version.recorded <= at), tuple(suspensions)
        )

    def in_force(self, at: datetime) -> SignedVersion | None:
        """The newest version that holds at that moment; None before the first one's day."""
        return next((one for one in reversed(self.versions) if one.begins <= at), None)

    def suspended(self, at: datetime) -> Suspended | None:
        """The suspension that holds at that moment."""
        return next(
            (
                one
                for one in reversed(self.suspensions)
                if one.begins <= at and (one.ends is None or at < one.ends)
            ),
            None,
        )


def _open(one: Suspended) -> Suspended:
    return Suspended(one.notice, one.begins, one.recorded, one.seq)


def history(entries: Iterable[Entry]) -> AgreementHistory:
    """Fold the client's ``agreement`` entries, oldest first."""
    versions: list[SignedVersion] = []
    suspensions: list[Suspended] = []
    for entry in entries:
        facts = entry.facts
        if entry.kind != KIND or entry.target != "network":
            continue
        recorded = datetime.fromisoformat(entry.time)
        happened = datetime.fromisoformat(entry.at or entry.time)
        if entry.action == "sign":
            versions.append(
                SignedVersion(
                    version=facts["version"],
                    digest=facts["digest"],
                    begins=midnight(date.fromisoformat(facts["effective"]), facts["timezone"]),
                    signed=happened,
                    recorded=recorded,
                    document=facts["document"],
                    body=entry.body.digest if entry.body else None,
                    seq=entry.seq,
                )
            )
        elif entry.action == "suspend":
            suspensions.append(_suspended(facts, recorded, entry.seq))
        elif entry.action == "resume" and suspensions and suspensions[-1].ends is None:
            last = suspensions[-1]
            suspensions[-1] = Suspended(
                last.notice, last.begins, last.recorded, last.seq, ends=happened, ended=recorded
            )
    return AgreementHistory(tuple(versions), tuple(suspensions))


def _suspended(facts: Mapping[str, Any], recorded: datetime, seq: int) -> Suspended:
    begins = datetime.fromisoformat(facts["begins"])
    return Suspended(date.fromisoformat(facts["notice"]), begins, recorded, seq)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A term's moments. ``ends`` is after every renewal up to now, ``closes`` the end of the time after it."""

    begins: datetime
    ends: datetime | None
    closes: datetime | None
    renewals: int


def bounds(term: Term, zone: str, at: datetime) -> Bounds:
    """The term as it is at that moment: a renewal has begun where the term before it has ended and nobody ended it."""
    begins = midnight(term.from_, zone)
    if term.to is None:
        return Bounds(begins, None, None, 0)
    last, renewals = term.to, 0
    ends = midnight(last + timedelta(days=1), zone)
    while term.renewal and ends <= at and renewals < (term.renewal.times or at.year + 1):
        renewals += 1
        last = _months_later(term.to, term.renewal.months * renewals)
        ends = midnight(last + timedelta(days=1), zone)
    closes = ends + (length(term.run_off) if term.run_off else timedelta())
    return Bounds(begins, ends, closes, renewals)


class Ending(NamedTuple):
    """The last day of a term. ``renews``: it goes on unless somebody says by ``notice`` that it shall not; else
    ``notice`` is the last day on which a party could end it so.
    """

    last: date
    renews: bool
    notice: date


def ending(agreement: Agreement, at: datetime) -> Ending | None:
    """The end of the term as it is at that moment; None where it has none."""
    term = bounds(agreement.term, agreement.timezone, at)
    if term.ends is None:
        return None
    last = day_of(term.ends - timedelta(seconds=1), agreement.timezone)
    renewal = agreement.term.renewal
    renews = renewal is not None and (renewal.times is None or term.renewals < renewal.times)
    before = length(renewal.notice if renewal and renews else agreement.term.notice)
    return Ending(last, renews, last - timedelta(days=-(-before // timedelta(days=1))))


def _months_later(last: date, months: int) -> date:
    """The last day of a term that goes on by whole months after ``last``: 31 January and a month is 28 February."""
    after = last + timedelta(days=1)
    month = after.month - 1 + months
    year, month = after.year + month // 12, month % 12 + 1
    day = min(after.day, (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day)
    return date(year, month, day) - timedelta(days=1)


State = Literal["none", "not_begun", "in_force", "suspended", "run_off", "ended"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the agreement stands at a moment, and until when it does if nobody decides anything."""

    state: State
    version: SignedVersion | None = None
    until: datetime | None = None
    suspended: Suspended | None = None
    renewals: int = 0


def standing(known: AgreementHistory, agreement: Agreement | None, at: datetime) -> Standing:
    """``agreement`` is the content of ``known.in_force(at)``, or of the first version before that; None without one."""
    if agreement is None or not known.versions:
        return Standing("none")
    version = known.in_force(at) or known.versions[0]
    term = bounds(agreement.term, agreement.timezone, at)
    if at < max(term.begins, version.begins):
        return Standing("not_begun", version, max(term.begins, version.begins))
    if term.closes is not None and at >= term.closes:
        return Standing("ended", version, None, renewals=term.renewals)
    if term.ends is not None and at >= term.ends:
        return Standing("run_off", version, term.closes, renewals=term.renewals)
    if (stopped := known.suspended(at)) is not None:
        return Standing("suspended", version, stopped.ends, stopped, term.renewals)
    return Standing("in_force", version, term.ends, renewals=term.renewals)
