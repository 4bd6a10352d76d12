"""Signs of life from real sockets: what counts as one."""

import os
import socket
from dataclasses import replace

import pytest

from netmgr.adapters.prober_tcp import TcpProber
from netmgr.model.endpoint import Endpoint
from netmgr.model.probe import Probed
from netmgr.platforms import FORMS
from tests.integration.emulated.test_eos_jump import bastion  # noqa: F401 - a real jump host
from tests.integration.probe.conftest import GREETING, Door


@pytest.fixture
def door(request):
    made = Door(getattr(request, "param", b""))
    yield made
    made.close()


def asked(port, *, platform="frr", host="127.0.0.1", timeout=5) -> Probed:
    end = Endpoint(
        device="core", platform=platform, hostname=host, port=port, username="x", known_hosts="/nowhere"
    )
    return TcpProber(FORMS, workers=5).probe([end], timeout)["core"]


@pytest.mark.parametrize(
    "door",
    [b"SSH-2.0-x\r\n", b"Authorised use only\r\n\r\nSSH-2.0-x\r\n", b"SSH-1.99-Cisco-1.25\n"],
    indirect=True,
)
def test_an_ssh_server_that_says_so_is_up(door):
    assert asked(door.port) == Probed("up")


@pytest.mark.parametrize(
    ("door", "why"),
    [
        (b"", "the connection was closed"),
        (b"HTTP/1.1 400 Bad Request\r\n", "the connection was closed"),
        (b"x\r\n" * 60, "it is no SSH server"),
        (b"x" * 20_000, "it is no SSH server"),
    ],
    indirect=["door"],
)
def test_whatever_else_answers_is_no_sign_of_life(door, why):
    assert asked(door.port) == Probed("down", f"127.0.0.1:{door.port}: {why}")


def test_a_port_that_nobody_listens_on_is_down(door):
    door.close()
    assert asked(door.port) == Probed("down", f"127.0.0.1:{door.port}: Connection refused")


def test_a_server_that_hangs_is_down_when_the_time_is_over():
    """The kernel accepts for it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert asked(port, timeout=1) == Probed("down", f"127.0.0.1:{port}: no answer within 1 s")


def test_where_devices_are_managed_over_https_a_connection_is_enough(door):
    assert FORMS["eos"].https
    assert asked(door.port, platform="eos") == Probed("up")
    door.close()
    assert asked(door.port, platform="eos").state == "down"


def test_a_name_that_cannot_be_resolved_says_nothing_of_the_device():
    made = asked(22, host="core.invalid")
    assert (made.state, made.detail.partition(":")[0]) == ("unknown", "core.invalid")


def test_a_machine_without_a_descriptor_left_says_nothing_of_the_device(door, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(24, os.strerror(24))

    async def refused(*_arguments, **_options):
        full()

    monkeypatch.setattr("asyncio.open_connection", refused)
    assert asked(door.port) == Probed("unknown", f"127.0.0.1:{door.port}: Too many open files")


@pytest.mark.parametrize("door", [GREETING], indirect=True)
def test_a_device_behind_a_jump_host_is_asked_from_there(door, bastion):  # noqa: F811
    """Where the jump host cannot reach it, it is down; without the jump host nothing is known of it."""
    hop, process = bastion
    end = Endpoint(
        device="core",
        platform="frr",
        hostname="127.0.0.1",
        port=door.port,
        username="x",
        known_hosts="/nowhere",
        jump=(hop,),
    )

    def found(end):
        return TcpProber(FORMS, workers=5).probe([end], 5)["core"]

    assert found(end) == Probed("up")
    assert process.stdout.readline() == "through\n"
    assert found(replace(end, platform="eos")) == Probed("up")
    door.close()
    assert found(end) == Probed("down", f"jump bastion: it cannot reach 127.0.0.1:{door.port}")
    door.greeting = b"HTTP/1.1 400 Bad Request\r\n"
    door.open()
    assert found(end) == Probed("down", f"127.0.0.1:{door.port}: it is no SSH server")
    process.kill()
    process.wait()
    made = found(end)
    assert (made.state, made.detail.startswith("jump bastion: ")) == ("unknown", True)
