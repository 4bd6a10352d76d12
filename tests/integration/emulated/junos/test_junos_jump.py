"""NETCONF through a jump host: a real SSH server, and the device's host key checked under the device's own name."""

import dataclasses
from pathlib import Path

import pytest

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.errors import HostKeyRejected
from tests.integration.emulated.junos.bench import FORM, TIMEOUT, config

BASE, NEXT = config("edge1"), config("edge1", "set system ntp server 192.0.2.9")


def test_a_change_goes_through_the_jump_host_and_is_confirmed(edge1, bastion):
    hop, process = bastion
    edge1.settle(BASE)
    jumps = JumpHosts(TIMEOUT)
    end = dataclasses.replace(edge1.endpoint, jump=(hop,))
    jumps.open(end.jump)
    session = NapalmSession(end, FORM, TIMEOUT, jumps)
    session.open()
    assert process.stdout.readline() == "through\n"
    order = edge1.order(BASE, NEXT)
    session.load(NEXT)
    session.commit(order)
    session.relogin()
    assert process.stdout.readline() == "through\n"
    assert session.confirm(order).state == "confirmed"
    session.close()
    jumps.close()
    assert edge1.running == NEXT


def test_another_key_behind_the_jump_host_is_refused_before_anything_is_offered(
    edge1,
    edge2,
    bastion,
    tmp_path,
):
    hop, _ = bastion
    own, other = edge1.endpoint, edge2.endpoint
    records = tmp_path / "known_hosts"
    with Path(other.known_hosts).open() as file:
        theirs = next(line.split(" ", 1)[1] for line in file if f":{other.port} " in line)
    records.write_text(f"[127.0.0.1]:{own.port} {theirs}")
    jumps = JumpHosts(TIMEOUT)
    begun = edge1.last
    end = dataclasses.replace(own, jump=(hop,), known_hosts=str(records), password="canary", key_file=None)
    jumps.open(end.jump)
    with pytest.raises(HostKeyRejected):
        NapalmSession(end, FORM, TIMEOUT, jumps).open()
    jumps.close()
    assert edge1.events(begun) == []
    assert not [entry for entry in edge1.journal if entry["n"] > begun]
