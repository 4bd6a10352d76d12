"""What happens to packets inside a router's network namespace: nftables and tc, from outside, with their counters.

nft is the machine's own, or Debian's package unpacked into the user's cache, as the lab does with FRR.
"""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from netmgr.lab import SYSTEM_PATH
from netmgr.lab.debian import fetch
from netmgr.lab.kit import default_cache

_TABLE = "table inet fault"


@functools.cache
def _nft() -> tuple[str, dict[str, str]]:
    """The program and the environment that it needs."""
    if found := shutil.which("nft", path=SYSTEM_PATH):
        return found, {}
    root = default_cache() / "faults" / "nftables"
    if not root.exists():
        root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=root.parent))
        fetch(("nftables",), new, Path("/"), lambda _: None)
        try:
            new.rename(root)
        except OSError:  # another worker was quicker
            shutil.rmtree(new)
    libraries = sorted({str(path.parent) for path in root.rglob("*.so*")})
    return str(root / "usr/sbin/nft"), {"LD_LIBRARY_PATH": ":".join(libraries)}


class Packets:
    """The packet filter and the queue of the router whose first process is ``pid``."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def _inside(self, argv: Sequence[str], *, text: str = "", **environment: str) -> str:
        inside = ["nsenter", f"--target={self._pid}", "--user", "--preserve-credentials", "--net", "--"]
        done = subprocess.run(
            [*inside, *argv],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": SYSTEM_PATH, "HOME": os.environ.get("HOME", "/"), **environment},
            timeout=30,
        )
        assert done.returncode == 0, f"{argv}: {done.stderr}"
        return done.stdout

    def _nft(self, *words: str, text: str = "") -> str:
        program, environment = _nft()
        return self._inside([program, *words], text=text, **environment)

    def rule(self, *, incoming: str = "", outgoing: str = "") -> None:
        """Judge the packets of SSH on eth0 by these rules; ``COUNT`` in a rule counts what it meets."""
        chains = ""
        for hook, side, rule in (
            ("input", "iif eth0 tcp dport", incoming),
            ("output", "oif eth0 tcp sport", outgoing),
        ):
            if rule:
                chains += f"chain {hook} {{ type filter hook {hook} priority 0; {side} 22 {rule}; }}\n"
        counted = chains.replace("COUNT", "counter name hits")
        self._nft("-f", "-", text=f"{_TABLE} {{\ncounter hits {{ }}\n{counted}}}\n")

    def hits(self) -> int:
        """How many packets the rules have met."""
        items = json.loads(self._nft("-j", "list", "counters"))["nftables"]
        return sum(item["counter"]["packets"] for item in items if "counter" in item)

    def clear(self) -> None:
        """No rules any more."""
        self._nft("delete", *_TABLE.split())

    def filtered(self) -> bool:
        """Whether any rule is there."""
        return bool(self._nft("list", "tables").strip())

    def slow(self, rate: str) -> bool:
        """Send no faster than ``rate`` on eth0 (tc-tbf(8)). False where the kernel has no such queue."""
        try:
            self._tc("add", "tbf", "rate", rate, "burst", "4kb", "latency", "2s")
        except AssertionError:
            return False
        return True

    def queued(self) -> int:
        """How many packets had to wait in the slow queue."""
        return sum(
            item.get("overlimits", 0)
            for item in json.loads(self._inside(["tc", "-s", "-j", "qdisc", "show", "dev", "eth0"]))
        )

    def full_speed(self) -> None:
        """The usual queue again."""
        self._inside(["tc", "qdisc", "delete", "dev", "eth0", "root"])

    def _tc(self, action: str, *words: str) -> None:
        self._inside(["tc", "qdisc", action, "dev", "eth0", "root", *words])
