"""Whom netmgr speaks to over HTTPS: a wrong certificate is refused before a password is sent, whenever it turns up."""

import dataclasses
import ssl

import pytest

from netmgr.errors import AuthenticationFailed, DeviceError, HostKeyRejected, Unreachable
from tests.integration.emulated.bench import Bench, config
from tests.waiting import wait_until

BASE, NEXT = config("core1"), config("core1", "logging host 192.0.2.9")
LOOPBACK = "127.0.0.1"
WRONG = {
    "changed": "certificate signature failure|unable to get local issuer|self.signed",
    "expired": "certificate has expired",
    "wrong name": "not valid for '127.0.0.1'|IP address mismatch",
}


@pytest.fixture
def own(core1: Bench):
    """The device, which has its own certificate again afterwards."""
    yield core1
    core1.ask("certificate", address=LOOPBACK, kind="right")


def heard(bench: Bench) -> int:
    """How many requests reached the device, with a password or without."""
    return sum(entry["event"] == "request" for entry in bench.journal)


@pytest.mark.tally("emulator faults")
@pytest.mark.parametrize(("kind", "why"), WRONG.items(), ids=WRONG)
def test_a_wrong_certificate_is_refused_before_anything_is_sent(own, kind, why):
    own.ask("certificate", address=LOOPBACK, kind=kind)
    before = heard(own)
    with pytest.raises(HostKeyRejected, match=why) as refused, own.session():
        pass
    assert "core1: connect: " in str(refused.value)
    assert heard(own) == before
    own.ask("certificate", address=LOOPBACK, kind="right")
    with own.session() as session:
        assert session.read().pending is None


@pytest.mark.tally("emulator faults")
@pytest.mark.parametrize("kind", WRONG)
def test_a_certificate_that_changes_during_a_change_leaves_it_to_the_timer(own, kind):
    own.settle(BASE)
    with own.session() as session:
        order = own.order(BASE, NEXT, seconds=60)
        session.load(NEXT)
        assert session.commit(order).state == "pending"
        own.ask("certificate", address=LOOPBACK, kind=kind)
        before = heard(own)
        for step in (session.confirm, session.abort, session.commit_state):
            with pytest.raises(HostKeyRejected):
                step(order)
        assert heard(own) == before
        assert own.running == NEXT
        own.ask("certificate", address=LOOPBACK, kind="right")
        assert session.abort(order).state == "rolled_back"
    assert own.running == BASE


def test_nobody_is_contacted_where_no_certificate_is_on_record(core1, tmp_path):
    end = dataclasses.replace(core1.endpoint, known_hosts=str(tmp_path / "nobody"))
    before = heard(core1)
    with (
        pytest.raises(HostKeyRejected, match=r"no certificate on record: there is no .*nobody\.pem"),
        core1.session(end),
    ):
        pass
    assert heard(core1) == before


def test_a_file_without_a_certificate_is_named(core1, tmp_path):
    (tmp_path / "known.pem").write_text("no certificate\n")
    end = dataclasses.replace(core1.endpoint, known_hosts=str(tmp_path / "known"))
    with pytest.raises(HostKeyRejected, match=r"known\.pem holds no certificate"), core1.session(end):
        pass


def test_the_devices_own_certificate_is_enough(core1, tmp_path):
    """Without the authority that signed it."""
    shown = ssl.get_server_certificate((LOOPBACK, core1.endpoint.port))
    (tmp_path / "known.pem").write_text(shown)
    end = dataclasses.replace(core1.endpoint, known_hosts=str(tmp_path / "known"))
    with core1.session(end) as session:
        assert session.read().pending is None


def test_a_wrong_password_is_not_taken_and_not_shown(core1):
    end = dataclasses.replace(core1.endpoint, password="canary-5d1f")
    with pytest.raises(AuthenticationFailed) as refused, core1.session(end):
        pass
    assert "canary" not in str(refused.value)


def test_a_login_without_a_password_contacts_nobody(core1):
    before = heard(core1)
    end = dataclasses.replace(core1.endpoint, password=None)
    with pytest.raises(AuthenticationFailed, match="takes a password"), core1.session(end):
        pass
    assert heard(core1) == before


def test_a_port_where_nobody_listens(core1):
    end = dataclasses.replace(core1.endpoint, port=1)
    with pytest.raises(Unreachable, match="refused"), core1.session(end):
        pass


def test_a_device_that_takes_its_own_way_in_away_comes_back_with_its_timer(core1):
    """What is loaded always has the way in, so this goes around netmgr; the timer does not."""
    core1.settle(BASE)
    lines = (
        "configure session x\nmanagement api http-commands\nshutdown\nend\n"
        "configure session x commit timer 00:00:02"
    )
    core1.ask("execute", line=lines)
    with pytest.raises(DeviceError), core1.session():
        pass
    wait_until(lambda: core1.running == BASE, seconds=6)
    with core1.session() as session:
        assert session.read().running == BASE
