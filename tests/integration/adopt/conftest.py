"""The example client's routers in memory, running what its inventory renders; everything else is real."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest

from netmgr.adapters.fleet_memory import MemoryDevice, MemoryFleet
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.settings_yaml import load_settings
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.adapters.workspace_files import make_workspace
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.access import Actor
from netmgr.model.adoption import Adoption
from netmgr.model.change import Plan
from netmgr.model.check_state import LldpNeighbor, Question, Seen
from netmgr.model.people import People
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.wiring import Wiring
from netmgr.workflows.adopt import adopt
from netmgr.workflows.deploy import plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.runtime import Runtime
from tests.clock import ManualClock
from tests.integration.conftest import Said, _endpoints

OURS = ("edge1", "edge2", "core1", "core2", "north1", "south1")

#: What there is before anything was adopted: names, and where the devices are reached.
EMPTY = {
    "hosts.yaml": """\
# Acme's routers.
edge1: {hostname: 192.0.2.101}
edge2: {hostname: 192.0.2.102}

# The cores.
core1:
  hostname: 192.0.2.103
  data:
    site: hq  # the cellar
core2:
  hostname: 192.0.2.104
north1: {hostname: 192.0.2.105}
south1: {hostname: 192.0.2.106}
""",
    "groups.yaml": "{}\n",
    "topology.yaml": None,
    "defaults.yaml": "platform: frr\n",
}


@dataclass
class Acme:
    """The workspace and the routers."""

    workspace: Path
    clock: ManualClock
    fleet: MemoryFleet
    wiring: Wiring
    links: list[tuple[str, str]]

    def runtime(self, **changes: object) -> Runtime:
        """A fresh command."""
        made = Wiring(self.workspace, load_settings(self.workspace))
        made.clock, made.people = self.clock, People()
        self.wiring = made
        runtime = made.runtime(
            client="acme",
            target="network",
            actor=Actor(id="p-1", auth="os", on="ops1"),
            request=self.clock.new_id(),
            progress=Said([]),
            interrupted=lambda: False,
        )
        return dataclasses.replace(
            runtime, fleet=self.fleet, clock=self.clock, endpoints=_endpoints, **changes
        )

    def adopt(
        self, *names: str, given: str | None = None, yes: bool = False, scheme: str = "file"
    ) -> Adoption:
        """`netmgr adopt`, by somebody who is not at a terminal."""
        runtime = self.runtime()
        store = self.wiring.secret_store(scheme)
        return adopt(
            runtime,
            Selection(names=names),
            store=store,
            given=given,
            approve=lambda made: yes or not made.asks,
        )

    def plan(self, *names: str) -> Plan:
        """`netmgr plan`."""
        return plan(self.runtime(), Selection(names=names), DeployRequest())

    def differences(self) -> dict[str, str]:
        """What a deploy would change now, by device."""
        return {device.device: device.diff for device in self.plan().devices if device.action != "none"}

    def file(self, name: str) -> Path:
        """One of the client's files."""
        return self.workspace / "inventory" / "acme" / name

    def files(self) -> dict[str, str]:
        """All of the client's files, and all secrets' names."""
        found = {path.name: path.read_text() for path in self.file("").iterdir()}
        secrets = (
            sorted((self.workspace / "secrets").rglob("*")) if (self.workspace / "secrets").exists() else []
        )
        return found | {str(path.relative_to(self.workspace)): "" for path in secrets if path.is_file()}

    def empty(self) -> None:
        """Forget everything but names and addresses."""
        for name, text in EMPTY.items():
            if text is None:
                self.file(name).unlink()
            else:
                self.file(name).write_text(text)

    def change(self, device: str, old: str, new: str) -> None:
        """Somebody configures a router by hand."""
        running = self.fleet.devices[device].running
        assert running.count(old) >= 1
        self.fleet.devices[device].running = FORMS["frr"].canonical(running.replace(old, new, 1))

    def entries(self) -> list[tuple[str | None, str | None]]:
        """(device, outcome) of what the log says of adoptions."""
        return [(e.device, e.outcome) for e in self.wiring.service_log.entries("acme", kind="adopt")]


def _heard(acme: Callable[[], Acme]) -> Callable[[MemoryDevice, Question], Seen]:
    def look(device: MemoryDevice, _question: Question) -> Seen:
        heard = []
        for ends in acme().links:
            for near, far in (ends, ends[::-1]):
                name, _, interface = near.partition(":")
                other, _, port = far.partition(":")
                if name == device.name:
                    heard.append(LldpNeighbor(interface=interface, device=f"{other}.acme.example", port=port))
        facts = {"hostname": device.name, "fqdn": f"{device.name}.acme.example", "vendor": "FRRouting"}
        return Seen(lldp=tuple(heard), getters={"get_facts": {**facts, "serial_number": "", "uptime": 1.0}})

    return look


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Acme]:
    workspace = tmp_path / "work"
    make_workspace(workspace, examples=True)
    identity = tmp_path / "identity"
    identity.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    identity.chmod(0o600)
    monkeypatch.setenv("NETMGR_AGE_IDENTITY", str(identity))
    inventory = YamlInventories(workspace, FORMS).load("acme")
    renderer = Renderer(TemplateDirectory(workspace).sources("acme", frozenset({"frr"})))
    clock = ManualClock()
    devices = []
    for device in resolve(inventory, FORMS).devices:
        if device.name in OURS:
            text = FORMS["frr"].canonical(renderer.render(device))
            devices.append(
                MemoryDevice(device.name, clock, FORMS["frr"].canonical, running=text, startup=text)
            )
    links = [tuple(map(str, link.endpoints)) for link in inventory.links]
    made = Acme(workspace, clock, MemoryFleet(devices), Wiring(workspace, load_settings(workspace)), links)
    for device in devices:
        device.look = _heard(lambda: made)
    yield made
    assert not re.search("orangejuice", "".join(made.files().values()))
