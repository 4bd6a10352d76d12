"""Issuers at once: forked off one process, killed with -9 while they have a number and nothing is committed yet.

Run with the store's URL and password, how many issuers, how many invoices each, and how many kills. An issuer that was
killed is followed by another one, which repeats the request that was cut off and goes on. Each line of standard output
is what one of them was told: its client, request and number.
"""

import json
import os
import random
import signal
import sys
import time
from types import SimpleNamespace
from typing import Any

from netmgr.adapters.store_sql import open_store
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import Refused, Superseded
from netmgr.model.entry import Body
from netmgr.model.issued_invoice import Invoice
from netmgr.model.numbering import Counter
from netmgr.service.invoice_record import facts_of
from netmgr.service.records import PROJECTIONS
from netmgr.workflows.invoice_log import numbered
from tests.unit.log.drafts import draft
from tests.unit.model.invoices import invoice

CLIENTS = ("acme", "globex", "initech", "umbrella")
COUNTER = Counter("example", "R-")


def issue(url: str, password: str, name: int, first: int, count: int, told: int) -> None:
    """One issuer: invoices ``first`` to ``count`` of its own. What it does is told, a line at a time."""
    clock, sample = SystemClock(), invoice()
    with open_store(url, clock, password=password, projections=PROJECTIONS) as log:
        for number in range(first, count):
            client, request = CLIENTS[(name + number) % len(CLIENTS)], f"ops{name}-{number}"

            def make(
                taken: int, client: str = client, request: str = request, number: int = number
            ) -> list[Any]:
                made = Invoice.model_validate({**dict(sample), "client": client, "number": f"R-{taken:05}"})
                _tell(told, {"pid": os.getpid(), "name": name, "at": number})
                time.sleep(0.002)  # here it is killed
                facts, body = facts_of(made, "R-", taken), Body(made.canonical(), "application/json")
                said = {"client": client, "request": request, "facts": facts, "body": body}
                return [draft(kind="invoice", action="issue", outcome="issued", **said)]

            runtime: Any = SimpleNamespace(
                client=client, request=request, log=log, open_records=lambda: log.records
            )
            while True:
                try:
                    entry = numbered(runtime, lambda _, make=make: (COUNTER, make))  # type: ignore[misc]
                    break
                except (Superseded, Refused):  # others were faster, or at work for too long
                    time.sleep(0.01)
            _tell(told, {"client": client, "request": request, "number": entry.facts["number"]})


def _tell(pipe: int, what: dict[str, Any]) -> None:
    os.write(pipe, json.dumps(what).encode() + b"\n")  # a line is less than PIPE_BUF, so it stays one


def main(url: str, password: str, issuers: int, count: int, kills: int) -> None:
    chance = random.Random(kills)
    reading, telling = os.pipe()
    working: dict[int, int] = {}

    def begin(name: int, first: int) -> None:
        if (pid := os.fork()) == 0:
            try:
                os.close(reading)
                issue(url, password, name, first, count, telling)
            except BaseException as error:
                _tell(telling, {"failed": repr(error)[:500]})
                raise
            finally:
                os._exit(0)
        working[pid] = name

    for name in range(issuers):
        begin(name, 0)
    with os.fdopen(reading) as lines:
        while working:
            said = json.loads(lines.readline())
            if "failed" in said:
                sys.exit(said["failed"])
            if "number" in said:
                print(json.dumps(said), flush=True)
                if said["request"].endswith(f"-{count - 1}"):
                    # None where it was killed after it was done, and the one after it has said so already.
                    ended = (p for p, name in working.items() if said["request"].startswith(f"ops{name}-"))
                    if (pid := next(ended, None)) is not None:
                        os.waitpid(pid, 0)
                        del working[pid]
            elif kills and said["pid"] in working and chance.random() < 0.5:
                os.kill(said["pid"], signal.SIGKILL)
                os.waitpid(said["pid"], 0)
                del working[said["pid"]]
                kills -= 1
                print(json.dumps({"killed": said["name"], "at": said["at"]}), flush=True)
                begin(said["name"], said["at"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
