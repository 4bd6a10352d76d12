"""A bill: what the log and its records say of a period, as far as they said it at one entry. No file is read for it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from netmgr.errors import InputError
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_fees import Per
from netmgr.model.bill import NOTHING_BILLED, Bill, Billed, OpenPoint
from netmgr.model.billing import LookedAfter, Worked
from netmgr.model.entry import Entry
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.provider import Provider
from netmgr.model.stretch import midnight
from netmgr.model.time_entry import TimeEntry, time_entry
from netmgr.service import time_record
from netmgr.service.billable_work import BillableWork, Spell, begins_within, billable, day_of, spells
from netmgr.service.fee_terms import Terms, around, terms
from netmgr.service.fees import draft
from netmgr.service.looked_after import KIND as INVENTORY
from netmgr.service.looked_after import assets, devices, differing, sites
from netmgr.service.time_entries import drafts
from netmgr.service.versions import KIND as AGREEMENT
from netmgr.service.versions import history
from netmgr.workflows.adjusting import not_billed
from netmgr.workflows.agreement import content
from netmgr.workflows.billing_levels import TicketLevels, availability_missed
from netmgr.workflows.billing_log import BillingLog
from netmgr.workflows.runtime import Runtime

_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)


def bill(
    runtime: Runtime,
    provider: Provider,
    first: date,
    last: date,
    *,
    billed: Billed = NOTHING_BILLED,
    cut: int | None = None,
) -> Bill:
    """What the client owes for the days from ``first`` to ``last``, as of the entry ``cut`` or the newest one.

    ``billed`` is what earlier invoices hold; work of whatever day that none of them has is in this bill. Raises
    Refused(access), InputError where nothing was agreed by then or nobody is said to bill the client, StoreError where
    a version of the agreement was erased.
    """
    runtime.require("read")
    found = provider.of(runtime.client)
    if found is None:
        raise InputError(
            [f"config/provider.yaml: who bills {runtime.client}? write default, or clients.{runtime.client}"]
        )
    log = BillingLog(runtime, cut)
    due = owed(runtime, log, first, last, billed=billed)
    return Bill(
        client=runtime.client,
        cut=log.cut,
        entity_id=found[0],
        entity=found[1],
        agreement=due.agreement,
        version=due.version,
        draft=due.draft,
        open=due.open,
    )


class Owed(NamedTuple):
    """What is owed whoever bills it, by which agreement, and what may change it."""

    draft: InvoiceDraft
    agreement: Agreement
    version: int
    open: tuple[OpenPoint, ...]


def owed(
    runtime: Runtime,
    log: BillingLog,
    first: date,
    last: date,
    *,
    billed: Billed = NOTHING_BILLED,
) -> Owed:
    """The same as ``bill``, of what the log says. Raises as that does, but for access and who bills."""
    known = history(log.of(AGREEMENT))
    signed = {one.version: content(runtime, one) for one in known.versions}
    by_digest = {one.digest: signed[one.version] for one in known.versions}
    versions = terms(known, by_digest, last)
    zone = _zone(versions, first, last)
    end = int(midnight(last + _DAY, zone).timestamp())
    told = _spells(log, versions, billed, first)
    work = billable(told, billed, end=end, zone=zone)
    noted = tuple(log.of(INVENTORY))
    things = _things(noted, zone, last)
    of_tickets = TicketLevels(log, known, by_digest, zone)
    of_devices, unmeasured = availability_missed(log, versions, signed, (first, last), things)
    misses = (*of_tickets.missed(first, last, billed), *of_devices)
    made = draft(
        first,
        last,
        versions,
        looked_after=things,
        entries=work.now,
        billed=_counting(work, first, zone),
        misses=misses,
        adjustments=tuple(not_billed(runtime, log, last, billed)),
    )
    open_ = (
        *((OpenPoint("not_over", "", last),) if log.now < midnight(last + _DAY, zone) else ()),
        *work.open,
        *_proposed(log, [was[-1].entry for was in told], (first, last), zone),
        *of_tickets.open,
        *unmeasured,
        *(_counted_late(noted, zone, billed) if billed.seq else ()),
        *((OpenPoint("not_counted", "", last),) if _counts(versions) and not noted else ()),
    )
    return Owed(
        made,
        signed[versions[-1].version],
        versions[-1].version,
        tuple(sorted(open_, key=lambda one: (one.day, one.why, one.about))),
    )


def _zone(versions: Sequence[Terms], first: date, last: date) -> str:
    if not versions:
        raise InputError([f"no agreement was in force by {last}; sign one, or bill later days"])
    if first > last:
        raise InputError([f"{first} is after {last}; name the first day first"])
    return versions[-1].zone


def _things(entries: Sequence[Entry], zone: str, last: date) -> tuple[LookedAfter, ...]:
    found = (*devices(entries, zone, last), *assets(entries, zone, last))
    return (*found, *sites(found))


def _counts(versions: Sequence[Terms]) -> bool:
    return any(each.fees.units for each in versions)


def _counted_late(entries: Sequence[Entry], zone: str, billed: Billed) -> Iterator[OpenPoint]:
    """What was billed of the last year's days, and would be billed otherwise now."""
    known = [entry for entry in entries if entry.seq <= billed.seq]
    if billed.until is None or len(known) == len(entries):
        return
    since = billed.until - _YEAR
    before, now = (
        [
            one.model_copy(update={"first": max(one.first, since)})
            for one in _things(some, zone, billed.until)
            if one.last >= since and one.unit != "site"
        ]
        for some in (known, entries)
    )
    for one, day in differing(before, now):
        yield OpenPoint("counted_late", one.name, day, one.evidence)


def _spells(
    log: BillingLog, versions: Sequence[Terms], billed: Billed, first: date
) -> tuple[list[Spell], ...]:
    """Every spell of work that is not billed, and those that share included hours with what is.

    What was recorded while billed days went on is on their invoices, or goes on until somebody ends it: of the entries
    only newer ones are read, from the beginning of the month, quarter or year whose included hours count.
    """
    pers = {item.per for each in versions for item in each.fees.included}
    per: Per = "year" if "year" in pers else "quarter" if "quarter" in pers else "month"
    zone = versions[-1].zone
    since = first if billed.settled is None else min(first, billed.settled + _DAY)
    for day in _beginnings(since, per) if billed.settled else ():
        entries = tuple(log.of(time_record.KIND, after=log.before(midnight(day, zone))))
        found = tuple(spells(entries).values())
        newest = [was[-1] for was in found if not any(spell.seq in billed.work for spell in was)]
        oldest = min((day_of(one.entry.begin, zone) for one in newest), default=day)
        if begins_within(entries) and oldest >= day and (older := _going_on(log, entries)) is not None:
            return (*older, *found)
    return tuple(spells(log.of(time_record.KIND)).values())


def _going_on(log: BillingLog, read: Iterable[Entry]) -> list[list[Spell]] | None:
    """Work that nobody has ended and of which these entries do not tell, as records say; None where they are newer than
    the cut.
    """
    key = time_record.PROJECTION.key
    known = {key(entry) for entry in read}
    later = tuple(log.later(time_record.KIND, after=log.cut))
    if not begins_within(later) and any(key(entry) not in known for entry in later):
        return None
    return [
        [Spell(record.seq, time_entry(record))]
        for record in log.records.all(log.client, time_record.KIND)
        if "end" not in record.document and record.key not in known and record.seq <= log.cut
    ]


def _beginnings(day: date, per: Per) -> Iterator[date]:
    """Of the month, quarter or year of a day, and of the year before."""
    yield around(day, per)[0]
    yield around(day, "year")[0].replace(year=day.year - 1)


def _counting(work: BillableWork, first: date, zone: str) -> Iterator[Worked]:
    """What was billed before and used included hours of a month, quarter or year that work of now is in."""
    days = [first, *(day_of(one.begin, zone) for one in work.now)]
    since = int(midnight(around(min(days), "year")[0], zone).timestamp())
    return (one for one in work.before if one.begin >= since)


def _proposed(
    log: BillingLog, taken: Sequence[TimeEntry], days: tuple[date, date], zone: str
) -> Iterator[OpenPoint]:
    """Changes and playbooks of these days that somebody ran by hand, and that nobody has taken down as time."""
    after = log.before(midnight(days[0], zone))
    ran = (entry for kind in ("change", "playbook") for entry in log.of(kind, after=after))
    for one in drafts(ran, taken):
        if days[0] <= (day := day_of(one.begin, zone)) <= days[1]:
            yield OpenPoint("proposed", one.source.ref, day)
