"""The levels of an agreement version, ready for the SLA clock."""

from collections.abc import Mapping

from netmgr.model.agreement_levels import Levels
from netmgr.model.duration import Duration, length
from netmgr.model.service_calendar import ServiceCalendar
from netmgr.service.calendar import ALWAYS, Hours, ServiceHours
from netmgr.service.course import Level


def levels_of(levels: Levels, calendar: ServiceCalendar) -> Mapping[str, Level]:
    """Priority → what is promised for it. Made once for a version: all its tickets share the calendar as laid out.

    A target of ``2d`` is 48 hours of those that count, as everywhere.
    """
    service: Hours = ServiceHours(calendar)
    return {
        priority: Level(
            _seconds(target.response),
            _seconds(target.resolution) if target.resolution else None,
            service if target.calendar == "service" else ALWAYS,
        )
        for priority, target in levels.priorities.items()
    }


def _seconds(duration: Duration) -> int:
    return int(length(duration).total_seconds())
