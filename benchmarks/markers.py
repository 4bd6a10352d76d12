"""A pass that asks for change markers beside one that reads: `python -m benchmarks.markers [DEVICES [ROUNDS]]`.

The devices are emulated IOS (``benchmarks.ios_farm``), 1,000 lines each, in a process of their own. Bytes are counted
on the way to one of them, as all are alike.
"""

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.fetch import FORM, WORKERS, devices, names
from benchmarks.figures import Contender, Work, here
from benchmarks.ios_farm import LINES, PASSWORD, USER, Farm
from netmgr.adapters.nornir_fleet import NornirFleet, NornirSession
from netmgr.model.endpoint import Endpoint
from netmgr.model.marker import Marker
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent

#: Seconds after which no change is so fresh that another may follow in the same second, and every byte has come.
_SETTLED = 3


def _endpoint(name: str, port: int, known_hosts: Path) -> Endpoint:
    return Endpoint(
        device=name,
        platform="ios",
        hostname="127.0.0.1",
        port=port,
        username=USER,
        password=PASSWORD,
        known_hosts=str(known_hosts),
    )


def _session(endpoints: list[Endpoint]) -> NornirSession:
    return NornirFleet(FORMS, workers=WORKERS, timeout=60, step=Silent().step).session(endpoints)


def by_marker(endpoints: list[Endpoint]) -> None:
    """Login, then what tells of changes."""
    with _session(endpoints) as session:
        answers = session.markers([endpoint.device for endpoint in endpoints])
    if wrong := {name: answer for name, answer in answers.items() if not isinstance(answer, Marker)}:
        raise SystemExit(f"markers: {wrong}")


def by_reading(endpoints: list[Endpoint]) -> None:
    """Login, then all that an audit reads of a configuration: what runs, what would boot, what is pending."""
    with _session(endpoints) as session:
        answers = session.observe([endpoint.device for endpoint in endpoints])
    if wrong := {name: answer for name, answer in answers.items() if isinstance(answer, Exception)}:
        raise SystemExit(f"reading: {wrong}")


def by_login(endpoints: list[Endpoint]) -> None:
    """The least that anybody who logs in can do: host key verified, password taken, and gone."""
    from napalm_frr.login import connect
    from netmgr.adapters.nornir_fleet import in_parallel
    from netmgr.adapters.ssh_login import login_of

    def look(endpoint: Endpoint) -> None:
        connect(login_of(endpoint, 60, None, endpoint.device)).close()

    named = {endpoint.device: endpoint for endpoint in endpoints}
    in_parallel(named, lambda name: look(named[name]), workers=WORKERS)


class _Count:
    """Bytes: what the device sends, and what it is sent."""

    sent = received = 0

    def add(self, number: int, from_device: bool) -> None:
        if from_device:
            self.sent += number
        else:
            self.received += number


@contextmanager
def _counted(found: Farm) -> Iterator[tuple[Endpoint, _Count]]:
    """The first device, behind a port of its own whose bytes are counted."""
    count, (name, port) = _Count(), next(names(found))
    key = found.known_hosts.read_text().splitlines()[0].partition(" ")[2]

    def pump(source: socket.socket, sink: socket.socket, from_device: bool) -> None:
        with suppress(OSError):  # whoever closes first
            while data := source.recv(65536):
                count.add(len(data), from_device)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            for way in ((near, far, False), (far, near, True)):
                threading.Thread(target=pump, args=way, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryDirectory() as directory:
        threading.Thread(target=accept, daemon=True).start()
        known_hosts = Path(directory) / "known_hosts"
        ours = listener.getsockname()[1]
        known_hosts.write_text(f"[127.0.0.1]:{ours} {key}\n")
        yield _endpoint(name, ours, known_hosts), count


def measured(count: int = 1000, rounds: int = 3) -> list[Work]:
    """Rounds of each pass, one after the other on the same devices."""
    marker = Contender("markers", "login, change marker, clock and uptime")
    reading = Contender("reading", "login; running and startup configuration, pending change, interfaces")
    login = Contender("login", "floor: key exchange, host key, password, nothing asked")
    with devices(count, 0) as found:
        time.sleep(_SETTLED)
        endpoints = [_endpoint(name, port, found.known_hosts) for name, port in names(found)]
        sizes: dict[str, tuple[int, int]] = {}
        with _counted(found) as (endpoint, bytes_of):
            for name, way in (("markers", by_marker), ("reading", by_reading)):
                before = bytes_of.sent, bytes_of.received
                way([endpoint])
                time.sleep(_SETTLED)
                sizes[name] = bytes_of.sent - before[0], bytes_of.received - before[1]
        for _ in range(rounds):
            marker.add(*here(lambda: by_marker(endpoints)))
            reading.add(*here(lambda: by_reading(endpoints)))
            login.add(*here(lambda: by_login(endpoints)))
    (few, asked), (many, told) = sizes["markers"], sizes["reading"]
    return [
        Work(
            f"Ask {count:,} devices whether they have changed, or read them ({LINES:,} lines, emulated {FORM.name})",
            "wall s",
            "≤ 25 % of the CPU and ≤ 5 % of the bytes of reading",
            [marker, reading, login],
            devices=count,
            note=f"One device sends {few:,} bytes instead of {many:,} ({100 * few / many:.1f} %); with what it is "
            f"sent, login included, {few + asked:,} instead of {many + told:,} "
            f"({100 * (few + asked) / (many + told):.1f} %).",
        )
    ]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
