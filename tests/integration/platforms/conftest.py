"""The example package, installed as its users would, and a client whose devices are of its platform."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.journal import read_journal
from netmgr.model.access import Actor
from netmgr.model.change import DeployResult, Plan
from netmgr.model.people import People
from netmgr.model.selection import Selection
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.lab import lab_network
from netmgr.workflows.recover import recover
from netmgr.workflows.rollback import rollback
from netmgr.workflows.runtime import Runtime

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "netmgr-larch"
SECRET = "s3cret-larch"

FILES = {
    "config/netmgr.yaml": "deploy: {timeout: 3, lease: 3}\n",
    "inventory/grove/client.yaml": "id: grove\n",
    "inventory/grove/defaults.yaml": "data: {system: {ntp: [192.0.2.123], snmp: {community: secret://env/snmp}}}\n",
    "inventory/grove/topology.yaml": 'links: [{endpoints: ["sw1:port1", "core1:Ethernet1"], subnet: 10.0.0.0/31}]\n',
    "templates/eos/main.j2": "hostname {{ device.name }}\nlogging host {{ device.system.ntp[0].address }}\n",
}
HOSTS = """\
sw1:
  platform: larch
  data: {{system: {{hostname: sw1}}, interfaces: {{port2: {{description: {words}, mtu: 9000}}}}}}
core1:
  platform: eos
  data: {{system: {{ntp: [{ntp}], snmp: null}}}}
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip has put the package."""
    place = tmp_path_factory.mktemp("larch") / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    done = subprocess.run(
        [*pip, "--target", str(place), str(EXAMPLE)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def importable(site: Path) -> Iterator[Path]:
    """The package is one that Python finds, here and in processes that are started from here."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(site))
    patch.setenv("PYTHONPATH", str(site))
    yield site
    patch.undo()


@dataclasses.dataclass
class Grove:
    """A client with a Larch, which has no timer, and an EOS switch, which has; both emulated."""

    workspace: Path
    wiring: Wiring

    def want(self, words: str, ntp: str = "192.0.2.1") -> None:
        """What the inventory says of both from now on."""
        (self.workspace / "inventory/grove/hosts.yaml").write_text(HOSTS.format(words=words, ntp=ntp))

    def runtime(self) -> Runtime:
        wiring = Wiring(self.workspace, load_settings(self.workspace))
        wiring.people = People()
        return wiring.runtime(
            client="grove", target="lab", actor=Actor(id="p-1", auth="os", on="ops1"),
            request=wiring.clock.new_id(), progress=Silent(), interrupted=lambda: False,
        )  # fmt: skip

    def plan(self) -> Plan:
        return plan(self.runtime(), Selection(), DeployRequest())

    def deploy(self, **more: Any) -> DeployResult:
        request = DeployRequest(**{"takeover": frozenset({"core1"}), **more})
        return deploy(self.runtime(), Selection(), request, given=None, approve=lambda _: True)

    def recover(self) -> tuple[DeployResult, ...]:
        return recover(self.runtime())

    def rollback(self, change: str) -> DeployResult:
        return rollback(self.runtime(), change, DeployRequest(), approve=lambda _: True)

    def audit(self) -> Any:
        return audit(self.runtime(), Selection())

    def killed(self, ready: Callable[[], bool]) -> None:
        """A deploy in a process of its own, killed (SIGKILL) once ``ready``."""
        from tests.waiting import wait_until

        argv = [
            sys.executable,
            "-c",
            "from netmgr.cli.main import main; main()",
            "deploy",
            "-c",
            "grove",
            "--lab",
        ]
        process = subprocess.Popen(
            [*argv, "--yes"], cwd=self.workspace, env={**os.environ},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until(ready, seconds=30)
            assert process.poll() is None
        finally:
            process.kill()
            process.wait(10)

    def ask(self, device: str, what: str, **more: Any) -> Any:
        with self.wiring.lab.emulated.control("grove") as control:
            return control.ask(what, device, **more)

    def fault(self, device: str, at: str, what: Any, **more: Any) -> None:
        self.ask(device, "fault", fault=Fault(at, what, **more).to_json())

    def running(self, device: str) -> str:
        """As the device itself says, in canonical form."""
        platform = "larch" if device == "sw1" else "eos"
        return self.wiring.forms[platform].canonical(self.ask(device, "running"))

    def events(self, device: str) -> list[str]:
        """What became of the device's configuration since it booted."""
        path = self.wiring.lab.emulated.directory("grove") / f"{device}.journal"
        return [entry["event"] for entry in read_journal(path)]


@pytest.fixture(scope="module")
def grove(importable: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grove]:
    workspace = tmp_path_factory.mktemp("grove") / "work"
    for name, text in FILES.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    patch = pytest.MonkeyPatch()
    patch.setenv("NETMGR_SECRET_GROVE__SNMP", SECRET)
    wiring = Wiring(workspace, load_settings(workspace))
    made = Grove(workspace, wiring)
    made.want("printers")
    wiring.lab.up(
        lab_network(wiring.inventories, wiring.templates, wiring.forms, "grove", overlay=None), Silent()
    )
    yield made
    wiring.lab.down("grove")
    patch.undo()


@pytest.fixture
def settled(grove: Grove) -> Iterator[Grove]:
    """Both devices run what the inventory says, and nothing is open."""
    for device in ("sw1", "core1"):
        grove.ask(device, "no faults")
    grove.recover()
    grove.want("printers")
    assert grove.deploy().outcome in ("applied", "unchanged")
    yield grove
    for device in ("sw1", "core1"):
        grove.ask(device, "no faults")
