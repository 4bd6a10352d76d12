"""``inventory`` entries of the log → which devices and sites were looked after on which days (pure).

A day counts where the inventory has the device at its end, on the agreement's clocks, and as what it is then. A
device's own ``service: {from, to}`` has the last word, also on days before it was written down. What is only planned,
or somebody else's, is not looked after.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from netmgr.model.billing import LookedAfter
from netmgr.model.entry import Entry

KIND = "inventory"
_NOT_OURS = ("planned", "external")
_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Stay:
    """From when on a device is in the inventory, and what it was from which day on."""

    uid: str
    was: list[tuple[date, Mapping[str, Any], int]] = field(default_factory=list)

    def days(self, last: date, removed: int | None) -> Iterator[LookedAfter]:
        """Everything until ``last``; ``removed`` is the entry that took it out."""
        newest, evidence = self.was[-1][1], self.was[-1][2]
        start, end = _day(newest, "from"), min(_day(newest, "to") or last, last)
        for number, (begins, is_, seq) in enumerate(self.was):
            begin = begins if number or start is None else start
            following = self.was[number + 1][0] - _DAY if number + 1 < len(self.was) else end
            begin, until = max(begin, start or begin), min(following, end)
            if begin <= until and is_.get("lifecycle") not in _NOT_OURS:
                yield LookedAfter(
                    unit="device",
                    uid=self.uid,
                    name=is_.get("name", self.uid),
                    role=is_.get("role"),
                    site=is_.get("site"),
                    first=begin,
                    last=until,
                    evidence=tuple(sorted({seq, evidence} | ({removed} if removed is not None else set()))),
                )


def devices(entries: Iterable[Entry], zone: str, until: date) -> tuple[LookedAfter, ...]:
    """Devices by the client's entries up to the day ``until``, oldest first, for the clocks of ``zone``."""
    stays: dict[str, _Stay] = {}
    found: list[LookedAfter] = []
    for entry in entries:
        if entry.kind != KIND or entry.target != "network":
            continue
        day = datetime.fromisoformat(entry.time).astimezone(ZoneInfo(zone)).date()
        if day > until:
            break
        described = entry.facts.get("described", {})
        for uid in stays.keys() - entry.facts["devices"].keys():
            found += stays.pop(uid).days(day - _DAY, entry.seq)
        for uid in entry.facts["devices"]:
            stay = stays.setdefault(uid, _Stay(uid))
            if stay.was and stay.was[-1][0] == day and uid in described:
                stay.was.pop()
            if not stay.was or uid in described:
                stay.was.append((day, described.get(uid, {}), entry.seq))
    for stay in stays.values():
        found += stay.days(until, None)
    return tuple(sorted(found, key=lambda one: (one.uid, one.first)))


def sites(things: Iterable[LookedAfter]) -> tuple[LookedAfter, ...]:
    """The sites at which these were looked after, each on the days on which one of them was."""
    return tuple(
        LookedAfter(
            unit="site",
            uid=thing.site,
            name=thing.site,
            first=thing.first,
            last=thing.last,
            evidence=thing.evidence,
        )
        for thing in things
        if thing.site is not None
    )


def _day(described: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(described[key]) if key in described else None
