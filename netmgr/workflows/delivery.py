"""Sending what the outbox holds, one notification after the other.

One that cannot be sent fails nothing else. It is logged when that begins, and when it is given up.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from netmgr.errors import SecretError, StoreError
from netmgr.model.client import Client
from netmgr.model.entry import Body, Draft
from netmgr.model.letter import Enclosure
from netmgr.model.notification import SILENT, Notification
from netmgr.model.notify_settings import NotifySettings
from netmgr.notify.message import message
from netmgr.notify.retry import next_try
from netmgr.ports.carrier import Attachment, Carrier, Message, NotDeliveredError
from netmgr.workflows.sender import Sender, Sent

CLAIM: Final = timedelta(minutes=5)
"""How long nobody else sends what somebody has begun to send: longer than any carrier takes."""


def deliver(
    sender: Sender, settings: NotifySettings, client: Client, templates: Mapping[str, str], done: Sent
) -> None:
    """Send what is due, and count it in ``done``. ``templates`` are the workspace's."""
    carriers = sender.post.carriers(settings)
    try:
        _deliver(sender, settings, client, templates, carriers, done)
    finally:
        for carrier in carriers.values():
            carrier.close()


def _deliver(
    sender: Sender,
    settings: NotifySettings,
    client: Client,
    templates: Mapping[str, str],
    carriers: Mapping[str, Carrier],
    done: Sent,
) -> None:
    while not sender.stopped():
        now = sender.clock.now()
        claimed = sender.post.outbox.claim(client.id, now, now + CLAIM)
        if claimed is None:
            return
        try:
            words = _words(claimed, client, templates, sender.post.files.own_templates, done)
            carry(carriers, replace(words, attachments=_enclosed(sender, claimed)))
        except NotDeliveredError as error:
            _put_off(sender, settings, claimed, error, done)
        else:
            sender.post.outbox.settle(claimed, "sent", now=sender.clock.now())
            done.sent += 1
            if claimed.attempts > 1:
                _log(sender, claimed, "sent", None)


def _words(
    claimed: Notification, client: Client, templates: Mapping[str, str], own: Mapping[str, str], done: Sent
) -> Message:
    """In the workspace's own words; in the program's where those cannot be used: news is worth more than its form."""
    created = datetime.fromisoformat(claimed.created)
    try:
        return message(claimed.recipient, created, claimed.document, client, {**own, **templates})
    except ValueError as error:
        problem = f"config/notify/{error}; the program's own words were sent"
        if problem not in done.problems:
            done.problems.append(problem)
    try:
        return message(claimed.recipient, created, claimed.document, client, own)
    except ValueError as error:
        raise NotDeliveredError(f"it cannot be put into words: {error}") from error


def _enclosed(sender: Sender, claimed: Notification) -> tuple[Attachment, ...]:
    """Read when it is sent: the outbox holds no files, and nothing that is encrypted only on its way."""
    told: dict[str, Any] = json.loads(claimed.document)
    files = (Enclosure(**each) for each in told.get("enclosures", ()))
    return tuple(sender.post.enclose(claimed.client, each) for each in files)


def carry(carriers: Mapping[str, Carrier], words: Message) -> None:
    """By the way that its recipient names. Raises NotDeliveredError."""
    way = words.recipient.partition(":")[0]
    carrier = carriers.get(way)
    if carrier is None:
        raise NotDeliveredError(f"config/notify.yaml has no {way} any more", final=True)
    try:
        carrier.send(words)
    except SecretError as error:
        raise NotDeliveredError(str(error)) from error


def _put_off(
    sender: Sender, settings: NotifySettings, claimed: Notification, error: NotDeliveredError, done: Sent
) -> None:
    now = sender.clock.now()
    again = next_try(
        claimed.id,
        claimed.attempts,
        created=datetime.fromisoformat(claimed.created),
        now=now,
        give_up=timedelta(hours=settings.give_up_hours),
        asked=error.retry_after,
    )
    reason = str(error)
    done.problems.append(f"{claimed.recipient}: {reason}")
    if error.final or again is None:
        sender.post.outbox.settle(claimed, "failed", now=now, error=reason)
        done.failed += 1
        _log(sender, claimed, "failed", reason)
        return
    sender.post.outbox.settle(claimed, "pending", now=now, due=again, error=reason)
    done.deferred += 1
    if claimed.attempts == 1:
        _log(sender, claimed, "deferred", reason)


def _log(sender: Sender, claimed: Notification, outcome: str, reason: str | None) -> None:
    """Who could not be told is personal, so it is in the body. That this cannot be logged changes nothing."""
    told: dict[str, Any] = json.loads(claimed.document)
    text = "\n".join(filter(None, (claimed.recipient, reason)))
    draft = Draft(
        client=claimed.client,
        target=told["target"],
        kind=SILENT,
        action="send",
        phase="result",
        outcome=outcome,
        actor=sender.actor.id,
        auth=sender.actor.auth,
        on=sender.actor.on,
        request=sender.request,
        facts={
            "notification": claimed.id,
            "way": claimed.recipient.partition(":")[0],
            "attempts": claimed.attempts,
            "of": told["request"],
        },
        body=Body(f"{text}\n".encode(), "text/plain"),
    )
    try:
        sender.log.append(claimed.client, [draft])
    except StoreError as error:
        sender.say(f"not logged: {error}")
