"""The square's four devices as real TCP servers, each of which can be silenced."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from netmgr.model.endpoint import Endpoint
from tests.integration.conftest import NAMES, World

GREETING = b"SSH-2.0-OpenSSH_9.2\r\n"


class Door:
    """One device's management port on loopback. It is bound for good, so that nobody else gets its port."""

    def __init__(self, greeting: bytes = GREETING) -> None:
        self.greeting, self.asked = greeting, 0
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        """Answer from now on."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port, self._listener = listener.getsockname()[1], listener
        self._thread = threading.Thread(target=self._serve, args=(listener,))
        self._thread.start()

    def close(self) -> None:
        """Refuse connections."""
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            self._thread.join()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.asked += 1
            with connection, suppress(OSError):
                connection.sendall(self.greeting)


@dataclass
class Street:
    """The workspace, and the doors by device."""

    world: World
    doors: dict[str, Door]

    def runtime(self, **changes):
        """A command whose endpoints are the doors."""
        command = {key: changes.pop(key) for key in ("request", "target") if key in changes}
        return replace(self.world.runtime(**command), endpoints=self._endpoints, **changes)

    def wait(self, seconds: float) -> None:
        self.world.clock.elapsed += seconds

    def entries(self, action: str):
        log = self.world.wiring.service_log
        return [entry for entry in log.entries("square", kind="probe") if entry.action == action]

    def _endpoints(self, devices):
        return tuple(
            Endpoint(
                device=device.name,
                platform=device.platform,
                hostname="127.0.0.1",
                port=self.doors[device.name].port,
                username="x",
                known_hosts="",
            )
            for device in devices
        )


@pytest.fixture
def street(world):
    doors = {name: Door() for name in NAMES}
    yield Street(world, doors)
    for door in doors.values():
        door.close()
