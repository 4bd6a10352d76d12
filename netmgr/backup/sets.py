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


def overdue_drills(
    sets: BackupSets, devices: Iterable[Device], proved: Mapping[str, datetime], now: datetime
) -> Mapping[str, str]:
    """Device → what is wrong, of each whose backup a set promises to prove more often. ``proved`` is when a drill last
    did.
    """
    found: dict[str, str] = {}
    for device in devices:
        for name, each in _configurations(sets).items():
            if each.drill is None or not each.selection.selects(device):
                continue
            last = proved.get(device.name)
            if last is None:
                found[device.name] = f"never proved by a drill; {name} promises one every {each.drill}"
            elif now - last > length(each.drill):
                when = last.isoformat(timespec="minutes")
                found[device.name] = (
                    f"last proved by a drill at {when}; {name} promises one every {each.drill}"
                )
    return found


def overdue(
    sets: BackupSets, devices: Iterable[Device], read: Mapping[str, datetime], now: datetime
) -> Mapping[str, str]:
    """Device → what is wrong, of each that a set promises a newer backup of. ``read`` is when each was last kept, or
    found unchanged.
    """
    found: dict[str, str] = {}
    for device in devices:
        for name, each in _configurations(sets).items():
            if not each.selection.selects(device):
                continue
            last = read.get(device.name)
            if last is None:
                found[device.name] = f"never backed up; {name} promises one every {each.rpo}"
            elif now - last > length(each.rpo):
                when = last.isoformat(timespec="minutes")
                found[device.name] = f"last backed up at {when}; {name} promises one every {each.rpo}"
    return found
