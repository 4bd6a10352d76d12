"""A lab under test, used as an engineer would use it."""

import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netmgr.lab.frr.lab import FrrLab
from netmgr.model.lab import LabDevice, LabNetwork, LabNode, LabStatus
from netmgr.ports.progress import Silent
from tests.waiting import wait_until

#: Seconds that anything in a test may take.
LIMIT = 20.0


#: A progress that shows nothing.
ignore = Silent()


def network(client: str, *devices: str, startup: str = "") -> LabNetwork:
    """Unconnected routers that run bgpd only: the quickest lab there is."""
    nodes = (LabNode(device=name, platform="frr", daemons=("bgpd",), startup=startup) for name in devices)
    return LabNetwork(client=client, nodes=tuple(nodes))


@dataclass(frozen=True)
class Bench:
    """A lab under test and what an engineer does with it."""

    lab: FrrLab
    state_dir: Path
    status: LabStatus

    @property
    def client(self) -> str:
        return self.status.client

    def device(self, name: str) -> LabDevice:
        return next(device for device in self.status.devices if device.device == name)

    def console(self, name: str, *argv: str) -> str:
        """Run a command on the console; its output. Fails if the command does."""
        return subprocess.run(
            self.lab.console(self.client, name, argv),
            capture_output=True,
            text=True,
            check=True,
            timeout=LIMIT,
        ).stdout

    def ssh(
        self, name: str, *command: str, options: Sequence[str] = (), known_hosts: str = "", text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Log in with plain ssh and strict host key checking."""
        device = self.device(name)
        argv = [
            "ssh",
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "IdentitiesOnly=yes",
        ]
        argv += [
            "-o",
            f'UserKnownHostsFile="{known_hosts or device.known_hosts}"',
            "-o",
            "GlobalKnownHostsFile=none",
        ]
        argv += ["-o", "ConnectTimeout=1", "-i", device.identity, "-p", str(device.port), *options]
        return subprocess.run(
            [*argv, f"{device.user}@{device.address}", *command],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )

    def answers(self, device: LabDevice) -> bool:
        """Whether anything listens on the device's port."""
        with socket.socket() as connection:
            return connection.connect_ex((device.address, device.port)) == 0

    def ready(self) -> dict[str, bool]:
        """What the lab says of each device now."""
        status = self.lab.status(self.client)
        assert status is not None
        return {device.device: device.ready for device in status.devices}

    def becomes(self, ready: dict[str, bool]) -> None:
        """Wait until the lab says this of its devices. It gives them a second to answer; a slow machine needs more."""
        wait_until(lambda: self.ready() == ready, seconds=LIMIT)


@dataclass(frozen=True)
class Seen:
    """A living process: its parent's number and its owner's."""

    parent: int
    owner: int


def living() -> dict[int, Seen]:
    """All processes that have not ended, by number."""
    found: dict[int, Seen] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            owner = path.stat().st_uid
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
        if state not in {"Z", "X"}:
            found[int(path.name)] = Seen(int(parent), owner)
    return found


def descendants(pid: int) -> dict[int, Seen]:
    """The living processes below ``pid``, itself included."""
    everything = living()
    found = {pid} & everything.keys()
    while more := {child for child, seen in everything.items() if seen.parent in found} - found:
        found |= more
    return {each: everything[each] for each in found}
