"""Back to what a router was before a commit: configuration by the inverse delta, else by restarting FRR, then kernel."""

from __future__ import annotations

import os
import stat

from . import frr, kernel
from .canonical import parse
from .converge import Unreached, converge
from .system import Failed, read, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .order import Tree
    from .records import Record, Records

AWAIT_DAEMONS = 60.0  # seconds


def preserve(records: Records, commit_id: str, now: frr.Running) -> None:
    """Keep all that a rollback needs, durably, before anything is changed."""
    records.save(commit_id, {"text": now.text, "kernel": kernel.snapshot()}, "before")
    startup = read(frr.STARTUP)
    if startup is not None:
        write(records.path(commit_id, "startup"), startup)


def roll_back(records: Records, record: Record, cause: str) -> Record:
    """Roll a commit back; its record says how that went. The caller holds the lock."""
    commit_id = record["commit"]
    before = records.load(commit_id, "before")
    if before is None:
        raise Failed("what was before commit %s is not known" % commit_id)
    record.update(state="rolling_back", reason=cause)
    records.save(commit_id, record)
    records.journal(commit_id, "rolling_back", cause=cause)
    tree, scratch = parse(before["text"]), records.path(commit_id, "script")
    state, trouble = "rolled_back", []
    try:
        record["now"] = converge(frr.running(), tree, scratch).digest
    except (Failed, Unreached) as soft:
        records.journal(commit_id, "soft_rollback_failed", why=str(soft))
        state = "rolled_back_hard"
        try:
            record["now"] = _restarted(records, commit_id, before["text"], tree)
        except (Failed, Unreached) as hard:
            trouble = [str(hard), *getattr(hard, "differs", ())]
    trouble += kernel.restore(before["kernel"], _added_addresses(tree, record))
    record.update(state="failed" if trouble else state, trouble=trouble)
    records.save(commit_id, record)
    records.journal(commit_id, record["state"], trouble=len(trouble))
    if not trouble:
        records.forget(commit_id)
    return record
