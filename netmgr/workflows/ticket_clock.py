"""What the clocks say of a client's tickets now, each by the agreement that was in force when it was opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netmgr.errors import StoreError
from netmgr.model.record import Record
from netmgr.model.ticket_clock import TicketClock
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.desk import moment
from netmgr.service.targets import levels_of
from netmgr.service.ticket_record import events
from netmgr.service.versions import SignedVersion
from netmgr.workflows.agreement import content, known
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket's clocks, the version of the agreement that they go by, and at which parts of a target it warns."""

    clock: TicketClock
    version: int
    warn: Sequence[int]


class Clocks:
    """The clocks of one client's tickets at one moment. A version of the agreement is read once for all of them."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._history = known(runtime)
        self._levels: dict[int, tuple[Mapping[str, Level], Sequence[int]]] = {}
        self.now = int(runtime.clock.now().timestamp())

    def of(self, record: Record) -> Judged | None:
        """None where nothing was promised: no version was in force, or it does not know the ticket's priority.

        Nor is there a clock where the version was erased, or another desk's ticket has a history that cannot be.
        """
        happened = events(record.document)
        version = self._history.in_force(moment(int(record.document["opened"])))
        if version is None or not happened:
            return None
        # The log's time never goes back, even where this machine's does.
        now = max(self.now, *(one.recorded for one in happened))
        try:
            levels, warn = self._of(version)
            return Judged(ticket_clock(happened, levels, now), version.version, warn)
        except (StoreError, ValueError):
            return None

    def _of(self, version: SignedVersion) -> tuple[Mapping[str, Level], Sequence[int]]:
        if version.seq not in self._levels:
            agreement = content(self._runtime, version)
            self._levels[version.seq] = (
                levels_of(agreement.levels, agreement.calendar),
                sorted(agreement.levels.warn),
            )
        return self._levels[version.seq]
