"""Diffs of configurations for people: unified as git shows them, in context of their sections, or side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile, zip_longest
from typing import Literal

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from netmgr.cli.views import printable

Style = Literal["unified", "context", "side"]
STYLES: tuple[Style, ...] = ("unified", "context", "side")

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def shown_diff(diff: str, style: Style) -> RenderableType:
    """A unified diff of canonical configurations in the given style; text from devices is made safe."""
    hunks = list(_hunks(printable(diff).splitlines()))
    if style == "unified":
        return _unified(printable(diff))
    return _context(hunks) if style == "context" else _side(hunks)


def print_diff(out: Console, diff: str, style: Style) -> None:
    """Print a diff; only side by side is bound to the width."""
    out.print(shown_diff(diff, style), end="", soft_wrap=style != "side")


@dataclass(frozen=True, slots=True)
class _Hunk:
    """``section`` holds the lines that open the sections around its first line, the outermost first."""

    header: str
    section: tuple[str, ...]
    lines: list[tuple[str, str]] = field(default_factory=list)


def _hunks(lines: list[str]) -> Iterator[_Hunk]:
    hunk: _Hunk | None = None
    for line in lines:
        if line.startswith("@@"):
            if hunk:
                yield hunk
            around = line.split("@@", 2)[2].strip()
            openers = around.split(" / ") if around else ()
            hunk = _Hunk(line, tuple(" " * depth + opener for depth, opener in enumerate(openers)))
        elif hunk:
            hunk.lines.append((line[0], line[1:]))
    if hunk:
        yield hunk


def _unified(diff: str) -> Text:
    text = Text()
    for line in diff.splitlines():
        heading = line.startswith(("+++", "---"))
        text.append(f"{line}\n", "bold" if heading else _COLOURS.get(line[:1], ""))
    return text


def _context(hunks: list[_Hunk]) -> Text:
    """Every changed line under the lines that open its sections, and nothing else."""
    text = Text()
    told: list[str] = []
    for hunk in hunks:
        around: list[str] = list(hunk.section)
        for sign, line in hunk.lines:
            depth = len(line) - len(line.lstrip(" "))
            del around[depth:]
            if sign != " ":
                for opener in around[_shared(told, around) :]:
                    text.append(f"  {opener}\n", "dim")
                text.append(f"{sign} {line}\n", _COLOURS[sign])
                told = [*around, line]
            around.append(line)
    return text


def _shared(a: list[str], b: list[str]) -> int:
    """How many lines both begin with."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))))


def _side(hunks: list[_Hunk]) -> RenderableType:
    """What runs on the left, what is intended on the right, changed lines level with each other."""
    parts: list[RenderableType] = []
    for hunk in hunks:
        parts.append(Text(hunk.header, "cyan"))
        table = Table.grid(padding=(0, 1), expand=True)
        for _ in ("running", "intended"):
            table.add_column(ratio=1, overflow="fold")
        for left, right in _level(hunk.lines):
            table.add_row(_cell("-", left), _cell("+", right))
        parts.append(table)
    return Group(*parts)


Side = tuple[str, bool] | None
"""A line and whether it is changed; None where the other side has a line more."""


def _level(lines: list[tuple[str, str]]) -> Iterator[tuple[Side, Side]]:
    """Rows of both sides: a block of removed lines stands beside the block of added lines that follows it."""
    removed: list[Side] = []
    added: list[Side] = []
    for sign, line in lines:
        if sign == "+":
            added.append((line, True))
        elif sign == "-":
            removed.append((line, True))
        else:
            yield from zip_longest(removed, added)
            yield (line, False), (line, False)
            removed, added = [], []
    yield from zip_longest(removed, added)


def _cell(sign: str, side: Side) -> Text:
    if side is None:
        return Text("")
    line, changed = side
    return Text(f"{sign if changed else ' '} {line}", _COLOURS[sign] if changed else "")
