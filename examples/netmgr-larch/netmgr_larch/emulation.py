"""Larch in `netmgr lab up`: a stand-in over SSH with the state, faults and journal that the lab gives every device.

It reads configurations by itself and shares nothing with the form: a mistake in one of the two must not hide in the
other.
"""

import re
from dataclasses import dataclass, field
from difflib import unified_diff
from ipaddress import ip_address, ip_interface, ip_network
from typing import Self

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.engine import Door, Engine, OperatingSystem, Place
from netmgr.lab.emulated.ssh_cli import serve
from netmgr.lab.emulated.view import DeviceView, InterfaceView

_TOP = (
    r"hostname (\S{1,32})",
    r"dns ([0-9a-f.:]+)",
    r"ntp (\S+)",
    r"snmp community (\S+)",
    r"route (\S+) via ([0-9a-f.:]+)",
)
_INTERFACE = r"interface (port[1-9]\d?)"
_OF_INTERFACES = (r"address (\S+/\d+)", r"description (.{1,60})", r"mtu (\d{3,4})", r"shutdown")


@dataclass
class Configuration:
    """Lines at the top in the order in which they came; interfaces with theirs."""

    top: list[str] = field(default_factory=list)
    interfaces: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError with the line that Larch does not take."""
        made = cls()
        for line in text.splitlines():
            made.add(line)
        return made

    def add(self, line: str) -> None:
        """One more line; those of an interface are indented."""
        words = line.strip()
        if line.startswith("  "):
            if not self.interfaces or not _takes(_OF_INTERFACES, words):
                raise ValueError(f"no such line: {words}")
            lines = self.interfaces[next(reversed(self.interfaces))]
            single = words.split()[0]
            if single in ("description", "mtu"):
                lines[:] = [other for other in lines if other.split()[0] != single]
            lines.append(words)
        elif match := re.fullmatch(_INTERFACE, words):
            self.interfaces[match[1]] = self.interfaces.pop(match[1], [])
        elif _takes(_TOP, words):
            self.top.append(words)
        elif words and not words.startswith("#"):
            raise ValueError(f"no such line: {words}")

    def copy(self) -> Self:
        return type(self)([*self.top], {name: [*lines] for name, lines in self.interfaces.items()})

    def text(self) -> str:
        """As it is shown: with the default MTU, and what has no order as it came."""
        lines = [*self.top]
        for name, own in self.interfaces.items():
            mtu = [] if any(line.startswith("mtu ") for line in own) else ["mtu 1500"]
            lines += [f"interface {name}", *(f"  {line}" for line in (*own, *mtu))]
        return "".join(f"{line}\n" for line in lines)


def _takes(patterns: tuple[str, ...], words: str) -> bool:
    """Whether the line is one of these, with values that mean something."""
    match = next((found for pattern in patterns if (found := re.fullmatch(pattern, words))), None)
    if match is None:
        return False
    try:
        match words.split():
            case ["address", value]:
                ip_interface(value)
            case ["route", prefix, "via", hop]:
                ip_network(prefix), ip_address(hop)
    except ValueError:
        return False
    return True


class LarchEngine:
    """One device, free of transport. ``startup`` is what it boots; empty: a fresh device."""

    def __init__(self, place: Place, startup: str) -> None:
        self.place, self.files = place, place.files
        configuration = Configuration.read(startup or f"hostname {place.name}\n")
        self.device: EmulatedDevice[Configuration] = EmulatedDevice(
            place.name, configuration, place.journal, scale=place.scale
        )

    def view(self) -> DeviceView:
        running = self.device.running
        return DeviceView(
            hostname=self.place.name,
            interfaces={
                name: InterfaceView(
                    name=name,
                    enabled="shutdown" not in running.interfaces.get(name, []),
                    addresses=tuple(
                        ip_interface(line.split()[1])
                        for line in running.interfaces.get(name, [])
                        if line.startswith("address ")
                    ),
                )
                for name in dict.fromkeys((*self.place.interfaces, *running.interfaces))
            },
        )

    def session(self, user: str) -> "Session":
        return Session(self)

    def execute(self, line: str) -> str:
        session = self.session("console")
        return "".join(session.command(each) for each in line.split("\n"))

    def drift(self, text: str) -> None:
        changed = self.device.running.copy()
        for line in text.splitlines():
            changed.add(line)
        self.device.run(changed, "drift")

    def reset(self, text: str) -> None:
        configuration = Configuration.read(text)
        self.device.startup = configuration.copy()
        self.device.run(configuration, "reset")

    def greeting(self) -> str:
        return ""

    def admits(self) -> bool:
        return True

    def takes_files(self) -> bool:
        return False

    def refused(self, line: str) -> str:
        return f"error: unknown command: {line}\n"


class Session:
    """One login, with its own candidate."""

    prompt, length = "larch> ", 0

    def __init__(self, engine: LarchEngine) -> None:
        self._engine, self.closed = engine, False
        self._candidate = Configuration()

    def command(self, line: str) -> str:
        """The answer to one line."""
        device = self._engine.device
        match line.split(maxsplit=2):
            case []:
                return ""
            case ["exit"]:
                self.closed = True
                return ""
            case ["show", "running"]:
                # To the millisecond: no two readings are alike, and a driver that keeps the line is found at once.
                return f"# larch 2.1, up {device.uptime:.3f} s\n{device.running.text()}"
            case ["show", "saved"]:
                return device.startup.text()
            case ["show", "version"]:
                ports = " ".join(self._engine.place.interfaces)
                return (
                    f"hostname: {self._engine.place.name}\nmodel: Larch 8\nversion: 2.1\nserial: 0000\n"
                    f"uptime: {device.uptime:.0f}\nports: {ports}\n"
                )
            case ["show", "interfaces"]:
                return "".join(self._rows())
            case ["candidate", "clear"]:
                self._candidate = Configuration()
                return ""
            case ["candidate", "add", _]:
                try:
                    self._candidate.add(line.partition(" add ")[2].rstrip())
                except ValueError as error:
                    return f"error: {error}\n"
                return ""
            case ["candidate", "diff"]:
                before, after = device.running.text(), self._candidate.text()
                return "".join(unified_diff(before.splitlines(True), after.splitlines(True), n=1))
            case ["candidate", "apply"]:
                device.run(self._candidate.copy(), "applied")
                device.save()
                return "applied\n"
        return self._engine.refused(line)

    def _rows(self) -> list[str]:
        state, name = self._engine.place.state, self._engine.place.name
        return [
            " ".join(
                (
                    port.name,
                    "enabled" if port.enabled else "disabled",
                    "up" if state.up(name, port.name) else "down",
                    *map(str, port.addresses),
                )
            )
            + "\n"
            for port in self._engine.view().interfaces.values()
        ]


async def _serve(engine: Engine, door: Door) -> int:
    assert isinstance(engine, LarchEngine)
    return await serve(engine, door)


SYSTEM = OperatingSystem(
    platform="larch", calibrated="nothing: there is no Larch", boot=LarchEngine, serve=_serve
)
