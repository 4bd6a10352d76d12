"""What every view shares: JSON documents, error lines, tables, and text from outside made safe for a terminal."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from netmgr.errors import InputError, NetmgrError, Refused
from netmgr.model.printable import printable

__all__ = ["WIDTH", "console", "print_error", "print_json", "print_table", "printable", "table"]

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

#: Columns of a page that is no terminal, and the most that a table may need on one.
WIDTH = 100


def print_json(name: str, document: dict[str, Any]) -> None:
    """One JSON document on standard output, with its schema's name first."""
    json.dump({"schema": f"netmgr.{name}/1", **document}, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_error(error: NetmgrError, *, output: str) -> None:
    """The error on standard error, a line for each problem; with JSON output, a document as well."""
    refused = error.every if isinstance(error, Refused) else ()
    lines = error.problems if isinstance(error, InputError) else tuple(map(str, refused or [error]))
    for line in lines:
        click.echo(printable(f"error: {line}"), err=True)
    if output == "json" and error.code != 64:
        document: dict[str, Any] = {"code": int(error.code), "errors": list(lines)}
        if refused:
            document["refused"] = [{"gate": e.gate, "reason": e.reason, "remedy": e.remedy} for e in refused]
        print_json("error", document)


def console(*, stderr: bool = False) -> Console:
    """Where a view prints. Colour is for terminals, and never where NO_COLOR is set (https://no-color.org).

    Lines are never broken: a diff's line is one line, also in a file or a pipe. Tables fold their cells.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
        force_terminal=terminal,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        width=None if terminal else WIDTH,
    )


def table(*columns: str, right: frozenset[str] = frozenset()) -> Table:
    """An empty table without lines, whose cells fold; the columns named in ``right`` hold numbers."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold", justify="right" if column in right else "left")
    return made


def print_table(made: Table, *, stderr: bool = False) -> None:
    """The table at the terminal's width, or at WIDTH columns; cells are plain text, made safe by the caller."""
    out = console(stderr=stderr)
    if out.is_terminal:
        out.print(made, soft_wrap=False)
        return
    with out.capture() as captured:
        out.print(made, soft_wrap=False)
    # Cells are padded; a file needs no blanks at the end of its lines.
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()), err=stderr)
