"""Notice before a change: how it is put into words, and what the agreement asks of it (pure)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from netmgr.document.locale import Words
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_levels import ChangeNotice, TargetCalendar
from netmgr.model.change import Plan, Refusal
from netmgr.model.duration import length
from netmgr.model.letter import Letter
from netmgr.model.notice import GivenNotice
from netmgr.model.printable import printable
from netmgr.service.calendar import ALWAYS, Hours, ServiceHours, add

GATE = "notice"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hours_of(agreement: Agreement, calendar: TargetCalendar) -> Hours:
    """The hours in which something is counted."""
    return ALWAYS if calendar == "always" else ServiceHours(agreement.calendar)


def permitted_from(agreement: Agreement, terms: ChangeNotice, sent: datetime) -> datetime:
    """The first moment at which a change may be made of which notice was sent then."""
    hours = hours_of(agreement, terms.calendar)
    whole = -int((_EPOCH - sent).total_seconds() // 1)  # a second that has begun has not passed
    return _EPOCH + timedelta(seconds=add(hours, whole, int(length(terms.before).total_seconds())))


def notice_refusals(
    agreement: Agreement | None, notices: Iterable[GivenNotice], plan: Plan, at: datetime
) -> tuple[Refusal, ...]:
    """What of the agreement's notice stands against making the change at that moment.

    ``plan`` is the saved one where it is carried out of one.
    """
    if agreement is None or (terms := agreement.notice) is None:
        return ()
    sent = [given.sent for given in notices if given.notice.holds_for(plan)]
    asked = f"{terms.before}{' of service hours' if terms.calendar == 'service' else ''}"
    if not sent:
        reason = f"the client was sent no notice of this change; {asked} before is agreed (notice.before)"
        remedy = f"`netmgr notice send {plan.id} -c {plan.client}`"
    else:
        first = min(sent)
        free = permitted_from(agreement, terms, first)
        if free <= at:
            return ()
        reason = f"notice was sent at {first.isoformat(timespec='seconds')}; {asked} before is agreed (notice.before)"
        remedy = f"deploy from {free.isoformat()} on"
    return (Refusal(gate=GATE, reason=reason, remedy=f"{remedy}, or --break-glass REASON"),)


def letter(
    plan: Plan,
    words: Words,
    *,
    name: str,
    reason: str,
    window: tuple[datetime, datetime] | None,
    not_before: datetime | None,
) -> Letter:
    """What the client's contacts are told: what, why and when. No diff, no address, no secret."""
    devices = [device.device for device in plan.changed]
    count = len(devices)
    about = words.plural(
        "{client}: planned change to {count} device",
        "{client}: planned change to {count} devices",
        count,
        client=printable(name),
    )
    if window:
        begins, ends = map(words.moment, window)
        when = words.text("From {begins} to {ends} ({zone})", begins=begins, ends=ends, zone=words.zone)
    elif not_before:
        when = words.text("Not before {moment} ({zone})", moment=words.moment(not_before), zone=words.zone)
    else:
        when = words.text("Not fixed yet")
    lines = [
        words.text("We are going to change the configuration of your network."),
        "",
        words.text("Devices: {names}", names=words.listed(devices)),
        words.text("Reason: {reason}", reason=printable(reason)),
        words.text("When: {when}", when=when),
        words.text("Reference: {plan}", plan=plan.id),
        "",
        words.text("Please tell us soon if this does not suit you."),
    ]
    return Letter(about, "\n".join(lines) + "\n")
