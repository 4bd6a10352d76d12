"""Back to what a router was before a commit: by the inverse delta, else by restarting FRR; then the kernel's state."""

from __future__ import annotations

from .canonical import digest, parse
from .converge import UnreachedError, converge
from .frr import (
    STARTUP,
    await_daemons,
    read_running,
    restart_frr,
    save_startup,
    unstage_startup,
    wake_daemons,
)
from .kernel import kernel_state, restore_kernel
from .system import RouterError, read, wait_for, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frr import Running
    from .order import Tree
    from .records import Record, Records

AWAIT_DAEMONS = 60.0  # seconds from FRR's start until every daemon answers
AWAIT_CONFIGURATION = 10.0  # seconds from then until FRR has read its startup configuration


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
        raise RouterError(f"what was before commit {commit_id} is no longer known")
    record.update(state="rolling_back", reason=cause)
    records.note(record)
    records.journal(commit_id, "rolling_back")
    unstage_startup()
    wake_daemons()
    state, trouble = "rolled_back", []
    try:
        record["now"] = converge(read_running(), parse(before["text"])).digest
    except (RouterError, UnreachedError) as soft:
        records.journal(commit_id, "restarting_frr", why=str(soft))
        state = "rolled_back_hard"
        try:
            record["now"] = _restart_into(records, commit_id, before["text"]).digest
        except (RouterError, UnreachedError) as hard:
            trouble.append(str(hard))
    trouble += restore_kernel(before["kernel"], record["addresses"])
    record.update(state="failed" if trouble else state, trouble=trouble)
    records.note(record)
    records.journal(commit_id, record["state"], trouble=len(trouble))
    if not trouble:
        records.forget(commit_id)
    return record


def added_addresses(before: Tree, target: Tree) -> list[tuple[str, str]]:
    """The (interface, address with length) that a change adds: a restarted FRR leaves them in the kernel."""
    return [
        (section.split(" ")[1], line.split(" ")[2])
        for section, lines in target.items()
        for line in lines
        if section.startswith("interface ")
        and line.startswith(("ip address ", "ipv6 address "))
        and line not in before.get(section, ())
    ]


def _restart_into(records: Records, commit_id: str, text: str) -> Running:
    """Restart FRR so that it runs ``text``, and leave the startup configuration as it was."""
    startup = read(records.path(commit_id, "startup"))
    tree = parse(text)
    boots_into_it = startup is not None and parse(startup.decode("utf-8", "surrogateescape")) == tree
    borrowed = False
    if not boots_into_it:
        try:
            save_startup(text.encode("utf-8", "surrogateescape"))
            boots_into_it = borrowed = True
        except RouterError as error:  # then from the startup configuration, and the rest by commands
            records.journal(commit_id, "startup_not_borrowed", why=str(error))
    try:
        restart_frr()
        if not await_daemons(AWAIT_DAEMONS):
            raise RouterError("FRR was restarted, but not all of its daemons answer")
        if boots_into_it:
            wait_for(lambda: read_running().digest == digest(tree), AWAIT_CONFIGURATION, 0.2)
    finally:
        if borrowed:
            save_startup(startup)
    return converge(read_running(), tree)
