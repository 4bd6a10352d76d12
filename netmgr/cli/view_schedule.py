"""Schedules for people and as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from rich.text import Text

from netmgr.cli.views import print_json, print_table, printable, table

if TYPE_CHECKING:
    from netmgr.adapters.structured_log import Level, StructuredLog
    from netmgr.model.schedule import Planned
    from netmgr.ports.runs import Run
    from netmgr.workflows.schedule import JobStanding, Ran

_LEVELS: "dict[str, Level]" = {"done": "info", "elsewhere": "info", "missed": "warning", "failed": "error"}
_STATES = {"done": "green", "failed": "red", "missed": "yellow", "running": "cyan"}


def show_jobs(jobs: "Iterable[JobStanding]", *, output: str) -> None:
    """Each job with its last and its next run; times on the clocks of the job's zone."""
    if output == "json":
        print_json("schedule", {"jobs": [job_document(job) for job in jobs]})
        return
    rows = table("CLIENT", "JOB", "KIND", "WHEN", "LAST", "ENDED", "NEXT")
    for job in jobs:
        planned, last = job.planned, job.last
        rows.add_row(
            planned.client,
            planned.name,
            planned.kind,
            f"{planned.job.cron} {planned.zone}",
            _local(last.due, planned) if last else "never",
            Text(printable(last.outcome or last.state), _STATES[last.state]) if last else "",
            _local(job.next, planned) if job.next else "never",
        )
    print_table(rows)


def show_upcoming(runs: "Iterable[tuple[datetime, Planned]]", *, output: str) -> None:
    """When which job begins."""
    if output == "json":
        print_json("schedule-next", {"runs": [coming_document(at, each) for at, each in runs]})
        return
    rows = table("BEGINS", "CLIENT", "JOB", "KIND")
    for at, each in runs:
        rows.add_row(_local(at, each), each.client, each.name, each.kind)
    print_table(rows)


@dataclass
class Told:
    """What was run, told as it ends."""

    output: str
    log: "StructuredLog"
    words: bool = True
    """Whether it is said in words too."""
    ran: "list[Ran]" = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether any run did not come about."""
        return any(ran.state == "failed" for ran in self.ran)

    def begun(self, run: "Run") -> None:
        """What is under way is said to machines alone."""
        self.log.say(
            "info", "run begun", client=run.client, job=run.job, due=_utc(run.due), attempts=run.attempts
        )

    def say(self, ran: "Ran") -> None:
        """A line for each run."""
        self.ran.append(ran)
        self.log.say(_LEVELS[ran.state], "run ended", **run_document(ran))
        if self.output != "json" and self.words:
            line = f"{ran.client}: {ran.job} due {ran.due:%Y-%m-%d %H:%M} UTC: {ran.state}"
            click.echo(printable(f"{line}: {ran.outcome}" if ran.outcome else line).replace("\n", "; "))


def show_runs(told: Told, *, quiet: bool) -> None:
    """All of them as one document."""
    if told.output == "json":
        print_json("schedule-run", {"runs": [run_document(ran) for ran in told.ran]})
    elif not told.ran and not quiet and told.words:
        click.echo("nothing is due", err=True)


def job_document(job: "JobStanding") -> dict[str, object]:
    """A job of ``netmgr.schedule/1``."""
    planned, last = job.planned, job.last
    return {
        "client": planned.client,
        "job": planned.name,
        "kind": planned.kind,
        "cron": planned.job.cron,
        "timezone": planned.zone,
        "from": planned.place,
        "next": _utc(job.next) if job.next else None,
        "last": last and {"due": _utc(last.due), "state": last.state, "outcome": last.outcome},
    }


def coming_document(at: datetime, planned: "Planned") -> dict[str, object]:
    """A run of ``netmgr.schedule-next/1``."""
    return {"begins": _utc(at), "client": planned.client, "job": planned.name, "kind": planned.kind}


def run_document(ran: "Ran") -> dict[str, object]:
    """A run of ``netmgr.schedule-run/1``."""
    return {
        "client": ran.client,
        "job": ran.job,
        "due": _utc(ran.due),
        "state": ran.state,
        "outcome": ran.outcome,
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _local(at: datetime, planned: "Planned") -> str:
    return f"{at.astimezone(ZoneInfo(planned.zone)):%Y-%m-%d %H:%M}"
