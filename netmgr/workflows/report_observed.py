"""Reading of each device that an agreement covers when it was audited and backed up, and what lasted."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter

from netmgr.model.billing import LookedAfter
from netmgr.model.entry import Entry
from netmgr.report.observed import GOOD_BACKUPS, KINDS, drift_told, observed, seen, software_told
from netmgr.report.service_facts import NOTHING_OBSERVED, InForce, Observed
from netmgr.report.windows import covered
from netmgr.workflows.report_window import Window

#: So many audits, and backups, before the period are looked through for the last that tells.
_BACK = 60


def read_observed(
    window: Window, versions: Sequence[InForce], looked_after: Sequence[LookedAfter]
) -> Observed:
    """Of all devices that one of the versions covers."""
    runtime, before = window.runtime, window.before
    names = {one.name for version in versions for one in covered(version, looked_after)}
    if not names:
        return NOTHING_OBSERVED
    audits = {name: list(_until_told(_newest(window, "audit", name))) for name in sorted(names)}
    entries = [entry for found in audits.values() for entry in found]
    entries += (entry for name in sorted(names) for entry in _last_backup(window, name))
    # What was done since the oldest of these audits may have ended what they found.
    since = min((found[-1].seq for found in audits.values() if found), default=before)
    log, client = runtime.log, runtime.client
    for kind in ("change", "recover", "drift"):
        found = log.entries(client, kind=kind, after=since, until=before)
        entries += (entry for entry in found if _follows(entry, audits))
    told = [one for entry in (*entries, *window.of(*KINDS)) if (one := seen(entry)) is not None]
    told += window.audits.seen
    ours = (one for one in told if one.device in names)
    return observed(sorted(ours, key=attrgetter("seq")), versions[-1].agreement.timezone)


def _follows(entry: Entry, audits: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether it came after the oldest audit of its device that was looked at."""
    found = audits.get(entry.device or "")
    return entry.target == "network" and bool(found) and entry.seq > (found or [entry])[-1].seq


def _newest(window: Window, kind: str, device: str) -> Iterator[Entry]:
    """Entries before the window, newest first: a few are asked for, more where those do not tell."""
    log, client, until = window.runtime.log, window.runtime.client, window.before
    few = 4
    while True:
        page = list(log.entries(client, kind=kind, device=device, until=until, limit=few, newest_first=True))
        yield from (entry for entry in page if entry.target == window.runtime.target)
        if len(page) < few:
            return
        until, few = page[-1].seq - 1, min(few * 4, 256)


def _last_backup(window: Window, device: str) -> Iterator[Entry]:
    """The newest that is good."""
    backups = islice(_newest(window, "backup", device), _BACK)
    good = (entry for entry in backups if entry.action == "run" and entry.outcome in GOOD_BACKUPS)
    yield from islice(good, 1)


def _until_told(audits: Iterator[Entry]) -> Iterator[Entry]:
    """Newest first, until one found neither drift nor software that is too old, or told of it at all."""
    drift = software = False
    for number, entry in enumerate(audits):
        yield entry
        drift = drift or drift_told(entry) == "ends"
        software = software or software_told(entry) == "ends" or number >= _BACK
        if drift and software:
            return
