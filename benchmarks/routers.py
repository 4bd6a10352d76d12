"""Real FRR routers: a workspace with a ring of them, booted and deployed; and how netmgr and its peers reach them."""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.figures import Spent, spend

BIN = Path(sys.executable).parent
NETMGR = str(BIN / "netmgr")
CLIENT = "bench"
# One line on each router: what every round of a benchmark changes.
CHANGED = "interfaces: {lo: {description: %s}}"
WORKERS = 50


class Ring:
    """A ring of routers with OSPF and eBGP between neighbors, one client of one workspace."""

    def __init__(self, workspace: Path, count: int) -> None:
        self.workspace, self.count = workspace, count
        self.devices: list[dict[str, str]] = []

    def netmgr(self, *arguments: str, code: int = 0) -> Spent:
        """Run netmgr on the lab."""
        command, *rest = arguments
        return spend(
            [NETMGR, command, *rest, "-c", CLIENT], cwd=self.workspace, env={"NETMGR_LAB": "1"}, code=code
        )

    def write(self) -> None:
        """The client's inventory."""
        directory = self.workspace / "inventory" / CLIENT
        directory.mkdir(parents=True, exist_ok=True)
        numbers = range(1, self.count + 1)
        hosts = "".join(
            f"r{n}:\n  data:\n    uid: r{n}\n    site: lab\n    loopback: 10.255.{n // 250}.{n % 250 + 1}\n"
            f"    bgp: {{asn: {4_200_000_000 + n}}}\n"
            for n in numbers
        )
        links = "".join(
            f'  - endpoints: ["r{n}:eth1", "r{n % self.count + 1}:eth2"]\n'
            f"    subnet: 10.0.{n // 128}.{n % 128 * 2}/31\n    ospf: {{area: 0}}\n    bgp: true\n"
            for n in numbers
        )
        (directory / "client.yaml").write_text(f"id: {CLIENT}\nsites: {{lab: {{name: Lab}}}}\n")
        (directory / "hosts.yaml").write_text(hosts)
        (directory / "topology.yaml").write_text(f"links:\n{links}")
        self.intend("first")

    def intend(self, description: str) -> None:
        """Have the inventory ask for another description of every router's loopback."""
        text = f"platform: frr\ndata:\n  {CHANGED % description}\n  bgp: {{ebgp_requires_policy: false}}\n"
        (self.workspace / "inventory" / CLIENT / "defaults.yaml").write_text(text)

    def up(self) -> Spent:
        """Boot all of them."""
        spent = self.netmgr("lab", "up")
        status = json.loads(self.netmgr("lab", "status", "-o", "json").out)
        self.devices = [device for device in status["devices"] if device["ready"]]
        if len(self.devices) != self.count:
            raise SystemExit(f"{len(self.devices)} of {self.count} routers are ready")
        return spent

    def down(self) -> None:
        """Remove them."""
        subprocess.run(
            [NETMGR, "lab", "down", "-c", CLIENT], cwd=self.workspace, check=True, capture_output=True
        )

    def logins(self) -> Counter[str]:
        """How often each router's sshd has let somebody in."""
        logs = self.workspace / ".netmgr" / "lab" / CLIENT / "log"
        return Counter(
            {
                device["device"]: (logs / device["device"] / "sshd.log")
                .read_text()
                .count("Accepted publickey")
                for device in self.devices
            }
        )

    def cpu(self) -> float:
        """CPU seconds of every process of the lab so far, of those that have ended too."""
        supervisor = json.loads((self.workspace / ".netmgr" / "lab" / CLIENT / "supervisor.json").read_text())
        parents, ticks = {}, {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
                number = int(path.parent.name)
                parents[number] = int(fields[1])
                ticks[number] = sum(map(int, fields[11:15]))  # with the children that it has waited for
        ours = {supervisor["pid"]}
        while more := {child for child, parent in parents.items() if parent in ours} - ours:
            ours |= more
        return sum(ticks.get(number, 0) for number in ours) / os.sysconf("SC_CLK_TCK")

    # How others reach them: the lab's own key and known_hosts, host keys checked, the cheapest key exchange.

    def ssh(self, device: dict[str, str]) -> list[str]:
        """OpenSSH's command line up to the remote command."""
        options = {
            "BatchMode": "yes",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": device["known_hosts"],
            "GlobalKnownHostsFile": "none",
            "IdentitiesOnly": "yes",
            "KexAlgorithms": "curve25519-sha256",
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        where = ["-i", device["identity"], "-p", str(device["port"]), f"{device['user']}@{device['address']}"]
        return ["ssh", "-F", "none", *words, *where]

    def by_ssh(self, command: str, stdin: str = "") -> None:
        """The same command on each router with OpenSSH."""

        def one(device: dict[str, str]) -> None:
            done = subprocess.run(
                [*self.ssh(device), command], input=stdin, text=True, capture_output=True, check=False
            )
            if done.returncode != 0:
                raise SystemExit(f"ssh: {device['device']}: {done.stderr[-300:]}")

        in_parallel(self.devices, one)

    def by_nornir(self, task: Callable[[str], None]) -> None:
        """``task`` for each router's name, in plain Nornir's threads."""
        from nornir.core import Nornir
        from nornir.core.inventory import Host, Hosts, Inventory
        from nornir.core.task import Result, Task
        from nornir.plugins.runners import ThreadedRunner

        def run(each: Task) -> Result:
            task(each.host.name)
            return Result(host=each.host)

        names = [device["device"] for device in self.devices]
        nornir = Nornir(
            inventory=Inventory(hosts=Hosts({name: Host(name=name) for name in names})),
            runner=ThreadedRunner(num_workers=WORKERS),
        )
        result = nornir.run(task=run)
        result.raise_on_error()

    def netmiko(self, device: dict[str, str]) -> object:
        """A netmiko connection to one router."""
        from netmiko import ConnectHandler

        return ConnectHandler(
            device_type="generic",  # the type linux takes 10 s to say goodbye
            host=device["address"],
            port=int(device["port"]),
            username=device["user"],
            use_keys=True,
            key_file=device["identity"],
            ssh_strict=True,
            system_host_keys=False,
            alt_host_keys=True,
            alt_key_file=device["known_hosts"],
        )

    def ansible(self, module: str, command: str) -> Spent:
        """One ad-hoc module on every router, pipelining on, as many forks as netmgr has workers."""
        with tempfile.TemporaryDirectory() as name:
            directory = Path(name)
            hosts = "".join(
                f"{device['device']} ansible_host={device['address']} ansible_port={device['port']} "
                f"ansible_user={device['user']} ansible_ssh_private_key_file={device['identity']}\n"
                for device in self.devices
            )
            (directory / "hosts").write_text(hosts)
            settings = directory / "ansible.cfg"
            settings.write_text("")
            arguments = (
                "-o ControlMaster=auto -o ControlPersist=2s -o GlobalKnownHostsFile=none -o IdentitiesOnly=yes "
                f"-o KexAlgorithms=curve25519-sha256 -o UserKnownHostsFile={self.devices[0]['known_hosts']}"
            )
            env = {
                "ANSIBLE_PIPELINING": "True",
                "ANSIBLE_HOST_KEY_CHECKING": "True",
                "ANSIBLE_FORKS": str(WORKERS),
                "ANSIBLE_SSH_ARGS": arguments,
                "ANSIBLE_SSH_CONTROL_PATH_DIR": name,
                "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3",
                "ANSIBLE_CONFIG": str(settings),
                "ANSIBLE_LOCALHOST_WARNING": "False",
                "LC_ALL": "C.UTF-8",
            }
            words = [str(BIN / "ansible"), "all", "-i", str(directory / "hosts"), "-m", module, "-a", command]
            return spend(words, cwd=directory, env=env)


def in_parallel(devices: Sequence[dict[str, str]], work: Callable[[dict[str, str]], None]) -> None:
    """Work on as many routers at once as netmgr would."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, devices))


@contextmanager
def workspace(count: int) -> Iterator[Ring]:
    """A new workspace with the inventory of a ring; whatever was booted in it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="netmgr-bench-") as name:
        directory = Path(name) / "workspace"
        spend([NETMGR, "init", str(directory), "--no-examples"])
        ring = Ring(directory, count)
        ring.write()
        try:
            yield ring
        finally:
            ring.down()


@contextmanager
def routers(count: int) -> Iterator[Ring]:
    """``count`` routers that run what the inventory intends."""
    with workspace(count) as ring:
        ring.up()
        ring.netmgr("deploy", "--yes")
        yield ring


def new_description() -> str:
    """A description that no router has."""
    return f"round-{random.randrange(10**9)}"
