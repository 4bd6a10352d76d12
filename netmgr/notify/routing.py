"""From news to messages: who is told, nobody twice of the same, and everybody who knew of a problem that it is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from netmgr.model.canonical import canonical
from netmgr.model.client import Contact
from netmgr.model.entry import rfc3339
from netmgr.model.notification import SEVERITIES, Condition, Event, Notification, Routed, Severity
from netmgr.model.notify_settings import NotifySettings, Rule

MOST_ITEMS: Final = 200
"""In one message: a receiver must not refuse it for its length, however large a network is. The worst are in it."""

#: Makes the ids: the same news for the same recipient has the same one, wherever and however often it is made.
_NAMESPACE: Final = UUID("6f1c4e52-0c0b-5c39-9f0e-2f8a9a3d7b51")


@dataclass(frozen=True, slots=True)
class Told:
    """One item of a message. ``again``: a problem that lasts; ``recovered``: one that is over."""

    event: Event
    what: str
    since: str | None = None

    def document(self) -> dict[str, Any]:
        """As JSON; what is not known is not there."""
        known = {
            "event": self.event.name,
            "severity": self.event.severity,
            "state": self.what,
            "outcome": self.event.outcome,
            "action": self.event.action,
            "device": self.event.device,
            "devices": self._devices(),
            "change": self.event.change,
            "ticket": self.event.ticket,
            "since": self.since,
            "time": self.event.time,
            "stream": self.event.stream,
            "seq": self.event.seq,
        }
        return {key: value for key, value in known.items() if value is not None}

    def _devices(self) -> dict[str, list[str]] | None:
        devices = self.event.devices
        return None if devices is None else {outcome: list(names) for outcome, names in devices.items()}


def recipients(rule: Rule, contacts: Iterable[Contact]) -> tuple[str, ...]:
    """Whom a rule means, for the client with these contacts: ``mail:ADDRESS`` or ``webhook:NAME``."""
    found: list[str] = []
    for word in rule.to:
        way, _, name = word.partition(":")
        if way == "role":
            found += [f"mail:{each.email}" for each in contacts if name in each.roles and each.email]
        else:
            found.append(word)
    return tuple(dict.fromkeys(found))


def route(
    client: str,
    news: Sequence[Event],
    standing: Mapping[tuple[str, str], Condition],
    *,
    settings: NotifySettings,
    contacts: Sequence[Contact],
    now: datetime,
) -> Routed:
    """Who is told what. One message to each recipient for each command, with all its news.

    ``standing`` is (recipient, subject) → the problem that the recipient knows of.
    """
    by_recipient: dict[str, list[Rule]] = {}
    for rule in settings.of(client):
        for recipient in recipients(rule, contacts):
            by_recipient.setdefault(recipient, []).append(rule)
    made: list[tuple[int, Notification]] = []
    known = dict(standing)
    for recipient, rules in by_recipient.items():
        items: dict[str, list[Told]] = {}
        first: dict[str, int] = {}
        for number, event in enumerate(news):
            told = _tell(event, rules, known.get((recipient, event.subject)), settings)
            if told:
                items.setdefault(event.request, []).append(told)
                first.setdefault(event.request, number)
            _remember(known, recipient, event, told)
        for request, each in items.items():
            made.append((first[request], _notification(client, recipient, request, tuple(each), now)))
    made.sort(key=lambda one: one[0])  # the oldest news first, whoever is told of it
    return Routed(
        notifications=tuple(notification for _, notification in made),
        standing=tuple(each for key, each in known.items() if standing.get(key) != each),
        over=tuple(key for key in standing if key not in known),
    )


def _tell(
    event: Event, rules: Sequence[Rule], known: Condition | None, settings: NotifySettings
) -> Told | None:
    fits = any(rule.fits(event) for rule in rules)
    if event.state == "recurring":
        lately = (
            known and known.event == event.name and not _remind(event, known, settings.remind_hours or 24)
        )
        return Told(event, "once") if fits and not lately else None
    if event.state == "well":
        return Told(event, "recovered", known.since) if known else None
    if known is None:
        return Told(event, event.state) if fits else None
    if event.state == "once":
        return Told(event, "recovered" if event.severity == "info" else "once", known.since)
    if event.name != known.event:
        return Told(event, "problem", known.since)
    if fits and settings.remind_hours and _remind(event, known, settings.remind_hours):
        return Told(event, "again", known.since)
    return None


def _remind(event: Event, known: Condition, hours: int) -> bool:
    return datetime.fromisoformat(event.time) - datetime.fromisoformat(known.told) >= timedelta(hours=hours)


def _remember(
    known: dict[tuple[str, str], Condition], recipient: str, event: Event, told: Told | None
) -> None:
    key = recipient, event.subject
    if event.state in ("well", "once"):
        known.pop(key, None)
    elif told:
        since = told.since or event.time
        known[key] = Condition(recipient, event.subject, event.name, event.severity, since, event.time)


def _worst_first(items: Sequence[Told]) -> Sequence[Told]:
    """In their order, but where some must be left out."""
    if len(items) <= MOST_ITEMS:
        return items
    return sorted(items, key=lambda item: (item.what == "recovered", -SEVERITIES.index(item.event.severity)))


def _notification(
    client: str, recipient: str, request: str, items: tuple[Told, ...], now: datetime
) -> Notification:
    first = items[0].event
    place = f"{client} {first.stream} {first.seq} {request} {recipient}"
    open_items = [item for item in items if item.what != "recovered"]
    none: Severity = "info"
    worst = max((item.event.severity for item in open_items), key=SEVERITIES.index, default=none)
    identity = str(uuid5(_NAMESPACE, place))
    document = {
        "id": identity,
        "client": client,
        "target": first.target,
        "request": request,
        "time": first.time,
        "severity": worst,
        "recovered": not open_items,
        "items": [item.document() for item in _worst_first(items)[:MOST_ITEMS]],
        "omitted": max(0, len(items) - MOST_ITEMS),
    }
    created = rfc3339(now)
    return Notification(identity, client, recipient, worst, created, canonical(document), due=created)
