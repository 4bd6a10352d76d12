"""One writer for each client and target."""

from contextlib import AbstractContextManager
from typing import Protocol

from netmgr.model.base import Frozen
from netmgr.model.names import Target


class Lease(Frozen):
    """The right to write. ``epoch`` grows with every lease, so that a device can refuse an older writer."""

    client: str
    target: Target
    holder: str
    since: str
    epoch: int


class Locks(Protocol):
    """Hands out leases."""

    def hold(self, client: str, target: Target, holder: str, since: str) -> AbstractContextManager[Lease]:
        """The lease, for as long as the context lasts. Raises Refused(lock), naming the holder and since when."""

    def held(self, client: str, target: Target) -> Lease | None:
        """Who holds the lease now, if anybody does. Looking disturbs nobody who wants it."""
