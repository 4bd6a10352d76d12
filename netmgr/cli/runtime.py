"""From one invocation's options to the Runtime that the workflows on devices take."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from netmgr.cli.context import Context
from netmgr.cli.progress import TerminalProgress
from netmgr.cli.stopping import ENDING, asked_to_stop
from netmgr.errors import Refused, StoreError

if TYPE_CHECKING:
    from netmgr.model.names import Target
    from netmgr.workflows.runtime import Runtime


@contextmanager
def change_runtime(context: Context) -> Iterator[tuple[Runtime, TerminalProgress]]:
    """The runtime of a command that may change devices, with Ctrl-C turned into a request to stop."""
    saying = "interrupted: the change goes back, or is finished if it was decided; please wait"
    with (
        _runtime(context) as (runtime, progress),
        asked_to_stop((*ENDING, signal.SIGHUP), saying=saying) as interrupted,
    ):
        yield replace(runtime, interrupted=interrupted), progress


@contextmanager
def reading_runtime(
    context: Context, target: Target | None = None
) -> Iterator[tuple[Runtime, TerminalProgress]]:
    """The runtime of a command that reads devices and changes none: Ctrl-C ends it, and leaves nothing behind.

    ``target`` is for a command whose target is no option.
    """
    with _runtime(context, target) as made:
        yield made


def quiet_runtime(context: Context, client: str) -> Runtime:
    """The runtime of a command that is about many clients: it names none of them, and tells no progress."""
    from netmgr.ports.progress import Silent

    return context.wiring.runtime(
        client=client,
        target="network",
        actor=context.actor,
        request=context.request,
        progress=Silent(),
        interrupted=lambda: False,
    )


@contextmanager
def _runtime(context: Context, target: Target | None = None) -> Iterator[tuple[Runtime, TerminalProgress]]:
    """Names the target first: nobody should have to guess which network a command is aimed at."""
    target = target or context.target
    click.echo(f"target: {target} of {context.client}", err=True)
    progress = TerminalProgress()
    try:
        context.wiring.service_log.identity  # noqa: B018 - opens the store: what cannot be logged is not begun
    except StoreError as error:
        raise Refused("log", str(error), "a command that cannot be logged is not begun") from error
    runtime = context.wiring.runtime(
        client=context.client,
        target=target,
        actor=context.actor,
        request=context.request,
        progress=progress,
        interrupted=lambda: False,
    )
    try:
        yield runtime, progress
    finally:
        progress.done()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Whatever asks the command to end ends its twin too, in the ordinary way; the kernel sees to the rest."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
