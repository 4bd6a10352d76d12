"""Issuing a report on schedule, and sending it to the client's contacts: each gets each report once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from netmgr.errors import InputError, Refused, StoreError
from netmgr.model.canonical import canonical
from netmgr.model.client import Client
from netmgr.model.entry import Body
from netmgr.model.issued_report import KIND, IssuedReport
from netmgr.model.notification import Notification
from netmgr.model.schedule import ReportJob
from netmgr.report.letter import letter
from netmgr.report.period import period_before
from netmgr.workflows.letters import letter_to, name_of, put, send_now
from netmgr.workflows.report import ReportRequest
from netmgr.workflows.report_issue import issue
from netmgr.workflows.runtime import Runtime

Outcome = Literal["issued", "sent", "deferred", "failed"]
_SEND: Final = "send"


def issue_and_send(runtime: Runtime, job: ReportJob, due: datetime) -> str:
    """The report of the time before ``due``, issued, and sent to whom it is for; the outcome in a word.

    A run that was cut short goes on where it was: what is issued is not issued again, who was told is not told twice.
    Raises InputError without a mail server, once the report is issued.
    """
    client = runtime.inventories.load(runtime.client).client
    asked = period_before(due, zone=client.timezone, days=job.days, every=job.every)
    # Under a request of its own: the run is over when it is sent, not when it is issued.
    own = replace(runtime, request=f"{runtime.request}.issue")
    request = ReportRequest(formats=job.formats, locale=job.locale)
    done = issue(own, request, job.audiences, asked=asked)
    if not job.send:
        return _logged(runtime, done.report, "issued", ())
    return send(runtime, done.report)


def send(runtime: Runtime, report: IssuedReport) -> Outcome:
    """Send it to the contacts with the role ``report``: each audience to those who are to have it, once.

    A technical report goes encrypted or not at all. Without such a contact it is only issued.
    """
    post = runtime.open_post()
    client = post.files.client(runtime.client)
    letters = tuple(_letters(runtime, client, report))
    if not letters:
        return _logged(runtime, report, "issued", ())
    if post.files.settings().mail is None:
        raise InputError(["config/notify.yaml:1: reports are sent by mail; write mail with server and from"])
    put(runtime, letters)
    send_now(runtime)
    found = [post.outbox.find(runtime.client, each.id) or each for each in letters]
    states = {each.state for each in found}
    outcome: Outcome = "failed" if "failed" in states else "sent" if states == {"sent"} else "deferred"
    return _logged(runtime, report, outcome, letters)


def _letters(runtime: Runtime, client: Client, report: IssuedReport) -> Iterator[Notification]:
    words = runtime.open_desk().words(report.locale, report.timezone)
    for contact in client.contacts:
        if not contact.is_sent_reports:
            continue
        wanted = [audience for audience in report.audiences if audience in contact.reports]
        for audience in wanted:
            if audience == "technical" and contact.age is None:
                continue
            told = letter(
                report,
                audience,
                words,
                name=client.names.get(report.locale) or name_of(client),
                key=contact.age,
                more="technical" in wanted and contact.age is None,
            )
            yield letter_to(
                runtime,
                f"mail:{contact.email}",
                told,
                of=[KIND, f"{report.from_}", f"{report.to}", f"{report.revision}", audience],
                event="report.sent",
                action=_SEND,
            )


def _logged(
    runtime: Runtime, report: IssuedReport, outcome: Outcome, letters: Sequence[Notification]
) -> Outcome:
    """To whom is personal, so it is the body."""
    facts = {
        "from": report.from_.isoformat(),
        "to": report.to.isoformat(),
        "timezone": report.timezone,
        "revision": report.revision,
        "notifications": [each.id for each in letters],
    }
    to = [each.recipient for each in letters]
    draft = runtime.draft(
        kind=KIND,
        action=_SEND,
        phase="result",
        outcome=outcome,
        visibility="client",
        facts=facts,
        body=Body(canonical({"to": to}), "application/json") if to else None,
    )
    try:
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused("log", str(error), "make the service log writable: what is sent is logged") from error
    return outcome
