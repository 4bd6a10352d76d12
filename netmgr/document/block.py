"""What a document is made of, as values: texts, figures, charts, tables, clauses. Nothing in it is marked up.

Texts may come from devices and people: whoever renders a document makes them safe for what it is rendered to. They are
in the reader's language already; numbers and times are put into its words when they are rendered.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

Value: TypeAlias = "str | int | Decimal | datetime | date | tuple[str, ...] | None"
"""None: there is no value, and the column says what that means."""

Kind = Literal[
    "text", "word", "outcome", "count", "amount", "time", "duration", "age", "names", "code", "day"
]
"""How a value is shown. ``time`` is a moment in UTC, ``duration`` milliseconds, ``age`` seconds, ``day`` a date;
``outcome`` is a word of the log that is shown with its meaning; ``code`` an exact sequence of characters; ``amount`` a
number whose digits stand under each other."""

RIGHT: frozenset[Kind] = frozenset(("count", "amount", "duration"))
"""What stands at the right of its column."""

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
    that is ``exact`` is for programs, and on no page. ``to`` names a table's ``anchor``: on a page that can, the value
    leads to the row there that has the same first value.
    """

    key: str
    title: str
    kind: Kind = "text"
    wide: bool = False
    absent: str = "—"
    under: str | None = None
    exact: bool = False
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` have a value for each column; ``empty`` is said in place of a table without rows.

    The last ``sums`` rows are sums of those above. ``anchor`` is what its rows are led to by: first values differ.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str
    sums: int = 0
    anchor: str | None = None


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


@dataclass(frozen=True, slots=True)
class Bullets:
    """Texts without an order that matters."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a word means in this document."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """Words that are defined."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered paragraph with what is numbered below it.

    ``number`` is given by ``numbering.numbered``, so that it is the same in every format. ``key`` names the clause to
    programs, whatever its number becomes.
    """

    text: str
    items: "tuple[Clause, ...]" = ()
    key: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """``Date: ________``. A value that is there is printed; an empty one is a line to write on."""

    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Where one party signs: ``party`` is what the document calls it, ``name`` who that is."""

    party: str
    name: str
    lines: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """The parties beside each other; never torn apart by the end of a page."""

    items: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody with an address, as on a letter: ``role`` is what they are in this document."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addressees:
    """Who writes to whom, beside each other."""

    items: tuple[Addressee, ...]


Block: TypeAlias = (
    "Paragraph | Figures | Table | Chart | FactList | Bullets | Definitions | Clause | Signatures"
    " | Addressees"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter: what stands in it, then the sections below it.

    An ``annex`` begins on a new page. ``number`` is what stands before the title (``2``, ``Annex 1``), given by
    ``numbering.numbered``; a section without one is not numbered, nor are those of a report.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    sections: "tuple[Section, ...]" = ()
    annex: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language, for whoever signs or reads it on paper.

    ``kind`` says what it is, above the ``title``. ``marks`` are sentences that nobody may overlook (a draft, a lab).
    ``header`` and ``footer`` stand on every page, the footer beside the page's number. ``day`` is the document's own
    date: nothing in a rendered file tells when it was rendered. ``author`` is whose document it is. ``stamp`` is a word
    that stands out on every page. ``form`` is what kind of document the styles take it for.
    """

    title: str
    kind: str
    author: str
    day: date
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    header: str = ""
    footer: str = ""
    marks: tuple[str, ...] = ()
    stamp: str = ""
    form: Literal["", "invoice"] = ""
