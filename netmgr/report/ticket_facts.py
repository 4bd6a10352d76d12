"""A ticket's record and its clocks → what a report says of it (pure)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from netmgr.model.record import Document
from netmgr.report.service_facts import Pause, Result, Target, TicketFacts, TicketState
from netmgr.service.desk import moment
from netmgr.service.due import TargetState
from netmgr.service.verdict import Judged, Verdict

_RESULTS: Final[Mapping[TargetState, Result]] = {
    "met": "met",
    "running": "running",
    "paused": "paused",
    "missed": "missed",
    "overdue": "missed",
    "none": "not_measured",
}


def ticket_facts(
    document: Document, judged: Judged | None, begins: datetime, until: datetime, subject: str | None
) -> TicketFacts | None:
    """None for a ticket that was not open in [``begins``, ``until``). What happened from ``until`` on is not told."""
    first, last = int(begins.timestamp()), int(until.timestamp())
    rows = sorted((row for row in document["events"] if row[1] <= last), key=itemgetter(1))
    if not rows or rows[0][1] >= last:
        return None
    state, over, pauses = _course(rows)
    verdicts = judged.verdicts if judged else ()
    # What was recorded late may be decided only after the ticket was over.
    late = any(one.counts and one.left.state in ("met", "missed") for one in verdicts)
    if over is not None and over < first and not late:
        return None
    clock = judged.clock if judged else None
    answered = clock.response.at if clock else next((row[1] for row in rows if row[4]), None)
    over_now = state in ("resolved", "closed")
    found = {one.level: _target(one) for one in verdicts}
    return TicketFacts(
        id=document["id"],
        kind=document["kind"],
        subject=subject,
        priority=clock.priority if clock else document["priority"],
        state=state,
        devices=tuple(document.get("devices", ())),
        assets=tuple(document.get("assets", ())),
        cause=document.get("cause") if over_now else None,
        outcome=document.get("outcome") if over_now else None,
        due=document.get("due"),
        opened=moment(rows[0][1]),
        answered=None if answered is None else moment(answered),
        over=None if over is None else moment(over),
        version=judged.version if judged else None,
        response=found.get("response"),
        resolution=found.get("resolution"),
        provisional=clock.provisional if clock else False,
        pauses=tuple(pause for pause in pauses if pause.end is None or pause.end > begins),
        seqs=tuple(sorted({row[6] for row in rows})),
    )


def _target(verdict: Verdict) -> Target:
    left, result = verdict.left, _RESULTS[verdict.left.state]
    at = None if verdict.at is None else moment(verdict.at)
    return Target(result, verdict.priority, left.whole, left.used, verdict.counts, at, verdict.evidence)


def _course(rows: Sequence[Sequence[Any]]) -> tuple[TicketState, int | None, list[Pause]]:
    """How it stands after these events, in their order; since when it is over; when its clock stood still."""
    state: TicketState = "open"
    over: int | None = None
    pauses: list[Pause] = []
    for what, at, _, word, _, _, seq in rows:
        if what in ("resumed", "reopened", "resolved", "closed") and pauses and pauses[-1].end is None:
            pauses[-1] = pauses[-1]._replace(end=moment(at), seqs=(*pauses[-1].seqs, seq))
        if what == "paused" and state == "open":
            state = "paused"
            pauses.append(Pause(word, moment(at), None, (seq,)))
        elif what in ("resumed", "reopened"):
            state, over = "open", None
        elif what == "resolved":
            state, over = "resolved", at
        elif what == "closed":
            state, over = "closed", at if over is None else over
    return state, over, pauses
