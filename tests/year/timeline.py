"""What happens when: scenes on Berlin's clocks, and what is done on schedule between them."""

import contextlib
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from netmgr.adapters.settings_yaml import load_settings
from netmgr.model.access import Actor
from netmgr.ports.progress import Silent
from netmgr.workflows.probing import probe
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.schedule import Ran, Scheduler
from tests.year.house import House, HouseWiring

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
#: The hour at which the scheduler looks, on Berlin's clocks; signs of life are asked for every hour.
LOOKS = 5


def berlin(text: str) -> datetime:
    """A time as clocks in Berlin show it."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


class Timeline:
    """Scenes in their order; those of one moment in the order in which they were planned."""

    def __init__(self, house: House, *, probes: bool) -> None:
        self.house, self._probes = house, probes
        self._scenes: list[tuple[datetime, int, Callable[[], object]]] = []
        self.ran: list[Ran] = []

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        heapq.heappush(self._scenes, (moment, self._next, act))

    def play(self, until: datetime) -> None:
        """Everything before ``until``; a scene may plan others."""
        due = self.house.clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
        while due < until or (self._scenes and self._scenes[0][0] < until):
            if self._scenes and self._scenes[0][0] <= due:
                moment, _, act = heapq.heappop(self._scenes)
                self.house.clock.move_to(moment)
                act()
            else:
                self.house.clock.move_to(due)
                self._on_schedule(due)
                due += HOUR

    @property
    def _next(self) -> int:
        self._count = getattr(self, "_count", 0) + 1
        return self._count

    def _on_schedule(self, due: datetime) -> None:
        local = due.astimezone(BERLIN)
        if self._probes:
            probe(self._runtime("acme", self.house.clock.new_id()))
        if local.hour != LOOKS:
            return
        real = not self.house.memory and (local.weekday() == 0 or local.day == 15)
        with self.house.clock.running() if real else contextlib.nullcontext():
            scheduler = Scheduler(self._wiring.runs, self.house.clock, self._runtime)
            self.ran += scheduler.run_due(self._wiring.schedule.planned("acme"))

    @cached_property
    def _wiring(self) -> HouseWiring:
        return HouseWiring(self.house, self.house.workspace, load_settings(self.house.workspace))

    def _runtime(self, client: str, request: str) -> Runtime:
        return self._wiring.runtime(
            client=client,
            target="network",
            actor=Actor(id="scheduler", auth="service", on="desk1"),
            request=request,
            progress=Silent(),
            interrupted=lambda: False,
        )
