"""The service log beside its floor: `python benchmarks/service_log.py [ENTRIES]`.

Floor of appending: the same lines into one table of a raw sqlite3 database with the same durability (WAL, synchronous
FULL), without chain, bodies, or indexes. Floor of verifying: the loop that an auditor would write, json.loads and
SHA-256 of what json.dumps makes of it. Runs are interleaved, so that both see the same machine; the best of each
counts. Verification is measured in CPU time of one process: the chain is one chain, so it has one reader.
"""

import gc
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_sql import SqlServiceLog, open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.model.chain import Stored, StoredBody
from netmgr.model.entry import Body, Draft
from netmgr.model.verification import ChainVerifier
from netmgr.verifier import verify_log
from netmgr.workflows.log import export as exported
from netmgr.workflows.log import verify

ROUNDS = 3
SINGLES = 500
BATCH = 100
REPEATED = 5
"""Times that what only computes is run in a round; its fastest counts, because others only ever make it slower."""


def drafts(clock: SystemClock, count: int) -> list[Draft]:
    """What a deploy of nine devices logs: results with a digest, a body at every third."""
    request, change = clock.new_id(), clock.new_id()
    return [
        Draft(
            client="acme",
            target="network",
            kind="change",
            action="deploy",
            phase="result",
            outcome="applied",
            actor="p-17",
            auth="os",
            on="ops1",
            request=request,
            change=change,
            device=f"core{number % 9}",
            facts={"before": "a" * 64, "added": number % 7, "removed": 3},
            body=Body(b"-old\n+new\n" * 40, "text/x-diff") if number % 3 == 0 else None,
        )
        for number in range(count)
    ]


def raw(path: Path) -> sqlite3.Connection:
    """A database as durable as ours, and nothing more."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, line BLOB NOT NULL)")
    return connection


def append_raw(connection: sqlite3.Connection, lines: list[bytes], batch: int) -> None:
    for start in range(0, len(lines), batch):
        connection.execute("BEGIN IMMEDIATE")
        rows = [(line,) for line in lines[start : start + batch]]
        connection.executemany("INSERT INTO entries (line) VALUES (?)", rows)
        connection.execute("COMMIT")


def append(log: SqlServiceLog, new: list[Draft], batch: int) -> None:
    for start in range(0, len(new), batch):
        log.append("acme", new[start : start + batch])


def verify_pages(pages: list[list[Stored]]) -> None:
    verifier = ChainVerifier("acme", "main", [])
    for page in pages:
        verifier.page(page, {stored.body: True for stored in page if stored.body})
    if not verifier.finish().holds:
        raise SystemExit("the benchmark's own chain does not verify")


def verify_naively(pages: list[list[Stored]]) -> None:
    previous = "0" * 64
    for page in pages:
        for stored in page:
            entry = json.loads(stored.line)
            own = entry.pop("hash")
            text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if sha256(text.encode()).hexdigest() != own or entry["prev"] != previous:
                raise SystemExit("the benchmark's own chain does not verify")
            previous = own


def write_export(log: SqlServiceLog, export: Path, bodies: Path) -> None:
    bodies.mkdir()

    def write_body(body: StoredBody) -> None:
        (bodies / body.digest).write_bytes(body.content)
        (bodies / f"{body.digest}.salt").write_bytes(body.salt)

    with export.open("wb") as file:
        exported(log, "acme", write_line=file.write, write_body=write_body)


def verify_export(export: Path, bodies: Path | None) -> None:
    found = verify_log.Verifier([], bodies, [])
    with export.open("rb") as lines:
        found.read(iter(lines))
    if found.problems:
        raise SystemExit("the benchmark's own export does not verify")


def rate(count: int, clock: Callable[[], float], work: Callable[[], object]) -> float:
    gc.collect()
    gc.freeze()  # what the benchmark itself keeps is not for the work to look through
    start = clock()
    work()
    return count / (clock() - start)


def rounds(directory: Path, count: int) -> Iterator[dict[str, tuple[float, float]]]:
    """Each round's rates: name → (netmgr, floor), in entries a second."""
    gc.set_threshold(100_000)  # as the netmgr command does
    clock = SystemClock()
    new = drafts(clock, count)
    for number in range(ROUNDS):
        wall, cpu = time.perf_counter, time.process_time
        with open_sqlite(directory / f"log{number}.db", clock) as log:
            floor = raw(directory / f"raw{number}.db")
            batched = rate(count, wall, partial(append, log, new, BATCH))
            with log.snapshot("acme") as snapshot:
                pages = [list(page) for page in snapshot.pages()]
            lines = [stored.line for page in pages for stored in page]
            measured = {
                f"append, {BATCH} in a transaction": (
                    batched,
                    rate(count, wall, partial(append_raw, floor, lines, BATCH)),
                ),
                "append, one in a transaction": (
                    rate(SINGLES, wall, partial(append, log, new[:SINGLES], 1)),
                    rate(SINGLES, wall, partial(append_raw, floor, lines[:SINGLES], 1)),
                ),
                "verify the stored bytes (CPU)": (
                    max(rate(count, cpu, partial(verify_pages, pages)) for _ in range(REPEATED)),
                    max(rate(count, cpu, partial(verify_naively, pages)) for _ in range(REPEATED)),
                ),
            }
            signer = SigningKey(directory / "log-ed25519")
            export, bodies = directory / f"log{number}.jsonl", directory / f"bodies{number}"
            write_export(log, export, bodies)
            for what, place in (("", None), (" with bodies", bodies)):
                alone = partial(verify_export, export, place)
                best = max(rate(count + SINGLES, cpu, alone) for _ in range(REPEATED))
                measured[f"verify_log.py, an export{what} (CPU)"] = (best, 0.0)
            whole = rate(count + SINGLES, cpu, partial(verify, log, signer, "acme"))
            yield measured | {"log verify, database and bodies (CPU)": (whole, 0.0)}
            floor.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        for measured in rounds(Path(directory), count):
            for name, (ours, floor) in measured.items():
                known = best.get(name, (0.0, 0.0))
                best[name] = (max(known[0], ours), max(known[1], floor))
    print(f"{'entries a second':38} {'netmgr':>10} {'floor':>10}")
    for name, (ours, floor) in best.items():
        print(f"{name:38} {ours:>10,.0f} {f'{floor:,.0f}' if floor else '':>10}")


if __name__ == "__main__":
    main()
