"""A client of four real routers, driven through the command line alone, as an engineer does it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
NETMGR = str(Path(sys.executable).with_name("netmgr"))
NAMES = ("r1", "r2", "r3", "r4")
HOSTS = "inventory/square/hosts.yaml"
ONE_COMMAND = 180  # seconds that a command may take

FILES = {
    "config/netmgr.yaml": (
        "lab:\n  overlay:\n    ospf: {hello_interval: 1, dead_interval: 10}\n"
        "    bgp: {keepalive_interval: 1, hold_time: 15, connect_retry: 1}\n"
    ),
    "inventory/square/client.yaml": "id: square\n",
    "inventory/square/defaults.yaml": "platform: frr\n",
    "inventory/square/groups.yaml": "{}\n",
    HOSTS: "".join(
        f"r{n}:\n  data:\n    loopback: 10.255.0.{n}\n    bgp: {{asn: {65000 + n}, ebgp_requires_policy: false}}\n"
        for n in (1, 2, 3, 4)
    ),
    "inventory/square/topology.yaml": "links:\n"
    + "".join(
        f'  - endpoints: ["r{a}:eth{x}", "r{b}:eth{y}"]\n    subnet: 10.0.0.{net}/31\n'
        "    ospf: {area: 0}\n    bgp: true\n"
        for a, x, b, y, net in ((1, 1, 2, 1, 0), (2, 2, 3, 1, 2), (3, 2, 4, 1, 4), (4, 2, 1, 2, 6))
    ),
}


@dataclass
class Site:
    """The client's workspace and its lab."""

    workspace: Path
    client: str = "square"
    baseline: dict[str, str] = field(default_factory=dict)
    """What each router runs when it reads as the inventory intends."""
    secrets: dict[str, str] = field(default_factory=dict)
    """Environment variables that hold secrets."""

    def command(self, *arguments: str) -> list[str]:
        """The words of a command for this client's lab."""
        return [NETMGR, "-w", str(self.workspace), "--lab", "-c", self.client, *arguments]

    def environment(self) -> dict[str, str]:
        """The caller's, without its own settings of netmgr."""
        return {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")} | self.secrets

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command in the background, its standard error to be read line by line."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """A command with the exit code that it must have; its standard output."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=ONE_COMMAND)
        assert process.returncode == code, f"{arguments}: {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in err
        return out

    def document(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The JSON document that a command prints."""
        document: dict[str, Any] = json.loads(self.run(*arguments, "-o", "json", code=code))
        return document

    def deploy(self, *arguments: str, code: int = 0, confirm_in: int = 60) -> dict[str, Any]:
        """Deploy; its document. The timer is long enough for a slow machine; tests that wait for it shorten it."""
        return self.document("deploy", "--yes", "--confirm-in", str(confirm_in), *arguments, code=code)

    def console(self, device: str, *command: str) -> str:
        """Run a command on a router's console, as `netmgr lab exec` does; its output."""
        words = FrrLab(self.workspace / ".netmgr" / "lab", LabKit()).console(self.client, device, command)
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout

    def running(self, device: str) -> str:
        """What vtysh says that the router runs."""
        return self.console(device, "vtysh", "-c", "show running-config")

    def kernel(self, device: str) -> dict[str, Any]:
        """The kernel's addresses, links and routes, without what counts or ages."""
        script = "ip -j addr; echo; ip -j link; echo; ip -j -4 route show table all; echo; ip -j -6 route"
        parts = [json.loads(part) for part in self.console(device, "sh", "-c", script).splitlines() if part]
        return dict(zip(("addresses", "links", "ipv4", "ipv6"), map(_ageless, parts), strict=True))

    def everything(self) -> dict[str, Any]:
        """Configuration and kernel state of every router."""
        return {name: (self.running(name), self.kernel(name)) for name in NAMES}

    def down(self, device: str) -> list[str]:
        """The adjacencies of a router that are not up, by vtysh."""
        text = self.console(
            device, "vtysh", "-c", "show ip ospf neighbor json", "-c", "show bgp ipv4 unicast summary json"
        )
        ospf, end = json.JSONDecoder().raw_decode(text)
        bgp = json.loads(text[end:])
        states = {k: v[0]["nbrState"] for k, v in ospf["neighbors"].items()}
        states |= {k: v["state"] for k, v in bgp["peers"].items()}
        assert len(states) == 4
        return [f"{k}: {v}" for k, v in states.items() if v != "Established" and not v.startswith("Full")]

    def settled(self) -> None:
        """Wait until every adjacency is up, and each kernel has OSPF's routes to the other three loopbacks."""
        wait_until(lambda: not any(self.down(name) for name in NAMES), seconds=30, every=0.5)
        wait_until(lambda: all(self._loopbacks(name) == 3 for name in NAMES), seconds=30, every=0.5)

    def _loopbacks(self, device: str) -> int:
        routes = self.console(device, "ip", "-4", "route", "show", "proto", "ospf").splitlines()
        return sum(route.startswith("10.255.0.") for route in routes)

    @contextmanager
    def edited(self, old: str, new: str, file: str = HOSTS) -> Iterator[None]:
        """A file of the workspace with one text in place of another, for a while."""
        path = self.workspace / file
        before = path.read_text()
        assert before.count(old) == 1, f"{old!r} stands {before.count(old)} times in {file}"
        path.write_text(before.replace(old, new))
        try:
            yield
        finally:
            path.write_text(before)

    def with_data(self, device: str, data: str) -> Any:
        """hosts.yaml with more data for one device, for a while."""
        loopback = f"    loopback: 10.255.0.{device[1]}\n"
        return self.edited(loopback, f"{loopback}    {data}\n")

    def entries(self) -> list[dict[str, Any]]:
        """The service log."""
        return [json.loads(line) for line in self.run("log", "export").splitlines()]


#: What counts, ages or is a number that the kernel hands out anew (next hop ids).
_PASSING = ("preferred_life_time", "valid_life_time", "flags", "nhid")


def _ageless(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def strip(item: Any) -> Any:
        if isinstance(item, dict):
            return {k: strip(v) for k, v in item.items() if k not in _PASSING}
        if isinstance(item, list):
            return sorted(map(strip, item), key=lambda part: json.dumps(part, sort_keys=True))
        return item

    stripped: list[dict[str, Any]] = strip(items)
    return stripped


@pytest.fixture(scope="session")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    workspace = tmp_path_factory.mktemp("square-workspace")
    for name, text in FILES.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", workspace / "templates")
    site = Site(workspace)
    site.run("lab", "up")
    site.deploy("-m", "first")
    site.baseline = {name: site.running(name) for name in NAMES}
    yield site
    site.run("lab", "down")


@pytest.fixture
def site(booted: Site) -> Site:
    """The square, deployed and settled. A test leaves it so; where one did not, it is put right before the next."""
    if {name: booted.running(name) for name in NAMES} != booted.baseline:
        with booted.start("recover") as process:
            process.communicate(timeout=ONE_COMMAND)
        booted.deploy("-m", "as the inventory says")
    booted.settled()
    return booted
