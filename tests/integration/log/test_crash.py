"""kill -9 and races: every acknowledged entry is there, seq has no gaps, the chain holds."""

import signal
import subprocess
import sys
import textwrap
import time

import pytest

from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.workflows import log as workflow

WRITER = textwrap.dedent("""
    import itertools
    import sys
    from pathlib import Path
    from netmgr.adapters.store_sql import open_sqlite
    from netmgr.adapters.system_clock import SystemClock
    from netmgr.model.entry import Body
    from tests.unit.log.drafts import draft

    path, name, stop = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    with open_sqlite(path, SystemClock()) as log:
        for batch in itertools.takewhile(lambda _: not stop.exists(), itertools.count()):
            drafts = [draft(on=name, request=f"{name}-{batch}", body=Body(b"x" * 3000, "text/plain")) for _ in range(3)]
            entries = log.append("acme", drafts)
            print(*[f"{entry.seq} {entry.hash}" for entry in entries], sep="\\n", flush=True)
""")


def start(path, name, stop):
    """A process that appends batches of three and prints what was acknowledged, until the file ``stop`` is there."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(stop)], stdout=subprocess.PIPE, text=True
    )


def acknowledged(lines):
    """seq → hash of every line that arrived whole."""
    return {int(seq): digest for seq, digest in (line.split() for line in lines if line.endswith("\n"))}


def recorded(path):
    with open_sqlite(path, SystemClock()) as log:
        return {entry.seq: entry for entry in log.entries("acme")}


@pytest.mark.parametrize("lines_before_the_kill", [1, 50, 151, 302])
def test_what_was_acknowledged_before_kill_9_is_there(path, key, tmp_path, lines_before_the_kill):
    with start(path, "ops1", tmp_path / "never") as child:
        lines = [child.stdout.readline() for _ in range(lines_before_the_kill)]
        child.kill()
        lines += child.stdout.readlines()
        assert child.wait(timeout=60) == -signal.SIGKILL
    known = acknowledged(lines)
    assert len(known) >= lines_before_the_kill
    entries = recorded(path)
    assert {seq: entries[seq].hash for seq in known} == known
    with open_sqlite(path, SystemClock()) as log:
        found = workflow.verify(log, key, "acme")
    assert (found.holds, found.entries) == (True, len(entries))
    batches = [entries[seq].request for seq in sorted(entries)]
    assert [batches.count(request) for request in dict.fromkeys(batches)] == [3] * (len(entries) // 3)


def test_a_log_goes_on_after_kill_9(path, key, tmp_path):
    acknowledged_so_far = {}
    for name in ("ops1", "ops2", "ops3"):
        with start(path, name, tmp_path / "never") as child:
            lines = [child.stdout.readline()]
            child.kill()
            acknowledged_so_far |= acknowledged(lines + child.stdout.readlines())
    entries = recorded(path)
    assert {entry.on for entry in entries.values()} == {"ops1", "ops2", "ops3"}
    assert {seq: entries[seq].hash for seq in acknowledged_so_far} == acknowledged_so_far
    with open_sqlite(path, SystemClock()) as log:
        assert workflow.verify(log, key, "acme").holds


def test_two_processes_at_once_both_succeed_without_a_gap(path, key, tmp_path):
    """Each writes until both have written forty batches, so that each has had to make way for the other."""
    open_sqlite(path, SystemClock()).close()
    stop = tmp_path / "stop"
    with start(path, "ops1", stop) as first, start(path, "ops2", stop) as second:
        outputs = [[child.stdout.readline() for _ in range(120)] for child in (first, second)]
        stop.touch()
        outputs[0] += first.stdout.readlines()
        outputs[1] += second.stdout.readlines()
        assert [child.wait(timeout=60) for child in (first, second)] == [0, 0]
    known = [acknowledged(lines) for lines in outputs]
    assert known[0].keys() & known[1].keys() == set()
    entries = recorded(path)
    assert {seq: entry.hash for seq, entry in entries.items()} == known[0] | known[1]
    assert sorted(entries) == list(range(1, len(entries) + 1))
    writers = [entries[seq].request for seq in sorted(entries)]
    assert [writers.count(request) for request in dict.fromkeys(writers)] == [3] * (len(entries) // 3)
    assert writers == [request for request in dict.fromkeys(writers) for _ in range(3)]
    with open_sqlite(path, SystemClock()) as log:
        found = workflow.verify(log, key, "acme")
    assert (found.holds, found.entries, found.present) == (True, len(entries), len(entries))


def test_a_reader_sees_whole_batches_while_another_process_writes(path, tmp_path):
    open_sqlite(path, SystemClock()).close()
    stop = tmp_path / "stop"
    sizes = []
    with start(path, "ops1", stop) as child, open_sqlite(path, SystemClock()) as log:
        deadline = time.monotonic() + 60
        while len(set(sizes)) < 20 and time.monotonic() < deadline:
            with log.snapshot("acme") as snapshot:
                sizes.append(sum(len(page) for page in snapshot.pages()))
        stop.touch()
        child.stdout.read()
        assert child.wait(timeout=60) == 0
    assert len(set(sizes)) == 20
    assert sizes == sorted(sizes)
    assert {size % 3 for size in sizes} == {0}
