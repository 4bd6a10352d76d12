"""The log's words for what was done, as a client understands them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from netmgr.document.locale import Words, msgid
from netmgr.report.period import Period

PHASES: Final[Mapping[str, str]] = {
    "connect": msgid("connecting"),
    "load": msgid("loading"),
    "commit": msgid("commit"),
    "check": msgid("checks"),
    "confirm": msgid("confirmation"),
    "abort": msgid("taking back"),
}
GATES: Final[Mapping[str, str]] = {
    "agreement": msgid("the agreement"),
    "approval": msgid("approval"),
    "freeze": msgid("a freeze"),
    "lockout": msgid("losing the way to a device"),
    "notice": msgid("notice"),
    "protected": msgid("protected lines"),
    "rehearsal": msgid("rehearsal"),
    "share": msgid("the share of devices"),
    "ticket": msgid("a ticket"),
    "window": msgid("the maintenance window"),
}
DRILLED: Final[Mapping[str, str]] = {
    "incomplete": msgid("incomplete"),
    "quarantined": msgid("not trusted"),
    "missing": msgid("without a backup"),
    "different": msgid("restored otherwise than kept"),
    "failed": msgid("failed"),
}


def titled(period: Period, words: Words) -> str:
    """``November 2026``, ``4th quarter 2026``, or both days."""
    match period.unit:
        case "month":
            return words.month(period.first)
        case "quarter":
            return words.quarter(period.first)
        case _:
            return days(period, words)


def days(period: Period, words: Words) -> str:
    """``1 November 2026 to 30 November 2026``."""
    return words.text("{first} to {last}", first=words.day(period.first), last=words.day(period.last))


def word(known: Mapping[str, str], code: str, words: Words) -> str:
    """A word of the log in the reader's; one that is not known stands for itself."""
    return words.text(known[code]) if code in known else code


def joined(parts: Iterable[str], words: Words) -> str:
    """``a, b``: not a sentence, and of any length."""
    return words.text(", ").join(parts)


def sentences(parts: Iterable[str], words: Words) -> str:
    """One after the other."""
    told = ""
    for part in parts:
        told = words.text("{first} {second}", first=told, second=part) if told else part
    return told


def percent(number: float, digits: int, words: Words) -> str:
    """``99.950 %``, with so many digits behind the point."""
    return words.text("{number} %", number=words.number(Decimal(f"{number:.{digits}f}"), digits))


def seconds_between(earlier: datetime, later: datetime) -> int:
    """Whole seconds; never negative."""
    return max(0, (later - earlier) // timedelta(seconds=1))
