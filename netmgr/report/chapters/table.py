"""The sections of a report in their order, and the report that is made of them."""

from typing import Final

from netmgr.document.locale import Words, msgid
from netmgr.report.chapters.audits import audits
from netmgr.report.chapters.availability import availability
from netmgr.report.chapters.changes import changes
from netmgr.report.chapters.devices import devices
from netmgr.report.chapters.drift import drift
from netmgr.report.chapters.evidence import evidence
from netmgr.report.chapters.faults import faults
from netmgr.report.chapters.performance import performance
from netmgr.report.chapters.restores import restores
from netmgr.report.chapters.summary import summary
from netmgr.report.material import Chapter, Material
from netmgr.report.report import Report

CHAPTERS: Final[tuple[Chapter, ...]] = (
    Chapter("summary", "Summary", summary),
    Chapter("performance", msgid("Service performance"), performance),
    Chapter("faults", msgid("Faults"), faults),
    Chapter("changes", "Changes", changes),
    Chapter("audits", "Audits", audits),
    Chapter("drift", "Open drift", drift),
    Chapter("devices", "Devices", devices),
    Chapter("availability", "Availability", availability),
    Chapter("restores", "Proved restores", restores),
    Chapter("evidence", "Evidence: the service log", evidence),
)
"""A new section is a function in a module of its own, and a row here."""


def report(material: Material, words: Words) -> Report:
    """Every section for the material's audience. A draft: nothing was issued."""
    history = material.history
    made = (chapter.make(material, words) for chapter in CHAPTERS if material.audience in chapter.audiences)
    return Report(
        client=history.client,
        name=history.name,
        target=history.target,
        period=history.period,
        cut=history.cut,
        until=history.until,
        complete=history.complete,
        draft=True,
        sections=tuple(section for section in made if section is not None),
    )
