"""kill -9 of the shared store's server while engineers write: what was acknowledged is there, once, in one chain."""

import contextlib
import json
import random
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from pathlib import Path

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_sql import open_store
from netmgr.adapters.system_clock import SystemClock
from netmgr.workflows import log as workflow
from tests.faults.tally import Cases
from tests.postgresql import PASSWORD, Server

pytestmark = pytest.mark.tally("kills of PostgreSQL")

#: Appends batches of three until ``stop`` is there. Says what was acknowledged, what was not, and what is not known.
WRITER = textwrap.dedent("""
    import itertools, json, sys, time
    from pathlib import Path
    from netmgr.adapters.store_sql import open_store
    from netmgr.adapters.system_clock import SystemClock
    from netmgr.errors import StoreError
    from netmgr.model.entry import Body
    from tests.unit.log.drafts import draft

    url, password, name, stop = sys.argv[1:5]
    with open_store(url, SystemClock(), password=password) as log:
        for number in itertools.count():
            batch = f"{name}-{number}"
            try:
                entries = log.append("acme", [
                    draft(request=batch, body=Body(b"x" * 3000, "text/plain")) for _ in range(3)
                ])
                said = {"batch": batch, "written": True, "entries": [[e.seq, e.hash] for e in entries]}
            except StoreError as error:
                known = "is not known" not in str(error)
                said = {"batch": batch, "written": False if known else None, "entries": []}
                time.sleep(0.05)
            print(json.dumps(said), flush=True)
            if Path(stop).exists():
                break
""")


class Writers:
    """Processes that write, and what they have said so far."""

    def __init__(self, url: str, stop: Path, count: int) -> None:
        self._stop = stop
        self.said: list[dict[str, object]] = []
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, url, PASSWORD, f"ops{n}", str(stop)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for n in range(count)
        ]
        self._heard = threading.Condition()
        self._readers = [threading.Thread(target=self._read, args=(p,)) for p in self.processes]
        for reader in self._readers:
            reader.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            with self._heard:
                self.said.append(json.loads(line))
                self._heard.notify_all()

    def all_at_work(self) -> None:
        """Until each has written."""
        with self._heard:
            assert self._heard.wait_for(
                lambda: len({str(s["batch"]).partition("-")[0] for s in self.said}) == len(self.processes),
                timeout=120,
            )

    def wait(self, acknowledged: int) -> None:
        """Until so many more batches were acknowledged."""
        with self._heard:
            goal = sum(s["written"] is True for s in self.said) + acknowledged
            assert self._heard.wait_for(
                lambda: sum(s["written"] is True for s in self.said) >= goal, timeout=120
            )

    def end(self) -> list[dict[str, object]]:
        """Let each finish its batch; all that they said."""
        self._stop.touch()
        for process, reader in zip(self.processes, self._readers, strict=True):
            assert process.wait(timeout=120) == 0
            reader.join()
            process.stdout.close()
        return self.said


@pytest.fixture
def server():
    made = Server.make()
    yield made
    made.remove()


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.faults)])
def test_nothing_acknowledged_is_lost_or_doubled(
    server: Server, tmp_path: Path, cases: Cases, kills: int
) -> None:
    cases.expect(kills)
    chance = random.Random(kills)
    url = server.database()
    open_store(url, SystemClock(), password=PASSWORD).close()
    writers = Writers(url, tmp_path / "stop", 3)
    try:
        writers.all_at_work()
        for _ in range(kills):
            writers.wait(chance.randrange(1, 12))
            server.kill()
            server.start()
        writers.wait(3)
        said = writers.end()
    finally:
        for process in writers.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    with open_store(url, SystemClock(), password=PASSWORD) as log:
        entries = list(log.entries("acme"))
        found = workflow.verify(log, SigningKey(tmp_path / "key"), "acme")
    assert (found.holds, found.entries, found.present) == (True, len(entries), len(entries))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    batches = Counter(entry.request for entry in entries)
    assert set(batches.values()) == {3}, "all of a batch, or nothing"
    by_seq = {entry.seq: entry.hash for entry in entries}
    acknowledged = {seq: digest for s in said if s["written"] for seq, digest in s["entries"]}
    assert {seq: by_seq.get(seq) for seq in acknowledged} == acknowledged
    assert len(acknowledged) == 3 * sum(s["written"] is True for s in said), "none was acknowledged twice"
    refused = {str(s["batch"]) for s in said if s["written"] is False}
    assert refused & set(batches) == set(), "what failed is not there"
    assert refused, "no kill met a writer"
    for _ in range(kills):
        cases.hold()


def test_writers_at_once_make_one_chain(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.database()
    open_store(url, SystemClock(), password=PASSWORD).close()
    writers = Writers(url, tmp_path / "stop", 3)
    try:
        writers.all_at_work()
        writers.wait(30)
        said = writers.end()
    finally:
        for process in writers.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    assert {s["written"] for s in said} == {True}
    with open_store(url, SystemClock(), password=PASSWORD) as log:
        entries = {entry.seq: entry.hash for entry in log.entries("acme")}
        assert workflow.verify(log, SigningKey(tmp_path / "key"), "acme").holds
    assert sorted(entries) == list(range(1, 3 * len(said) + 1))
    assert {seq: digest for s in said for seq, digest in s["entries"]} == entries
