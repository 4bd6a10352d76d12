"""Which addresses may be contacted, and that a receiver cannot keep a sender for ever."""

import socket
import threading
from ipaddress import ip_address, ip_network

import pytest

from netmgr.adapters import guarded_socket
from netmgr.adapters.guarded_socket import Guard
from netmgr.ports.carrier import NotDeliveredError

PUBLIC = ["192.0.43.10", "8.8.8.8", "2600::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_contacted(address):
    assert Guard().permits(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_others_may_not(address):
    assert not Guard().permits(ip_address(address))


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"])
def test_unless_they_are_allowed(address):
    guard = Guard((ip_network("10.0.0.0/8"), ip_network("fd00::/16")))
    assert guard.permits(ip_address(address))
    assert not guard.permits(ip_address("192.168.1.1"))


def test_a_name_is_resolved_once_and_the_address_that_was_judged_is_dialled(monkeypatch):
    """DNS rebinding: what the name says the next time is asked by nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        asked, answers = [], [["10.9.9.9", "127.0.0.1"], ["169.254.169.254"]]

        def resolve(host, port, **_):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in answers.pop(0)]

        monkeypatch.setattr(guarded_socket.socket, "getaddrinfo", resolve)
        guard = Guard([ip_network("127.0.0.0/8")])
        with guard.connect("hooks.example", port) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)
        assert asked == ["hooks.example"]
        with pytest.raises(
            NotDeliveredError, match=r"^hooks\.example is 169\.254\.169\.254, which is no public "
        ):
            guard.connect("hooks.example", port)


def test_a_name_that_nobody_knows_is_one_line():
    with pytest.raises(NotDeliveredError, match=r"^nowhere\.invalid: the name cannot be resolved \("):
        Guard().connect("nowhere.invalid", 443)


def test_a_receiver_that_answers_a_byte_at_a_time_is_left():
    """Each byte comes soon enough for any timeout of a read; all of them together do not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip():
            peer, _ = server.accept()
            with peer:
                for _ in range(500):
                    if stop.wait(0.02):
                        return
                    try:
                        peer.sendall(b"x")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip)
        dripping.start()
        guard = Guard([ip_network("127.0.0.0/8")], seconds=0.5)
        with (
            guard.connect("127.0.0.1", server.getsockname()[1]) as connection,
            connection.makefile("rb") as file,
            pytest.raises(TimeoutError),
        ):
            file.readline()
        stop.set()
        dripping.join()
