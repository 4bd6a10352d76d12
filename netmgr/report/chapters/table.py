"""The sections of a report in their order, and the report that is made of them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netmgr.document.as_json import section_json
from netmgr.document.block import Chart, Figures, Paragraph, Section, Table
from netmgr.document.locale import Words, msgid
from netmgr.document.markdown import marked
from netmgr.document.table_csv import table_csv
from netmgr.model.printable import printable
from netmgr.report.chapters.audits import audits
from netmgr.report.chapters.availability import availability
from netmgr.report.chapters.changes import changes
from netmgr.report.chapters.devices import devices
from netmgr.report.chapters.drift import drift
from netmgr.report.chapters.evidence import evidence
from netmgr.report.chapters.faults import faults
from netmgr.report.chapters.fees import fees, hours
from netmgr.report.chapters.late import corrected, revised
from netmgr.report.chapters.operating import operating
from netmgr.report.chapters.performance import performance
from netmgr.report.chapters.points import points
from netmgr.report.chapters.promises import promises
from netmgr.report.chapters.restores import restores
from netmgr.report.chapters.summary import summary
from netmgr.report.discreet import discreet
from netmgr.report.material import Chapter, Material, Plugged
from netmgr.report.report import Report

CHAPTERS: Final[tuple[Chapter, ...]] = (
    Chapter("summary", "Summary", summary),
    Chapter("revision", "Changed since the revision before", revised),
    Chapter("corrections", "Corrections to earlier periods", corrected),
    Chapter("performance", msgid("Service performance"), performance),
    Chapter("faults", msgid("Faults"), faults),
    Chapter("changes", "Changes", changes),
    Chapter("audits", "Audits", audits),
    Chapter("drift", "Open drift", drift),
    Chapter("devices", "Devices", devices),
    Chapter("operating", msgid("Operating status"), operating),
    Chapter("availability", "Availability", availability),
    Chapter("restores", "Proved restores", restores),
    Chapter("hours", msgid("Hours of work"), hours),
    Chapter("fees", msgid("Fees"), fees),
    Chapter("points", msgid("Open points and advice"), points),
    Chapter("promises", msgid("Clause by clause"), promises),
)
"""A new section is a function in a module of its own, and a row here."""

_LAST: Final = (Chapter("evidence", "Evidence: the service log", evidence),)
_KEY: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Composed:
    """A report, and what is missing in it: a line for each section that could not be made."""

    report: Report
    problems: tuple[str, ...]


def report(
    material: Material,
    words: Words,
    plugged: Sequence[Plugged] = (),
    *,
    names: Collection[str] = (),
    revision: int | None = None,
) -> Composed:
    """Every section for the material's audience; a manager reads none of ``names``.

    Sections of other packages stand before the evidence; one that cannot be made is missing, and the report says so.
    ``revision`` is None for a draft.
    """
    history, problems = material.history, list[str]()
    found = list(_ours(CHAPTERS, material, words))
    taken = {chapter.key for chapter in (*CHAPTERS, *_LAST)} | set(_keys(found))
    others = _others(plugged, material, words, taken, problems)
    sections = [*found, *others]
    if material.audience == "manager":
        sections = [discreet(section, names, words) for section in sections]
    # A signature is whatever letters it is: it may begin as a line of a diff does.
    sections += _ours(_LAST, material, words)
    made = Report(
        client=history.client,
        name=history.name,
        language=words.language,
        audience=material.audience,
        target=history.target,
        period=history.period,
        cut=history.cut,
        until=history.until,
        complete=history.complete,
        revision=revision,
        sections=tuple(sections),
    )
    return Composed(made, tuple(problems))


def _ours(chapters: Sequence[Chapter], material: Material, words: Words) -> Iterator[Section]:
    for chapter in chapters:
        section = chapter.make(material, words) if material.audience in chapter.audiences else None
        if section is not None:
            yield section


def _others(
    plugged: Sequence[Plugged], material: Material, words: Words, taken: set[str], problems: list[str]
) -> Iterator[Section]:
    for each in plugged:
        chapter, problem = each.chapter, each.problem
        if chapter is not None:
            if material.audience not in chapter.audiences:
                continue
            try:
                section = _checked(chapter, chapter.make(material, words), taken, words)
            except Exception as error:  # noqa: BLE001  whatever it is: the report is made without it
                problem = f"{type(error).__name__}: {error}"
            else:
                if section is not None:
                    taken |= {section.key, *_keys([section])}
                    yield section
                continue
        problems.append(printable(f"report section {each.name}: {' '.join(problem.split())}"))
        yield _missing(each, words)


def _missing(each: Plugged, words: Words) -> Section:
    title = each.chapter.title if each.chapter is not None else each.name
    if isinstance(title, Mapping):
        title = title.get(words.language) or next(iter(title.values()), each.name)
    told = words.text("This section is missing: the package that brings it could not make it.")
    key = f"missing-{re.sub(r'[^a-z0-9]+', '-', each.name.lower()).strip('-')}"
    return Section(key, str(title), (Paragraph(told, "unknown"),))


def _checked(chapter: Chapter, section: object, taken: Collection[str], words: Words) -> Section | None:
    """The section of another package, once every format has been tried on it. Raises for one that is no section."""
    if section is None:
        return None
    if not isinstance(section, Section):
        raise TypeError(f"it made a {type(section).__name__}, not a Section")
    if section.key != chapter.key:
        raise ValueError(f"its section is called {section.key!r}, not {chapter.key!r}")
    for key in (section.key, *_keys([section])):
        if not _KEY.fullmatch(key):
            raise ValueError(f"the key {key!r} is not lower-case words joined by hyphens")
        if key in taken:
            raise ValueError(f"the key {key!r} is taken")
    section_json(section)
    for block in section.blocks:
        marked(block, words)
    for table in tables(section):
        table_csv(table)
    return section


def _keyed(section: Section) -> Iterator[Table | Chart]:
    for block in section.blocks:
        if isinstance(block, Table | Chart):
            yield block
        elif isinstance(block, Figures) and not block.items:
            raise ValueError("figures without items")
    for below in section.sections:
        yield from _keyed(below)


def _keys(sections: Iterable[Section]) -> Iterator[str]:
    return (block.key for section in sections for block in _keyed(section))


def tables(section: Section) -> Iterator[Table]:
    """Every table in it."""
    return (block for block in _keyed(section) if isinstance(block, Table))
