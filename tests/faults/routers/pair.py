"""Two real routers, reached as a client's network through a proxy each, and what can be done to them from outside.

Nothing here asks netmgr how a router is: its files, processes and kernel are read through its namespaces.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netmgr.lab.frr import syscalls
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from tests.faults.routers.packets import Packets
from tests.faults.routers.proxy import Proxy
from tests.lab.site import NETMGR, ROOT, Site
from tests.waiting import wait_until

NAMES = ("r1", "r2")
CLIENT = "pair"
TOPOLOGY = "inventory/pair/topology.yaml"
SETTINGS = "config/netmgr.yaml"
TIMEOUT = "timeout: 30"
SSHD = ("/usr/sbin/sshd", "-E", "/var/log/sshd.log")
KEYS, RC = "root/.ssh/authorized_keys", "root/.ssh/rc"
RECORDS, JOURNAL = "run/netmgr-frr", "var/lib/netmgr-frr/journal"
ENDED = ("confirmed", "rolled_back", "rolled_back_hard", "failed")

FILES = {
    SETTINGS: f"deploy: {{{TIMEOUT}}}\n",
    "inventory/pair/client.yaml": (
        "id: pair\naccess: {user: admin, credentials: secret://file/lab, known_hosts: known_hosts}\n"
    ),
    "inventory/pair/defaults.yaml": (
        "platform: frr\ndata:\n  ospf: {hello_interval: 1, dead_interval: 10}\n"
        "  bgp: {ebgp_requires_policy: false, keepalive_interval: 1, hold_time: 15, connect_retry: 1}\n"
    ),
    "inventory/pair/groups.yaml": "{}\n",
    TOPOLOGY: (
        'links:\n  - endpoints: ["r1:eth1", "r2:eth1"]\n    subnet: 10.0.0.0/31\n    ospf: {area: 0}\n    bgp: true\n'
        "    description: link 0\n"
    ),
}

_AS_AT_BOOT = (
    Path(syscalls.__file__).read_text()
    + "\nimport sys\nignore_setgroups()\nos.execv(sys.argv[1], sys.argv[1:])\n"
)


@dataclass(frozen=True)
class State:
    """Everything of a router that a change must bring, or leave as it was."""

    running: str
    startup: str
    kernel: dict[str, Any]


@dataclass
class Router:
    """One of the two, from outside."""

    name: str
    site: "Pair"
    pid: int
    proxy: Proxy
    packets: Packets
    seen: str = ""
    """The last commit that was made before the case began."""

    @property
    def root(self) -> Path:
        """Its file system, without entering it."""
        return Path(f"/proc/{self.pid}/root")

    def console(self, *command: str) -> str:
        """Run a command on its console."""
        return self.site.console(self.name, *command)

    def shell(self, script: str) -> str:
        """Run a script on its console."""
        return self.console("sh", "-c", script)

    def start(self, *command: str) -> None:
        """Start what the router itself would start: without the call that a user namespace forbids."""
        words = FrrLab(self.site.workspace / ".netmgr" / "lab", LabKit()).console(
            self.site.client, self.name, ["python3", "-", *command]
        )
        subprocess.run(
            words,
            input=_AS_AT_BOOT,
            text=True,
            check=True,
            timeout=60,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def vtysh(self, *commands: str) -> str:
        """What vtysh prints."""
        return self.console("vtysh", *(word for command in commands for word in ("-c", command)))

    def state(self) -> State:
        """What it runs, boots from, and what its kernel does."""
        return State(
            self.site.running(self.name),
            (self.root / "etc/frr/frr.conf").read_text(),
            self.site.kernel(self.name),
        )

    def commit(self) -> str:
        """The state of the case's own commit, by the router's record: none · armed · applying · pending · …"""
        try:
            name = (self.root / RECORDS / "active").read_text()
            record = json.loads((self.root / RECORDS / f"{name}.record").read_text())
        except (OSError, ValueError):
            return "none"
        return "none" if name == self.seen else str(record["state"])

    def journal(self) -> list[dict[str, Any]]:
        """What the program on the router did, oldest first."""
        try:
            lines = (self.root / JOURNAL).read_text().splitlines()
        except OSError:
            return []
        return [json.loads(line) for line in lines]

    def forget(self) -> None:
        """What comes from now on belongs to the case that begins."""
        with contextlib.suppress(OSError):
            self.seen = (self.root / RECORDS / "active").read_text()

    def processes(self, name: str) -> list[int]:
        """Its living processes of that name, as this machine numbers them."""
        here = (Path(f"/proc/{self.pid}/ns/pid")).stat().st_ino
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if (path / "comm").read_text().strip() != name or (path / "ns/pid").stat().st_ino != here:
                    continue
                if (path / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                    found.append(int(path.name))
            except OSError:
                continue
        return found

    def signal(self, name: str, number: signal.Signals) -> list[int]:
        """Send a signal to every process of that name, those that they become included; whom it reached."""
        reached: list[int] = []
        while rest := [pid for pid in self.processes(name) if pid not in reached]:
            for pid in rest:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            reached += rest
        return reached

    def stopped(self) -> list[str]:
        """The names of its processes that somebody has stopped."""
        shown = self.console("ps", "-eo", "stat=,comm=").splitlines()
        return [line.split()[1] for line in shown if line.startswith("T")]


@dataclass
class Pair(Site):
    """The client's workspace, its lab, and the way to it."""

    client: str = CLIENT
    routers: dict[str, Router] = field(default_factory=dict)
    number: int = 0
    """Of the description that both ends of the link have now."""
    broken: bool = False
    """A case has failed: whatever it has left, nobody shall meet it."""

    def command(self, *arguments: str) -> list[str]:
        """The words of a command for the client's network: what the lab offers, at the proxies' addresses."""
        return [NETMGR, "-w", str(self.workspace), "-c", self.client, *arguments]

    def lab(self, *arguments: str) -> None:
        """A command of the lab."""
        self.run("lab", *arguments)

    def state(self) -> dict[str, State]:
        """Both routers."""
        return {name: router.state() for name, router in self.routers.items()}

    def settled(self) -> None:
        """Wait until every adjacency is up and OSPF has brought the other's loopback."""
        wait_until(lambda: not any(self.down(name) for name in NAMES), seconds=60, every=0.3)
        wait_until(
            lambda: all("10.255.0." in self.ospf_routes(name) for name in NAMES), seconds=60, every=0.3
        )

    def ospf_routes(self, device: str) -> str:
        """The kernel's routes from OSPF."""
        return self.console(device, "ip", "-4", "route", "show", "proto", "ospf")

    def down(self, device: str) -> list[str]:
        """The adjacencies of a router that are not up, by vtysh."""
        shown = self.console(
            device, "vtysh", "-c", "show ip ospf neighbor json", "-c", "show bgp ipv4 unicast summary json"
        )
        ospf, end = json.JSONDecoder().raw_decode(shown)
        states = [entries[0]["nbrState"] for entries in ospf.get("neighbors", {}).values()]
        states += [peer["state"] for peer in json.loads(shown[end:]).get("peers", {}).values()]
        good = [state for state in states if state == "Established" or state.startswith("Full")]
        return [] if len(good) == 2 else states or ["none"]

    @contextlib.contextmanager
    def renamed(self) -> Iterator[tuple[str, str]]:
        """A new description on both ends of the link, for a while; the old line and the new one."""
        old, new = f"description: link {self.number}\n", f"description: link {self.number + 1}\n"
        with self.edited(old, new, TOPOLOGY):
            yield f" {old}".replace(":", ""), f" {new}".replace(":", "")

    def keep(self) -> None:
        """The new description is the one that the inventory has from now on."""
        path = self.workspace / TOPOLOGY
        old, new = f"link {self.number}\n", f"link {self.number + 1}\n"
        path.write_text(path.read_text().replace(old, new))
        self.number += 1


def boot(workspace: Path) -> Pair:
    """The pair, booted and deployed."""
    for name, text in FILES.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (workspace / "inventory/pair/hosts.yaml").write_text(_hosts(dict.fromkeys(NAMES, 22)))
    shutil.copytree(ROOT / "templates", workspace / "templates")
    pair = Pair(workspace)
    pair.lab("up")
    lab = FrrLab(workspace / ".netmgr" / "lab", LabKit())
    status = lab.status(CLIENT)
    assert status is not None
    known = Path(status.devices[0].known_hosts).read_text()
    for device in status.devices:
        proxy, pid = Proxy(device.port), lab.namespace_pid(CLIENT, device.device)
        known = known.replace(f"127.0.0.1]:{device.port} ", f"localhost]:{proxy.port} ")
        pair.routers[device.device] = Router(device.device, pair, pid, proxy, Packets(pid))
    (workspace / "known_hosts").write_text(known)
    secret = workspace / "secrets/pair/lab"
    secret.parent.mkdir(parents=True, mode=0o700)
    secret.touch(0o600)
    secret.write_text(Path(status.devices[0].identity).read_text())
    (workspace / "inventory/pair/hosts.yaml").write_text(
        _hosts({name: router.proxy.port for name, router in pair.routers.items()})
    )
    pair.deploy("-m", "first", confirm_in=120)
    pair.settled()
    return pair


def remove(pair: Pair) -> None:
    """The lab and the proxies are gone."""
    for router in pair.routers.values():
        router.proxy.close()
    pair.lab("down")


def _hosts(ports: dict[str, int]) -> str:
    return "".join(
        f"{name}:\n  hostname: localhost\n  port: {port}\n"
        f"  data:\n    loopback: 10.255.0.{name[1]}\n    bgp: {{asn: {65000 + int(name[1])}}}\n"
        for name, port in ports.items()
    )


def run_at_once(argv: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a command whose output is read while it runs."""
    return subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
