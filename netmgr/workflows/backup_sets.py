"""What a client's backup sets promise, kept after each run: nothing older than they ask for, and a second copy."""

from datetime import datetime

from netmgr.backup.sets import copies, kept_for
from netmgr.errors import Refused, StoreError
from netmgr.model.backup import CopiedTo
from netmgr.model.backup_set import BackupSets
from netmgr.ports.backups import Backups
from netmgr.workflows.runtime import Runtime


def keep_promises(runtime: Runtime, backups: Backups, sets: BackupSets) -> tuple[int, tuple[CopiedTo, ...]]:
    """How many commits are gone for their age, and how each second copy is. A copy that fails spoils no other.

    While a git remote lacks what is here nothing goes: a history that begins after the remote's newest commit is one
    that no remote takes.
    """
    kept = kept_for(sets)
    before = runtime.clock.now() - kept if kept else None
    copied, behind = [], False
    for name, to in copies(sets).items():
        place = str(to.directory or to.git)
        runtime.progress(f"second copy: {place}")
        try:
            commit = backups.copy(runtime.client, runtime.target, to, before)
            copied.append(CopiedTo(set=name, place=place, commit=commit))
        except StoreError as error:
            copied.append(CopiedTo(set=name, place=place, error=str(error)))
            behind = behind or to.git is not None
    expired = _expire(runtime, backups, before) if before and not behind else 0
    return expired, tuple(copied)


def _expire(runtime: Runtime, backups: Backups, before: datetime) -> int:
    """The log says first what goes: what is missing afterwards was removed, not lost."""
    expiry = backups.expiring(runtime.client, runtime.target, before)
    if expiry is None:
        return 0
    entry = runtime.draft(
        kind="backup",
        action="expire",
        phase="result",
        outcome="expired",
        facts={"oldest": expiry.oldest, "versions": list(expiry.commits)},
    )
    try:
        runtime.log.append(runtime.client, [entry])
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what goes is logged first"
        ) from error
    backups.expire(runtime.client, runtime.target, expiry)
    return len(expiry.commits)
