"""Commit, confirm and abort: what is checked before a router is touched, and in which order it is touched.

All of it runs in a process of its own that outlives the SSH session, and under the router's one lock.
"""

from __future__ import annotations

import json
import os

from .canonical import digest, parse
from .converge import UnreachedError, converge
from .delta import merge
from .frr import boots_from_one_file, memory_of, read_running, rejected_lines, save_startup, stage_startup
from .records import ACTIVE, BusyError
from .rollback import added_addresses, preserve, roll_back
from .system import RouterError, boottime, detach
from .timer import arm, disarm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .frr import Running
    from .order import Tree
    from .records import Record, Records

    Answer = dict[str, Any]

LOCK_WAIT = 5.0  # seconds that a commit waits for another operation
LOCK_WAIT_LONG = 60.0  # seconds that a confirm or an abort waits
GUARD = 300  # seconds for a permanent commit, which confirms itself unless it dies before
LONGEST_MESSAGE = 400  # characters


class RefusedError(Exception):
    """The order does not fit the router's state, and nothing was touched. ``code`` says why, ``lines`` where."""

    def __init__(self, code: str, reason: str, lines: list[tuple[int, str, str]] | None = None) -> None:
        Exception.__init__(self, reason)
        self.code, self.lines = code, lines or []


def outlive(work: Callable[[], Answer]) -> Answer:
    """Do ``work`` in a process that survives the session; wait for its answer as long as the session lives."""
    told, telling = os.pipe()

    def job() -> None:
        try:
            answer = work()
        except RefusedError as refused:
            answer = {"refused": refused.code, "reason": str(refused), "lines": refused.lines}
        except BusyError:
            answer = {"refused": "busy", "reason": "another operation is under way", "lines": []}
        except (RouterError, OSError) as error:
            answer = {"failed": str(error)}
        except Exception:  # noqa: BLE001 - the only way out of this process is its answer
            import traceback  # when it is needed: it costs 3 ms

            answer = {"failed": f"error in the program: {traceback.format_exc()}"}
        with open(telling, "wb") as pipe:
            pipe.write(json.dumps(answer).encode())

    detach(job, keep=(telling,))
    os.close(telling)
    with open(told, "rb") as pipe:
        answer = pipe.read()
    return dict(
        json.loads(answer or b'{"failed": "the work was killed; if a timer was armed, it rolls back"}')
    )


def commit(records: Records, order: Answer) -> Answer:
    """Apply a candidate: {commit, change, epoch, expected, text, mode, seconds, message, validated}."""
    lock = records.lock(LOCK_WAIT)
    try:
        now = _checked(records, order)
        candidate = parse(order["text"])
        target, either = (
            (candidate, frozenset()) if order["mode"] == "replace" else merge(now.tree, candidate)
        )
        records.raise_epoch(order["epoch"])
        record = _begin(records, order, now, target)
        try:
            after = converge(now, target, either)
            stage_startup(_startup_of(after))
            memory = memory_of(after)
            if memory is not None:
                records.save(record["commit"], memory, "after")
            record.update(state="pending", after=after.digest)
            records.save(record["commit"], record)
            records.journal(record["commit"], "pending", after=after.digest)
            if order["seconds"] == 0:
                return _keep(records, record, after)
        except UnreachedError as unreached:
            record = _undo(records, record, str(unreached))
            paths = {"missing": unreached.missing, "unexpected": unreached.unexpected}
            return dict(record, complaints=unreached.complaints, **paths)
        except (RouterError, OSError) as error:
            return _undo(records, record, str(error))
        return dict(record, left=record["deadline"] - boottime())
    finally:
        os.close(lock)


def confirm(records: Records, order: Answer) -> Answer:
    """Keep a pending commit and make it the startup configuration: {commit, change, epoch, expected}."""
    lock = records.lock(LOCK_WAIT_LONG)
    try:
        record = records.load(order["commit"])
        if record is None:
            raise RefusedError("unknown", "no such commit since this router booted")
        if record["state"] != "pending":
            raise RefusedError("not_pending", f"it is {record['state']}")
        if order["change"] != record["change"]:
            raise RefusedError("change", f"it belongs to change {record['change']!r}")
        _fence(records, order["epoch"])
        if boottime() >= record["deadline"]:
            raise RefusedError("expired", "its timer has expired")
        now = read_running()
        if now.dead:
            raise RefusedError("daemon_down", f"daemon down: {', '.join(now.dead)}")
        if now.digest != (order["expected"] or record["after"]):
            raise RefusedError("drift", "the running configuration has changed since the commit")
        records.raise_epoch(order["epoch"])
        return _keep(records, record, now)
    finally:
        os.close(lock)


def abort(records: Records, order: Answer) -> Answer:
    """Roll back a commit that is not finished: {commit, epoch}."""
    lock = records.lock(LOCK_WAIT_LONG)
    try:
        record = records.load(order["commit"])
        if record is None:
            raise RefusedError("unknown", "no such commit since this router booted")
        if record["state"] not in (*ACTIVE, "failed"):
            raise RefusedError("not_pending", f"it is {record['state']}")
        _fence(records, order["epoch"])
        records.raise_epoch(order["epoch"])
        return _undo(records, record, "rollback was asked for")
    finally:
        os.close(lock)


def fence(records: Records, order: Answer) -> Answer:
    """From now on refuse whoever is older than {epoch}, unless another {change} is pending.

    An order that is under way ends first. The writer of another change may be of another workspace, and lives: it
    must be able to finish what it has begun.
    """
    lock = records.lock(LOCK_WAIT_LONG)
    try:
        _fence(records, order["epoch"])
        active = records.active()
        if active is None or active["change"] == order["change"]:
            records.raise_epoch(order["epoch"])
        return {"highest_epoch": records.epoch()}
    finally:
        os.close(lock)


def _checked(records: Records, order: Answer) -> Running:
    """What runs now, if the order fits it."""
    if records.load(order["commit"]) is not None:
        raise RefusedError("repeated", f"commit {order['commit']} has been made before")
    active = records.active()
    if active is not None:
        raise RefusedError("pending", f"commit {active['commit']} of change {active['change']!r} is pending")
    _fence(records, order["epoch"])
    if not boots_from_one_file():
        raise RefusedError(
            "not_integrated", "FRR keeps a file per daemon: set service integrated-vtysh-config"
        )
    now = read_running()
    if now.dead:
        raise RefusedError("daemon_down", f"daemon down: {', '.join(now.dead)}")
    if order["expected"] and now.digest != order["expected"]:
        raise RefusedError("drift", "the running configuration is not the one that the change was made for")
    wrong = [] if order["validated"] else rejected_lines(order["text"])
    if wrong:
        raise RefusedError("invalid", "FRR rejects the candidate", wrong)
    return now


def _fence(records: Records, epoch: int | None) -> None:
    """Refuse who was superseded. Without an epoch nobody else is known to give orders here."""
    if epoch is not None and epoch < records.epoch():
        raise RefusedError("epoch", f"epoch {epoch} is older than {records.epoch()}, seen here")


def _begin(records: Records, order: Answer, now: Running, target: Tree) -> Record:
    """Save what a rollback needs, then arm the timer; only then may anything change."""
    commit_id, seconds = order["commit"], order["seconds"]
    record = {
        "commit": commit_id,
        "change": order["change"],
        "epoch": order["epoch"],
        "state": "armed",
        "before": now.digest,
        "target": digest(target),
        "seconds": seconds,
        "deadline": boottime() + (seconds or GUARD),
        "worker": os.getpid(),
        "session": os.getsid(0),
        "addresses": added_addresses(now.tree, target),
    }
    try:
        preserve(records, commit_id, now)
        records.begin(record)
        arm(records, record)
    except (RouterError, OSError) as error:
        records.drop(commit_id)
        raise RefusedError("not_armed", f"no safety net can be set up: {error}") from None
    message = " ".join(order["message"].split())[:LONGEST_MESSAGE]
    epoch = order["epoch"]
    records.journal(commit_id, "armed", change=order["change"], epoch=epoch, seconds=seconds, message=message)
    record["state"] = "applying"
    records.save(commit_id, record)
    return record


def _keep(records: Records, record: Record, now: Running) -> Answer:
    """Make what runs the startup configuration. Raises ``RouterError``: then the commit is still pending."""
    record["confirming"] = True
    records.save(record["commit"], record)
    try:
        save_startup(_startup_of(now))
    except RouterError:
        record["confirming"] = False
        records.save(record["commit"], record)
        raise
    record.update(state="confirmed", after=now.digest)
    records.save(record["commit"], record)
    records.journal(record["commit"], "confirmed", after=now.digest)
    disarm(records, record["commit"])
    records.forget(record["commit"])
    return record


def _startup_of(running: Running) -> bytes:
    return running.text.encode("utf-8", "surrogateescape")


def _undo(records: Records, record: Record, cause: str) -> Record:
    record = roll_back(records, record, cause)
    disarm(records, record["commit"])
    return record
