"""A client of four routers in a square: devices in memory, everything else real (inventory, templates, log, files)."""

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from netmgr.adapters.fleet_memory import MemoryDevice, MemoryFleet
from netmgr.adapters.settings_yaml import load_settings
from netmgr.model.access import Actor
from netmgr.model.endpoint import Endpoint
from netmgr.model.names import Target
from netmgr.model.state import AdjacencyState
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.runtime import Runtime
from tests.clock import ManualClock

ROOT = Path(__file__).parents[2]
NAMES = ("r1", "r2", "r3", "r4")

FILES = {
    "config/netmgr.yaml": "deploy: {workers: 8}\n",
    "inventory/square/client.yaml": "id: square\n",
    "inventory/square/defaults.yaml": "platform: frr\n",
    "inventory/square/groups.yaml": "{}\n",
    "inventory/square/hosts.yaml": "".join(
        f"r{n}:\n  data:\n    loopback: 10.255.0.{n}\n    bgp: {{asn: {65000 + n}, ebgp_requires_policy: false}}\n"
        for n in (1, 2, 3, 4)
    ),
    "inventory/square/topology.yaml": "links:\n"
    + "".join(
        f'  - endpoints: ["r{a}:eth{x}", "r{b}:eth{y}"]\n    subnet: 10.0.0.{net}/31\n    bgp: true\n'
        for a, x, b, y, net in ((1, 1, 2, 1, 0), (2, 2, 3, 1, 2), (3, 2, 4, 1, 4), (4, 2, 1, 2, 6))
    ),
}

#: address → who has it, and the address at the other end.
ADDRESSES = {
    f"10.0.0.{net + own}": (f"r{(a, b)[own]}", f"10.0.0.{net + 1 - own}")
    for a, b, net in ((1, 2, 0), (2, 3, 2), (3, 4, 4), (4, 1, 6))
    for own in (0, 1)
}


@dataclass
class Said(Silent):
    """Keeps the lines that a command says."""

    lines: list[str]

    def __call__(self, message: str) -> None:
        self.lines.append(message)

    def done(self) -> None:
        """Nothing to clear."""


@dataclass
class World:
    """One workspace with its devices."""

    workspace: Path
    clock: ManualClock
    fleet: MemoryFleet
    wiring: Wiring
    said: list[str] = field(default_factory=list)
    interrupted: bool = False

    def runtime(self, request: str | None = None, target: Target = "network", **changes: object) -> Runtime:
        """A fresh command on the network."""
        made = self.wiring.runtime(
            client="square",
            target=target,
            actor=Actor(id="p-1", auth="os", on="ops1"),
            request=request or self.clock.new_id(),
            progress=Said(self.said),
            interrupted=lambda: self.interrupted,
        )
        return dataclasses.replace(made, fleet=self.fleet, clock=self.clock, endpoints=_endpoints, **changes)

    @contextmanager
    def commands(self, _context: object) -> Iterator[tuple[Runtime, Said]]:
        """In place of the command line's own runtime."""
        yield self.runtime(), Said(self.said)

    def edit(self, file: str, change: Callable[[str], str]) -> None:
        """Change one of the workspace's files."""
        path = self.workspace / file
        before = path.read_text()
        after = change(before)
        assert after != before
        path.write_text(after)

    def running(self) -> dict[str, str]:
        """What each device runs."""
        return {name: device.running for name, device in self.fleet.devices.items()}

    def journal(self) -> dict[str, list[str]]:
        """What each device did, in its order."""
        return {name: [word for word, _ in d.journal] for name, d in self.fleet.devices.items()}

    def entries(self) -> list[tuple[str, str, str | None, str | None]]:
        """The log of changes: action, phase, device, outcome."""
        log = self.wiring.service_log
        return [(e.action, e.phase, e.device, e.outcome) for e in log.entries("square", kind="change")]


def _endpoints(devices):
    return tuple(
        Endpoint(device=d.name, platform=d.platform, hostname="", port=0, username="", known_hosts="")
        for d in devices
    )


@pytest.fixture
def world(tmp_path) -> Iterator[World]:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    clock = ManualClock()
    devices = [MemoryDevice(name, clock, FORMS["frr"].canonical) for name in NAMES]
    fleet = MemoryFleet(devices)
    for device in devices:
        device.adjacencies = lambda device: _sessions(fleet, device)
    wiring = Wiring(tmp_path, load_settings(tmp_path))
    wiring.clock = clock
    wiring.people = __import__("netmgr.model.people", fromlist=["People"]).People()
    return World(tmp_path, clock, fleet, wiring)


def _sessions(fleet: MemoryFleet, device: MemoryDevice) -> tuple[AdjacencyState, ...]:
    """BGP as the two ends' configurations allow it: each must name the other's address and AS number."""
    result = []
    for peer, asn in re.findall(r"^ neighbor (\S+) remote-as (\d+)$", device.running, re.MULTILINE):
        if peer not in ADDRESSES:
            continue
        other, own_address = ADDRESSES[peer]
        theirs = fleet.devices[other].running
        own_asn = re.search(r"^router bgp (\d+)$", device.running, re.MULTILINE)[1]
        up = f"router bgp {asn}\n" in theirs and f" neighbor {own_address} remote-as {own_asn}\n" in theirs
        detail = "Established" if up else "Active"
        result.append(AdjacencyState(protocol="bgp", peer=peer, up=up, detail=detail))
    return tuple(result)
