"""Whether devices answer, asked of all at once: the SSH banner through the forwarder, each daemon on its socket."""

import selectors
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from netmgr.lab.frr.files import ALWAYS
from netmgr.lab.frr.state import LabRecord

#: Seconds within which a ready device answers a login and each of its daemons a command, and what each of them adds
#: because all are asked at once: every SSH server starts a process to answer.
_ANSWER_LIMIT = 1.0
_ANSWER_LIMIT_EACH = 0.02


@dataclass(frozen=True, slots=True)
class Probe:
    """One question: connect to ``address``, send ``request``, and see whether the answer is ``complete``."""

    address: tuple[str, int] | str
    request: bytes
    complete: Callable[[bytes], bool]


def answering(record: LabRecord) -> set[str]:
    """The devices of a lab whose login and daemons answer now."""
    probes: dict[str, list[Probe]] = {}
    for node, device in zip(record.network.nodes, record.devices, strict=True):
        daemons = (*ALWAYS, *node.daemons) if node.platform == "frr" else ()
        root = Path("/proc", str(record.pids[node.device]), "root")
        probes[node.device] = [
            ssh_probe(device.address, device.port),
            *(daemon_probe(root, name) for name in daemons),
        ]
    return satisfied(probes, _ANSWER_LIMIT + _ANSWER_LIMIT_EACH * len(probes))


def ssh_probe(address: str, port: int) -> Probe:
    """Satisfied by an SSH identification string (RFC 4253, 4.2)."""
    return Probe(
        (address, port), b"", lambda answer: answer.startswith(b"SSH-2.0-") and answer.endswith(b"\n")
    )


def daemon_probe(router_root: Path, daemon: str) -> Probe:
    """Satisfied by an FRR daemon that executes a command on the socket that vtysh uses.

    vtysh's protocol (lib/vty.c, vtysh_read): a command ends in NUL, its output in three NULs and the result's code, 0
    for success.
    """
    return Probe(
        str(router_root / f"run/frr/{daemon}.vty"), b"enable\0", lambda answer: answer.endswith(b"\0\0\0\0")
    )


def satisfied(probes: Mapping[str, Iterable[Probe]], limit: float) -> set[str]:
    """The names whose probes were all satisfied within ``limit`` seconds."""
    deadline = time.monotonic() + limit
    failed: set[str] = set()
    with selectors.DefaultSelector() as selector:
        for name, each in probes.items():
            for probe in each:
                _start(selector, name, probe, failed)
        while selector.get_map() and (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                _advance(selector, key, failed)
        for key in list(selector.get_map().values()):
            _finish(selector, key)
            failed.add(key.data[0])
    return set(probes) - failed


def _start(selector: selectors.BaseSelector, name: str, probe: Probe, failed: set[str]) -> None:
    connection = socket.socket(socket.AF_UNIX if isinstance(probe.address, str) else socket.AF_INET)
    connection.setblocking(False)
    try:
        connection.connect(probe.address)
    except BlockingIOError:  # in progress
        pass
    except OSError:
        connection.close()
        failed.add(name)
        return
    selector.register(connection, selectors.EVENT_WRITE, (name, probe, bytearray()))


def _advance(selector: selectors.BaseSelector, key: selectors.SelectorKey, failed: set[str]) -> None:
    """Send the request when connected, then collect the answer."""
    connection = key.fileobj
    assert isinstance(connection, socket.socket)  # noqa: S101 - _start registers nothing else
    name, probe, answer = key.data
    try:
        if key.events & selectors.EVENT_WRITE:
            connection.send(probe.request)
            selector.modify(connection, selectors.EVENT_READ, key.data)
            return
        chunk = connection.recv(4096)
    except OSError:
        chunk = b""
    answer += chunk
    if probe.complete(bytes(answer)):
        _finish(selector, key)
    elif not chunk:
        _finish(selector, key)
        failed.add(name)


def _finish(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    selector.unregister(key.fileobj)
    connection = key.fileobj
    assert isinstance(connection, socket.socket)  # noqa: S101 - _start registers nothing else
    connection.close()
