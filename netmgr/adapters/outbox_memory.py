"""The outbox in memory, a peer of the tables: part of MemoryServiceLog, and gone with it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from netmgr.model.entry import Entry, rfc3339
from netmgr.model.notification import (
    Backlog,
    Batch,
    Condition,
    Notification,
    NotificationState,
    Routed,
    batch_of,
)
from netmgr.ports.outbox import Standing


@dataclass(slots=True)
class _Client:
    batches: list[Batch] = field(default_factory=list)
    notifications: dict[str, Notification] = field(default_factory=dict)
    conditions: dict[tuple[str, str], Condition] = field(default_factory=dict)


class MemoryOutbox:
    """See ``netmgr.ports.outbox.Outbox``."""

    def __init__(self) -> None:
        self._clients: defaultdict[str, _Client] = defaultdict(_Client)

    def appended(self, client: str, stream: str, entries: Sequence[Entry]) -> None:
        """The log's own part: these were appended together."""
        self._clients[client].batches += batch_of(stream, entries)

    def unrouted(self, client: str, limit: int) -> tuple[Batch, ...]:
        """In the order in which they came."""
        return tuple(self._clients[client].batches[:limit])

    def route(self, client: str, batches: Sequence[Batch], decide: Callable[[Standing], Routed]) -> bool:
        """All are there, or nothing is done."""
        kept = self._clients[client]
        if not all(batch in kept.batches for batch in batches):
            return False
        routed = decide(dict(kept.conditions))
        kept.batches = [batch for batch in kept.batches if batch not in batches]
        for made in routed.notifications:
            kept.notifications.setdefault(made.id, made)
        for over in routed.over:
            kept.conditions.pop(over, None)
        kept.conditions |= {(each.recipient, each.subject): each for each in routed.standing}
        return True

    def claim(self, client: str, now: datetime, until: datetime) -> Notification | None:
        """The first that is due among each recipient's oldest."""
        kept = self._clients[client].notifications
        waiting: set[str] = set()
        for made in kept.values():
            if made.state in ("sent", "failed") or made.recipient in waiting:
                continue
            waiting.add(made.recipient)
            if made.due <= rfc3339(now):
                claimed = replace(made, state="sending", attempts=made.attempts + 1, due=rfc3339(until))
                kept[made.id] = claimed
                return claimed
        return None

    def settle(
        self,
        claimed: Notification,
        state: NotificationState,
        *,
        now: datetime,
        due: datetime | None = None,
        error: str | None = None,
    ) -> bool:
        """The attempt's number tells whether the claim still holds."""
        kept = self._clients[claimed.client].notifications
        if (there := kept.get(claimed.id)) is None or (there.state, there.attempts) != (
            "sending",
            claimed.attempts,
        ):
            return False
        kept[claimed.id] = replace(
            there,
            state=state,
            due=rfc3339(due) if due else there.due,
            error=error,
            settled=rfc3339(now) if state in ("sent", "failed") else None,
        )
        return True

    def revive(self, client: str, identity: str, now: datetime) -> bool:
        """As if it had just been put off."""
        made = self._clients[client].notifications.get(identity)
        if made is None or made.state != "failed":
            return False
        revived = replace(made, state="pending", due=rfc3339(now), settled=None)
        self._clients[client].notifications[identity] = revived
        return True

    def notifications(
        self, client: str, *, state: NotificationState | None = None, limit: int
    ) -> tuple[Notification, ...]:
        """Backwards."""
        found = (made for made in reversed(self._clients[client].notifications.values()))
        return tuple(made for made in found if state in (None, made.state))[:limit]

    def find(self, client: str, identity: str) -> Notification | None:
        """By its key."""
        return self._clients[client].notifications.get(identity)

    def backlog(self, client: str) -> Backlog:
        """Counted."""
        kept = self._clients[client]
        made = kept.notifications.values()
        waiting = [each.time for each in kept.batches]
        waiting += [each.created for each in made if each.state in ("pending", "sending")]
        return Backlog(
            unrouted=len(kept.batches),
            counts=dict(Counter(each.state for each in made)),
            oldest=datetime.fromisoformat(min(waiting)) if waiting else None,
        )

    def remove(self, client: str, identities: Sequence[str]) -> int:
        """What is left is kept in its order."""
        kept = self._clients[client].notifications
        return sum(kept.pop(each, None) is not None for each in identities)

    def forget(self, client: str, before: datetime) -> int:
        """What is left is kept in its order."""
        kept = self._clients[client].notifications
        old = [made.id for made in kept.values() if made.settled and made.settled < rfc3339(before)]
        for each in old:
            del kept[each]
        return len(old)
