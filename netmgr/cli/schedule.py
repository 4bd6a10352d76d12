"""``netmgr schedule``: what is done without anybody at the keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.options import option
from netmgr.cli.run_log import LogFormat, log_options, run_log
from netmgr.cli.stopping import asked_to_stop
from netmgr.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from netmgr.adapters.structured_log import StructuredLog
    from netmgr.model.schedule import Planned
    from netmgr.workflows.runtime import Runtime


_SAYING = "stopping: the job under way is brought to its end"


@click.group(cls=Group)
def schedule() -> None:
    """Audits and other jobs that run by themselves (config/schedule.yaml, and `schedule` in client.yaml)."""


@schedule.command(name="list")
@click.pass_obj
def list_(context: Context) -> int:
    """Every job: when it runs, how the last run ended, when the next is due."""
    from netmgr.cli.view_schedule import show_jobs
    from netmgr.workflows.schedule import overview

    planned, problems = _planned(context)
    wiring = context.wiring
    show_jobs(overview(planned, wiring.runs, wiring.clock.now()), output=context.output)
    return _said(problems)


@schedule.command(name="next")
@option("-n", "--count", type=click.IntRange(1, 1000), default=10, show_default=True, help="So many runs.")
@click.pass_obj
def next_(context: Context, count: int) -> int:
    """The runs to come, the earliest first; each begins when its jitter says."""
    from netmgr.cli.view_schedule import show_upcoming
    from netmgr.workflows.schedule import upcoming_runs

    planned, problems = _planned(context)
    show_upcoming(upcoming_runs(planned, context.wiring.clock.now(), count), output=context.output)
    return _said(problems)


@schedule.command()
@option("--due", is_flag=True, help="Everything whose time has come.")
@option("--quiet", is_flag=True, help="Say nothing where nothing is due.")
@log_options
@click.pass_obj
def run(context: Context, due: bool, quiet: bool, log_format: LogFormat, log_file: Path | None) -> int:
    """Run what is due: each run once, however often this is called, and by how many. Ctrl-C ends it between jobs."""
    from netmgr.cli.view_schedule import Told, show_runs
    from netmgr.workflows.schedule import Scheduler

    if not due:
        raise UsageError("say --due: everything whose time has come is run")
    with run_log(context, log_format, log_file) as log, asked_to_stop(saying=_SAYING) as stopped:
        planned, problems = _planned(context)
        told = Told(output=context.output, log=log, words=log_format == "text")
        scheduler = Scheduler(
            context.wiring.runs,
            context.wiring.clock,
            _runtimes(context, log),
            stopped=stopped,
            begun=told.begun,
        )
        for ran in scheduler.run_due(planned):
            told.say(ran)
        for problem in problems:
            log.say("error", "schedule cannot be read", problem=problem)
    show_runs(told, quiet=quiet or bool(problems))
    said = _said(problems if told.words else ())
    return max(said, Exit.FAILED if told.failed or problems else Exit.OK)


@schedule.command()
@option("--print", "only_print", is_flag=True, help="Print it instead of writing it.")
@option("--user", "user", is_flag=True, help="For this user's systemd instead of the system's.")
@click.pass_obj
def install(context: Context, only_print: bool, user: bool) -> int:
    """Write a systemd service that runs `netmgr scheduler` for this workspace; checked with systemd-analyze."""
    from netmgr.adapters.systemd import install as write
    from netmgr.adapters.systemd import unit

    text = unit(context.workspace, user=user)
    if only_print:
        click.echo(text, nl=False)
        return Exit.OK
    path, then = write(text, context.workspace, user=user)
    click.echo(path)
    click.echo(then, err=True)
    return Exit.OK


def _runtimes(context: Context, log: "StructuredLog") -> "Callable[[str, str], Runtime]":
    """The ports of one run: a service acts here, in the name of the login that it runs under."""
    from netmgr.adapters.structured_log import LoggedProgress

    actor = context.actor.model_copy(update={"auth": "service"})

    def runtime(client: str, request: str) -> "Runtime":
        return context.wiring.runtime(
            client=client,
            target=context.target,
            actor=actor,
            request=request,
            progress=LoggedProgress(log.bind(client=client, request=request)),
            interrupted=lambda: False,
        )

    return runtime


def _planned(context: Context) -> "tuple[tuple[Planned, ...], tuple[str, ...]]":
    """What is planned for one client or for all. A client whose files are wrong keeps no other from its runs."""
    wiring = context.wiring
    wiring.schedule.check()
    planned: list[Planned] = []
    problems: list[str] = []
    for client in [context.client_or_none] if context.client_or_none else wiring.inventories.clients():
        try:
            planned += wiring.schedule.planned(client)
        except InputError as error:
            problems += error.problems
    return tuple(planned), tuple(problems)


def _said(problems: tuple[str, ...]) -> Exit:
    from netmgr.cli.views import printable

    for problem in problems:
        click.echo(printable(f"error: {problem}"), err=True)
    return Exit.FAILED if problems else Exit.OK
