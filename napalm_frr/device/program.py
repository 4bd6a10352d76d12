"""The program that the driver puts on a router: serves requests on standard input, or one command for a person.

A request is one line of JSON with the name of an operation in ``op``, an answer one line of JSON: what the operation
returns, or {"refused": code, "reason", "lines"} where nothing was touched, or {"failed": reason}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time

from .commit import abort, commit, confirm, fence, outlive
from .frr import (
    DAEMONS,
    STARTUP,
    dead_daemons,
    expected_daemons,
    read_running,
    recall,
    rejected_lines,
    show_commands,
)
from .probe import ping, sweep, traceroute
from .records import ACTIVE, Records
from .state import environment, kernel_tables, lldp_neighbors
from .system import ENVIRONMENT, RouterError, boottime, read
from .timer import expire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Answer = dict[str, Any]

IDLE = 3600  # seconds without a request after which the program ends: the far end is gone
NAME = "netmgr-frr"  # the program's name for people
READY = "netmgr-frr ready "
USAGE = "usage: netmgr-frr status [COMMIT] | rollback [COMMIT]"


class Program:
    """The operations, and the candidate that was last found valid."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._valid = ""

    def answer(self, request: Answer) -> Answer:
        """Do one request."""
        operation = self._operations().get(request.pop("op", ""))
        if operation is None:
            return {"failed": "no such operation"}
        try:
            return operation(request)
        except (RouterError, OSError) as error:
            return {"failed": str(error)}

    def _operations(self) -> dict[str, Callable[[Answer], Answer]]:
        return {
            "ping": lambda _: {},
            "facts": lambda _: answer_facts(),
            "daemons": lambda _: answer_daemons(),
            "running": lambda _: answer_running(),
            "startup": lambda _: {"text": (read(STARTUP) or b"").decode("utf-8", "surrogateescape")},
            "show": answer_show,
            "kernel": lambda request: {"tables": kernel_tables(request["tables"])},
            "lldp": lambda _: {"neighbors": lldp_neighbors()},
            "reach": ping,
            "sweep": sweep,
            "traceroute": traceroute,
            "environment": lambda _: environment(),
            "validate": self._validate,
            "status": self._status,
            "commit": self._commit,
            "confirm": lambda order: outlive(lambda: confirm(self.records, order)),
            "rollback": lambda order: outlive(lambda: abort(self.records, order)),
            "fence": lambda order: outlive(lambda: fence(self.records, order)),
        }

    def _validate(self, request: Answer) -> Answer:
        rejected = rejected_lines(request["text"])
        self._valid = "" if rejected else request["text"]
        return {"rejected": rejected}

    def _commit(self, order: Answer) -> Answer:
        order["validated"] = order["text"] == self._valid
        return outlive(lambda: commit(self.records, order))

    def _status(self, request: Answer) -> Answer:
        if request.get("commit"):
            record = self.records.load(request["commit"]) or {"commit": request["commit"], "state": "unknown"}
        else:
            record = self.records.active() or {"state": "none"}
        left = max(record["deadline"] - boottime(), 0) if record["state"] in ACTIVE else None
        status = dict(record, left=left, highest_epoch=self.records.epoch())
        if request.get("running"):
            memory = self.records.load(record["commit"], "after") if "commit" in record else None
            if memory is not None:
                recall(memory)
            now = read_running()
            status.update(running=now.digest, dead=now.dead)
        return status


def answer_facts() -> Answer:
    """What identifies this router."""
    release = dict(line.split("=", 1) for line in _lines("/etc/os-release") if "=" in line)
    version = show_commands(["show version"])[0]
    domain = "".join(_lines("/proc/sys/kernel/domainname"))
    return {
        "frr": version.partition("FRRouting ")[2].partition(" ")[0],
        "hostname": os.uname().nodename,
        "domain": "" if domain == "(none)" else domain,
        "machine": os.uname().machine,
        "os": release.get("PRETTY_NAME", os.uname().sysname).strip('"'),
        "serial": "".join(_lines("/sys/class/dmi/id/product_serial")).strip(),
        "uptime": boottime(),
        "interfaces": os.listdir("/sys/class/net"),
    }


def answer_show(request: Answer) -> Answer:
    """What show commands show, and the time of the clock that FRR uses, in its form.

    Commands ``of`` a daemon that is not to run here show nothing; of one that should run and does not, an error.
    A question for something ``complete``, to which every daemon may contribute, fails unless all of them answer.
    """
    commands = request["commands"]
    if request.get("complete"):
        answering, *outputs = show_commands(["show daemons", *commands])
        dead = dead_daemons(answering)
        if dead:
            return {"failed": f"{', '.join(dead)} is not running: the answer would be incomplete"}
    else:
        absent = request.get("of") and request["of"] not in expected_daemons()
        outputs = [] if absent else show_commands(commands)
    return {"outputs": outputs, "clock": time.strftime("%Y/%m/%d %H:%M:%S")}


def answer_daemons() -> Answer:
    """The daemons that should run and those that answer."""
    alive = [name.split("-")[0] for name in show_commands(["show daemons"])[0].split()]
    return {"expected": expected_daemons(), "alive": alive}


def answer_running() -> Answer:
    """The running configuration, its digest, and the daemons whose part of it is missing."""
    now = read_running()
    return {"text": now.text, "digest": now.digest, "dead": now.dead}


def serve(lasting: str) -> None:
    """Answer requests until standard input ends."""
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    places = ENVIRONMENT["PATH"].split(":")
    missing = [] if any(os.access(f"{place}/vtysh", os.X_OK) for place in places) else ["vtysh"]
    missing += [path for path in (DAEMONS,) if not os.path.exists(path)]
    if missing or os.geteuid() != 0:
        _say(READY + json.dumps({"missing": missing, "root": os.geteuid() == 0}))
        return
    program = Program(Records(lasting))
    _become_current(program.records)
    _say(READY + json.dumps({"missing": [], "root": True}))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # the far end is gone: so is the reason to be here
    while True:
        signal.alarm(IDLE)
        line = sys.stdin.buffer.readline()
        signal.alarm(0)
        if not line.endswith(b"\n"):
            return
        _say(json.dumps(program.answer(json.loads(line))))


def main(arguments: list[str]) -> int:
    """What a person runs on the router; ``expire`` is for the timer."""
    program = Program(Records(os.path.dirname(os.path.realpath(__file__))))
    active = program.records.active()
    commit_id = arguments[1] if len(arguments) > 1 else (active or {}).get("commit", "")
    if arguments[:1] == ["expire"]:
        expire(program.records, commit_id)
        return 0
    if arguments[:1] == ["status"]:
        answer = program.answer({"op": "status", "commit": commit_id})
    elif arguments[:1] == ["rollback"] and commit_id:
        answer = program.answer({"op": "rollback", "commit": commit_id, "epoch": program.records.epoch()})
    elif arguments[:1] == ["rollback"]:
        answer = {"failed": "no commit is pending"}
    else:
        answer = {"failed": USAGE}
    _say(json.dumps(answer, indent=2))
    return 1 if "failed" in answer or "refused" in answer else 0


def _become_current(records: Records) -> None:
    """Be what people find under the program's name; older versions go, unless a timer of theirs may need them."""
    mine, name = os.path.basename(__file__), f"{records.lasting}/{NAME}"
    if os.path.islink(name) and os.readlink(name) == mine:
        return
    beside = f"{name}.{os.getpid()}"
    os.symlink(mine, beside)
    os.rename(beside, name)
    if records.active() is None:
        for other in os.listdir(records.lasting):
            if other.startswith("netmgr_frr_") and other.endswith(".py") and other != mine:
                os.unlink(f"{records.lasting}/{other}")


def _say(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def _lines(path: str) -> list[str]:
    try:
        return (read(path) or b"").decode("utf-8", "replace").splitlines()
    except OSError:  # not for us to know: some of these files are the machine's own
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
