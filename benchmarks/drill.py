"""Loss of all routers until all adjacencies are up again: `python -m benchmarks.drill [ROUNDS]`.

Of the published network ``abilene`` and the example ``acme``, as `netmgr init` brings them.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.backup import trust
from benchmarks.figures import Contender, Spent, Work, spend
from benchmarks.routers import NETMGR

CLIENTS = ("abilene", "acme")


def _run(workspace: Path, client: str, *words: str) -> Spent:
    return spend([NETMGR, *words, "-c", client], cwd=workspace, env={"NETMGR_LAB": "1"})


def measured(rounds: int = 3, clients: tuple[str, ...] = CLIENTS) -> list[Work]:
    """Seconds of each drill, as it tells them itself."""
    works = []
    for client in clients:
        drilled = Contender(
            "netmgr drill", "the whole command: a twin boots empty, backups restored as a change, compared"
        )
        recovered = Contender("of it, the recovery", "from the loss of all routers to all adjacencies up")
        with tempfile.TemporaryDirectory() as name:
            workspace = Path(name) / "workspace"
            subprocess.run([NETMGR, "init", "--examples", str(workspace)], check=True, capture_output=True)
            trust(workspace)
            _run(workspace, client, "lab", "up")
            try:
                _run(workspace, client, "deploy", "-y")
                _run(workspace, client, "backup", "run")
                for _ in range(rounds):
                    spent = _run(workspace, client, "drill", "-o", "json")
                    made, _ = json.JSONDecoder().raw_decode(spent.out[spent.out.index("{\n") :])
                    if made["outcome"] != "passed":
                        raise SystemExit(f"{client}: {spent.out}")
                    drilled.add(spent.wall)
                    recovered.add(made["seconds"]["recovered"])
            finally:
                _run(workspace, client, "lab", "down")
        works.append(Work(f"Drill {client}", "wall s", "no figure is promised", [drilled, recovered]))
    return works


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
