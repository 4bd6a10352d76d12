"""What has been run on schedule: one record for each run, whoever of several schedulers makes it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

RunState = Literal["running", "done", "failed", "missed"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a client's job. ``due`` is its nominal time; all times are in UTC.

    ``attempts`` counts how often it was begun: more than once where its runner died. ``outcome`` is the job's own word.
    """

    client: str
    job: str
    due: datetime
    state: RunState
    attempts: int = 1
    begun: datetime | None = None
    ended: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to when a job's runs are accounted for, and by which times it was planned then."""

    fingerprint: str
    last: datetime


class Runs(Protocol):
    """Durable records. Every method raises StoreError when the store fails; each call sees one client only."""

    def turn(self, client: str, job: str) -> AbstractContextManager[bool]:
        """The right to run this job, while the context lasts: False where somebody else has it. Never waits.

        A dead process's turn is over at once; what it was at stays ``running`` for the next one to find.
        """

    def standing(self, client: str, job: str) -> Standing | None:
        """None for a job that was never planned."""

    def account(self, client: str, job: str, standing: Standing, runs: Sequence[Run]) -> None:
        """Record these new runs of the job, and up to when all are accounted for: all of it, or nothing.

        Raises StoreError where one of the runs is recorded already: nobody runs a thing twice.
        """

    def unfinished(self, client: str, job: str) -> Run | None:
        """The oldest run of the job that is ``running``."""

    def update(self, run: Run) -> None:
        """Replace the record of this run by what is known of it now. Raises StoreError where there is none."""

    def newest(self, client: str, job: str, limit: int) -> tuple[Run, ...]:
        """The job's runs, the newest first."""

    def forget(self, client: str, job: str, before: datetime, limit: int) -> int:
        """Delete the oldest of the job's runs that were due before that time, ``limit`` at most; how many it were.

        What is ``running`` stays, and so does the newest run.
        """
