"""All benchmarks, or those named: `python -m benchmarks [--quick] [--write] [NAME…]`; `make bench` writes.

``--quick`` runs each with sizes of seconds, to see that it works; its figures mean nothing. ``--write`` puts the tables
of those that ran into docs/performance.md, each with the machine and the date; those of others stay as they are.
"""

import os
import platform
import re
import sys
import time
from collections.abc import Callable, Mapping
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
    report,
    sla,
    transaction,
)
from benchmarks.figures import Work

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- begin: written by make bench -->\n", "<!-- end -->\n"
_HEAD = re.compile(r"^<!-- (\w+) -->\n", re.MULTILINE)

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
    "report": (report.measured, lambda: report.measured(3000, 3, 1)),
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


def with_tables(page: str, measured: Mapping[str, str]) -> str:
    """The page with these tables (benchmark → Markdown) in place of what it had of them, in BENCHMARKS' order."""
    head, _, rest = page.partition(BEGIN)
    kept, _, tail = rest.partition(END)
    _, *parts = _HEAD.split(kept)
    tables = {name: text.strip("\n") for name, text in zip(parts[::2], parts[1::2], strict=True)}
    tables |= {name: text.strip("\n") for name, text in measured.items()}
    shown = "".join(f"<!-- {name} -->\n\n{tables[name]}\n\n" for name in BENCHMARKS if name in tables)
    return f"{head}{BEGIN}\n{shown}{END}{tail}"


def main() -> None:
    words = sys.argv[1:]
    named = [word for word in words if not word.startswith("--")]
    names, quick = named or list(BENCHMARKS), "--quick" in words
    if unknown := [name for name in names if name not in BENCHMARKS]:
        raise SystemExit(f"{', '.join(unknown)}: no such benchmark; there are {', '.join(BENCHMARKS)}")
    # Commands are measured as they run from the second time on, whatever the environment says.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(machine())
    for name in names:
        start = time.monotonic()
        tables = [work.table() for work in BENCHMARKS[name][quick]()]
        print("\n".join(tables), flush=True)
        print(f"({name}: {time.monotonic() - start:.0f} s)\n", file=sys.stderr, flush=True)
        if "--write" in words and not quick:
            found = "\n".join([machine(), *tables])
            PAGE.write_text(with_tables(PAGE.read_text(), {name: found}))


if __name__ == "__main__":
    main()
