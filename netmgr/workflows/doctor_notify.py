"""The self-test of telling people: can what is asked for be used, and does the outbox empty?"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from netmgr.errors import InputError, SecretError, StoreError
from netmgr.model.checkup import Check, CheckState
from netmgr.model.names import SECRET_REFERENCE
from netmgr.model.notify_settings import NotifySettings
from netmgr.ports.post import Post
from netmgr.ports.secrets import Secrets

_LATE: Final = timedelta(hours=1)


def notifications(
    post: Post, secrets: Secrets, owner: str, clients: Iterable[str], now: datetime
) -> Iterator[Check]:
    """Nothing where nobody is to be told. ``owner`` has the secrets that are the workspace's own."""
    try:
        settings = post.files.settings()
        post.files.templates()
    except InputError as error:
        yield _check("config/notify.yaml", "failed", error.problems[0], "netmgr validate")
        return
    if not settings.rules:
        return
    yield _check("config/notify.yaml", "ok", f"{len(settings.rules)} rules")
    for reference in _references(settings):
        try:
            secrets.resolve(owner, reference)
        except SecretError as error:
            said = str(error).removeprefix(f"{owner}: {reference}: ")
            yield _check(reference, "failed", "cannot be resolved", said)
        else:
            yield _check(reference, "ok", "resolves")
    for client in clients:
        yield from _outbox(post, client, now)


def _references(settings: NotifySettings) -> tuple[str, ...]:
    found = [settings.mail.password] if settings.mail else []
    for webhook in settings.webhooks.values():
        found += [webhook.secret, webhook.url if SECRET_REFERENCE.fullmatch(webhook.url) else None]
    found += [notifier.secret for notifier in settings.notifiers.values()]
    return tuple(dict.fromkeys(filter(None, found)))


def _outbox(post: Post, client: str, now: datetime) -> Iterator[Check]:
    try:
        backlog = post.outbox.backlog(client)
    except StoreError:
        return  # the store has its own check
    failed = backlog.counts.get("failed", 0)
    if failed:
        yield _check(
            client, "warning", f"{failed} given up", f"netmgr notify list -c {client} --state failed"
        )
    if backlog.oldest and now - backlog.oldest > _LATE:
        hours = round((now - backlog.oldest).total_seconds() / 3600)
        remedy = "netmgr notify send --due, and a job `notify` in config/schedule.yaml"
        yield _check(client, "warning", f"the oldest news has waited for {hours} hours", remedy)
    elif not failed:
        yield _check(client, "ok", "nothing waits for long")


def _check(name: str, status: CheckState, detail: str, remedy: str = "") -> Check:
    return Check(area="notifications", name=name, status=status, detail=detail, remedy=remedy)
