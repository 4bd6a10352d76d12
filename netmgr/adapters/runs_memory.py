"""Runs in memory, a peer of the tables: for tests of schedules, and for who needs no memory of the day before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from netmgr.errors import StoreError
from netmgr.ports.runs import Run, Standing


class MemoryRuns:
    """See ``netmgr.ports.runs.Runs``. Turns are among the users of this one object."""

    def __init__(self) -> None:
        self._turns: set[tuple[str, str]] = set()
        self._standing: dict[tuple[str, str], Standing] = {}
        self._runs: dict[tuple[str, str], dict[datetime, Run]] = {}

    @contextmanager
    def turn(self, client: str, job: str) -> Iterator[bool]:
        """Whether nobody else has it."""
        key = client, job
        if key in self._turns:
            yield False
            return
        self._turns.add(key)
        try:
            yield True
        finally:
            self._turns.remove(key)

    def standing(self, client: str, job: str) -> Standing | None:
        """What ``account`` was last told."""
        return self._standing.get((client, job))

    def account(self, client: str, job: str, standing: Standing, runs: Sequence[Run]) -> None:
        """All or nothing."""
        kept = self._runs.setdefault((client, job), {})
        for run in runs:
            if run.due in kept:
                raise already_recorded(run)
        kept.update({run.due: run for run in runs})
        self._standing[client, job] = standing

    def unfinished(self, client: str, job: str) -> Run | None:
        """The oldest."""
        runs = sorted(self._runs.get((client, job), {}).items())
        return next((run for _, run in runs if run.state == "running"), None)

    def update(self, run: Run) -> None:
        """In its place."""
        kept = self._runs.get((run.client, run.job), {})
        if run.due not in kept:
            raise not_recorded(run)
        kept[run.due] = run

    def newest(self, client: str, job: str, limit: int) -> tuple[Run, ...]:
        """By their nominal time."""
        runs = sorted(self._runs.get((client, job), {}).items(), reverse=True)
        return tuple(run for _, run in runs[:limit])

    def forget(self, client: str, job: str, before: datetime, limit: int) -> int:
        """The oldest first."""
        kept = self._runs.get((client, job), {})
        old = [due for due in sorted(kept)[:-1] if due < before and kept[due].state != "running"]
        for due in old[:limit]:
            del kept[due]
        return len(old[:limit])


def already_recorded(run: Run) -> StoreError:
    """What somebody is told who would run it twice."""
    return StoreError(
        f"{run.client}: {run.job}: the run due {run.due.isoformat()} is recorded already; nothing was changed"
    )


def not_recorded(run: Run) -> StoreError:
    """What somebody is told who updates what is not there."""
    return StoreError(
        f"{run.client}: {run.job}: no run due {run.due.isoformat()} is recorded; nothing was changed"
    )
