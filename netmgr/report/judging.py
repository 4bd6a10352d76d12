"""What it takes to judge a promise: a version of the agreement, as far as it holds in the period, and what was done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from netmgr.document.locale import Words
from netmgr.model.agreement import Agreement
from netmgr.report.history import History
from netmgr.report.service_facts import InForce, Result, ServiceFacts
from netmgr.report.windows import Covered, Measured, covered

#: The first of these that is among several results is that of all.
_ORDER: tuple[Result, ...] = ("missed", "not_measured", "running", "paused", "met")


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise's result, what was measured in words, and the seqs of the entries behind it.

    ``idle``: nothing happened that it is about, so that there was nothing to measure.
    """

    result: Result
    measure: str
    seqs: tuple[int, ...] = ()
    idle: bool = False


def nothing(measure: str) -> Judged:
    """Nothing happened that the promise is about."""
    return Judged("not_measured", measure, idle=True)


@dataclass(frozen=True, slots=True)
class Case:
    """A promise against the facts: while ``version`` holds, or several ``versions`` that promise the same."""

    facts: ServiceFacts
    history: History
    version: InForce
    versions: tuple[int, ...]

    @property
    def agreement(self) -> Agreement:
        """What it says."""
        return self.version.agreement

    @property
    def devices(self) -> tuple[Covered, ...]:
        """The devices that it covers."""
        return covered(self.version, self.facts.looked_after)

    def holds(self, moment: datetime | None) -> bool:
        """Whether it was in force then."""
        return moment is not None and self.version.begins <= moment < self.version.ends


Judge = Callable[[Case, Words], Judged]


def worst(results: Iterable[Result]) -> Result:
    """Missed once is missed, and nothing is met where something was not measured. Of none: not measured."""
    found = set(results)
    return next((result for result in _ORDER if result in found), "not_measured")


def time_said(measured: Measured, words: Words) -> str:
    """The longest time, and whose it is; of whom nothing is known where nothing is met for that."""
    if measured.result == "not_measured" or measured.worst is None:
        if not measured.unknown or measured.unknown == ("",):
            return words.text("nothing to go by that is younger than 90 days")
        names = words.listed(measured.unknown[:6])
        if len(measured.unknown) > 6:
            names = words.text("{names} and {count} more", names=names, count=len(measured.unknown) - 6)
        return words.text("nothing to go by that is younger than 90 days: {devices}", devices=names)
    time = length_said(measured.worst, words)
    if not measured.worst:
        return words.text("none was found")
    if measured.result == "met" or not measured.about:
        return words.text("longest: {time}", time=time)
    return words.text("longest: {time} ({device})", time=time, device=measured.about)


def length_said(time: timedelta, words: Words) -> str:
    """A length of time in minutes, rounded up: what is over its limit never reads as the limit."""
    return words.span(max(0, -(-time // timedelta(minutes=1))))


def nothing_measures(_case: Case, words: Words) -> Judged:
    """A promise that nothing in the log shows."""
    return Judged("not_measured", words.text("nothing in the service log measures this"))
