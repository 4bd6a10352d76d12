"""Two routers, and workspaces of several engineers who are aimed at the same ones."""

import getpass
import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit

ROOT = Path(__file__).parents[2]
NETMGR = str(Path(sys.executable).with_name("netmgr"))
NAMES = ("r1", "r2")
LIMIT = 300  # seconds that a command may take

FILES = {
    "inventory/pair/client.yaml": "id: pair\n",
    "inventory/pair/defaults.yaml": "platform: frr\n",
    "inventory/pair/groups.yaml": "{}\n",
    "inventory/pair/topology.yaml": 'links: [{endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}]\n',
}


STOPPING = textwrap.dedent("""
    import os, signal, sys
    from netmgr.cli import main, progress
    say, line = progress.TerminalProgress.__call__, sys.argv.pop(1)

    def stopping(self, message):
        global line
        if line and message.startswith(line):
            line = None
            os.kill(os.getpid(), signal.SIGSTOP)
        say(self, message)

    progress.TerminalProgress.__call__ = stopping
    main.main()
""")


@dataclass
class Engineer:
    """A workspace of somebody's own. ``lab`` is where the routers' lab is."""

    workspace: Path
    person: str
    lab: Path
    secrets: dict[str, str]

    @classmethod
    def make(
        cls, workspace: Path, person: str, *, lab: Path | None = None, settings: str = "", password: str = ""
    ) -> "Engineer":
        """A workspace; with ``lab`` its routers are those of another one."""
        for name, text in FILES.items():
            path = workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (workspace / "config").mkdir()
        (workspace / "config/netmgr.yaml").write_text(settings)
        (workspace / "config/people.yaml").write_text(
            f"{person}:\n  logins: [{getpass.getuser()}]\n  roles: {{pair: [engineer]}}\n"
        )
        shutil.copytree(ROOT / "templates", workspace / "templates")
        (workspace / ".netmgr").mkdir(mode=0o700)
        if lab:
            (workspace / ".netmgr/lab").symlink_to(lab)
        secrets = {"NETMGR_SECRET__WORKSPACE__STORE": password} if password else {}
        made = cls(workspace, person, lab or workspace / ".netmgr/lab", secrets)
        made.intends(0)
        return made

    def intends(self, number: int) -> None:
        """The inventory wants a route by which this change is told from all others."""
        route = f"198.51.{number // 256}.{number % 256}/32"
        self.workspace.joinpath("inventory/pair/hosts.yaml").write_text(
            "".join(
                f"{name}:\n  data: {{static_routes: [{{prefix: {route}, discard: true}}]}}\n"
                for name in NAMES
            )
        )

    def start(self, *arguments: str, stop_at: str | None = None) -> subprocess.Popen[str]:
        """A command in the background; it stops itself (SIGSTOP) when it is about to say a line that begins so."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")} | self.secrets
        program = [sys.executable, "-c", STOPPING, stop_at] if stop_at else [NETMGR]
        return subprocess.Popen(
            [*program, "-w", str(self.workspace), "--lab", "-c", "pair", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """A command's exit code, standard output and standard error."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=LIMIT)
        assert "Traceback" not in err
        return process.returncode, out, err

    def done(self, *arguments: str) -> str:
        """A command that must succeed."""
        code, out, err = self.run(*arguments)
        assert code == 0, f"{arguments}: {code}\n{out}\n{err}"
        return out

    def console(self, device: str, *command: str) -> str:
        """What a command says on a router's console."""
        words = FrrLab(self.lab, LabKit()).console("pair", device, command)
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout

    def journal(self) -> dict[str, list[dict[str, Any]]]:
        """What each router has done, by its own journal, oldest first."""
        place = "/var/lib/netmgr-frr/journal"
        return {
            name: [
                json.loads(line)
                for line in self.console(name, "sh", "-c", f"cat {place} 2>/dev/null; true").splitlines()
            ]
            for name in NAMES
        }

    def running(self) -> dict[str, str]:
        """What each router runs."""
        return {name: self.console(name, "vtysh", "-c", "show running-config") for name in NAMES}


DEPLOY = ("deploy", "--yes", "--takeover", "r1", "--takeover", "r2", "-o", "json")


def commits(journal: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What became of each commit. Fails where one began before the one before it had ended: a double commit."""
    ends = ("confirmed", "rolled_back", "rolled_back_hard", "failed")
    found: dict[str, list[str]] = {}
    for line in journal:
        if line["event"] == "armed":
            unfinished = [commit for commit, events in found.items() if events[-1] not in ends]
            assert unfinished == [], f"{line['commit']} began while {unfinished} had not ended"
        found.setdefault(line["commit"], []).append(line["event"])
    return found
