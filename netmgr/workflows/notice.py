"""Notice of a change: the client's contacts are told by mail, and the log says so; nobody is told twice."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from netmgr.errors import InputError, Refused, StoreError, UsageError
from netmgr.model.canonical import canonical
from netmgr.model.change import Plan
from netmgr.model.client import Client
from netmgr.model.entry import Body, rfc3339
from netmgr.model.letter import Letter
from netmgr.model.notice import KIND, GivenNotice, Notice, NoticeOutcome, SentNotice
from netmgr.model.notification import Notification
from netmgr.service.notice import letter, permitted_from
from netmgr.workflows.agreement import in_force
from netmgr.workflows.letters import letter_to, name_of, put, send_now, words_for
from netmgr.workflows.runtime import Runtime

Window = tuple[datetime, datetime]


def send(runtime: Runtime, plan: Plan, *, reason: str, window: Window | None = None) -> SentNotice:
    """Tell the contacts with the role ``notice`` of the plan, now, and log it.

    What cannot be sent now is sent later (`netmgr notify send --due`); called again, it says whether it was. Raises
    UsageError where there is nobody to tell or nothing to tell of, InputError without a mail server.
    """
    runtime.require("desk")
    _refuse_idle(plan, window)
    post = runtime.open_post()
    client = post.files.client(runtime.client)
    recipients = _recipients(client)
    if post.files.settings().mail is None:
        raise InputError(["config/notify.yaml:1: notice is sent by mail; write mail with server and from"])
    now = runtime.clock.now()
    agreement = in_force(runtime, now)
    terms = agreement.notice if agreement else None
    free = permitted_from(agreement, terms, now) if agreement and terms else None
    begins, ends = map(rfc3339, window) if window else (None, None)
    notice = Notice.of(plan, contacts=len(recipients), begins=begins, ends=ends)
    words = words_for(runtime, client)
    told = letter(plan, words, name=name_of(client), reason=reason, window=window, not_before=free)
    made = _notifications(runtime, notice, told, recipients, reason)
    if earlier := _sent_already(runtime, made):
        return _document(plan, earlier, "sent", ())
    put(runtime, made)
    for each in made:
        post.outbox.revive(runtime.client, each.id, now)
    done = send_now(runtime)
    outcome, sent = _outcome(runtime, made)
    if sent:
        free = permitted_from(agreement, terms, sent) if agreement and terms else None
        times = {"sent": rfc3339(sent), "not_before": rfc3339(free) if free else None}
        notice = notice.model_copy(update=times)
    _log(runtime, notice, outcome, told, made)
    return _document(plan, notice, outcome, tuple(done.problems))


def given_notices(runtime: Runtime) -> tuple[GivenNotice, ...]:
    """Every notice that was sent, of any plan."""
    return tuple(_given(runtime))


def _given(runtime: Runtime) -> Iterator[GivenNotice]:
    for entry in runtime.log.entries(runtime.client, kind=KIND):
        notice = Notice.parse(_known(entry.facts)) if entry.outcome == "sent" else None
        if notice and notice.sent and entry.target == "network":
            yield GivenNotice(notice, datetime.fromisoformat(notice.sent))


def _known(facts: Mapping[str, object]) -> dict[str, object]:
    """What of the facts is a notice's; the others are for sending it again."""
    return {name: value for name, value in facts.items() if name in Notice.model_fields}


def _refuse_idle(plan: Plan, window: Window | None) -> None:
    if plan.target != "network":
        raise UsageError(f"plan {plan.id} is for the lab: nobody is told of it")
    if not plan.changed:
        raise UsageError(f"plan {plan.id} changes nothing: there is nothing to tell")
    if window and window[1] <= window[0]:
        raise UsageError("--to: the window ends before it begins")


def _recipients(client: Client) -> tuple[str, ...]:
    found = [f"mail:{each.email}" for each in client.contacts if "notice" in each.roles and each.email]
    if not found:
        raise UsageError(
            f"inventory/{client.id}/client.yaml: no contact has the role notice and an email; write one"
        )
    return tuple(dict.fromkeys(found))


def _notifications(
    runtime: Runtime, notice: Notice, told: Letter, recipients: Sequence[str], reason: str
) -> tuple[Notification, ...]:
    of = ["notice", notice.digest, notice.begins or "", notice.ends or "", reason]
    return tuple(
        letter_to(runtime, recipient, told, of=of, event="notice.sent", action="send")
        for recipient in recipients
    )


def _sent_already(runtime: Runtime, made: Sequence[Notification]) -> Notice | None:
    """The first entry that says that just these were sent."""
    ids = [each.id for each in made]
    for entry in runtime.log.entries(runtime.client, kind=KIND):
        if entry.outcome == "sent" and entry.facts.get("notifications") == ids:
            return Notice.parse(_known(entry.facts))
    return None


def _outcome(runtime: Runtime, made: Sequence[Notification]) -> tuple[NoticeOutcome, datetime | None]:
    """How far it has got, and when the last contact's was taken, once all are."""
    outbox = runtime.open_post().outbox
    found = [outbox.find(runtime.client, each.id) or each for each in made]
    if all(each.state == "sent" for each in found):
        return "sent", datetime.fromisoformat(max(each.settled or each.created for each in found))
    return ("failed" if any(each.state == "failed" for each in found) else "deferred"), None


def _log(
    runtime: Runtime, notice: Notice, outcome: NoticeOutcome, told: Letter, made: Sequence[Notification]
) -> None:
    """To whom and in which words is personal, so it is the body."""
    text = {"subject": told.subject, "text": told.text, "to": [each.recipient for each in made]}
    facts = {name: value for name, value in notice.model_dump(mode="json").items() if value is not None}
    draft = runtime.draft(
        kind=KIND,
        action="send",
        phase="result",
        outcome=outcome,
        visibility="client",
        facts=facts | {"notifications": [each.id for each in made]},
        body=Body(canonical(text), "application/json"),
    )
    try:
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused("log", str(error), "send it again: a notice that is not logged is none") from error


def _document(plan: Plan, notice: Notice, outcome: NoticeOutcome, problems: tuple[str, ...]) -> SentNotice:
    return SentNotice(
        client=plan.client,
        target=plan.target,
        plan=plan.id,
        digest=notice.digest,
        devices=notice.devices,
        outcome=outcome,
        sent=notice.sent,
        contacts=notice.contacts,
        not_before=notice.not_before,
        begins=notice.begins,
        ends=notice.ends,
        problems=problems,
    )
