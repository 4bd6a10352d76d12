"""Answers that count as an answer, and those that do not."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from netmgr.lab.frr.probe import daemon_probe, satisfied, ssh_probe

BANNER = [b"SSH-2.0-x\r\n"]
OK = [b"\0\0\0\0"]
DONE_IN_PIECES = [b"line\n", b"\0\0", b"\0\0"]
REFUSED = [b"% Unknown command\n\0\0\0\2"]
SILENT = None
#: Seconds: for an answer that comes, and to wait for one that never does.
PLENTY, SOME = 20.0, 0.5


def serve(listener: socket.socket, answer: list[bytes] | None) -> None:
    """Answer one connection; ``None``: say nothing until the other side gives up."""
    connection, _ = listener.accept()
    with connection:
        if listener.family == socket.AF_UNIX:
            assert connection.recv(100) == b"enable\0"
        for piece in answer or []:
            connection.sendall(piece)
        if answer is None:
            while connection.recv(100):
                pass


@pytest.fixture
def daemon(tmp_path) -> Iterator[Path]:
    (tmp_path / "run/frr").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (OK, {"a"}),
        (DONE_IN_PIECES, {"a"}),
        (REFUSED, set()),
        ([], set()),
        ([b"\0\0"], set()),
        (SILENT, set()),
    ],
)
def test_a_daemon(daemon, answer, expected):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(daemon / "run/frr/bgpd.vty"))
        listener.listen()
        server = Thread(target=serve, args=(listener, answer))
        server.start()
        limit = SOME if answer is SILENT else PLENTY
        assert satisfied({"a": [daemon_probe(daemon, "bgpd")]}, limit) == expected
        server.join()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (BANNER, {"a"}),
        ([b"SSH-2.0", b"-x\r\n"], {"a"}),
        ([b"HTTP/1.1 400\r\n"], set()),
        ([], set()),
        (SILENT, set()),
    ],
)
def test_a_login(answer, expected):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Thread(target=serve, args=(listener, answer))
        server.start()
        limit = SOME if answer is SILENT else PLENTY
        assert satisfied({"a": [ssh_probe("127.0.0.1", listener.getsockname()[1])]}, limit) == expected
        server.join()


def test_nobody_listens(daemon):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert (
        satisfied({"a": [ssh_probe("127.0.0.1", port)], "b": [daemon_probe(daemon, "zebra")]}, 0.5) == set()
    )


def test_one_silent_daemon_spoils_its_device_only(daemon):
    with socket.socket(socket.AF_UNIX) as good, socket.socket(socket.AF_UNIX) as bad:
        for listener, name in ((good, "zebra"), (bad, "bgpd")):
            listener.bind(str(daemon / f"run/frr/{name}.vty"))
            listener.listen()
        servers = [Thread(target=serve, args=(good, OK)), Thread(target=serve, args=(good, OK))]
        servers.append(Thread(target=serve, args=(bad, SILENT)))
        for server in servers:
            server.start()
        probes = {
            "a": [daemon_probe(daemon, "zebra")],
            "b": [daemon_probe(daemon, "zebra"), daemon_probe(daemon, "bgpd")],
        }
        assert satisfied(probes, 0.5) == {"a"}
        for server in servers:
            server.join()


def test_no_devices():
    assert satisfied({}, 0.5) == set()
