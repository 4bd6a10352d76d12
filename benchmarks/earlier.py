"""The benchmarks that print tables of their own, as works: inventory, drift, service log."""

import sys
import tempfile
from pathlib import Path

from benchmarks import drift, inventory, service_log
from benchmarks.figures import Contender, Work


def of_inventory(clients: int = 100, rounds: int = 1) -> list[Work]:
    """CPU seconds of loading; Nornir's are those of one client, multiplied."""
    says = {
        "netmgr, one client, cold": "100 devices: read, merged, every value checked, positions kept",
        "netmgr, all clients, cold": "the same for all of them",
        "netmgr, validate all, warm": "nothing has changed since the last check: found by content",
        "Nornir SimpleInventory": f"one client's, times {clients}; merges on access, checks nothing",
        "PyYAML CSafeLoader": "floor: every file parsed, no positions, nothing merged or checked",
    }
    contenders = {name: Contender(name, said) for name, said in says.items()}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        root = Path(directory)
        size = sum(inventory.make_client(root, client) for client in inventory.names(clients))
        inventory.check(root, inventory.names(clients))
        for _ in range(rounds):
            for name, one in contenders.items():
                factor = clients if name.startswith("Nornir") else 1
                one.add(inventory.measure(name, root, clients) * factor)
    devices = clients * inventory.DEVICES
    goal = "one client ≤ 0.3 s cold; 10,000 devices ≤ 25 s cold, ≤ 1 s warm"
    return [
        Work(
            f"Load {devices:,} devices, {size / 1e6:.0f} MB of YAML", "CPU s", goal, list(contenders.values())
        )
    ]


def of_drift(lines: int = drift.LINES) -> list[Work]:
    """CPU milliseconds of a comparison, the best of its own rounds."""
    works = []
    for name, (ours, peer, floor) in drift.measured(lines).items():
        contenders = [
            Contender("netmgr", "lines, sections and hidden secrets of both", [ours]),
            Contender("difflib", "unified_diff of the same lines, secrets shown", [peer]),
            Contender("comparing lists", "floor: equal or not", [floor]),
        ]
        goal = "≤ 0.1 ms equal, ≤ 0.5 ms changed"
        note = f"The best of {drift.ROUNDS} rounds."
        works.append(Work(name[0].upper() + name[1:], "CPU ms", goal, contenders, note=note))
    plain, ruled = drift.audited(10_000, lines)
    works.append(
        Work(
            f"Judge 10,000 devices of {lines:,} lines, all as intended",
            "CPU s",
            "≤ 1 s without rules",
            [
                Contender("netmgr", "an audit's judgement of the configuration alone", [plain]),
                Contender(
                    "netmgr, with rules", "the starter set's compliance rules for FRR as well", [ruled]
                ),
            ],
        )
    )
    return works


def of_service_log(count: int = 20_000) -> list[Work]:
    """Entries a second."""
    goals = {
        "append, 100 in a transaction": "≥ 5,000/s",
        "append, one in a transaction": "never less durable than WAL and FULL",
        "verify the stored bytes (CPU)": "≥ 200,000/s",
        "verify_log.py, an export (CPU)": "≥ 60,000/s",
        "verify_log.py, an export with bodies (CPU)": "≥ 60,000/s, with two files to open for every third entry",
        "log verify, database and bodies (CPU)": "no figure is promised",
    }
    floors = {
        "append, 100 in a transaction": "floor: a table of SQLite, as durably; no chain, bodies, indexes",
        "append, one in a transaction": "floor: the same",
        "verify the stored bytes (CPU)": "json.loads, json.dumps, SHA-256: an auditor's loop",
    }
    works = {
        name: Work(
            f"Service log: {name}",
            "entries/s",
            goal,
            [Contender("netmgr", "chain, form, index, bodies"), Contender("by hand", floors.get(name, ""))],
        )
        for name, goal in goals.items()
    }
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        for measured in service_log.rounds(Path(directory), count):
            for name, (ours, floor) in measured.items():
                works[name].contenders[0].add(ours)
                if floor:
                    works[name].contenders[1].add(floor)
    return list(works.values())


if __name__ == "__main__":
    for each in {"inventory": of_inventory, "drift": of_drift, "log": of_service_log}[sys.argv[1]]():
        print(each.table())
