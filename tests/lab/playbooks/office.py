"""A workspace whose client ``office`` has its lab up, and commands on it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent


@dataclass
class Office:
    """A workspace whose client ``office`` has its lab up."""

    root: Path
    scratch: Path
    """Where its runs have their directories: no other test's are there."""

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if name.startswith("secrets/"):
            path.chmod(0o600)

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        """A command aimed at the lab, with an environment that holds another secret."""
        return subprocess.Popen(
            [str(BIN / "netmgr"), *words],
            cwd=self.root,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("NETMGR_", "ANSIBLE_"))},
                "NETMGR_LAB": "1",
                "TMPDIR": str(self.scratch),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, code: int = 0, **environment: str) -> tuple[str, str]:
        """Standard output and error of a command that ends with ``code``."""
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, out + err
        return out, err

    def play(self, name: str, *words: str, code: int = 0, **environment: str) -> dict:
        out, _ = self.run(
            "playbook", "run", name, "-c", "office", "-o", "json", *words, code=code, **environment
        )
        return json.loads(out)

    def on(self, device: str, *words: str) -> str:
        """What a command prints on the device's console."""
        return self.run("lab", "exec", "-c", "office", device, "--", *words)[0]

    def log(self) -> list[dict]:
        """The entries of kind ``playbook``, oldest first, each with its body's text."""
        out, _ = self.run("log", "export", "-c", "office", "--bodies", str(self.root / "bodies"))
        entries = [json.loads(line) for line in out.splitlines()]
        for entry in entries:
            if "body" in entry:
                entry["text"] = (self.root / "bodies" / entry["body"]["digest"]).read_bytes().decode()
        return [entry for entry in entries if entry["kind"] == "playbook"]


@contextmanager
def office_of(root: Path, files: Mapping[str, str]) -> Iterator[Office]:
    """Its lab is up as long as the context lasts."""
    scratch = Path(tempfile.mkdtemp(prefix="play-"))  # a short name: sockets lie below it
    office = Office(root, scratch)
    shutil.copytree(ROOT / "playbooks", root / "playbooks")
    for name, text in files.items():
        office.write(name, text)
    try:
        office.run("lab", "up", "-c", "office")
        yield office
    finally:
        FrrLab(root / ".netmgr" / "lab", LabKit()).down("office")
        shutil.rmtree(scratch)
