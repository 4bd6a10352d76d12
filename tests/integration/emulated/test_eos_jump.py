"""HTTPS through a jump host: a real SSH server, and the device's certificate checked against the device's own name."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.errors import HostKeyRejected, Unreachable
from netmgr.lab.frr.keys import new_key
from netmgr.model.endpoint import Endpoint, Hop
from tests.integration.emulated.bench import FORM, Bench, config

BASE, NEXT = config("core1"), config("core1", "logging host 192.0.2.9")


@pytest.fixture
def bastion(tmp_path: Path) -> Iterator[tuple[Hop, subprocess.Popen[str]]]:
    host, login = new_key(), new_key()
    for name, text in (("host", host.private), ("login", login.private), ("authorized", login.public)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    argv = [
        sys.executable,
        "-m",
        "tests.integration.emulated.bastion",
        str(tmp_path / "host"),
        str(tmp_path / "authorized"),
    ]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {host.public}\n")
        yield (
            Hop(
                name="bastion", hostname="127.0.0.1", port=port, username="jump",
                known_hosts=str(tmp_path / "known"), key_file=str(tmp_path / "login"),
            ),
            process,
        )  # fmt: skip
        process.kill()


def session(bench: Bench, end: Endpoint, jumps: JumpHosts) -> NapalmSession:
    jumps.open(end.jump)
    return NapalmSession(end, FORM, 5, jumps)


def test_a_change_goes_through_the_jump_host_and_nowhere_else(core1, bastion):
    hop, process = bastion
    core1.settle(BASE)
    begun = len([e for e in core1.journal if e["event"] == "request"])
    jumps = JumpHosts(5)
    speaking = session(core1, dataclasses.replace(core1.endpoint, jump=(hop,)), jumps)
    speaking.open()
    order = core1.order(BASE, NEXT)
    speaking.load(NEXT)
    assert speaking.commit(order).state == "pending"
    assert speaking.confirm(order).state == "confirmed"
    speaking.close()
    jumps.close()
    process.kill()
    requests = len([e for e in core1.journal if e["event"] == "request"]) - begun
    assert process.stdout is not None
    # One more than requests: the channel that every session is given, which eAPI has no use for.
    assert process.stdout.read().count("through") == requests + 1
    assert core1.running == NEXT


def test_the_certificate_is_checked_against_the_devices_own_name(core1, bastion):
    hop, _ = bastion
    jumps = JumpHosts(5)
    speaking = session(core1, dataclasses.replace(core1.endpoint, hostname="localhost", jump=(hop,)), jumps)
    with pytest.raises(HostKeyRejected, match="not valid for 'localhost'"):
        speaking.open()
    jumps.close()


def test_a_jump_host_that_ends_is_said_to_be_the_reason(core1, bastion):
    hop, process = bastion
    jumps = JumpHosts(5)
    speaking = session(core1, dataclasses.replace(core1.endpoint, jump=(hop,)), jumps)
    speaking.open()
    process.kill()
    process.wait()
    with pytest.raises(Unreachable, match="jump bastion"):
        speaking.show("show version")
    with pytest.raises(Unreachable, match="jump bastion"):
        speaking.read()
    jumps.close()
