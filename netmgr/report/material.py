"""What a report is made of, and what a section of it is: material in, section out (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netmgr.document.block import Section
from netmgr.document.locale import Words
from netmgr.model.audience import AUDIENCES, Audience
from netmgr.report.history import History
from netmgr.report.revision import LateEntry
from netmgr.report.service_facts import ServiceFacts


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that sections are made of. ``service`` is None where no signed agreement was in force."""

    history: History
    service: ServiceFacts | None
    audience: Audience
    revised: int | None = None
    """The revision before, where there is one."""
    late: tuple[LateEntry, ...] = ()
    """What was recorded since then and tells of the period."""
    corrections: tuple[LateEntry, ...] = ()
    """What was recorded in the period and tells of an earlier one, whose report had been issued."""


Make = Callable[[Material, Words], Section | None]
"""A section in the reader's words; None where there is nothing to say. The same material makes the same section."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of every report. ``key`` is the section's own.

    ``title`` is what it is called where it cannot be made: a text that is looked up, or one for each locale.
    """

    key: str
    title: str | Mapping[str, str]
    make: Make
    audiences: tuple[Audience, ...] = AUDIENCES


@dataclass(frozen=True, slots=True)
class Plugged:
    """A section that another package brings: under the name of its entry point, or why it cannot be used."""

    name: str
    chapter: Chapter | None
    problem: str = ""
