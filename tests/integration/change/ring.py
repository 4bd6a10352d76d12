"""Eight routers in a ring, all of them in memory, and everything else as well: hundreds of changes in a few seconds.

The change is another AS number on every router, so that an adjacency is up only while both its ends are of one mind.
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from netmgr.adapters.fleet_memory import MemoryDevice, MemoryFleet
from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.change.plan import make_plan
from netmgr.errors import DeviceError
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.access import Actor
from netmgr.model.change import DeployResult, Plan
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.selection import Selection
from netmgr.model.state import AdjacencyState
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.runtime import Runtime
from tests.clock import ManualClock

ROOT = Path(__file__).parents[3]
NAMES = tuple(f"r{n}" for n in range(1, 9))
TIMER = 60
Layout = tuple[tuple[str, ...], ...]


def inventory(base: int) -> dict[str, str]:
    """The client's files; ``base`` is what AS numbers count from."""
    return {
        "client.yaml": "id: ring\n",
        "defaults.yaml": "platform: frr\n",
        "groups.yaml": "{}\n",
        "hosts.yaml": "".join(
            f"r{n}:\n  data:\n    loopback: 10.255.0.{n}\n    bgp: {{asn: {base + n}, ebgp_requires_policy: false}}\n"
            for n in range(1, 9)
        ),
        "topology.yaml": "links:\n"
        + "".join(
            f'  - endpoints: ["r{n}:eth1", "r{n % 8 + 1}:eth2"]\n    subnet: 10.0.{n}.0/31\n    bgp: true\n'
            for n in range(1, 9)
        ),
    }


OLD, NEW = inventory(64600), inventory(64700)


class LineLost(DeviceError):
    """The answer to an order did not arrive."""

    kind = "unreachable"


class Killed(BaseException):
    """netmgr ends here, at once."""


@dataclass
class Lease:
    """The right to write, for ever."""

    epoch: int
    taken_from: None = None

    def ensure(self) -> None:
        """Nobody else ever wants it."""


class Locks:
    """Leases without a lock: one command at a time."""

    def __init__(self) -> None:
        self.epoch = 0

    @contextmanager
    def hold(self, client: str, target: str, holder: str) -> Iterator[Lease]:
        """The next lease."""
        self.epoch += 1
        yield Lease(self.epoch)

    def held(self, client: str, target: str) -> None:
        """Nobody else ever."""


class Blobs(dict[str, bytes]):
    """Snapshots by digest."""

    def put(self, _client: str, data: bytes) -> str:
        digest = sha256_hex(data.decode("utf-8", "surrogateescape"))
        self[digest] = data
        return digest

    def get(self, _client: str, digest: str) -> bytes:
        return self[digest]


class Plans(dict[str, bytes]):
    """Saved plans."""

    def save(self, _client: str, plan: str, document: bytes) -> None:
        self[plan] = document

    def load(self, _client: str, plan: str) -> bytes | None:
        return self.get(plan)


@cache
def _templates() -> Mapping[str, Mapping[str, str]]:
    return TemplateDirectory(ROOT).sources("ring", frozenset({"frr"}))


class Templates:
    """The workspace's own, read once."""

    def sources(self, _client: str, _platforms: frozenset[str]) -> Mapping[str, Mapping[str, str]]:
        return _templates()


class Revision:
    """No git."""

    def state(self) -> None:
        """Nothing to say."""


class Journal(list[tuple[str, str]]):
    """A device's journal that also writes to everybody's."""

    def __init__(self, name: str, everybody: list[tuple[str, str]]) -> None:
        super().__init__()
        self._name, self._everybody = name, everybody

    def append(self, event: tuple[str, str]) -> None:
        super().append(event)
        self._everybody.append((self._name, event[0]))


class Ring:
    """The client, its devices and its log. ``layout`` are the waves, in place of those that a plan would have."""

    def __init__(self, layout: Layout, *, atomic: str = "network") -> None:
        self.layout, self.atomic = layout, atomic
        self.clock, self.locks, self.blobs, self.plans = ManualClock(), Locks(), Blobs(), Plans()
        self.log = MemoryServiceLog(self.clock)
        self.said: list[str] = []
        self.interrupted = False
        self.journal: list[tuple[str, str]] = []
        """(device, what it did), of all devices in their order."""
        self.files = NEW
        self.devices = {
            name: MemoryDevice(name, self.clock, FORMS["frr"].canonical, running=text, startup=text)
            for name, text in rendered(64600).items()
        }
        for name, device in self.devices.items():
            device.journal = Journal(name, self.journal)
            device.adjacencies = self.sessions
        self.fleet = MemoryFleet(self.devices.values())

    def runtime(self, **changes: object) -> Runtime:
        """A fresh command."""
        runtime = Runtime(
            client="ring",
            target="network",
            actor=Actor(id="p-1", auth="os", on="ops1"),
            request=self.clock.new_id(),
            clock=self.clock,
            log=self.log,
            fleet=self.fleet,
            inventories=MemoryInventories({"ring": self.files}, FORMS),
            templates=Templates(),
            revision=Revision(),
            secrets=None,
            locks=self.locks,
            snapshots=self.blobs,
            plans=self.plans,
            forms=FORMS,
            endpoints=_endpoints,
            overlay=None,
            fingerprint_key=b"key",
            progress=Said(self.said),
            permitted=lambda _action: True,
            interrupted=lambda: self.interrupted,
            open_office=_office,
        )
        return dataclasses.replace(runtime, **changes)

    def deploy(self, **asked: object) -> DeployResult:
        """Deploy NEW in the layout's waves."""
        approve = asked.pop("approve", yes)
        request = DeployRequest(**{"confirm_in": TIMER, "takeover": frozenset(NAMES), **asked})
        with self.commands():
            return deploy(self.runtime(), Selection(), request, given=None, approve=approve)

    @contextmanager
    def commands(self) -> Iterator[None]:
        """Commands whose plans have the layout's waves, and whose templates are compiled once for all tests."""
        with (
            patch("netmgr.workflows.planning.make_plan", self._plan),
            patch("netmgr.workflows.planning.Renderer", lambda _sources: _renderer()),
        ):
            yield

    def _plan(self, **given: object) -> Plan:
        def layout(_topology, devices, **_asked):
            kept = (tuple(name for name in wave if name in devices) for wave in self.layout)
            return tuple(wave for wave in kept if wave), ()

        with patch("netmgr.change.plan.plan_waves", layout):
            return make_plan(**given).model_copy(update={"atomic": self.atomic})

    def entries(self) -> list[tuple[str, str, str | None]]:
        """The log of changes without the devices' results: action, phase, decision or outcome."""
        return [
            (e.action, e.phase, str(e.facts.get("decision")) if e.phase == "decision" else e.outcome)
            for e in self.log.entries("ring", kind="change")
            if e.device is None
        ]

    def runs(self, word: str, device: str) -> str:
        """What a device runs that is old or new."""
        return rendered({"old": 64600, "new": 64700}[word])[device]

    def files_of(self, base: int) -> dict[str, str]:
        """The client's files with other AS numbers."""
        return inventory(base)

    def reads(self) -> dict[str, str]:
        """What each device runs, once every timer has had its time: old, new or neither."""
        old, new = rendered(64600), rendered(64700)
        for device in self.devices.values():
            device.tick()
        return {
            name: "old" if d.running == old[name] else "new" if d.running == new[name] else "neither"
            for name, d in self.devices.items()
        }

    def sessions(self, device: MemoryDevice) -> tuple[AdjacencyState, ...]:
        """Up where each end names the other's AS number."""
        number, found = int(device.name[1:]), []
        for own, other, net in ((0, number % 8 + 1, number), (1, (number - 2) % 8 + 1, (number - 2) % 8 + 1)):
            peer = f"10.0.{net}.{1 - own}"
            asked = re.search(rf"neighbor {re.escape(peer)} remote-as (\d+)", device.running)
            theirs = self.devices[f"r{other}"].running
            their_peer = re.search(rf"neighbor 10\.0\.{net}\.{own} remote-as (\d+)", theirs)
            up = bool(asked and their_peer) and (
                f"router bgp {asked[1]}\n" in theirs and f"router bgp {their_peer[1]}\n" in device.running
            )
            found.append(
                AdjacencyState(protocol="bgp", peer=peer, up=up, detail="Established" if up else "Active")
            )
        return tuple(found)


def _office():
    """A client without assets."""
    return SimpleNamespace(agreements=SimpleNamespace(assets=lambda _client: SimpleNamespace(assets={})))


class Said(Silent):
    """Keeps the lines that a command says."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def __call__(self, message: str) -> None:
        self.lines.append(message)


def yes(_plan: Plan) -> bool:
    """Approves."""
    return True


@cache
def _renderer() -> Renderer:
    return Renderer(_templates())


@cache
def rendered(base: int) -> Mapping[str, str]:
    """Each router's configuration."""
    intent = resolve(MemoryInventories({"ring": inventory(base)}, FORMS).load("ring"), FORMS)
    return {device.name: FORMS["frr"].canonical(_renderer().render(device)) for device in intent.devices}


def _endpoints(devices) -> tuple[Endpoint, ...]:
    return tuple(
        Endpoint(device=d.name, platform=d.platform, hostname="", port=0, username="", known_hosts="")
        for d in devices
    )


def waves(*sizes: int) -> Layout:
    """The routers in their order, in waves of these sizes."""
    names = iter(NAMES)
    return tuple(tuple(next(names) for _ in range(size)) for size in sizes)
