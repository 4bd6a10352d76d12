"""Hours that the fixed fees pay for: how many there are in a month, quarter or year, and what has used them (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from netmgr.model.agreement_fees import HoursIncluded
from netmgr.model.invoice import HoursUsed
from netmgr.service.fee_terms import Terms, around, days


@dataclass(slots=True)
class Pool:
    """Included hours of one month, quarter or year, in minutes."""

    first: date
    last: date
    item: HoursIncluded
    included: int
    before: int = 0
    used: int = 0
    evidence: list[int] = field(default_factory=list)

    def take(self, minutes: int, seq: int, *, now: bool) -> int:
        """As many of the minutes as are left."""
        taken = min(minutes, self.included - self.before - self.used)
        if taken and now:
            self.used += taken
            self.evidence.append(seq)
        elif taken:
            self.before += taken
        return taken


class IncludedHours:
    """By what the agreement says of them, so that an amendment which leaves them alone cuts nothing."""

    def __init__(self, versions: Sequence[Terms]) -> None:
        self._versions = versions
        self._pools: dict[tuple[HoursIncluded, date], Pool] = {}

    def of(self, item: HoursIncluded, day: date) -> Pool:
        """The pool of the month, quarter or year that a day is in."""
        first, last = around(day, item.per)
        if (item, first) not in self._pools:
            # By the day where the version is not in force for the whole time.
            counted = sum(
                days(*within) * terms.fees.included.count(item)
                for terms in self._versions
                if (within := terms.within(first, last)) is not None
            )
            minutes = Decimal(item.hours) * 60 * counted / days(first, last)
            self._pools[item, first] = Pool(
                first, last, item, int(minutes.quantize(Decimal(1), ROUND_HALF_UP))
            )
        return self._pools[item, first]

    def begin(self, first: date, last: date) -> None:
        """Whatever is included on these days is reported, used or not."""
        for terms in self._versions:
            within = terms.within(first, last)
            for item in terms.fees.included if within else ():
                day = within[0] if within else last
                while within and day <= within[1]:
                    day = self.of(item, day).last + timedelta(days=1)

    def report(self, first: date, last: date) -> Iterator[HoursUsed]:
        """What is used of those of these days, and of others that something is taken of now."""
        for pool in self._pools.values():
            if not pool.used and (pool.last < first or last < pool.first):
                continue
            yield HoursUsed(
                first=pool.first,
                last=pool.last,
                services=pool.item.services,
                included=pool.included,
                before=pool.before,
                used=pool.used,
                evidence=tuple(dict.fromkeys(pool.evidence)),
            )
