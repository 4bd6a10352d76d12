"""Reading of each device that an agreement covers when it was audited and backed up, and what lasted."""

from collections.abc import Iterator, Sequence
from itertools import islice

from netmgr.model.billing import LookedAfter
from netmgr.model.entry import Entry
from netmgr.report.history import History
from netmgr.report.observed import GOOD_BACKUPS, KINDS, drift_told, observed, software_told
from netmgr.report.service_facts import NOTHING_OBSERVED, InForce, Observed
from netmgr.report.windows import covered
from netmgr.workflows.report_window import Window, logged_before
from netmgr.workflows.runtime import Runtime

#: So many audits, and backups, before the period are looked through for the last that tells.
_BACK = 60


def read_observed(
    runtime: Runtime,
    told: History,
    versions: Sequence[InForce],
    looked_after: Sequence[LookedAfter],
    cut: Entry,
) -> Observed:
    """Of all devices that one of the versions covers."""
    names = {one.name for version in versions for one in covered(version, looked_after)}
    if not names:
        return NOTHING_OBSERVED
    before = logged_before(runtime, told.period.start, cut.seq)
    window = Window(runtime, before, logged_before(runtime, told.period.end, cut.seq))
    earlier = (entry for name in sorted(names) for entry in _earlier(window, name))
    entries = {entry.seq: entry for entry in earlier}
    entries |= {entry.seq: entry for entry in window.of(*KINDS) if entry.device in names}
    return observed((entries[seq] for seq in sorted(entries)), versions[-1].agreement.timezone)


def _earlier(window: Window, device: str) -> Iterator[Entry]:
    """What the device's acts and spells were before the window: as far back as they tell."""
    audits = list(_until_told(window.newest(until=window.before, kind="audit", device=device)))
    if audits:
        since = audits[-1].seq
        log, client = window.runtime.log, window.runtime.client
        yield from audits
        for kind in ("change", "recover", "drift"):
            yield from log.entries(client, kind=kind, device=device, after=since, until=window.before)
    backups = islice(window.newest(until=window.before, kind="backup", device=device), _BACK)
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
