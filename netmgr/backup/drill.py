"""Drills: which adjacencies a restored twin must have, and how each device's restore is judged."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from netmgr.model.backup import Version
from netmgr.model.difference import NONE, Difference
from netmgr.model.drill import OUTCOMES, DrilledDevice, DrillOutcome, Kind
from netmgr.model.intent import Adjacency

Key = tuple[str, str, str]
"""(device, protocol, peer)"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is restored of one device. ``version`` is its newest good one, if any; ``doubt`` is what stands against it.

    ``outcome`` is as good as its drill can still end.
    """

    device: str
    platform: str
    version: Version | None
    outcome: DrillOutcome = "proved"
    doubt: str | None = None


def chosen(device: str, platform: str, versions: Iterable[Version]) -> Chosen:
    """The newest good version of a device out of all of ``versions`` (newest first), and whether it is the newest."""
    mine = [version for version in versions if version.note.device == device]
    good = next((version for version in mine if not version.quarantined), None)
    newest = mine[0] if mine else None
    why = ""
    if newest is not None and newest.quarantined:
        said = "; ".join(finding.detail for finding in newest.note.findings)
        why = f"its newest backup, of {newest.note.taken}, is in quarantine: {said}"
    if good is None:
        return Chosen(device, platform, None, "missing", why or "there is no backup of it")
    if good.note.platform != platform:
        return Chosen(device, platform, None, "missing", f"its newest backup is of a {good.note.platform}")
    return Chosen(device, platform, good, "quarantined" if why else "proved", why or None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The adjacencies that the twin must have, and in words those that it cannot have."""

    keys: frozenset[Key]
    warnings: tuple[str, ...]


def wanted(
    expected: Iterable[Adjacency],
    configured: Mapping[str, Collection[tuple[str, str]]],
    *,
    there: Collection[str],
    can_form: Callable[[Adjacency], bool],
) -> Wanted:
    """Of the adjacencies that the inventory expects those that the backups ask for and a twin can have.

    ``configured`` are the restored devices with what their backups ask for, as (protocol, peer); ``there`` are all of
    the twin's devices that have a configuration.
    """
    keys, warnings = set[Key](), list[str]()
    for one in expected:
        words = f"{one.device} {one.protocol} {one.peer}"
        if one.device not in configured:
            continue
        if (one.protocol, one.peer) not in configured[one.device]:
            warnings.append(f"{words}: expected by the inventory, and not in the backup")
        elif one.other is None:
            warnings.append(f"not on the twin: {words}: a neighbor that is not in the inventory")
        elif one.other not in there:
            warnings.append(f"not on the twin: {words}: nothing was restored on {one.other}")
        elif not can_form(one):
            warnings.append(f"not on the twin: {words}: between a real and an emulated device")
        else:
            keys.add((one.device, one.protocol, one.peer))
    return Wanted(frozenset(keys), tuple(warnings))


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one device on the twin: an error, or how it differs from its backup and what did not come up."""

    error: str | None = None
    differs: Difference = NONE
    down: tuple[str, ...] = ()


def drilled(choice: Chosen, kind: Kind | None, found: Found) -> DrilledDevice:
    """Judge one device: the worst of what was found, and why."""
    outcomes, why = [choice.outcome], [choice.doubt]
    if choice.version is not None:
        if found.error is not None:
            outcomes.append("failed")
            why.append(found.error)
        elif found.differs.text:
            outcomes.append("different")
            why.append(
                f"{found.differs.added + found.differs.removed} lines differ from the backup once it is restored"
            )
        if found.down:
            outcomes.append("incomplete")
            why.append(f"did not come up: {', '.join(found.down)}")
    return DrilledDevice(
        device=choice.device,
        platform=choice.platform,
        kind=kind,
        outcome=max(outcomes, key=OUTCOMES.index),
        version=choice.version.commit if choice.version else None,
        taken=choice.version.note.taken if choice.version else None,
        diff=found.differs.text,
        added=found.differs.added,
        removed=found.differs.removed,
        down=found.down,
        detail="; ".join(filter(None, why)) or None,
    )
