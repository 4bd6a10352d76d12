"""A client of one emulated EOS device, deployed to as by an engineer: inventory, templates, log and driver are real."""

import dataclasses
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.adapters.settings_yaml import load_settings
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.journal import read_journal
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.access import Actor
from netmgr.model.change import DeployResult
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.model.people import People
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.recover import confirm, recover
from netmgr.workflows.runtime import Runtime

CLIENT, DEVICE = "solo", "sw1"
FORM = FORMS["eos"]
FILES = {
    f"inventory/{CLIENT}/client.yaml": f"id: {CLIENT}\n",
    f"inventory/{CLIENT}/defaults.yaml": "platform: eos\n",
    f"inventory/{CLIENT}/groups.yaml": "{}\n",
    f"inventory/{CLIENT}/topology.yaml": "links: []\n",
    f"inventory/{CLIENT}/hosts.yaml": f"{DEVICE}: {{}}\n",
}
#: Seconds for an answer that does not come, and for one whose length is judged, which a slow machine takes long over.
BRIEFLY, LONG_ENOUGH = 2, 60
NETWORK = LabNetwork(
    client=CLIENT,
    nodes=(LabNode(device=DEVICE, platform="eos", interfaces=(LabInterface(name="Ethernet1"),)),),
)


def config(log: str) -> str:
    """What the device shall run that logs to this host."""
    return FORM.canonical(f"hostname {DEVICE}\nlogging host {log}\n")


@dataclasses.dataclass
class Solo:
    """The client's workspace and its device."""

    workspace: Path
    lab: EmulatedLab
    control: Control
    begun: int = 0

    def __post_init__(self) -> None:
        self.wait(BRIEFLY)

    def wait(self, seconds: int) -> None:
        """An answer of the device is waited for so long."""
        settings = self.workspace / "config" / "netmgr.yaml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(f"deploy: {{timeout: {seconds}}}\n")

    def prepare(self, log: str) -> None:
        """The device runs the configuration for ``log``; the journal is read from here."""
        self.ask("no faults")
        self.ask("reset", text=config(log))
        self.begun = int(self._journal()[-1]["n"])

    def want(self, log: str) -> None:
        """The inventory wants the configuration for ``log``."""
        template = f"hostname {{{{ device.name }}}}\nlogging host {log}\n"
        for name, text in {**FILES, "templates/eos/main.j2": template}.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def deploy(self, confirm_in: int, *, hold: bool = False) -> DeployResult:
        request = DeployRequest(confirm_in=confirm_in, takeover=frozenset({DEVICE}), hold=hold)
        return deploy(self._runtime(), Selection(), request, given=None, approve=lambda _: True)

    def deploy_until(self, phase: str) -> None:
        """As deploy, by a command that ends when it has something to say of this phase, and says nothing more."""

        class Killed(Silent):
            def __call__(self, message: str) -> None:
                if message.startswith(phase):
                    raise SystemExit(137)

        request = DeployRequest(confirm_in=60, takeover=frozenset({DEVICE}))
        runtime = dataclasses.replace(self._runtime(), progress=Killed())
        deploy(runtime, Selection(), request, given=None, approve=lambda _: True)

    def confirm(self, change: str) -> DeployResult:
        return confirm(self._runtime(), change)

    def recover(self) -> tuple[DeployResult, ...]:
        return recover(self._runtime())

    def ask(self, what: str, **more: Any) -> Any:
        return self.control.ask(what, DEVICE, **more)

    def fault(self, at: str, what: Any, **more: Any) -> None:
        self.ask("fault", fault=Fault(at, what, **more).to_json())

    @property
    def running(self) -> str:
        return FORM.canonical(self.ask("running"))

    @property
    def startup(self) -> str:
        return FORM.canonical(self.ask("startup"))

    def events(self) -> list[str]:
        """What the device did since ``prepare``, faults by their own word; what was repeated stands once."""
        wanted = [e for e in self._journal() if e["n"] > self.begun and e["event"] != "request"]
        named = (entry["what"] if entry["event"] == "fault" else entry["event"] for entry in wanted)
        return [word for word, _ in groupby(named)]

    def _journal(self) -> list[dict[str, Any]]:
        return read_journal(self.lab.directory(CLIENT) / f"{DEVICE}.journal")

    def _runtime(self) -> Runtime:
        wiring = Wiring(self.workspace, load_settings(self.workspace))
        wiring.people = People()
        runtime = wiring.runtime(
            client=CLIENT, target="lab", actor=Actor(id="p-1", auth="os", on="ops1"),
            request=wiring.clock.new_id(), progress=Silent(), interrupted=lambda: False,
        )  # fmt: skip
        fleet = NornirFleet(FORMS, workers=2, timeout=wiring.settings.deploy.timeout, step=Silent().step)
        endpoints: Callable[[Any], Any] = lambda devices: lab_endpoints(self.lab, CLIENT, tuple(devices))  # noqa: E731
        return dataclasses.replace(runtime, fleet=fleet, endpoints=endpoints)
