"""One writer for each client and target, for as long as it is heard of."""

from contextlib import AbstractContextManager
from typing import Protocol

from netmgr.model.lease import Tenure
from netmgr.model.names import Target


class Lease(Protocol):
    """The right to write, lost when its holder was silent for too long and somebody else took over."""

    @property
    def epoch(self) -> int:
        """The number that orders to devices carry."""

    @property
    def taken_from(self) -> Tenure | None:
        """Whose overdue lease this one replaced, if anybody's."""

    def ensure(self) -> None:
        """Be heard of. Called before whatever must not come late, and while waiting.

        Raises LeaseLost where somebody else has taken over, StoreError where that cannot be found out.
        """


class Locks(Protocol):
    """Hands out leases. One that has run out is still its holder's until somebody else takes it."""

    def hold(self, client: str, target: Target, holder: str) -> AbstractContextManager[Lease]:
        """The lease, for as long as the context lasts; never waits. A dead process's lease is free at once.

        Raises Refused(lock), naming the holder and since when.
        """

    def held(self, client: str, target: Target) -> Tenure | None:
        """Who holds the lease now, if anybody does. Looking disturbs nobody who wants it."""
