"""What a client's backup sets ask of configurations: whose are overdue, how long versions are kept, where they go."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from netmgr.model.backup_set import BackupSets, ConfigurationSet, SecondCopy
from netmgr.model.duration import length
from netmgr.model.inventory import Device


def _configurations(sets: BackupSets) -> dict[str, ConfigurationSet]:
    return {name: each for name, each in sets.items() if isinstance(each, ConfigurationSet)}


def kept_for(sets: BackupSets) -> timedelta | None:
    """How long versions are kept: as long as the set asks that asks for longest. None: for ever, also without a set.

    Versions of all of a client's devices are in one history, so one device's cannot go alone.
    """
    found = [each.retention for each in _configurations(sets).values()]
    lengths = [length(retention) for retention in found if retention is not None]
    return max(lengths) if lengths and len(lengths) == len(found) else None


def copies(sets: BackupSets) -> Mapping[str, SecondCopy]:
    """Set → its second copy; each place once."""
    found: dict[str, SecondCopy] = {}
    for name, each in _configurations(sets).items():
        if each.second_copy is not None and each.second_copy not in found.values():
            found[name] = each.second_copy
    return found


def overdue(
    sets: BackupSets, devices: Iterable[Device], read: Mapping[str, datetime], now: datetime
) -> Mapping[str, str]:
    """Device → what is wrong, of each that a set promises a newer backup of. ``read`` is when each was last kept, or
    found unchanged.
    """
    promised = {name: each.rpo for name, each in _configurations(sets).items()}
    return _late(sets, promised, "backed up", devices, read, now)


def overdue_drills(
    sets: BackupSets, devices: Iterable[Device], proved: Mapping[str, datetime], now: datetime
) -> Mapping[str, str]:
    """Device → what is wrong, of each whose backup a set promises to prove more often. ``proved`` is when a drill last
    did.
    """
    promised = {name: each.drill for name, each in _configurations(sets).items() if each.drill}
    return _late(sets, promised, "proved by a drill", devices, proved, now)


def _late(
    sets: BackupSets,
    promised: Mapping[str, str],
    done: str,
    devices: Iterable[Device],
    last: Mapping[str, datetime],
    now: datetime,
) -> Mapping[str, str]:
    """``promised`` is set → how long ago it may have been at most."""
    found: dict[str, str] = {}
    for device in devices:
        for name, every in promised.items():
            if not sets[name].selection.selects(device):
                continue
            when = last.get(device.name)
            if when is None:
                found[device.name] = f"never {done}; {name} promises one every {every}"
            elif now - when > length(every):
                at = when.isoformat(timespec="minutes")
                found[device.name] = f"last {done} at {at}; {name} promises one every {every}"
    return found
