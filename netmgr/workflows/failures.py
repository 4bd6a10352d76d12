"""A failure that a program finds opens one ticket, and its recovery resolves it.

Both are acts of a program: no clock takes them for an answer. What is to be done follows from how things stand, not
from what has just changed: what a run that was cut short has left undone is done by the next. A ticket that was
reopened is left to people.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from netmgr.model.audit import Audit, AuditStatus
from netmgr.model.entry import Draft, Entry
from netmgr.model.failure import Failure, Recovery, TicketForFailure
from netmgr.model.probe import Standing
from netmgr.model.record import Record
from netmgr.model.ticket import happened
from netmgr.service.desk import told
from netmgr.service.ticket_record import KIND
from netmgr.service.ticket_record import moment as seconds
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.ticket import Described, opening
from netmgr.workflows.ticket_log import act_draft, decided, next_number
from netmgr.workflows.ticket_watch import unsolved

#: Status of an audited device → which others tell that it is over.
_ENDS: Mapping[AuditStatus, frozenset[AuditStatus]] = {
    "drifted": frozenset({"compliant"}),
    "unreachable": frozenset({"compliant", "drifted"}),
    "error": frozenset({"compliant", "drifted"}),
}
_SUBJECTS: Mapping[AuditStatus, str] = {
    "drifted": "configuration is not as agreed",
    "unreachable": "cannot be reached for its audit",
    "error": "cannot be audited",
}
#: An audit that did not come about at all.
NO_AUDIT = "audit.failed"
_PAGE = 100


def conditions(runtime: Runtime) -> dict[str, Record]:
    """Condition → the ticket that is open for it."""
    records = unsolved(runtime)
    return {record.document["condition"]: record for record in records if "condition" in record.document}


def follow(
    runtime: Runtime, how: TicketForFailure, failures: Sequence[Failure], recoveries: Sequence[Recovery]
) -> None:
    """Open a ticket for each failure that has none, resolve those of what is well again.

    ``network`` only: what goes wrong in a lab is nobody's fault. Raises Refused(log) where the log cannot be written.
    """
    if runtime.target != "network":
        return
    program = replace(runtime, actor=runtime.actor.model_copy(update={"auth": "service"}))

    def decide() -> list[Draft]:
        there, number = conditions(program), next_number(program)
        drafts: list[Draft] = []
        for failure in failures:
            if failure.condition not in there:
                drafts += _opened(program, f"T-{number}", failure, how)
                number += 1
        for recovery in recoveries:
            record = there.get(recovery.condition)
            if record and all(one.what != "reopened" for one in happened(record)):
                drafts += _resolved(program, record.key, recovery)
        return drafts

    if decide():
        decided(program, decide)


def follow_probes(
    runtime: Runtime,
    how: TicketForFailure,
    standings: Mapping[str, Standing],
    transitions: Callable[[], Iterable[Entry]],
) -> None:
    """Tickets of devices that are down. ``transitions`` are the entries of kind ``probe``, the newest first.

    A ticket that somebody closed while the device was down is not opened again before it was up.
    """
    there = conditions(runtime)
    failures, recoveries = [], []
    for name, standing in standings.items():
        condition = f"probe.down.{name}"
        if (standing.state == "down") == (condition in there):
            continue
        entry = next((one for one in transitions() if one.device == name), None)
        if standing.state == "up":
            text = f"{name} answers probes again since {_moment(standing)}."
            recoveries.append(Recovery(condition, entry.id if entry else None, text))
        elif standing.state == "down" and not (entry and _had(runtime, entry)):
            text = f"No probe has been answered since {_moment(standing)}."
            failures.append(Failure(condition, name, entry.id if entry else None, f"{name} is down", text))
    follow(runtime, how, failures, recoveries)


def follow_audit(runtime: Runtime, how: TicketForFailure, made: Audit) -> None:
    """Tickets of what the audit that was just made has found; it tells nothing of devices that were not in it."""
    entries = runtime.log.entries(runtime.client, kind="audit", request=runtime.request)
    ids = {entry.device: entry.id for entry in entries}
    failures, recoveries = [], [Recovery(NO_AUDIT, ids.get(None), "The audit has come about again.")]
    for device in made.devices:
        name, status = device.device, device.status
        entry = ids.get(name)
        if status in _ENDS:
            text = f"The audit of {made.time} says: {status}. The entry that is linked has what was found."
            subject = f"{name} {_SUBJECTS[status]}"
            failures.append(Failure(f"audit.{status}.{name}", name, entry, subject, text))
        recoveries += [
            Recovery(f"audit.{before}.{name}", entry, f"The audit of {made.time} says: {status}.")
            for before, ends in _ENDS.items()
            if status in ends
        ]
    follow(runtime, how, failures, recoveries)


def no_audit(runtime: Runtime, how: TicketForFailure, why: str) -> None:
    """A ticket of an audit that did not come about."""
    follow(runtime, how, [Failure(NO_AUDIT, None, None, "The scheduled audit has failed", why)], [])


def _opened(runtime: Runtime, identity: str, failure: Failure, how: TicketForFailure) -> list[Draft]:
    said = Described(
        subject=failure.subject,
        description=failure.description,
        impact=how.impact,
        urgency=how.urgency,
    )
    facts: dict[str, Any] = {"condition": failure.condition, "automatic": True}
    if failure.device:
        facts["devices"] = [failure.device]
    return [opening(runtime, identity, said, facts=facts), *_linked(runtime, identity, failure.entry)]


def _resolved(runtime: Runtime, identity: str, recovery: Recovery) -> list[Draft]:
    facts = {"outcome": "fixed", "automatic": True}
    texts = {"text": recovery.text}
    done = act_draft(runtime, identity, "resolve", facts, at=None, texts=texts)
    return [*_linked(runtime, identity, recovery.entry), done]


def _linked(runtime: Runtime, identity: str, entry: str | None) -> list[Draft]:
    facts = {"links": [{"kind": "entry", "ref": entry}]}
    return [act_draft(runtime, identity, "link", facts, at=None)] if entry else []


def _had(runtime: Runtime, entry: Entry) -> bool:
    """Whether there has been a ticket of this very failure."""
    begun = seconds(entry.time)
    after: int | None = None
    while page := runtime.open_records().page(
        runtime.client, KIND, after=after, limit=_PAGE, newest_first=True
    ):
        for record in page:
            if any(link["ref"] == entry.id for link in record.document["links"]):
                return True
            if happened(record) and happened(record)[0].recorded < begun:
                return False
        after = page[-1].number
    return False


def _moment(standing: Standing) -> str:
    return told(int(standing.since.timestamp()))
