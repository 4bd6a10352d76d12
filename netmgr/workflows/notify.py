"""Telling people: what the log has news of is routed to recipients, and sent until each has it or it is given up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from netmgr.errors import UsageError
from netmgr.model.client import Client
from netmgr.model.entry import Entry, rfc3339
from netmgr.model.notification import Batch, Event, Notification, NotificationState, Routed
from netmgr.model.notify_settings import NotifySettings
from netmgr.notify.events import events
from netmgr.notify.routing import route
from netmgr.ports.outbox import Standing
from netmgr.ports.store import ServiceLog
from netmgr.workflows.delivery import deliver
from netmgr.workflows.sender import Sender, Sent

BATCHES: Final = 200
"""Routed at a time: so many appends to the log."""


def send_due(sender: Sender, client: str) -> Sent:
    """Route what is new, and send what is due. Raises InputError for the files, StoreError for the store."""
    settings = sender.post.files.settings()
    templates = sender.post.files.templates()
    known = sender.post.files.client(client)
    done = Sent(client)
    if settings.rules:  # where nobody is told of anything, what happened waits for whoever writes rules
        _route(sender, settings, known, done)
    deliver(sender, settings, known, templates, done)
    sender.post.outbox.forget(client, sender.clock.now() - timedelta(days=settings.keep_days))
    return done


def listed(
    sender: Sender, client: str, *, state: NotificationState | None, limit: int
) -> tuple[Notification, ...]:
    """The client's newest notifications."""
    sender.require_read(client)
    return sender.post.outbox.notifications(client, state=state, limit=limit)


def retry(sender: Sender, client: str, identity: str) -> None:
    """Have one that was given up sent once more, by who sends next. Raises UsageError where none such has this id."""
    sender.require_read(client)
    if not sender.post.outbox.revive(client, identity, sender.clock.now()):
        raise UsageError(
            f"{client}: no notification {identity} was given up (`netmgr notify list --state failed` shows them)"
        )


def _route(sender: Sender, settings: NotifySettings, client: Client, done: Sent) -> None:
    while batches := sender.post.outbox.unrouted(client.id, BATCHES):
        now = sender.clock.now()
        oldest = rfc3339(now - timedelta(hours=settings.max_age_hours))
        news = events(entry for batch in batches for entry in _entries(sender.log, client.id, batch))
        fresh = [event for event in news if event.time >= oldest]
        made = _Decision(client, settings, fresh, now)
        if sender.post.outbox.route(client.id, batches, made):
            done.made += len(made.routed.notifications)
            done.too_old += len(news) - len(fresh)
    if done.too_old:
        done.problems.append(
            f"{done.too_old} events are older than {settings.max_age_hours} hours (max_age_hours): nobody is told"
        )


@dataclass(slots=True)
class _Decision:
    """Made in the outbox's own transaction, from the problems that stand then."""

    client: Client
    settings: NotifySettings
    news: Sequence[Event]
    now: datetime
    routed: Routed = field(default_factory=Routed)

    def __call__(self, standing: Standing) -> Routed:
        self.routed = route(
            self.client.id,
            self.news,
            standing,
            settings=self.settings,
            contacts=self.client.contacts,
            now=self.now,
        )
        return self.routed


def _entries(log: ServiceLog, client: str, batch: Batch) -> Iterator[Entry]:
    return log.entries(client, stream=batch.stream, after=batch.first - 1, until=batch.last)
