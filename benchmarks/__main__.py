"""All benchmarks, or those named: `python -m benchmarks [--quick] [--write] [NAME…]`; `make bench` writes.

``--quick`` runs each with sizes of seconds, to see that it works; its figures mean nothing. ``--write`` puts the tables
into docs/performance.md, between its markers, with the machine and the date: all of them, as one machine measured them.
"""

import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    audit,
    backup,
    command_line,
    commit,
    drill,
    earlier,
    fetch,
    intent,
    lab,
    markers,
    records,
    render,
    sla,
    transaction,
)
from benchmarks.figures import Work

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- begin: written by make bench -->\n", "<!-- end -->\n"

#: Name → (the whole work, the quick one).
BENCHMARKS: dict[str, tuple[Callable[[], list[Work]], Callable[[], list[Work]]]] = {
    "command_line": (command_line.measured, lambda: command_line.measured(1)),
    "inventory": (earlier.of_inventory, lambda: earlier.of_inventory(2, 1)),
    "intent": (intent.measured, lambda: intent.measured(10, 1)),
    "render": (render.measured, lambda: render.measured(20, 1)),
    "drift": (earlier.of_drift, lambda: earlier.of_drift(200)),
    "service_log": (earlier.of_service_log, lambda: earlier.of_service_log(600)),
    "sla": (sla.measured, lambda: sla.measured(2000, 1)),
    "records": (records.measured, lambda: records.measured(60, 1)),
    "lab": (lab.measured, lambda: lab.measured(2, rounds=1)),
    "commit": (commit.measured, lambda: commit.measured(3, 1)),
    "transaction": (transaction.measured, lambda: transaction.measured(3, 1)),
    "audit": (audit.measured, lambda: audit.measured(3, 1)),
    "backup": (backup.measured, lambda: backup.measured(3, 1)),
    "drill": (drill.measured, lambda: drill.measured(1, ("acme",))),
    "markers": (markers.measured, lambda: markers.measured(3, 1)),
    "fetch": (fetch.measured, lambda: fetch.measured(3, 3, 1)),
}


def machine() -> str:
    """Where and when: processor, cores, memory, kernel, Python, date."""
    said = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in said if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {time.strftime('%Y-%m-%d')}: {model}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Linux {platform.release()}, Python {platform.python_version()}. Medians of n interleaved rounds.\n"
    )


def write(tables: str) -> None:
    """Replace what stands between the page's markers."""
    page = PAGE.read_text()
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{machine()}\n{tables}\n{END}{tail}")


def main() -> None:
    words = sys.argv[1:]
    named = [word for word in words if not word.startswith("--")]
    names, quick = named or list(BENCHMARKS), "--quick" in words
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise SystemExit(f"{', '.join(unknown)}: no such benchmark; there are {', '.join(BENCHMARKS)}")
    if "--write" in words and set(names) != set(BENCHMARKS):
        raise SystemExit("--write replaces every table of the page: name all benchmarks or none")
    print(machine())
    tables = []
    for name in names:
        start = time.monotonic()
        for work in BENCHMARKS[name][quick]():
            tables.append(work.table())
            print(tables[-1], flush=True)
        print(f"({name}: {time.monotonic() - start:.0f} s)\n", file=sys.stderr, flush=True)
    if "--write" in words and not quick:
        write("\n".join(tables))


if __name__ == "__main__":
    main()
