"""A report as a value: sections of texts, figures, charts and tables. Nothing in it is marked up or formatted.

Texts may come from devices and people: whoever renders a report makes them safe for what it is rendered to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from netmgr.model.names import Target
from netmgr.report.period import Period

Value: TypeAlias = "str | int | datetime | tuple[str, ...] | None"
"""None: there is no value, and the column says what that means."""

Kind = Literal["text", "word", "outcome", "count", "time", "duration", "age", "names", "code"]
"""How a value is shown. ``time`` is a moment in UTC, ``duration`` milliseconds, ``age`` seconds; ``outcome`` is a word
of the log that is shown with its meaning; ``code`` an exact sequence of characters."""

Tone = Literal["good", "attention", "bad", "neutral", "unknown"]
"""How a figure is to be taken; never told by colour alone."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One sentence or some."""

    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or word of the summary, and what it is made of."""

    key: str
    label: str
    value: str | int
    detail: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures to be read beside each other."""

    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """``wide`` marks the one column that takes the room that the others leave. ``absent`` is what None means.

    ``under`` is the key of a column under whose values this one's stand, where a page is too narrow for all; a column
    that is ``exact`` is for programs, and on no page.
    """

    key: str
    title: str
    kind: Kind = "text"
    wide: bool = False
    absent: str = "—"
    under: str | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` have a value for each column; ``empty`` is said in place of a table without rows."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: a number for each of the chart's labels."""

    name: str
    tone: Tone
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked bars over time. ``alternative`` says in words what can be seen."""

    key: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    alternative: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One named value."""

    key: str
    label: str
    value: str | int | datetime
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class FactList:
    """Named values that belong together."""

    items: tuple[Fact, ...]


Block: TypeAlias = "Paragraph | Figures | Table | Chart | FactList"


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A function of (client, period, cut): the log's entries above ``cut`` are not in it.

    ``until`` is the end of what it covers: that of the period, or the cut's time where the period was not over.
    """

    client: str
    name: str
    target: Target
    period: Period
    cut: int
    until: datetime
    complete: bool
    draft: bool
    sections: tuple[Section, ...]
