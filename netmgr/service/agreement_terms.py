"""What an agreement's values are called in a document: lengths of time, services, levels, weekdays."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from netmgr.document.locale import Words, msgid
from netmgr.model.agreement_levels import Impact, Urgency
from netmgr.model.duration import length
from netmgr.model.money import Money
from netmgr.model.wording import Wording, in_language

SERVICES: Mapping[str, tuple[str, str]] = {
    "faults": (
        msgid("Faults"),
        msgid(
            "The Provider records each fault of the equipment, systems, software and network covered, finds its "
            "cause and puts it right."
        ),
    ),
    "consulting": (
        msgid("Consulting"),
        msgid(
            "The Provider advises the Client on buying, configuring, securing and maintaining its systems."
        ),
    ),
    "network": (
        msgid("Network management"),
        msgid(
            "The Provider looks after the network covered: its topology, its devices' configurations, maintenance "
            "and updates. Every change is planned, checked and recorded."
        ),
    ),
    "backup": (
        msgid("Backup and recovery"),
        msgid(
            "The Provider backs up what the annexes name, keeps it encrypted, proves at intervals that it can be "
            "restored, and restores it when it is needed."
        ),
    ),
    "requests": (
        msgid("Other services"),
        msgid("The Provider carries out other work of the kind when the Client asks for it."),
    ),
}
"""Kind of service → its heading, and what it is."""

IMPACTS: Mapping[Impact, str] = {
    "extensive": msgid("extensive"),
    "significant": msgid("significant"),
    "limited": msgid("limited"),
}
URGENCIES: Mapping[Urgency, str] = {
    "critical": msgid("critical"),
    "high": msgid("high"),
    "medium": msgid("medium"),
    "low": msgid("low"),
}
CALENDARS = {"service": msgid("service hours"), "always": msgid("around the clock")}
PERIODS = {"month": msgid("month"), "quarter": msgid("quarter"), "year": msgid("year")}
AUDIENCES = {"manager": msgid("for managers"), "technical": msgid("technical")}
UNITS = {"device": msgid("device"), "asset": msgid("asset"), "site": msgid("site")}
WHEN = {
    "working": msgid("in service hours"),
    "outside": msgid("outside service hours"),
    "any": msgid("at any time"),
}
CREDITED = {
    "response": msgid("response too late"),
    "resolution": msgid("resolution too late"),
    "availability": msgid("availability missed"),
}
TRAVEL = {
    "hour": msgid("Travel, by the hour"),
    "kilometre": msgid("Travel, by the kilometre"),
    "flat": msgid("Travel"),
}
EXHAUSTED = {
    "bill": msgid("Hours beyond them are charged by the rates."),
    "warn": msgid("Hours beyond them are charged by the rates; the Provider says so beforehand."),
    "stop": msgid("When they are used up, nothing but emergencies is worked on until the next period."),
}
KEPT = {
    "log": msgid("the service log"),
    "texts": msgid("texts of the service log"),
    "personal": msgid("personal data"),
    "tickets": msgid("tickets"),
    "configurations": msgid("configurations"),
    "documents": msgid("documents"),
}
PROMISES = {
    "audit": msgid("No more than {time} passes between two audits of a device."),
    "drift_age": msgid("A difference from what was agreed is put right or decided within {time}."),
    "backup_age": msgid("The newest backup of a configuration is at most {time} old."),
    "restore": msgid("A device's configuration is restored within {time}."),
    "drill": msgid("No more than {time} passes between two proofs that backups can be restored."),
    "unsupported": msgid("Software below the supported minimum is replaced within {time}."),
}
PRIORITIES = {
    "emergency": msgid("emergency"),
    "high": msgid("high"),
    "normal": msgid("normal"),
    "low": msgid("low"),
}
"""The usual names of priorities; an agreement may use others, which stand for themselves."""


def word(names: Mapping[Any, str], key: str, words: Words) -> str:
    """What ``key`` is called; one that has no name stands for itself."""
    return words.text(names[key]) if key in names else key


def said(wording: Wording | None, words: Words) -> str:
    """A text of the agreement in the document's language; empty where it says nothing."""
    return "" if wording is None else in_language(wording, words.language) or ""


def span(duration: str, words: Words) -> str:
    """A length of time in the unit that it was agreed in: 24 hours of service time are no day."""
    count = int(duration[:-1])
    match duration[-1]:
        case "m":
            return words.plural("{count} minute", "{count} minutes", count)
        case "h":
            return words.plural("{count} hour", "{count} hours", count)
        case "d":
            return words.plural("{count} day", "{count} days", count)
        case _:
            return words.plural("{count} week", "{count} weeks", count)


def sum_of(amount: str, currency: str, words: Words) -> str:
    """``€480.00``."""
    money = Money(amount=amount, currency=currency)
    return words.money(money.value, money.currency)


def share(percent: str, words: Words) -> str:
    """``99.5%``."""
    return words.percent(Decimal(percent) / 100)


def weekday(number: int, words: Words) -> str:
    """Monday is 0."""
    # 5 January 1970 was a Monday.
    return words.weekday(date(1970, 1, 5) + timedelta(days=number))


def whole_days(duration: str) -> int:
    """Days, rounded up."""
    return -(-length(duration) // timedelta(days=1))
