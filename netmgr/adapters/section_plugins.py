"""Sections of reports that other packages bring: entry points of the group ``netmgr.report_sections``."""

from importlib.metadata import EntryPoint, entry_points
from typing import Final

from netmgr.model.audience import AUDIENCES
from netmgr.report.material import Chapter, Plugged

GROUP: Final = "netmgr.report_sections"


def installed() -> tuple[Plugged, ...]:
    """Every one, by name. They are imported here: whoever makes a report asks for all of them."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    return tuple(_plugged(point) for _, point in sorted(found.items()))


def _plugged(point: EntryPoint) -> Plugged:
    try:
        chapter = point.load()
    except Exception as error:  # noqa: BLE001  whatever it is: the report is made without it
        return Plugged(point.name, None, f"{point.value} cannot be loaded: {type(error).__name__}: {error}")
    if not isinstance(chapter, Chapter):
        return Plugged(point.name, None, f"{point.value} is no Chapter (docs/reference/reports.md)")
    if not chapter.audiences or not set(chapter.audiences) <= set(AUDIENCES):
        known = " and ".join(AUDIENCES)
        return Plugged(
            point.name, None, f"{point.value}: the audiences are {known} (docs/reference/reports.md)"
        )
    return Plugged(point.name, chapter)
