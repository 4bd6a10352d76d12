"""What a report's sentences are made with, until they are in the client's language: English."""

from datetime import datetime, timedelta

from netmgr.document.locale import Words, english
from netmgr.report.period import Period


def in_english(period: Period) -> Words:
    """The report's words: English, on the client's clocks."""
    return english(period.zone)


def number(count: int) -> str:
    """``1,234``."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 device``, ``3 devices``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def seconds_between(earlier: datetime, later: datetime) -> int:
    """Whole seconds; never negative."""
    return max(0, (later - earlier) // timedelta(seconds=1))
