"""Commit, confirm and abort: what is checked before a router is touched, and in which order it is touched.

Everything here runs in a process of its own that outlives the SSH session, and under the router's one lock.
"""

from __future__ import annotations

import json
import os
import traceback

from .canonical import digest, parse
from .converge import Unreached, converge
from .delta import merge
from .frr import boots_from_one_file, read_running, rejected_lines, save_startup
from .records import ACTIVE, Busy
from .rollback import added_addresses, preserve, roll_back
from .system import Failed, boottime, detach
from .timer import arm, disarm, process_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .frr import Running
    from .order import Tree
    from .records import Record, Records

    Answer = dict[str, Any]

LOCK_WAIT = 5.0  # seconds a commit waits for another operation; confirm and abort wait longer
LOCK_WAIT_LONG = 60.0
GUARD = 300  # seconds for a permanent commit: it confirms itself, unless it dies before


class Refused(Exception):
    """The order does not fit the router's state; nothing was touched. ``code`` says why, ``lines`` where."""

    def __init__(self, code: str, reason: str, lines: list[str] | None = None) -> None:
        Exception.__init__(self, reason)
        self.code, self.lines = code, lines or []


def outlive(work: Callable[[], Answer]) -> Answer:
    """Do ``work`` in a process that survives the session, and wait for its answer as long as the session lives."""
    told, telling = os.pipe()

    def job() -> None:
        try:
            answer = work()
        except Refused as refused:
            answer = {"refused": refused.code, "reason": str(refused), "lines": refused.lines}
        except Busy:
            answer = {"refused": "busy", "reason": "another operation is under way", "lines": []}
        except Failed as failed:
            answer = {"failed": str(failed)}
        except Exception:  # noqa: BLE001 - the only way out of this process is its answer
            answer = {"failed": "error in the program: " + traceback.format_exc()}
        with open(telling, "wb") as pipe:
            pipe.write(json.dumps(answer).encode())

    detach(job, keep=(telling,))
    os.close(telling)
    with open(told, "rb") as pipe:
        answer = pipe.read()
    return dict(json.loads(answer or b'{"failed": "the commit was killed; its timer rolls it back"}'))


def commit(records: Records, order: Answer) -> Answer:
    """Apply a candidate that was ordered as {commit, change, epoch, expected, text, mode, seconds, message}."""
    lock = records.lock(LOCK_WAIT)
    try:
        now = _checked(records, order)
        candidate = parse(order["text"])
        target, either = (candidate, frozenset()) if order["mode"] == "replace" else merge(now.tree, candidate)
        records.raise_epoch(order["epoch"])
        record = _begin(records, order, now, target)
        try:
            after = converge(now, target, either)
        except (Failed, Unreached) as error:
            record = roll_back(records, record, str(error))
            disarm(records, record["commit"])
            differs, complaints = getattr(error, "differs", []), getattr(error, "complaints", [])
            return dict(record, differs=differs, complaints=complaints)
        record.update(state="pending", after=after.digest)
        records.save(record["commit"], record)
        records.journal(record["commit"], "pending", after=after.digest)
        if order["seconds"]:
            return dict(record, left=record["deadline"] - boottime())
        try:
            return _confirm(records, record, after)
        except Failed as error:
            record = roll_back(records, record, str(error))
            disarm(records, record["commit"])
            return record
    finally:
        os.close(lock)


def confirm(records: Records, order: Answer) -> Answer:
    """Keep a pending commit, ordered as {commit, change, epoch, expected}, and make it the startup configuration."""
    lock = records.lock(LOCK_WAIT_LONG)
    try:
        record = records.load(order["commit"])
        if record is None:
            raise Refused("unknown", "no such commit since this router booted")
        if record["state"] != "pending":
            raise Refused("not_pending", "it is %s: %s" % (record["state"], record.get("reason", "")))
        if order["change"] != record["change"]:
            raise Refused("change", "it belongs to change %s" % record["change"])
        _fence(records, order["epoch"])
        if boottime() >= record["deadline"]:
            raise Refused("expired", "its timer has expired")
        now = read_running()
        if now.dead:
            raise Refused("daemon_down", "daemon down: " + ", ".join(now.dead))
        if now.digest != (order["expected"] or record["after"]):
            raise Refused("drift", "the running configuration has changed since the commit")
        records.raise_epoch(order["epoch"])
        return _confirm(records, record, now)
    finally:
        os.close(lock)


def abort(records: Records, order: Answer) -> Answer:
    """Roll back a commit that is not finished, ordered as {commit, epoch}."""
    lock = records.lock(LOCK_WAIT_LONG)
    try:
        record = records.load(order["commit"])
        if record is None:
            raise Refused("unknown", "no such commit since this router booted")
        if record["state"] not in ACTIVE:
            raise Refused("not_pending", "it is %s" % record["state"])
        _fence(records, order["epoch"])
        record = roll_back(records, record, "rollback was asked for")
        disarm(records, record["commit"])
        return record
    finally:
        os.close(lock)


def _checked(records: Records, order: Answer) -> Running:
    if records.load(order["commit"]) is not None:
        raise Refused("repeated", "commit %s has been made before" % order["commit"])
    active = records.active()
    if active is not None:
        raise Refused("pending", "commit %s of change %s is pending" % (active["commit"], active["change"]))
    _fence(records, order["epoch"])
    if not boots_from_one_file():
        raise Refused("not_integrated", "FRR keeps one file per daemon here: set service integrated-vtysh-config")
    now = read_running()
    if now.dead:
        raise Refused("daemon_down", "daemon down: " + ", ".join(now.dead))
    if order["expected"] and now.digest != order["expected"]:
        raise Refused("drift", "the running configuration is not the one that the change was planned for")
    wrong = rejected_lines(order["text"])
    if wrong:
        raise Refused("invalid", "FRR rejects the candidate", ["line %d: %s: %s" % problem for problem in wrong])
    return now


def _fence(records: Records, epoch: int) -> None:
    if epoch < records.epoch():
        raise Refused("epoch", "epoch %d is older than %d, which this router has seen" % (epoch, records.epoch()))


def _begin(records: Records, order: Answer, now: Running, target: Tree) -> Record:
    """Save what a rollback needs, then arm the timer; only then may anything change."""
    seconds = order["seconds"] or GUARD
    record = {
        "commit": order["commit"],
        "change": order["change"],
        "epoch": order["epoch"],
        "state": "armed",
        "before": now.digest,
        "target": digest(target),
        "seconds": order["seconds"],
        "deadline": boottime() + seconds,
        "worker": os.getpid(),
        "worker_started": process_start(os.getpid()),
        "addresses": added_addresses(now.tree, target),
    }
    preserve(records, order["commit"], now)
    records.begin(record)
    arm(records, record)
    records.journal(order["commit"], "armed", change=order["change"], epoch=order["epoch"], seconds=seconds)
    records.journal(order["commit"], "message", text=order["message"])
    record["state"] = "applying"
    records.save(order["commit"], record)
    return record


def _confirm(records: Records, record: Record, now: Running) -> Answer:
    record["confirming"] = True
    records.save(record["commit"], record)
    try:
        save_startup(now.text)
    except Failed:
        record["confirming"] = False
        records.save(record["commit"], record)
        raise
    record.update(state="confirmed", after=now.digest)
    records.save(record["commit"], record)
    records.journal(record["commit"], "confirmed", after=now.digest)
    disarm(records, record["commit"])
    records.forget(record["commit"])
    return record
