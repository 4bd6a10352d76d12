"""Emulated IOS devices under test: NAPALM's own driver over SSH and SCP, and the device's journal as the oracle."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import DeviceError
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.journal import read_journal
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.change import CommitOrder
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from netmgr.platforms import FORMS

CLIENT = "ioslab"
FORM = FORMS["ios"]
#: Seconds for one answer.
TIMEOUT = 3
#: The devices' clocks: a minute is a second and a half.
SCALE = 40.0
#: What is no change of a configuration.
_ASIDE = ("request", "password offered", "file")


def _node(name: str) -> LabNode:
    ports = tuple(LabInterface(name=f"GigabitEthernet{number}") for number in (1, 2))
    return LabNode(device=name, platform="ios", interfaces=ports)


NETWORK = LabNetwork(
    client=CLIENT,
    nodes=(_node("edge1"), _node("edge2")),
    links=(LabLink(a=("edge1", "GigabitEthernet1"), b=("edge2", "GigabitEthernet1")),),
)


def config(device: str, *extra: str) -> str:
    """A small complete configuration; ``extra`` are lines at the top level."""
    here, there, asn, other = ("0", "1", 65001, 65002) if device == "edge1" else ("1", "0", 65002, 65001)
    return FORM.canonical(
        "\n".join(
            (
                f"hostname {device}",
                "archive",
                " path flash:backup",
                "ip scp server enable",
                *extra,
                "interface GigabitEthernet1",
                f" ip address 10.0.0.{here} 255.255.255.254",
                "interface GigabitEthernet2",
                " no ip address",
                " shutdown",
                f"router bgp {asn}",
                f" neighbor 10.0.0.{there} remote-as {other}",
                "line vty 0 4",
                " transport input ssh",
                "",
            )
        )
    )


@dataclass
class Bench:
    """One device of a running lab."""

    lab: EmulatedLab
    control: Control
    device: str

    @property
    def endpoint(self) -> Endpoint:
        return lab_endpoints(self.lab, CLIENT, [Device(self.device, "ios")])[0]  # type: ignore[list-item]

    @contextlib.contextmanager
    def session(self, endpoint: Endpoint | None = None, timeout: int = TIMEOUT) -> Iterator[NapalmSession]:
        """Logged in, and logged out afterwards."""
        session = self.connect(endpoint, timeout)
        try:
            yield session
        finally:
            self.disconnect(session)

    def connect(self, endpoint: Endpoint | None = None, timeout: int = TIMEOUT) -> NapalmSession:
        """Logged in."""
        session = NapalmSession(endpoint or self.endpoint, FORM, timeout, JumpHosts(timeout))
        session.open()
        return session

    @staticmethod
    def disconnect(session: NapalmSession) -> None:
        """Logged out, if the device is still there."""
        with contextlib.suppress(DeviceError):
            session.close()

    def fault(self, at: str, what: Any, **more: Any) -> None:
        self.control.ask("fault", self.device, fault=Fault(at, what, **more).to_json())

    def ask(self, what: str, **more: Any) -> Any:
        return self.control.ask(what, self.device, **more)

    @property
    def running(self) -> str:
        """What the device runs, by its own word, in canonical form."""
        return FORM.canonical(self.ask("running"))

    @property
    def startup(self) -> str:
        return FORM.canonical(self.ask("startup"))

    @property
    def journal(self) -> list[dict[str, Any]]:
        return read_journal(self.lab.directory(CLIENT) / f"{self.device}.journal")

    def events(self, since: int = 0) -> list[str]:
        """What became of the configuration."""
        return [e["event"] for e in self.journal if e["n"] > since and e["event"] not in _ASIDE]

    @property
    def files(self) -> list[str]:
        """What lies on the device's flash, without its archive."""
        listing = self.ask("execute", line="dir flash:")
        names = [line.split()[-1] for line in listing.splitlines() if "-rw-" in line]
        return [name for name in names if not name.startswith("backup-")]

    def settle(self, text: str) -> int:
        """The device runs and would boot ``text``; faults are gone. The journal's last number, for ``events``."""
        self.ask("no faults")
        self.ask("reset", text=text)
        assert self.running == self.startup == text
        return int(self.journal[-1]["n"])

    def order(self, before: str, after: str, seconds: int = 600) -> CommitOrder:
        clock = SystemClock()
        return CommitOrder(
            change=clock.new_id(), commit=clock.new_id(), epoch=1, expected=sha256_hex(before),
            after=sha256_hex(after), seconds=seconds, message="test",
        )  # fmt: skip


@dataclass(frozen=True)
class Device:
    """As much of an inventory's device as the lab's endpoints ask for."""

    name: str
    platform: str
