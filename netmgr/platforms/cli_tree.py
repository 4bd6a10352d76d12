"""Configuration text of the industry-standard CLI as an ordered tree, and back.

Indentation says which section a line stands in. What differs between systems of this family (comments, lines that end a
section, banners, certificates) is data: a ``Dialect``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netmgr.platforms.form import Path


@dataclass(slots=True)
class Line:
    """One line, without the blanks around it, and what stands in its section.

    ``block`` are the verbatim lines that follow it and are no configuration lines by themselves, the one that ends them
    included: a banner's text, a certificate.
    """

    text: str
    children: list["Line"] = field(default_factory=list)
    block: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Verbatim text begins after a line that ``opens`` matches as a whole.

    It ends with the line that is ``end`` but for blanks; or, where ``opens`` has a group ``mark``, with the first line
    that holds what this group matched.
    """

    opens: re.Pattern[str]
    end: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one system writes its configuration. ``indent`` is in blanks for each level.

    Lines that begin with one of ``comments`` are dropped. ``ends`` maps a pattern for a line that opens a section to
    the line that ends it, at the opener's own indentation: such lines are dropped, and written again.
    """

    indent: int
    comments: tuple[str, ...] = ("!",)
    ends: Mapping[re.Pattern[str], str] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()


def read(text: str, dialect: Dialect) -> list[Line]:
    """The tree of a text. What stands in one section is put together, wherever the section is opened again."""
    root = Line("")
    around: list[tuple[int, Line]] = [(-1, root)]
    ends, comments = frozenset(dialect.ends.values()), dialect.comments
    starts = _first_words(block.opens for block in dialect.blocks)
    rows = iter(text.rstrip().split("\n"))
    for raw in rows:
        stripped = raw.strip()
        if not stripped or stripped.startswith(comments) or stripped in ends:
            continue
        indent = 0 if raw[0] not in " \t" else _indent(raw)
        while around[-1][0] >= indent:
            around.pop()
        line = Line(stripped)
        if stripped.startswith(starts):
            line.block = tuple(_block(stripped, rows, dialect.blocks))
        around[-1][1].children.append(line)
        around.append((indent, line))
    return _united(root.children)


def _indent(raw: str) -> int:
    row = raw.expandtabs()
    return len(row) - len(row.lstrip())


def _block(opener: str, rows: Iterator[str], blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match = block.opens.fullmatch(opener)
        if match is None:
            continue
        mark = match.groupdict().get("mark")
        if mark is not None and mark in opener[match.end("mark") :]:
            return  # begun and ended on one line
        for raw in rows:
            row = raw.rstrip()
            yield row
            if row.strip() == block.end if mark is None else mark in row:
                return
        yield block.end if mark is None else mark  # cut off: what is written again must not grow


def _united(lines: list[Line]) -> list[Line]:
    """A line that is a section anywhere among its siblings is one section: all its occurrences are put together."""
    for line in lines:
        if line.children:
            line.children = _united(line.children)
    first: dict[str, Line] = {}
    if len({line.text for line in lines}) == len(lines):
        return lines
    sections = {line.text for line in lines if line.children}
    kept = []
    for line in lines:
        known = first.setdefault(line.text, line) if line.text in sections else line
        if known is line:
            kept.append(line)
        elif line.children:
            known.children = _united([*known.children, *line.children])
    return kept


def write(lines: Iterable[Line], dialect: Dialect) -> str:
    """The text of a tree: one line for each, sections indented, verbatim text as it was."""
    rows: list[str] = []
    _write(lines, dialect, _first_words(dialect.ends), "", rows)
    return "".join(f"{row}\n" for row in rows)


def _first_words(patterns: Iterable[re.Pattern[str]]) -> tuple[str, ...]:
    """What a line begins with that one of the patterns takes: most lines need no pattern then."""
    return tuple(pattern.pattern.split("(", 1)[0].split(" ", 1)[0] for pattern in patterns)


def _write(
    lines: Iterable[Line], dialect: Dialect, openers: tuple[str, ...], blanks: str, rows: list[str]
) -> None:
    for line in lines:
        rows.append(blanks + line.text)
        if line.block:
            rows += line.block
        if line.children:
            _write(line.children, dialect, openers, blanks + " " * dialect.indent, rows)
        if line.text.startswith(openers):
            rows += (blanks + end for opener, end in dialect.ends.items() if opener.fullmatch(line.text))


def paths(text: str, dialect: Dialect) -> tuple[Path, ...]:
    """Every line of a text with its path. A line's verbatim text is part of it."""
    return tuple(
        (*path[:-1], "\n".join((line.text, *line.block))) for path, line in walk(read(text, dialect))
    )


def walk(lines: Iterable[Line], above: Path = ()) -> Iterator[tuple[Path, Line]]:
    """Every line with its path, in the order of the text."""
    for line in lines:
        path = (*above, line.text)
        yield path, line
        yield from walk(line.children, path)
