"""What is kept of devices: lists, redacted texts and differences, the complete text for an emergency, and the check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from netmgr.backup.sets import overdue, overdue_drills
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.backup import (
    BackupCheck,
    BackupDiff,
    BackupList,
    BackupProblem,
    Document,
    ListedVersion,
    ShownVersion,
    Version,
)
from netmgr.model.difference import difference, encodable
from netmgr.model.selection import Selection
from netmgr.ports.backups import Backups
from netmgr.workflows.backup import asked, kept_in
from netmgr.workflows.runtime import Runtime


def versions(runtime: Runtime, selection: Selection, *, every: bool) -> BackupList:
    """The selected devices' versions, newest first; of each only the newest good one and what came after it, unless
    ``every``. Devices that the inventory has no more are listed where nothing is selected.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    known = {device.name for device in inventory.devices}
    chosen = {device.name for device in inventory.devices if selection.selects(device)}
    found = kept_in(runtime).versions(runtime.client, runtime.target)
    listed = [
        v
        for v in found
        if v.note.device in chosen or (selection == Selection() and v.note.device not in known)
    ]
    good: set[str] = set()
    rows: list[Version] = []
    for version in sorted(listed, key=lambda v: v.note.device):
        if every or version.note.device not in good:
            rows.append(version)
        if not version.quarantined:
            good.add(version.note.device)
    expected = {device.name for device in asked(runtime, inventory) if device.name in chosen}
    return BackupList(
        client=runtime.client,
        target=runtime.target,
        versions=tuple(_row(version) for version in rows),
        without=tuple(sorted(expected - good)),
    )


def _row(version: Version) -> ListedVersion:
    note = version.note
    return ListedVersion(
        device=note.device,
        version=version.commit,
        taken=note.taken,
        status="quarantined" if version.quarantined else "good",
        documents={name: document.bytes for name, document in note.documents.items()},
        lines=note.documents["running"].lines,
        change=note.change,
        findings=note.findings,
    )


def shown(runtime: Runtime, device: str, version: str | None, document: Document) -> ShownVersion:
    """One document for people: a configuration in canonical form, with every secret hidden."""
    runtime.require("read")
    backups = kept_in(runtime)
    found = backups.find(runtime.client, runtime.target, device, version)
    content = _document(backups, runtime, found, document)
    text = content.decode("utf-8", "surrogateescape")
    if document != "facts":
        form = runtime.forms[found.note.platform]
        text = form.redact(form.canonical(text))
    return ShownVersion(**_row(found).model_dump(), document=document, text=encodable(text))


def complete(runtime: Runtime, device: str, version: str | None, document: Document) -> bytes:
    """One document as the device showed it, secrets and all, for whoever may change the device. Logged first."""
    runtime.require("change")
    backups = kept_in(runtime)
    found = backups.find(runtime.client, runtime.target, device, version)
    content = _document(backups, runtime, found, document)
    entry = runtime.draft(
        kind="backup",
        action="export",
        phase="result",
        outcome="exported",
        device=device,
        facts={"version": found.commit, "document": document},
    )
    try:
        runtime.log.append(runtime.client, [entry])
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: who gets secrets is logged"
        ) from error
    return content


def _document(backups: Backups, runtime: Runtime, found: Version, document: Document) -> bytes:
    content = backups.read(runtime.client, found)
    if document not in content:
        raise UsageError(
            f"{found.note.device} at {found.commit[:12]}: has no {document}: its platform shows none"
        )
    return content[document]


def diff(runtime: Runtime, device: str, old: str | None, new: str | None) -> BackupDiff:
    """How the running configuration differs between two versions, in canonical form with secrets hidden.

    ``new`` is the newest good one where it is None, ``old`` the version before that.
    """
    runtime.require("read")
    backups = kept_in(runtime)
    later = backups.find(runtime.client, runtime.target, device, new)
    earlier = (
        backups.find(runtime.client, runtime.target, device, old) if old else _before(backups, runtime, later)
    )
    texts = [
        runtime.forms[version.note.platform].canonical(
            backups.read(runtime.client, version)["running"].decode("utf-8", "surrogateescape")
        )
        for version in (earlier, later)
    ]
    made = difference(*texts, secrets={}, redact=runtime.forms[later.note.platform].redact)
    return BackupDiff(
        client=runtime.client,
        target=runtime.target,
        device=device,
        old=earlier.commit,
        new=later.commit,
        diff=made.text,
        added=made.added,
        removed=made.removed,
    )


def _before(backups: Backups, runtime: Runtime, later: Version) -> Version:
    """The newest good version that is older than this one."""
    device = later.note.device
    mine = [v for v in backups.versions(runtime.client, runtime.target) if v.note.device == device]
    older = mine[next((n for n, v in enumerate(mine) if v.note == later.note), -1) + 1 :]
    found = next((version for version in older if not version.quarantined), None)
    if found is None:
        raise UsageError(f"{device} has no version before {later.commit[:12]}")
    return found


def check(runtime: Runtime) -> BackupCheck:
    """Decrypt every version; compare it with its digest, with what the log says is kept, and with what was promised."""
    runtime.require("read")
    backups = kept_in(runtime)
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    found = backups.versions(runtime.client, runtime.target)
    runtime.progress(f"check: {len(found)} versions")
    problems = list(backups.check(runtime.client, found))
    told = _told(runtime)
    kept = {(version.note.device, version.commit) for version in found}
    problems += [
        BackupProblem(what="the log names it, and it is not there", device=device, version=commit)
        for device, commit in sorted(told.named - kept)
        if commit not in told.expired
    ]
    sets, devices, now = inventory.client.backup_sets, tuple(asked(runtime, inventory)), runtime.clock.now()
    late = [overdue(sets, devices, told.read, now), overdue_drills(sets, devices, _proved(runtime), now)]
    problems += [BackupProblem(what=what, device=name) for each in late for name, what in each.items()]
    unnamed = len({commit for _, commit in kept} - {commit for _, commit in told.named})
    notes = [f"{unnamed} commits are not in the log: a run was interrupted"] if unnamed else []
    return BackupCheck(
        client=runtime.client,
        target=runtime.target,
        versions=len(found),
        documents=sum(len(version.note.documents) for version in found),
        logged=len(told.named),
        recipients=backups.recipients,
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _proved(runtime: Runtime) -> Mapping[str, datetime]:
    """Device → when a drill last proved its backup, as the log says."""
    return {
        entry.device: datetime.fromisoformat(entry.time)
        for entry in runtime.log.entries(runtime.client, kind="drill")
        if entry.device and entry.outcome == "proved" and entry.target == runtime.target
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """What the log says: (device, commit) of every version, commits that were removed for their age, and when each
    device was last kept or found unchanged.
    """

    named: frozenset[tuple[str, str]]
    expired: frozenset[str]
    read: Mapping[str, datetime]


def _told(runtime: Runtime) -> _Told:
    named: set[tuple[str, str]] = set()
    expired: set[str] = set()
    read: dict[str, datetime] = {}
    for entry in runtime.log.entries(runtime.client, kind="backup"):
        if entry.target != runtime.target:
            continue
        if entry.action == "expire":
            expired.update(entry.facts["versions"])
        if entry.action != "run" or not entry.device:
            continue
        if entry.outcome in ("stored", "unchanged", "quarantined"):
            named.add((entry.device, entry.facts["version"]))
        if entry.outcome in ("stored", "unchanged"):
            read[entry.device] = datetime.fromisoformat(entry.time)
    return _Told(frozenset(named), frozenset(expired), read)
