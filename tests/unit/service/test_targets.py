"""An agreement's levels as the clock takes them."""

from datetime import UTC, datetime

from netmgr.model.agreement_levels import Impact, Levels, Urgency
from netmgr.model.service_calendar import ServiceCalendar
from netmgr.model.ticket_clock import Event
from netmgr.service.calendar import ALWAYS
from netmgr.service.clock import ticket_clock
from netmgr.service.targets import levels_of

HOUR = 3600


def test_targets_are_seconds_of_the_hours_that_they_name():
    levels = Levels.model_validate(
        {
            "priorities": {
                "emergency": {"response": "15m", "resolution": "4h", "calendar": "always"},
                "normal": {"response": "4h", "resolution": "2d"},
                "low": {"response": "1w"},
            },
            "matrix": {impact: dict.fromkeys(Urgency.__args__, "normal") for impact in Impact.__args__},
        }
    )
    calendar = ServiceCalendar.model_validate({"timezone": "UTC", "hours": {"monday": "09:00-17:00"}})
    made = levels_of(levels, calendar)
    assert {name: level[:2] for name, level in made.items()} == {
        "emergency": (HOUR // 4, 4 * HOUR),
        "normal": (4 * HOUR, 48 * HOUR),
        "low": (7 * 24 * HOUR, None),
    }
    assert made["emergency"].hours is ALWAYS
    assert made["normal"].hours is made["low"].hours
    monday = int(datetime(2026, 11, 2, 9, tzinfo=UTC).timestamp())
    found = ticket_clock([Event("opened", monday, monday, "normal")], made, monday)
    assert found.resolution.due == monday + 5 * 7 * 24 * HOUR + 8 * HOUR
