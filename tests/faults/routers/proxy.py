"""A TCP proxy before each router: it counts what passes, and delays, cuts or redirects connections when told to."""

import contextlib
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

#: SO_LINGER with no time: closing sends RST (tcp(7), socket(7)).
_RESET = struct.pack("ii", 1, 0)
_CHUNK = 1 << 14


@dataclass
class Weather:
    """What a proxy does to its connections. Set anew for each case; what is set holds for new bytes at once."""

    delay: float = 0.0
    """Seconds that each piece of the device's answers is held back."""
    rate: int = 0
    """Bytes per second and direction; 0 is no limit."""
    reset_after: int | None = None
    """One connection is reset after so many bytes of both directions."""
    to: int | None = None
    """The loopback port of another device, which answers in this one's place."""


@dataclass
class Counts:
    """What has passed since the case began."""

    connections: int = 0
    bytes: int = 0
    resets: list[int] = field(default_factory=list)
    """At which byte a connection was reset."""
    held: float = 0.0
    """Seconds that pieces were held back, in all."""
    redirected: int = 0


class Proxy:
    """Listens on a loopback port of its own and connects to ``behind``."""

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.calm()
        threading.Thread(target=self._serve, daemon=True).start()

    def calm(self) -> None:
        """Pass everything on, and count from nothing."""
        self.weather, self.counts = Weather(), Counts()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connection, args=(here,), daemon=True).start()

    def _connection(self, here: socket.socket) -> None:
        weather, counts = self.weather, self.counts
        counts.connections += 1
        counts.redirected += weather.to is not None
        try:
            there = socket.create_connection(("127.0.0.1", weather.to or self.behind))
        except OSError:
            here.close()
            return
        passed = [0]
        ends = (here, there)
        for end in ends:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=self._copy, args=(there, here, ends, passed), daemon=True)
        back.start()
        self._copy(here, there, ends, passed)
        back.join()
        for end in ends:
            end.close()

    def _copy(
        self, source: socket.socket, sink: socket.socket, ends: tuple[socket.socket, ...], passed: list[int]
    ) -> None:
        try:
            while piece := source.recv(_CHUNK):
                weather, counts = self.weather, self.counts
                delay = weather.delay if source is ends[1] else 0.0
                if delay or weather.rate:
                    held = delay + (len(piece) / weather.rate if weather.rate else 0)
                    counts.held += held
                    if _gone_within(source, held):
                        return
                limit = weather.reset_after
                if limit is not None and passed[0] + len(piece) >= limit:
                    sink.sendall(piece[: max(limit - passed[0], 0)])
                    weather.reset_after = None
                    counts.resets.append(limit)
                    for end in ends:
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    return
                sink.sendall(piece)
                passed[0] += len(piece)
                counts.bytes += len(piece)
        except OSError:
            pass
        finally:
            for end in ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


def _gone_within(source: socket.socket, seconds: float) -> bool:
    """Hold a piece back so long. Whether the connection was closed meanwhile by its own side."""
    until = time.monotonic() + seconds
    poll = select.poll()
    poll.register(source, select.POLLHUP | select.POLLERR)
    while (left := until - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            return True
    return False
