"""Trying out whether those who would be told of a client can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass

from netmgr.errors import UsageError
from netmgr.model.canonical import canonical
from netmgr.model.client import Client
from netmgr.model.entry import rfc3339
from netmgr.notify.message import message
from netmgr.notify.routing import recipients
from netmgr.ports.carrier import Carrier, NotDeliveredError
from netmgr.workflows.delivery import carry
from netmgr.workflows.sender import Sender


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test message to one recipient ended: ``error`` is None where it was taken."""

    recipient: str
    error: str | None


def try_out(sender: Sender, client: str, only: str | None = None) -> tuple[Tried, ...]:
    """Send a message that says it is a test to everybody whom the client's rules name, past the outbox.

    Raises UsageError where that is nobody.
    """
    sender.require_read(client)
    settings = sender.post.files.settings()
    templates = {**sender.post.files.own_templates, **sender.post.files.templates()}
    known = sender.post.files.client(client)
    everybody = dict.fromkeys(
        recipient for rule in settings.of(client) for recipient in recipients(rule, known.contacts)
    )
    chosen = [recipient for recipient in everybody if only in (None, recipient)]
    if not chosen:
        whom = f"{only} of {client}" if only else client
        raise UsageError(f"nobody is told of {whom}: config/notify.yaml has no such recipient in its rules")
    carriers = sender.post.carriers(settings)
    try:
        return tuple(_tried(sender, recipient, known, templates, carriers) for recipient in chosen)
    finally:
        for carrier in carriers.values():
            carrier.close()


def _tried(
    sender: Sender,
    recipient: str,
    client: Client,
    templates: Mapping[str, str],
    carriers: Mapping[str, Carrier],
) -> Tried:
    now = sender.clock.now()
    item = {"event": "notify.test", "severity": "info", "state": "once", "outcome": "test", "action": "test"}
    document = {
        "id": sender.clock.new_id(),
        "client": client.id,
        "target": "network",
        "request": sender.request,
        "time": rfc3339(now),
        "severity": "info",
        "recovered": False,
        "omitted": 0,
        "items": [item | {"time": rfc3339(now), "stream": "main", "seq": 0}],
    }
    try:
        carry(carriers, message(recipient, now, canonical(document), client, templates))
    except NotDeliveredError as error:
        return Tried(recipient, str(error))
    except ValueError as error:
        return Tried(recipient, f"config/notify/{error}")
    return Tried(recipient, None)
