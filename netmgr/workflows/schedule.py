"""Scheduled work: what is due is run once, what was missed is said, what a crash cut short is done again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from netmgr.errors import NetmgrError
from netmgr.model.entry import Body, Draft, Entry, Facts, rfc3339
from netmgr.model.schedule import Planned
from netmgr.ports.clock import Clock
from netmgr.ports.runs import Run, Runs, RunState, Standing
from netmgr.schedule.due import due, request_id, upcoming
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.runtime import Runtime

MOST_ATTEMPTS = 3
"""A run that takes its process with it is not begun a fourth time."""

KEPT = timedelta(days=14)
"""How long a run's record is kept after it was due; the log keeps what the run did."""
FORGOTTEN = 1_500
"""Records that go at most when a run is accounted for: more than a pass adds, so that old ones become fewer."""

OpenRuntime = Callable[[str, str], Runtime]
"""(client, request id) → the ports of one run."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a pass did about one run. ``elsewhere``: another process is at it."""

    client: str
    job: str
    due: datetime
    state: Literal["done", "failed", "missed", "elsewhere"]
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class JobStanding:
    """A job as it stands: when the next run begins (None: never), and the last one, if there was any."""

    planned: Planned
    next: datetime | None
    last: Run | None


def overview(planned: Iterable[Planned], runs: Runs, now: datetime) -> tuple[JobStanding, ...]:
    """Every job with its last and its next run."""
    return tuple(
        JobStanding(
            each,
            next(iter(upcoming(each, now, 1)), None),
            next(iter(runs.newest(each.client, each.name, 1)), None),
        )
        for each in planned
    )


def upcoming_runs(
    planned: Iterable[Planned], now: datetime, count: int
) -> tuple[tuple[datetime, Planned], ...]:
    """The next runs of all jobs, the earliest first, with the time at which each begins."""
    coming = ((at, each) for each in planned for at in upcoming(each, now, count))
    return tuple(sorted(coming, key=lambda run: (run[0], run[1].client, run[1].name))[:count])


class Scheduler:
    """One pass after the other over what is planned. Several may work side by side: each run is made by one."""

    def __init__(
        self,
        runs: Runs,
        clock: Clock,
        runtime: OpenRuntime,
        *,
        stopped: Callable[[], bool] = lambda: False,
        begun: Callable[[Run], None] = lambda _: None,
    ) -> None:
        """``begun`` is told of each run before its job is."""
        self._runs, self._clock, self._runtime, self._stopped = runs, clock, runtime, stopped
        self._begun = begun

    def run_due(self, planned: Iterable[Planned]) -> Iterator[Ran]:
        """Run what is due, job by job. A run's failure is its answer; StoreError where no records can be kept."""
        for each in planned:
            if self._stopped():
                return
            yield from self._job(each)

    def _job(self, planned: Planned) -> Iterator[Ran]:
        with self._runs.turn(planned.client, planned.name) as mine:
            if not mine:
                under_way = self._runs.unfinished(planned.client, planned.name)
                if under_way:
                    yield Ran(planned.client, planned.name, under_way.due, "elsewhere")
                return
            cut_short = self._runs.unfinished(planned.client, planned.name)
            if cut_short:
                yield self._again(planned, cut_short)
            standing = self._standing(planned)
            stands = due(planned, last=standing.last, now=self._clock.now())
            yield from self._missed(planned, stands.missed)
            if stands.run:
                run = Run(planned.client, planned.name, stands.run, "running", begun=self._clock.now())
                self._account(planned, stands.run, [run])
                yield self._run(planned, run)

    def _standing(self, planned: Planned) -> Standing:
        """Up to when runs are accounted for. A job that is new, or planned for other times, begins now."""
        known = self._runs.standing(planned.client, planned.name)
        if known and known.fingerprint == planned.job.fingerprint:
            return known
        fresh = Standing(planned.job.fingerprint, self._clock.now())
        self._runs.account(planned.client, planned.name, fresh, [])
        return fresh

    def _account(self, planned: Planned, last: datetime, runs: list[Run]) -> None:
        """Old records go with it: up to ``last`` nothing is due again, whether there are records or not."""
        self._runs.account(planned.client, planned.name, Standing(planned.job.fingerprint, last), runs)
        before = min(last, self._clock.now() - KEPT)
        self._runs.forget(planned.client, planned.name, before, FORGOTTEN)

    def _missed(self, planned: Planned, missed: tuple[datetime, ...]) -> Iterator[Ran]:
        """Said in the log, once, before they are accounted for."""
        if not missed:
            return
        runtime = self._runtime(planned.client, request_id(planned.client, planned.name, missed[0]))
        facts: Facts = {
            "job": planned.name,
            "first": rfc3339(missed[0]),
            "last": rfc3339(missed[-1]),
            "runs": len(missed),
        }
        if not any(entry.action == "missed" and entry.facts == facts for entry in _entries(runtime)):
            _log(runtime, "missed", "missed", facts)
        runs = [Run(planned.client, planned.name, at, "missed") for at in missed]
        self._account(planned, missed[-1], runs)
        yield from (Ran(run.client, run.job, run.due, "missed") for run in runs)

    def _again(self, planned: Planned, run: Run) -> Ran:
        """A run whose runner died: done if the log says so, else begun again."""
        runtime = self._runtime(run.client, request_id(run.client, run.job, run.due))
        if outcome := _outcome(runtime):
            return self._ended(run, "done", outcome)
        if run.attempts >= MOST_ATTEMPTS:
            return self._failed(runtime, run, f"its process died {run.attempts} times; it is not begun again")
        run = replace(run, attempts=run.attempts + 1, begun=self._clock.now())
        self._runs.update(run)
        return self._run(planned, run)

    def _run(self, planned: Planned, run: Run) -> Ran:
        runtime = self._runtime(run.client, request_id(run.client, run.job, run.due))
        self._begun(run)
        try:
            outcome = JOBS[planned.kind].run(runtime, planned.job, run.due)
        except NetmgrError as error:
            return self._failed(runtime, run, str(error))
        except Exception as error:  # noqa: BLE001 - one job's bug keeps no other job from running
            detail = " ".join(str(error).split()) or "no detail"
            return self._failed(runtime, run, f"internal: {type(error).__name__}: {detail}")
        return self._ended(run, "done", outcome)

    def _failed(self, runtime: Runtime, run: Run, why: str) -> Ran:
        """Never silently: the log says which run did not come about, and why."""
        facts: Facts = {"job": run.job, "due": rfc3339(run.due), "attempts": run.attempts}
        _log(runtime, "failed", "failed", facts, Body(why.encode(), "text/plain"))
        return self._ended(run, "failed", why)

    def _ended(self, run: Run, state: RunState, outcome: str) -> Ran:
        self._runs.update(replace(run, state=state, ended=self._clock.now(), outcome=outcome))
        return Ran(run.client, run.job, run.due, "done" if state == "done" else "failed", outcome)


def _log(runtime: Runtime, action: str, outcome: str, facts: Facts, body: Body | None = None) -> None:
    draft: Draft = runtime.draft(
        kind="schedule", action=action, phase="result", outcome=outcome, facts=facts, body=body
    )
    runtime.log.append(runtime.client, [draft])


def _entries(runtime: Runtime) -> Iterator[Entry]:
    return runtime.log.entries(runtime.client, request=runtime.request)


#: What is logged under a job's request and says nothing of how it ended: it may be all that a killed run has logged.
_BESIDE = frozenset({"schedule", "inventory"})


def _outcome(runtime: Runtime) -> str | None:
    """How the job ended that logged under this request; None where it has no closing entry."""
    closing = (
        entry.outcome or entry.action
        for entry in _entries(runtime)
        if entry.phase == "result" and entry.device is None and entry.kind not in _BESIDE
    )
    return next(closing, None)
