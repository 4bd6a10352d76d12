"""Emulated Junos devices under test: NAPALM's own driver over NETCONF, and the device's journal as the oracle."""

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.adapters.system_clock import SystemClock
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.journal import read_journal
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.change import CommitOrder
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from netmgr.platforms.junos import JUNOS as FORM

CLIENT = "junoslab"
#: Seconds for one answer.
TIMEOUT = 3
#: The devices' clocks: a minute of theirs lasts two seconds.
SCALE = 30.0
_ASN = {"edge1": ("0", 65001, "1", 65002), "edge2": ("1", 65002, "0", 65001)}


def config(device: str, *extra: str) -> str:
    """A small complete configuration; ``extra`` are further lines."""
    here, asn, there, other = _ASN[device]
    return FORM.canonical(
        "\n".join(
            (
                f"set system host-name {device}",
                'set system root-authentication encrypted-password "$6$salt$hash"',
                "set system services ssh",
                "set system services netconf ssh",
                f"set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.{here}/31",
                f"set interfaces lo0 unit 0 family inet address 192.0.2.{asn - 65000}/32",
                f"set routing-options autonomous-system {asn}",
                "set protocols bgp group X type external",
                f"set protocols bgp group X neighbor 10.0.0.{there} peer-as {other}",
                "set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 interface-type p2p",
                "set protocols ospf area 0.0.0.0 interface lo0.0 passive",
                "set protocols lldp interface all",
                *extra,
                "",
            )
        )
    )


NETWORK = LabNetwork(
    client=CLIENT,
    nodes=tuple(
        LabNode(
            device=name,
            platform="junos",
            interfaces=tuple(LabInterface(name=f"ge-0/0/{number}") for number in (0, 1)),
            startup=config(name),
        )
        for name in _ASN
    ),
    links=(LabLink(a=("edge1", "ge-0/0/0"), b=("edge2", "ge-0/0/0")),),
)


@dataclass
class Bench:
    """One device of a running lab."""

    lab: EmulatedLab
    control: Control
    device: str

    @property
    def endpoint(self) -> Endpoint:
        status = self.lab.status(CLIENT)
        assert status is not None
        device = next(each for each in status.devices if each.device == self.device)
        return Endpoint(
            device=self.device,
            platform="junos",
            hostname=device.address,
            port=device.port,
            username=device.user,
            known_hosts=device.known_hosts,
            key_file=device.identity,
        )

    @contextlib.contextmanager
    def session(self, timeout: int = TIMEOUT, **endpoint: Any) -> Iterator[NapalmSession]:
        """Logged in, and logged out afterwards."""
        end = dataclasses.replace(self.endpoint, **endpoint)
        session = NapalmSession(end, FORM, timeout, JumpHosts(timeout))
        session.open()
        try:
            yield session
        finally:
            with contextlib.suppress(Exception):
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
    def journal(self) -> list[dict[str, Any]]:
        return read_journal(self.lab.directory(CLIENT) / f"{self.device}.journal")

    @property
    def last(self) -> int:
        """The number of the journal's last entry."""
        return int(self.journal[-1]["n"])

    def events(self, since: int, *without: str) -> list[str]:
        """What became of the device since then."""
        quiet = ("login", "key", "locked", "unlocked", "fault", *without)
        return [e["event"] for e in self.journal if e["n"] > since and e["event"] not in quiet]

    def fired(self, since: int) -> list[str]:
        """The faults that happened since then."""
        return [entry["what"] for entry in self.journal if entry["n"] > since and entry["event"] == "fault"]

    def settle(self, text: str) -> int:
        """Nothing pending, nobody's edits, ``text`` running; where the journal ends then."""
        self.ask("no faults")
        if self.running != text:
            with self.session() as session:
                order = self.order(self.running, text)
                session.load(text)
                assert session.commit(order).state == "pending"
                assert session.confirm(order).state == "confirmed"
        assert self.running == text
        return self.last

    def order(self, before: str, after: str, seconds: int = 60) -> CommitOrder:
        clock = SystemClock()
        return CommitOrder(
            change=clock.new_id(),
            commit=clock.new_id(),
            epoch=1,
            expected=sha256_hex(before),
            after=sha256_hex(after),
            seconds=seconds,
            message="a reason; with 'quotes' & <marks>",
        )
