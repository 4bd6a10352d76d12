"""The agreement with a client: what was signed, how it stands, what is wrong with the working copy."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Amendment
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.duration import length
from netmgr.model.entry import Draft, rfc3339
from netmgr.model.inventory import Device
from netmgr.model.stretch import midnight
from netmgr.model.wording import Wording
from netmgr.ports.agreements import WorkingCopy
from netmgr.service.agreement_check import Finding, Surroundings, findings
from netmgr.service.agreement_gates import Judgement, judge
from netmgr.service.versions import (
    KIND,
    AgreementHistory,
    SignedVersion,
    Standing,
    history,
    standing,
)
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Shown:
    """The version in force at a moment, as known at another, and how the agreement stands then.

    ``agreement`` is None where nothing was signed. ``unsigned`` tells that the working copy says something else than
    the newest signed version; nothing is judged by it.
    """

    at: datetime
    known_at: datetime
    agreement: Agreement | None
    standing: Standing
    history: AgreementHistory
    unsigned: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its place in agreement.yaml."""

    finding: Finding
    place: str


def known(runtime: Runtime) -> AgreementHistory:
    """Everything that was signed and decided."""
    return history(runtime.log.entries(runtime.client, kind=KIND))


def content(runtime: Runtime, version: SignedVersion) -> Agreement:
    """A signed version. Raises StoreError where it was erased, is missing, or is not what was signed."""
    body = runtime.log.body(runtime.client, version.body) if version.body else None
    if not isinstance(body, bytes):
        gone = "missing" if body is None else body.value
        raise StoreError(
            f"{runtime.client}: version {version.version} of the agreement is {gone}; nothing can be judged by it"
        )
    document = json.loads(body)["agreement"]
    if sha256_hex(canonical(document)) != version.digest:
        raise StoreError(
            f"{runtime.client}: version {version.version} of the agreement is not what was signed; "
            "run `netmgr log verify`"
        )
    return Agreement.model_validate(document)


def show(runtime: Runtime, *, at: datetime | None = None, known_at: datetime | None = None) -> Shown:
    """The answer to: what holds at ``at``, as far as was known at ``known_at``? Both are now where nothing is said."""
    runtime.require("read")
    now = runtime.clock.now()
    at, known_at = at or now, known_at or now
    signed = known(runtime)
    then = signed.known(known_at)
    version = then.in_force(at) or (then.versions[0] if then.versions else None)
    agreement = content(runtime, version) if version else None
    return Shown(at, known_at, agreement, standing(then, agreement, at), then, _differs(runtime, signed))


def judgement(runtime: Runtime, devices: Iterable[Device], at: datetime) -> Judgement:
    """What the agreement in force at that moment says to a new change of these devices."""
    signed = known(runtime)
    version = signed.in_force(at) or (signed.versions[0] if signed.versions else None)
    agreement = content(runtime, version) if version else None
    return judge(agreement, standing(signed, agreement, at), devices, at)


def in_force(runtime: Runtime, at: datetime) -> Agreement | None:
    """What the version in force at that moment says; None where there is none."""
    version = known(runtime).in_force(at)
    return content(runtime, version) if version else None


def check(runtime: Runtime) -> tuple[Found, ...]:
    """What is wrong with the working copy, errors first. Raises InputError for what is no agreement at all."""
    runtime.require("read")
    copy = written(runtime)
    agreement = frozen(runtime, copy.agreement)
    found = findings(agreement, _surroundings(runtime, agreement), known(runtime), today(runtime, agreement))
    return tuple(Found(finding, str(copy.at(*finding.path))) for finding in found)


def amend(runtime: Runtime, *, effective: date, summary: Wording) -> str:
    """Begin the next version in agreement.yaml; its path. Raises UsageError before the first signature."""
    runtime.require("agree")
    copy = written(runtime)
    newest = known(runtime).newest
    if newest is None:
        raise UsageError(
            "nothing is signed yet, so there is nothing to amend; edit agreement.yaml and sign it"
        )
    if copy.agreement.version != newest.version:
        raise UsageError(
            f"version {copy.agreement.version} is being written already; edit it, render it, sign it"
        )
    if effective <= copy.agreement.effective:
        raise UsageError(
            f"--effective {effective}: version {newest.version} holds from {copy.agreement.effective}"
        )
    amendment = Amendment(version=newest.version + 1, effective=effective, summary=summary)
    return runtime.open_office().agreements.amend(runtime.client, amendment)


def suspend(runtime: Runtime, *, notice: date, begins: date | None = None) -> datetime:
    """Decide that work stops for want of payment, once the notice that the agreement asks for is over; when that is.

    Raises Refused where the agreement in force knows no suspension, UsageError where it is suspended already or the
    days are impossible.
    """
    runtime.require("agree")
    signed, now = known(runtime), runtime.clock.now()
    version = signed.in_force(now)
    agreement = content(runtime, version) if version else None
    terms = agreement.payment.suspension if agreement else None
    if agreement is None or terms is None:
        raise Refused(
            "agreement",
            "the agreement in force says nothing of suspension",
            "amend it (payment.suspension), or go on working",
        )
    if signed.suspensions and (last := signed.suspensions[-1]).ends is None:
        raise UsageError(
            f"suspended already, from {rfc3339(last.begins)} on; `netmgr agreement resume` ends it"
        )
    if notice > today(runtime, agreement):
        raise UsageError(f"--notice {notice}: that day is to come; give notice first")
    earliest = notice + timedelta(days=-(-length(terms.notice) // timedelta(days=1)))
    if begins is not None and begins < earliest:
        raise UsageError(f"--from {begins}: notice is {terms.notice}; the earliest day is {earliest}")
    starts = midnight(begins or earliest, agreement.timezone)
    facts = {"notice": notice.isoformat(), "begins": rfc3339(starts)}
    append(runtime, _decision(runtime, "suspend", "suspended", facts))
    return starts


def resume(runtime: Runtime, *, at: datetime | None = None) -> None:
    """End the suspension. Raises UsageError where there is none."""
    runtime.require("agree")
    signed, now = known(runtime), runtime.clock.now()
    if not signed.suspensions or signed.suspensions[-1].ends is not None:
        raise UsageError("the agreement is not suspended; `netmgr agreement show` tells how it stands")
    if at is not None and (at > now or at < signed.suspensions[-1].recorded):
        raise UsageError(f"--at {rfc3339(at)}: it was suspended later, or that is to come")
    append(runtime, replace(_decision(runtime, "resume", "resumed", {}), at=at))


def _decision(runtime: Runtime, action: str, outcome: str, facts: dict[str, str]) -> Draft:
    return runtime.draft(
        kind=KIND, action=action, phase="result", outcome=outcome, visibility="client", facts=facts
    )


def append(runtime: Runtime, *drafts: Draft) -> None:
    """Log what was decided. Raises Refused(log) where that cannot be."""
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what is decided is logged"
        ) from error


def written(runtime: Runtime) -> WorkingCopy:
    """The working copy. Raises UsageError where there is none."""
    copy = runtime.open_office().agreements.working_copy(runtime.client)
    if copy is None:
        raise UsageError(f"{runtime.client} has no agreement.yaml; `netmgr agreement new` writes one")
    return copy


def _differs(runtime: Runtime, signed: AgreementHistory) -> bool:
    """Whether the working copy says something else than what was signed last, both as they are read today: a key that
    was not known when it was signed makes no amendment.
    """
    copy = runtime.open_office().agreements.working_copy(runtime.client)
    if copy is None or signed.newest is None:
        return copy is not None
    last = content(runtime, signed.newest)
    written = copy.agreement
    if not written.calendar.frozen:
        written = written.model_copy(
            update={"calendar": written.calendar.model_copy(update={"frozen": last.calendar.frozen})}
        )
    return written.canonical() != last.canonical()


def frozen(runtime: Runtime, agreement: Agreement) -> Agreement:
    """The agreement with the public holidays of its term as explicit dates, where its file does not say them."""
    calendar = agreement.calendar
    if calendar.holidays is None:
        return agreement
    said = {year.year for year in calendar.frozen}
    term = agreement.term
    last = term.to.year if term.to else agreement.effective.year + 1
    years = [year for year in range(term.from_.year, last + 1) if year not in said]
    holidays = runtime.open_office().holidays
    made = (holidays.freeze(calendar.holidays, year) for year in years)
    frozen = tuple(sorted((*calendar.frozen, *made), key=lambda year: year.year))
    return agreement.model_copy(update={"calendar": calendar.model_copy(update={"frozen": frozen})})


def _surroundings(runtime: Runtime, agreement: Agreement) -> Surroundings:
    inventory = runtime.inventories.load(runtime.client)
    planned = runtime.open_office().schedule.planned(runtime.client)
    jobs = frozenset(each.job.job for each in planned)
    covered = (device for device in inventory.devices if device.lifecycle != "external")
    return Surroundings(
        client=inventory.client,
        jobs=jobs,
        roster=runtime.open_office().rosters.of(runtime.client) is not None,
        probes="probe" in jobs,
        devices=tuple(device.name for device in covered if agreement.coverage.devices.covers(device)),
    )


def today(runtime: Runtime, agreement: Agreement) -> date:
    """The day on the agreement's clocks."""
    from zoneinfo import ZoneInfo

    return runtime.clock.now().astimezone(ZoneInfo(agreement.timezone)).date()


def moment(text: str, zone: str) -> datetime:
    """A time that a user wrote: RFC 3339, or a day, which begins at midnight in ``zone``. Raises UsageError."""
    try:
        if len(text) == 10:
            return midnight(date.fromisoformat(text), zone)
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time; write it like 2026-11-23 or 2026-11-23T05:00:00Z") from None
    if parsed.tzinfo is None:
        raise UsageError(f"{text!r} has no time zone; write it like 2026-11-23T05:00:00Z or +01:00")
    return parsed.astimezone(UTC)
