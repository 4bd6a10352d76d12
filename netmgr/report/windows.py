"""Promises about how much time passes: between two acts, and until something is put right (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from netmgr.model.billing import LookedAfter
from netmgr.model.stretch import midnight
from netmgr.report.service_facts import Act, InForce, Result, Spell

FRESH = timedelta(days=90)
"""Nothing is met by what is older."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A promise, measured. ``worst`` is the longest time that counts, ``about`` the device that it is of.

    ``unknown`` are devices of which there is nothing to go by.
    """

    result: Result
    seqs: tuple[int, ...] = ()
    worst: timedelta | None = None
    about: str = ""
    unknown: tuple[str, ...] = ()


NOT_MEASURED = Measured("not_measured")


@dataclass(frozen=True, slots=True)
class Covered:
    """A device that a version covers, from its first day, or the agreement's, to its last."""

    name: str
    since: datetime
    until: datetime


def covered(version: InForce, things: Iterable[LookedAfter]) -> tuple[Covered, ...]:
    """The devices that the version covers at some time while it holds; each once, from its first day to its last."""
    agreement = version.agreement
    found: dict[str, Covered] = {}
    for thing in things:
        begins = midnight(thing.first, agreement.timezone)
        ends = midnight(thing.last + timedelta(days=1), agreement.timezone)
        if not (begins < version.ends and ends > version.begins and agreement.coverage.devices.covers(thing)):
            continue
        known = found.get(thing.name)
        if known:
            begins, ends = min(begins, known.since), max(ends, known.until)
        found[thing.name] = Covered(thing.name, max(begins, version.since), min(ends, version.ends))
    return tuple(found.values())


def between(
    devices: Sequence[Covered], acts: Mapping[str, Sequence[Act]], version: InForce, limit: timedelta
) -> Measured:
    """Whether no more than ``limit`` passes between two acts for each device, at any time of the version's."""
    gaps = {one.name: _longest(acts.get(one.name, ()), one.since, version, one.until) for one in devices}
    return _worst(gaps, limit, [one for one in devices if one.name not in _fresh(devices, acts, version)])


def between_all(acts: Sequence[Act], since: datetime, version: InForce, limit: timedelta) -> Measured:
    """The same of something that is done for all devices together."""
    name = ""
    one = [Covered(name, since, version.ends)]
    return between(one, {name: acts}, version, limit)


def lasting(
    devices: Sequence[Covered],
    spells: Mapping[str, Sequence[Spell]],
    looks: Mapping[str, Sequence[Act]],
    version: InForce,
    limit: timedelta,
) -> Measured:
    """Whether what was found is put right or decided within ``limit``; ``looks`` are what it could be found by."""
    found: dict[str, tuple[timedelta, tuple[int, ...]] | None] = {}
    for one in devices:
        ends = min(one.until, version.ends)
        lasted = [
            (min(spell.answered() or ends, ends) - spell.since, spell.seqs)
            for spell in spells.get(one.name, ())
            if spell.since < ends and (spell.answered() or ends) > version.begins
        ]
        newest = [look.seq for look in looks.get(one.name, ()) if look.at < ends][-1:]
        found[one.name] = max(lasted, default=(timedelta(), tuple(newest)) if newest else None)
    fresh = _fresh(devices, looks, version)
    return _worst(found, limit, [one for one in devices if one.name not in fresh])


def _longest(
    acts: Sequence[Act], since: datetime, version: InForce, until: datetime
) -> tuple[timedelta, tuple[int, ...]] | None:
    """The longest time without an act that reaches into the version's; None where nothing was ever done."""
    ends = min(until, version.ends)
    done = [act for act in acts if act.at < ends]
    if not done:
        return None
    # Of what was done before the period only the last is known: it is there, or nothing was done before.
    edges = [
        *([(since, ())] if since < done[0].at else []),
        *((act.at, (act.seq,)) for act in done),
        (ends, ()),
    ]
    gaps = [
        (later - earlier, (*before, *after))
        for (earlier, before), (later, after) in pairwise(edges)
        if later > version.begins
    ]
    return max(gaps, default=None)


def _fresh(devices: Iterable[Covered], acts: Mapping[str, Sequence[Act]], version: InForce) -> frozenset[str]:
    """The devices whose newest act is not too old to go by."""
    return frozenset(
        one.name
        for one in devices
        if any(
            min(one.until, version.ends) - FRESH <= act.at < min(one.until, version.ends)
            for act in acts.get(one.name, ())
        )
    )


def _worst(
    found: Mapping[str, tuple[timedelta, tuple[int, ...]] | None], limit: timedelta, stale: Sequence[Covered]
) -> Measured:
    """Missed by one is missed; met only where there is something to go by of every one."""
    known = [(time, name, seqs) for name, each in found.items() if each is not None for time, seqs in [each]]
    unknown = tuple(name for name, each in found.items() if each is None)
    if not known:
        return Measured("not_measured", unknown=unknown)
    time, about, seqs = max(known)
    if time > limit:
        return Measured("missed", seqs, time, about, unknown)
    old = tuple(one.name for one in stale if one.name not in unknown)
    if unknown or old:
        return Measured("not_measured", seqs, time, about, (*unknown, *old))
    every = sorted({seq for _, _, each in known for seq in each})
    return Measured("met", tuple(every), time, about)
