"""The provider's house in the year: one workspace, its people, and every command run in this process.

The wiring is the product's own but for what a year in minutes needs otherwise: the clock, who sits at the keyboard, the
mailbox in place of a mail server, and the lab's routers as the network that changes are made on.
"""

import contextlib
import dataclasses
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.pool import Pool

import netmgr.wiring
from netmgr.adapters.document_formats import RENDERERS
from netmgr.adapters.endpoints import lab_endpoints
from netmgr.adapters.fleet_memory import MemoryDevice, MemoryFleet
from netmgr.cli.main import run
from netmgr.document.block import Document
from netmgr.document.locale import Words
from netmgr.document.markdown import markdown
from netmgr.intent.adjacency import adjacencies
from netmgr.intent.resolve import resolve
from netmgr.model.access import Actor
from netmgr.model.endpoint import Endpoint
from netmgr.model.probe import Probed
from netmgr.model.state import AdjacencyState
from netmgr.platforms import FORMS
from netmgr.ports.carrier import Message
from tests.integration.backup.square import whole
from tests.year.clock import YearClock

Wiring = netmgr.wiring.Wiring
#: Commands that speak to devices, or boot some.
_DEVICES = {"plan", "deploy", "rollback", "audit", "backup", "drill", "drift", "lab", "probe"}


class CommandError(AssertionError):
    """A command of the story ended otherwise than the story says."""


class _Terminal(io.TextIOWrapper):
    """Where a command writes, words or bytes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def text(self) -> str:
        self.flush()
        written: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return written.decode()


@dataclass
class MailBox:
    """Takes every letter."""

    letters: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.letters.append(message)

    def close(self) -> None:
        """Nobody is spoken to."""


@dataclass(frozen=True)
class Outage:
    """Devices that give no sign of life in [begin, end)."""

    begin: datetime
    end: datetime
    devices: tuple[str, ...]


@dataclass
class House:
    """``memory``: devices in memory in place of the lab's routers. ``papers``: PDF is PDF, not plain text."""

    workspace: Path
    clock: YearClock
    memory: bool
    papers: bool
    outages: list[Outage]
    mail: MailBox = field(default_factory=MailBox)
    who: str = "p-1"
    devices: dict[str, MemoryDevice] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator["House"]:
        """While it is open, every command of this process is the house's."""
        event.listen(Pool, "connect", _hastily)
        try:
            with patch.object(netmgr.wiring, "Wiring", partial(HouseWiring, self)):
                yield self
        finally:
            event.remove(Pool, "connect", _hastily)

    def netmgr(self, *words: str, who: str = "p-1", client: str = "acme", code: int | None = 0) -> str:
        """One command, as somebody types it; its standard output. Raises CommandError for another exit code."""
        self.who = who
        out, err = _Terminal(), _Terminal()
        real = contextlib.nullcontext() if self.memory or words[0] not in _DEVICES else self.clock.running()
        with real, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = run(["-w", str(self.workspace), "-c", client, *words])
        if code is not None and ended != code:
            said = f"{' '.join(words)}: exit {ended} in place of {code}\n{out.text()}{err.text()}"
            raise CommandError(f"{self.clock.now():%Y-%m-%d %H:%M}Z {said}")
        self.clock.sleep(1)
        return out.text()

    def document(self, *words: str, **how: Any) -> dict[str, Any]:
        """The JSON that a command prints."""
        found: dict[str, Any] = json.loads(self.netmgr(*words, "-o", "json", **how))
        return found

    def edit(self, file: str, old: str, new: str) -> None:
        """A file of the workspace with one text in place of another."""
        path = self.workspace / file
        before = path.read_text()
        if before.count(old) != 1:
            raise CommandError(f"{old!r} stands {before.count(old)} times in {file}")
        path.write_text(before.replace(old, new))

    def keep(self, wiring: Wiring) -> None:
        """The log's store is opened once, for all commands."""
        for name in ("service_log", "samples", "runs"):
            if name in self._kept:
                wiring.__dict__[name] = self._kept[name]
            else:
                self._kept[name] = getattr(wiring, name)


class HouseWiring(Wiring):
    """See the module."""

    def __init__(self, house: House, workspace: Path, settings: Any) -> None:
        super().__init__(workspace, settings)
        self.house, self.clock = house, house.clock  # type: ignore[assignment]
        house.keep(self)
        if not house.papers:
            self.__dict__["office"] = dataclasses.replace(self.office, renderers=RENDERERS | {"pdf": _plain})

    def actor(self, uid: int) -> Actor:
        return Actor(id=self.house.who, auth="os", on="desk1")

    def runtime(self, **how: Any) -> Any:
        made = super().runtime(**how)
        if not self.house.memory:
            return made
        fleet = MemoryFleet(())
        fleet.devices = self.house.devices
        return dataclasses.replace(made, fleet=fleet)

    def _carriers(self, settings: Any) -> Mapping[str, Any]:
        return {"mail": self.house.mail}

    def _prober(self) -> Any:
        return _Prober(self.house)

    def _endpoints(self, client: str, target: Any) -> Any:
        def resolve(devices: Iterable[Any]) -> tuple[Endpoint, ...]:
            chosen = tuple(devices)
            if self.house.memory:
                return _in_memory(self, client, chosen)
            return lab_endpoints(self.lab, client, chosen)

        return resolve


def _plain(document: Document, words: Words) -> bytes:
    """In place of a PDF: typesetting is tried elsewhere, and takes its time."""
    return b"%PDF-" + markdown(document, words).encode()


def _hastily(connection: Any, _record: object) -> None:
    """Nobody pulls this machine's plug: ten thousand commits need not wait for its disk."""
    connection.execute("PRAGMA synchronous = OFF")


@dataclass(frozen=True)
class _Prober:
    """See ``netmgr.ports.prober.Prober``: what the story says. A year of connections to routers would prove no more."""

    house: House

    def probe(self, endpoints: Iterable[Endpoint], timeout: int) -> Mapping[str, Probed]:
        now = self.house.clock.now()
        silent = {name for out in self.house.outages if out.begin <= now < out.end for name in out.devices}
        no = Probed("down", "no answer")
        return {each.device: no if each.device in silent else Probed("up") for each in endpoints}


def _in_memory(wiring: HouseWiring, client: str, devices: tuple[Any, ...]) -> tuple[Endpoint, ...]:
    """Devices in memory, made as they are spoken to; their neighbours are up, as the inventory wants them."""
    there = wiring.house.devices

    def neighbours(device: MemoryDevice) -> tuple[AdjacencyState, ...]:
        intent = resolve(wiring.inventories.load(client, overlay=None), wiring.forms)
        return tuple(
            AdjacencyState(protocol=each.protocol, peer=each.peer, up=True, detail="up")
            for each in adjacencies(intent)
            if each.device == device.name
        )

    for device in devices:
        made = there.setdefault(device.name, MemoryDevice(device.name, wiring.clock, FORMS["frr"].canonical))
        made.adjacencies, made.shown = neighbours, whole
    return tuple(
        Endpoint(device=d.name, platform=d.platform, hostname="", port=0, username="", known_hosts="")
        for d in devices
    )
