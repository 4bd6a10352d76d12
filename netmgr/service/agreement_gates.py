"""What the agreement in force says to a new change: not in the term, suspended, not covered (pure).

Only new changes are judged. What brings a change to its end, back, or a device to what was kept of it, passes always.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from netmgr.model.agreement import Agreement
from netmgr.model.change import Refusal
from netmgr.model.inventory import Device
from netmgr.service.coverage import device_covered, service_covered
from netmgr.service.versions import Standing, bounds

GATE = "agreement"

#: So many days before the end it is said that it comes.
_SOON = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is refused, and what is only told."""

    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    breakable: bool = False
    """Whether breaking the glass passes what is refused, as the agreement says."""


def judge(
    agreement: Agreement | None, standing: Standing, devices: Iterable[Device], at: datetime
) -> Judgement:
    """The change of ``devices`` at that moment; without an agreement there is nothing to judge by."""
    if agreement is None or standing.state == "none":
        return Judgement()
    zone = ZoneInfo(agreement.timezone)
    outside = _outside(agreement, standing, at, zone)
    if outside is not None:
        return Judgement((outside,))
    refused = [_suspended(standing, zone)] if standing.state == "suspended" else []
    refused += _uncovered(agreement, devices, at.astimezone(zone))
    emergency = agreement.emergency
    return Judgement(
        tuple(refused),
        tuple(_ending(agreement, standing, at, zone)),
        breakable=emergency is not None and emergency.break_glass,
    )


def _outside(agreement: Agreement, standing: Standing, at: datetime, zone: ZoneInfo) -> Refusal | None:
    if standing.state == "not_begun":
        reason, remedy = f"it begins at {_said(standing.until, zone)}", "wait until then, or amend it"
    elif standing.state in ("run_off", "ended"):
        ended = _said(bounds(agreement.term, agreement.timezone, at).ends, zone)
        left = f"; what was begun is finished until {_said(standing.until, zone)}" if standing.until else ""
        reason = f"it ended at {ended}{left}"
        remedy = "amend it (term.to, term.renewal); rollback, restore and recover are free"
    else:
        return None
    return Refusal(gate=GATE, reason=f"the agreement is not in force: {reason} (term)", remedy=remedy)


def _suspended(standing: Standing, zone: ZoneInfo) -> Refusal:
    stopped = standing.suspended
    since = f" since {_said(stopped.begins, zone)}, by notice of {stopped.notice}" if stopped else ""
    return Refusal(
        gate=GATE,
        reason=f"the agreement is suspended{since} (payment.suspension)",
        remedy="`netmgr agreement resume` once it is paid; rollback, restore and recover are free",
    )


def _uncovered(agreement: Agreement, devices: Iterable[Device], local: datetime) -> list[Refusal]:
    answers = [service_covered(agreement, "network")]
    answers += [device_covered(agreement, device, local.date()) for device in devices]
    return [
        Refusal(
            gate=GATE,
            reason=f"{answer.why} ({answer.clause})",
            remedy="leave it out (-l), or amend the agreement",
        )
        for answer in answers
        if not answer.covered
    ]


def _ending(agreement: Agreement, standing: Standing, at: datetime, zone: ZoneInfo) -> Iterable[str]:
    """A term that nothing renews is told of before it ends."""
    renewal = agreement.term.renewal
    if standing.until is None or standing.state != "in_force":
        return
    if renewal and (renewal.times is None or standing.renewals < renewal.times):
        return
    left = standing.until - at
    if any(left <= timedelta(days=days) for days in _SOON):
        yield f"the agreement ends on {_said(standing.until, zone)}, in {left.days} days; nothing renews it"


def _said(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moment.astimezone(zone).isoformat(timespec="minutes")
