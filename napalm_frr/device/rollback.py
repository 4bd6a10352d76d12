"""Back to what a router was before a commit: by the inverse delta, else by restarting FRR; then the kernel's state."""

from __future__ import annotations

from .canonical import parse
from .converge import Unreached, converge
from .frr import STARTUP, await_daemons, put_startup, read_running, restart_frr, save_startup
from .kernel import kernel_state, restore_kernel
from .system import Failed, read, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frr import Running
    from .order import Tree
    from .records import Record, Records

AWAIT_DAEMONS = 60.0  # seconds from FRR's start until every daemon answers


def preserve(records: Records, commit_id: str, now: Running) -> None:
    """Keep, durably, all that a rollback needs, before anything is changed."""
    records.save(commit_id, {"text": now.text, "kernel": kernel_state()}, "before")
    startup = read(STARTUP)
    if startup is not None:
        write(records.path(commit_id, "startup"), startup)


def roll_back(records: Records, record: Record, cause: str) -> Record:
    """Undo a commit. Its record says how that ended. Whoever calls holds the lock."""
    commit_id = record["commit"]
    before = records.load(commit_id, "before")
    if before is None:
        raise Failed("what was before commit %s is no longer known" % commit_id)
    record.update(state="rolling_back", reason=cause)
    records.save(commit_id, record)
    records.journal(commit_id, "rolling_back", cause=cause)
    tree = parse(before["text"])
    state, trouble = "rolled_back", []
    try:
        record["now"] = converge(read_running(), tree).digest
    except (Failed, Unreached) as soft:
        records.journal(commit_id, "restarting_frr", why=str(soft))
        state = "rolled_back_hard"
        try:
            record["now"] = _restart_into(records, commit_id, before["text"])
        except (Failed, Unreached) as hard:
            trouble = [str(hard), *getattr(hard, "differs", ())]
    trouble += restore_kernel(before["kernel"], record["addresses"])
    record.update(state="failed" if trouble else state, trouble=trouble)
    records.save(commit_id, record)
    records.journal(commit_id, record["state"], trouble=len(trouble))
    if not trouble:
        records.forget(commit_id)
    return record


def added_addresses(before: Tree, target: Tree) -> list[tuple[str, str]]:
    """The (interface, address with length) that a change adds: a restarted FRR leaves them in the kernel."""
    added = []
    for section, lines in target.items():
        if section.startswith("interface "):
            for line in lines:
                words = line.split(" ")
                if words[1:2] == ["address"] and line not in before.get(section, ()):
                    added.append((section.split(" ")[1], words[2]))
    return added


def _restart_into(records: Records, commit_id: str, text: str) -> str:
    """Restart FRR so that it runs ``text``, and leave the startup configuration as it was. Returns the digest."""
    kept = read(records.path(commit_id, "startup"))
    tree = parse(text)
    borrowed = False
    if kept is None or parse(kept.decode("utf-8", "surrogateescape")) != tree:
        try:
            save_startup(text)
            borrowed = True
        except Failed as error:  # then from the startup configuration, and the rest by commands
            records.journal(commit_id, "startup_not_borrowed", why=str(error))
    try:
        restart_frr()
        if not await_daemons(AWAIT_DAEMONS):
            raise Failed("FRR was restarted, but not all of its daemons answer")
    finally:
        if borrowed:
            put_startup(kept)
    return converge(read_running(), tree).digest
