"""The log of one client up to one entry, asked by its indexes."""

from collections.abc import Iterator
from datetime import datetime

from netmgr.errors import UsageError
from netmgr.model.entry import Entry
from netmgr.ports.records import Records
from netmgr.workflows.report_window import logged_before
from netmgr.workflows.runtime import Runtime


class BillingLog:
    """Entries of the network up to ``cut``, the newest one where none is named. Raises UsageError for an empty log.

    ``now`` is the present, unless it is said: of a period that is over nothing depends on it.
    """

    def __init__(self, runtime: Runtime, cut: int | None = None, now: datetime | None = None) -> None:
        self._runtime, self.client = runtime, runtime.client
        newest = next(runtime.log.entries(self.client, until=cut, limit=1, newest_first=True), None)
        if newest is None:
            raise UsageError(f"{self.client} has no log yet; sign an agreement first")
        self.cut = newest.seq
        # The log's time never goes back, even where this machine's does.
        self.now = now or max(runtime.clock.now(), datetime.fromisoformat(newest.time))

    @property
    def records(self) -> Records:
        """As they are now: what is newer than the cut is in them."""
        return self._runtime.open_records()

    def of(self, kind: str, *, after: int = 0) -> Iterator[Entry]:
        """Entries of a kind above a seq, oldest first."""
        found = self._runtime.log.entries(self.client, kind=kind, after=after, until=self.cut)
        return (entry for entry in found if entry.target == "network")

    def later(self, kind: str, *, after: int) -> Iterator[Entry]:
        """The same, those after the cut too."""
        return self._runtime.log.entries(self.client, kind=kind, after=after)

    def ticket(self, identity: str, kind: str) -> Iterator[Entry]:
        """Entries of a kind that carry the ticket's id."""
        return self._runtime.log.entries(self.client, kind=kind, ticket=identity, until=self.cut)

    def before(self, moment: datetime) -> int:
        """How many entries were recorded before a moment."""

        return logged_before(self._runtime, moment, self.cut)
