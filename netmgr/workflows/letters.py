"""Mails whose words are made when they are, for people who read no events: put into the outbox, and sent at once."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from netmgr.document.locale import LOCALES, Words
from netmgr.model.canonical import canonical
from netmgr.model.client import Client
from netmgr.model.entry import rfc3339
from netmgr.model.letter import Letter
from netmgr.model.notification import Notification, Routed, Severity
from netmgr.workflows.delivery import deliver
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.sender import Sent, sender_of

#: Makes the ids: the same letter to the same recipient has the same one, however often it is made.
_NAMESPACE: Final = UUID("b5ad1d2c-4a52-5d0f-8f62-1f7a3f0f6c11")


def words_for(runtime: Runtime, client: Client) -> Words:
    """The words of the client's language; English where there are none in it."""
    locale = client.locale if client.locale in LOCALES else "en"
    return runtime.open_office().words(locale, client.timezone)


def name_of(client: Client) -> str:
    """What the client is called in its language."""
    return client.names.get(client.locale) or next(iter(client.names.values()), client.id)


def letter_to(
    runtime: Runtime,
    recipient: str,
    letter: Letter,
    *,
    of: Sequence[str],
    event: str,
    action: str,
    severity: Severity = "info",
    ticket: str | None = None,
) -> Notification:
    """The letter as a notification. ``of`` are the words that make it the same one, whenever it is made again."""
    now = rfc3339(runtime.clock.now())
    identity = str(uuid5(_NAMESPACE, canonical([runtime.client, *of, recipient]).decode()))
    outcome = event.partition(".")[2]
    item: dict[str, object] = {
        "event": event,
        "severity": severity,
        "state": "once",
        "outcome": outcome,
        "action": action,
    }
    item |= {"time": now, "stream": "main", "seq": 0} | ({"ticket": ticket} if ticket else {})
    document: dict[str, object] = {
        "id": identity,
        "client": runtime.client,
        "target": "network",
        "request": runtime.request,
        "time": now,
        "severity": severity,
        "recovered": False,
        "omitted": 0,
        "items": [item],
        "words": {"subject": letter.subject, "text": letter.text},
    }
    if letter.enclosures:
        document["enclosures"] = [enclosure.document() for enclosure in letter.enclosures]
    return Notification(identity, runtime.client, recipient, severity, now, canonical(document), due=now)


def put(runtime: Runtime, letters: Sequence[Notification]) -> None:
    """Into the outbox; one that is there is not there twice."""
    if letters:
        runtime.open_post().outbox.route(runtime.client, (), lambda _: Routed(notifications=tuple(letters)))


def send_now(runtime: Runtime) -> Sent:
    """Send what the client's outbox holds and is due."""
    sender, done = sender_of(runtime), Sent(runtime.client)
    files = sender.post.files
    deliver(sender, files.settings(), files.client(runtime.client), files.templates(), done)
    return done
