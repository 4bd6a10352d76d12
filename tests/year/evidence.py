"""An exported log, read naively: what the reference of the fees' tests is told of a month.

Nothing of netmgr counts here: days are looked at one by one, tickets minute by minute, in the plain JSON of the entries
and their bodies.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
#: Acts of a human of ours that answer a ticket.
ANSWERS = {"ack", "note", "resolve", "pause"}

Entry = Mapping[str, Any]


class Evidence:
    """``directory`` holds log.jsonl and the bodies beside it; ``until`` is the last entry that is looked at."""

    def __init__(self, directory: Path, until: int | None = None) -> None:
        self.directory = directory
        lines = map(json.loads, (directory / "log.jsonl").read_text().splitlines())
        self.entries = [entry for entry in lines if until is None or entry["seq"] <= until]

    def of(self, kind: str, *actions: str) -> Iterator[Entry]:
        return (e for e in self.entries if e["kind"] == kind and (not actions or e["action"] in actions))

    def body(self, entry: Entry) -> Any:
        return json.loads((self.directory / "bodies" / entry["body"]["digest"]).read_bytes())

    @cached_property
    def agreements(self) -> list[dict[str, Any]]:
        """Signed versions, the oldest first, each with the entry that says so."""
        return [
            self.body(entry)["agreement"] | {"seq": entry["seq"]} for entry in self.of("agreement", "sign")
        ]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agreements[0]["timezone"])

    def case(self, first: date, last: date, earlier: Collection[int]) -> dict[str, Any]:
        """What the month's fees are counted from; ``earlier`` are the entries of work that invoices have."""
        now, billed = self.work(last, earlier)
        return {
            "currency": self.agreements[0]["fees"]["currency"],
            "zone": str(self.zone),
            "first": first,
            "last": last,
            "versions": [
                {
                    "version": each["version"],
                    "from": date.fromisoformat(each["effective"]),
                    "to": None,
                    "fees": each["fees"],
                    "week": _week(each["calendar"]),
                    "seq": each["seq"],
                }
                for each in self.agreements
            ],
            "things": [*self.things(first, last)],
            "entries": now,
            "billed": billed,
            "misses": [*self.misses(first, last)],
            "adjustments": [],
        }

    def things(self, first: date, last: date) -> Iterator[dict[str, Any]]:
        """Each device and asset on each day: as the inventory has it when the day ends, in its own service's days."""
        for unit in ("device", "asset"):
            newest = self._inventory(unit, date.max)
            for day in (first + number * DAY for number in range((last - first).days + 1)):
                there = self._inventory(unit, day)
                # What is looked after from a day before it was written down, is from that day on.
                early = {uid: is_ for uid, is_ in newest.items() if uid not in there and "from" in is_}
                for uid, is_ in (there | early).items():
                    said = newest.get(uid, is_)
                    begins, ends = said.get("from", ""), said.get("to", "9")
                    ours = self._covered(unit, is_, day) and is_.get("in_scope", True)
                    if ours and begins <= day.isoformat() <= ends:
                        yield {"unit": unit, "uid": uid, "name": is_["name"], "first": day, "last": day,
                               "role": is_.get("role"), "site": is_.get("site"), "evidence": [1]}  # fmt: skip

    def _covered(self, unit: str, is_: Mapping[str, Any], day: date) -> bool:
        coverage = [each for each in self.agreements if each["effective"] <= day.isoformat()][-1:]
        if unit == "device":
            return is_.get("lifecycle") not in ("planned", "external")
        meant = coverage[0]["coverage"]["assets"] if coverage else None
        return meant is not None and is_["kind"] in meant["kinds"]

    def _inventory(self, unit: str, day: date) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for entry in self.of("inventory"):
            facts = entry["facts"]
            all_, told = facts["devices"], facts["described"]
            if unit == "asset":
                all_, told = facts["assets"]["all"], facts["assets"]["described"]
            if self._day(entry["time"]) <= day:
                found = {uid: (found | told)[uid] for uid in all_}
        return found

    def work(self, last: date, earlier: Collection[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Work that is to be billed, and work that was. What was billed stays as it was."""
        told: dict[str, dict[str, Any]] = {}
        billed: dict[str, dict[str, Any]] = {}
        for entry in self.of("time", "add", "accept", "stop"):
            facts = entry["facts"]
            said = {"seq": entry["seq"], **{k: facts[k] for k in ("service", "begin", "end", "billable")}}
            said |= {"called_out": facts.get("called_out", False), "rate_class": facts.get("rate_class")}
            if "travel" in facts:
                said["travel"] = {"minutes": 0, "kilometres": "0"} | facts["travel"]
            (billed if entry["seq"] in earlier else told)[facts["id"]] = said
        open_ = [
            said
            for name, said in told.items()
            if name not in billed and self._at(said["begin"]).date() <= last
        ]
        for said in open_:
            calendar = self._version(said["begin"])["calendar"]
            assert self._at(said["begin"]).date().isoformat() not in _closed(calendar), (
                "the reference has no holidays"
            )
        return open_, [*billed.values()]

    def misses(self, first: date, last: date) -> Iterator[dict[str, Any]]:
        """Levels that were missed in the month: of tickets, and of the network as a whole."""
        tickets: dict[str, list[Entry]] = {}
        for entry in self.of("ticket"):
            tickets.setdefault(entry["ticket"], []).append(entry)
        for acts in tickets.values():
            for level, at in self._missed(acts):
                if first <= at.astimezone(self.zone).date() <= last:
                    opened = int(_when(acts[0]).timestamp())
                    yield {
                        "level": level,
                        "priority": _priority(acts),
                        "judged": opened,
                        "evidence": [acts[0]["seq"]],
                    }
        begin = datetime(first.year, first.month, first.day, tzinfo=self.zone)
        promise = self._version(int(begin.timestamp())).get("promises", {}).get("availability")
        if promise and (sums := self._availability(first, last)) and sums < Fraction(promise["target"]) / 100:
            yield {
                "level": "availability",
                "priority": None,
                "judged": int(begin.timestamp()),
                "evidence": [1],
            }

    def _missed(self, acts: list[Entry]) -> Iterator[tuple[str, datetime]]:
        """Each level of a ticket with the minute in which its time ran out."""
        begin = _when(acts[0])
        agreement = self._version(int(begin.timestamp()))
        level = agreement["levels"]["priorities"][_priority(acts)]
        happened = [(_when(act), act["action"], act) for act in acts[1:]]
        answer = next((at for at, what, act in happened if what in ANSWERS and act["auth"] == "os"
                       and act["actor"] != "scheduler"), None)  # fmt: skip
        over = next((at for at, what, _ in happened if what in ("resolve", "close")), None)
        newest = datetime.fromisoformat(self.entries[-1]["time"])
        for name, end in (("response", answer), ("resolution", over)):
            left, moment = _minutes(level[name]), begin
            while left and moment < (end or newest):
                paused = name == "resolution" and _paused(happened, moment)
                left -= not paused and self._serves(agreement["calendar"], level, moment)
                moment += MINUTE
            if not left and moment < (end or newest):
                yield name, moment

    def _serves(self, calendar: dict[str, Any], level: Entry, moment: datetime) -> bool:
        """Whether the clock of the level runs."""
        if level.get("calendar", "service") == "always":
            return True
        local = moment.astimezone(self.zone)
        if local.date().isoformat() in _closed(calendar):
            return False
        spells = _week(calendar)[local.weekday()][1]
        return any(first <= f"{local:%H:%M}" < last for first, last in spells)

    def _availability(self, first: date, last: date) -> Fraction | None:
        """Up among up and down, in seconds of all devices; None where fewer than 95 % of the samples are there."""
        up = down = taken = expected = 0
        for entry in self.of("probe", "digest"):
            if first.isoformat() <= entry["facts"]["day"] <= last.isoformat():
                for sums in entry["facts"]["devices"].values():
                    up, down = up + sums["up_seconds"], down + sums["down_seconds"]
                    taken, expected = taken + sums["taken"], expected + sums["expected"]
        return Fraction(up, up + down) if expected and taken * 100 >= expected * 95 else None

    def _version(self, moment: int) -> dict[str, Any]:
        day = self._at(moment).date().isoformat()
        return [each for each in self.agreements if each["effective"] <= day][-1]

    def _at(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment, self.zone)

    def _day(self, time: str) -> date:
        return datetime.fromisoformat(time).astimezone(self.zone).date()


def _when(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.get("at", entry["time"])).replace(microsecond=0)


def _priority(acts: list[Entry]) -> str:
    return str(acts[0]["facts"]["priority"])


def _paused(happened: list[tuple[datetime, str, Entry]], moment: datetime) -> bool:
    said = [what for at, what, _ in happened if what in ("pause", "resume") and at <= moment]
    return bool(said) and said[-1] == "pause"


def _minutes(span: str) -> int:
    return int(span[:-1]) * {"m": 1, "h": 60, "d": 1440}[span[-1]]


def _week(calendar: dict[str, Any]) -> tuple[tuple[int, tuple[tuple[str, str], ...]], ...]:
    found = []
    for number, name in enumerate(WEEK):
        spells = calendar["hours"].get(name, [])
        spells = [spells] if isinstance(spells, str) else spells
        found.append((number, tuple(tuple(spell.split("-")) for spell in spells)))
    return tuple(found)  # type: ignore[arg-type]


def _closed(calendar: dict[str, Any]) -> set[str]:
    """Holidays as the signed calendar has them written out, and closures."""
    days = set()
    for closure in calendar.get("closures", []):
        day = date.fromisoformat(closure["from"])
        while day <= date.fromisoformat(closure["to"]):
            days.add(day.isoformat())
            day += DAY
    return days | {each["date"] for year in calendar["frozen"] for each in year["closed"]}
