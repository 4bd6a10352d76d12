"""The seam that every emulated operating system implements, and what the lab gives to it."""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.journal import Journal
from netmgr.lab.emulated.state import LabState
from netmgr.lab.emulated.view import DeviceView


@dataclass(frozen=True, slots=True)
class Door:
    """How one device is logged in to. ``host_key`` is an SSH private key in OpenSSH's form, ``login_key`` the public
    key that may log in, ``tls`` the device's own certificate, ready for a server.
    """

    user: str
    password: str
    host_key: str
    login_key: str
    tls: ssl.SSLContext


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device stands. ``state`` is what all devices' configurations and cables make of the network."""

    name: str
    interfaces: tuple[str, ...]
    journal: Journal
    state: LabState
    scale: float
    files: Path
    """A private directory of the device's own, gone with the lab."""


class Engine(Protocol):
    """One operating system on one device, free of transport."""

    @property
    def device(self) -> EmulatedDevice[Any]:
        """Its state."""

    def view(self) -> DeviceView:
        """What its running configuration makes of it."""

    def execute(self, line: str) -> str:
        """What its console answers to the lines of one visit."""

    def drift(self, text: str) -> None:
        """Type these lines into the running configuration, as somebody else would."""

    def reset(self, text: str) -> None:
        """From now on the device runs and would boot exactly this; nothing is pending, no session is open."""


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """One platform's emulation.

    ``boot`` makes an engine that runs a startup configuration (empty: a fresh device). ``serve`` opens its front end on
    loopback and answers with the port; what it opened lasts as long as the process. ``calibrated`` says what its
    answers were compared with.
    """

    platform: str
    calibrated: str
    boot: Callable[[Place, str], Engine]
    serve: Callable[[Engine, Door], Awaitable[int]]
    https: bool = False
    """Whether it is spoken to over HTTPS; else over SSH."""
