"""Whom netmgr speaks to: a wrong host key is refused before a password is sent, for the terminal and for SCP."""

import dataclasses
from pathlib import Path

import pytest

from netmgr.errors import AuthenticationFailed, HostKeyRejected, Unreachable
from netmgr.lab.frr.keys import new_key
from tests.integration.emulated.ios.bench import Bench, config
from tests.integration.emulated.ios.test_ios_commit import committed
from tests.waiting import wait_until

BASE, NEXT = config("edge1"), config("edge1", "logging host 192.0.2.9")


def offered(bench: Bench) -> int:
    """How many passwords reached the device."""
    return sum(entry["event"] == "password offered" for entry in bench.journal)


@pytest.fixture
def by_password(edge1, tmp_path):
    """The device's endpoint with a password, and a file of known host keys of its own."""
    known = tmp_path / "known_hosts"
    known.write_text(Path(edge1.endpoint.known_hosts).read_text())
    password = (edge1.lab.directory("ioslab") / "password").read_text()
    return dataclasses.replace(edge1.endpoint, key_file=None, password=password, known_hosts=str(known))


def forge(endpoint) -> None:
    Path(endpoint.known_hosts).write_text(f"[{endpoint.hostname}]:{endpoint.port} {new_key().public}\n")


def test_the_right_key_and_password(edge1, by_password):
    edge1.settle(BASE)
    before = offered(edge1)
    with edge1.session(by_password) as session:
        assert session.read().running == BASE
    assert offered(edge1) == before + 1


@pytest.mark.parametrize("known", ["another key", "no key"])
def test_a_wrong_host_key_is_refused_before_a_password_is_sent(edge1, by_password, known):
    before = offered(edge1)
    if known == "another key":
        forge(by_password)
    else:
        Path(by_password.known_hosts).write_text("")
    with pytest.raises(HostKeyRejected, match=r"edge1: connect: ") as refused, edge1.session(by_password):
        pass
    assert by_password.password not in str(refused.value)
    assert offered(edge1) == before


def test_a_wrong_host_key_of_scp_is_refused_before_a_password_is_sent(edge1, by_password):
    begun = edge1.settle(BASE)
    with edge1.session(by_password) as session:
        before = offered(edge1)
        forge(by_password)
        with pytest.raises(HostKeyRejected, match=r"edge1: load: "):
            session.load(NEXT)
        assert offered(edge1) == before
    assert edge1.running == BASE
    assert edge1.events(begun) == []


def test_a_host_key_that_changes_during_a_change_leaves_it_to_the_timer(edge1, by_password):
    begun = edge1.settle(BASE)
    with edge1.session(by_password) as session:
        order = committed(edge1, session, BASE, NEXT, seconds=60)
        forge(by_password)
        with pytest.raises(HostKeyRejected):
            session.relogin()
        with pytest.raises(Unreachable):
            session.confirm(order)
    wait_until(lambda: edge1.running == BASE, seconds=8)
    assert edge1.events(begun) == ["armed", "replaced", "reverted"]


def test_a_wrong_password_says_so(edge1, by_password):
    wrong = dataclasses.replace(by_password, password="not-the-password")
    with pytest.raises(AuthenticationFailed) as refused, edge1.session(wrong):
        pass
    assert "not-the-password" not in str(refused.value)
