"""The outbox: what the log holds and nobody has been told of yet, and every notification until it is settled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from netmgr.model.notification import Backlog, Batch, Condition, Notification, NotificationState, Routed

Standing = Mapping[tuple[str, str], Condition]
"""(recipient, subject) → the problem that the recipient knows of."""


class Outbox(Protocol):
    """Beside the service log, in the same store. Every method raises StoreError when the store fails.

    ``ServiceLog.append`` puts a batch here in its own transaction: an entry that is in the log is here, and none that
    is not. A notification leaves it settled: sent, or failed for good. Notifications of one recipient are sent in
    their order; one that cannot be sent keeps the later ones waiting.
    """

    def unrouted(self, client: str, limit: int) -> tuple[Batch, ...]:
        """The oldest batches of which it is not decided yet whom to tell."""

    def route(self, client: str, batches: Sequence[Batch], decide: Callable[[Standing], Routed]) -> bool:
        """Replace the batches by what ``decide`` makes of them, given the problems that stand: all of it, or nothing.

        False, and nothing is changed, where somebody else has routed one of them meanwhile. A notification whose id is
        there already is not made a second time.
        """

    def claim(self, client: str, now: datetime, until: datetime) -> Notification | None:
        """Begin to send the oldest notification that is due: nobody else sends it before ``until``.

        Durable when it returns. None where nothing is due now.
        """

    def settle(
        self,
        claimed: Notification,
        state: NotificationState,
        *,
        now: datetime,
        due: datetime | None = None,
        error: str | None = None,
    ) -> bool:
        """How sending ended: ``sent``, ``failed``, or ``pending`` again, to be tried when it is ``due``.

        False, and nothing is changed, where the claim had run out and somebody else has begun to send it.
        """

    def revive(self, client: str, identity: str, now: datetime) -> bool:
        """Try one that has failed once more: it is due now. False where no failed one has this id."""

    def notifications(
        self, client: str, *, state: NotificationState | None = None, limit: int
    ) -> tuple[Notification, ...]:
        """The newest first."""

    def find(self, client: str, identity: str) -> Notification | None:
        """One by its id; None where there is none, or it was forgotten."""

    def backlog(self, client: str) -> Backlog:
        """How much waits."""

    def remove(self, client: str, identities: Sequence[str]) -> int:
        """Delete these, settled or not: who was not told yet is not told of it. How many there were."""

    def forget(self, client: str, before: datetime) -> int:
        """Delete what was settled before that time; how many there were."""
