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
    import sys
    from pathlib import Path
    from netmgr.adapters.store_sql import open_sqlite
    from netmgr.adapters.system_clock import SystemClock
    from netmgr.model.entry import Body
    from tests.unit.log.drafts import draft

    path, name, batches = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with open_sqlite(path, SystemClock()) as log:
        for batch in range(batches):
            drafts = [draft(on=name, request=f"{name}-{batch}", body=Body(b"x" * 3000, "text/plain")) for _ in range(3)]
            entries = log.append("acme", drafts)
            print(*[f"{entry.seq} {entry.hash}" for entry in entries], sep="\\n", flush=True)
""")


def start(path, name, batches):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(batches)], stdout=subprocess.PIPE, text=True
    )


def acknowledged(lines):
    """seq → hash of every line that arrived whole."""
    return {int(seq): digest for seq, digest in (line.split() for line in lines if line.endswith("\n"))}


def recorded(path):
    with open_sqlite(path, SystemClock()) as log:
        return {entry.seq: entry for entry in log.entries("acme")}


@pytest.mark.parametrize("lines_before_the_kill", [1, 50, 151, 302])
def test_what_was_acknowledged_before_kill_9_is_there(path, key, lines_before_the_kill):
    with start(path, "ops1", 1_000_000) as child:
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


def test_a_log_goes_on_after_kill_9(path, key):
    for round_ in range(3):
        child = start(path, f"ops{round_}", 1_000_000)
        child.stdout.readline()
        child.kill()
        child.communicate(timeout=60)
    child = start(path, "ops9", 1)
    output, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    assert len(output.splitlines()) == 3
    with open_sqlite(path, SystemClock()) as log:
        assert workflow.verify(log, key, "acme").holds


def test_two_processes_at_once_both_succeed_without_a_gap(path, key):
    open_sqlite(path, SystemClock()).close()
    children = [start(path, name, 200) for name in ("ops1", "ops2")]
    outputs = [child.communicate(timeout=120)[0].splitlines(keepends=True) for child in children]
    assert [child.returncode for child in children] == [0, 0]
    first, second = (acknowledged(lines) for lines in outputs)
    assert first.keys() & second.keys() == set()
    entries = recorded(path)
    assert {seq: entry.hash for seq, entry in entries.items()} == first | second
    assert sorted(entries) == list(range(1, 1201))
    writers = [entries[seq].on for seq in range(1, 1201)]
    assert {writers[at : at + 3].count(writers[at]) for at in range(0, 1200, 3)} == {3}
    assert sum(a != b for a, b in zip(writers, writers[1:], strict=False)) > 1, "they never ran side by side"
    with open_sqlite(path, SystemClock()) as log:
        found = workflow.verify(log, key, "acme")
    assert (found.holds, found.entries, found.present) == (True, 1200, 1200)


def test_a_reader_sees_whole_batches_while_another_process_writes(path):
    open_sqlite(path, SystemClock()).close()
    child = start(path, "ops1", 300)
    deadline = time.monotonic() + 60
    sizes = []
    with open_sqlite(path, SystemClock()) as log:
        while child.poll() is None and time.monotonic() < deadline:
            with log.snapshot("acme") as snapshot:
                sizes.append(sum(len(page) for page in snapshot.pages()))
    child.communicate(timeout=60)
    assert child.returncode == 0
    assert len(set(sizes)) > 3
    assert sizes == sorted(sizes)
    assert {size % 3 for size in sizes} == {0}
