"""The hazards of IOS and of NAPALM's driver for it: each is met, and nothing comes of it."""

import os
import re
from pathlib import Path

import pytest

from netmgr.errors import ConfigRejected, DeviceError, Fenced, Unreachable
from netmgr.model.digest import sha256_hex
from tests.integration.emulated.ios.bench import Bench, config
from tests.integration.emulated.ios.test_ios_commit import committed
from tests.waiting import wait_until

BASE = config("edge1", "ntp server 192.0.2.1")
NEXT = config("edge1", "logging host 192.0.2.9")


def test_a_file_that_somebody_left_is_not_committed(edge1):
    """NAPALM's driver always calls its candidate by the same name."""
    edge1.settle(BASE)
    edge1.ask("execute", line="copy running-config flash:candidate_config.txt\n")
    with edge1.session() as session:
        order = committed(edge1, session, BASE, NEXT)
        assert session.confirm(order).state == "confirmed"
    assert edge1.running == NEXT
    assert edge1.files == ["candidate_config.txt"]


def test_what_a_killed_process_left_is_deleted(edge1):
    edge1.settle(BASE)
    with edge1.session() as first:
        first.load(NEXT)
        first._driver = None  # killed
    assert len(edge1.files) == 1
    with edge1.session() as second:
        second.load(NEXT)
        second.discard()
    assert edge1.files == []


def test_nothing_is_committed_that_this_connection_did_not_load(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        session.load(NEXT)
        session.relogin()
        session.discard()
        with pytest.raises(ConfigRejected, match="nothing was loaded over this connection"):
            session.commit(edge1.order(BASE, NEXT))
    assert edge1.events(begun) == []


def test_an_order_that_the_device_would_not_make_is_refused_before_anything_is_sent(edge1):
    begun = edge1.settle(config("edge1", "ip name-server 192.0.2.1"))
    first = config("edge1", "ip name-server 192.0.2.9", "ip name-server 192.0.2.1")
    with edge1.session() as session:
        with pytest.raises(
            ConfigRejected, match=r"load: IOS appends to this list, and cannot put 'ip name-server"
        ):
            session.load(first)
        session.load(config("edge1", "ip name-server 192.0.2.1", "ip name-server 192.0.2.9"))
        session.discard()
    assert set(edge1.events(begun)) <= {"file"}


def test_a_candidate_that_is_gone_from_the_device_is_not_committed(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        session.load(NEXT)
        order = edge1.order(BASE, NEXT)
        edge1.ask("execute", line=f"delete /force flash:{edge1.files[0]}")
        with pytest.raises(DeviceError, match="the candidate on the device is gone"):
            session.commit(order)
        assert session.abort(order).state == "unknown"
    assert edge1.events(begun) == []


def test_no_file_with_secrets_is_made_here(edge1, monkeypatch, tmp_path):
    """NAPALM's driver writes the candidate into the machine's directory for temporary files, readable by everybody."""
    edge1.settle(BASE)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *a, **k: opened.append(str(path)) or real(path, *a, **k))
    with edge1.session() as session:
        session.load(NEXT)
        session.discard()
    assert list(tmp_path.iterdir()) == []
    assert [path for path in opened if Path(path).parent == tmp_path] == []


NOT_DONE = {
    "a line that IOS does not know": (
        "frobnicate",
        "refuses a line and went back by itself: .*Failed to apply command frobnicate",
    ),
    "a line that is not complete": ("ip prefix-list", "refuses a line and went back by itself"),
    "a line of several meanings": ("ip a", "refuses a line and went back by itself"),
    "a line that IOS writes otherwise": (
        "ip prefix-list a seq 5 permit 10.1.2.3/8",
        "cannot come to this configuration: .*Rollback aborted after 5 passes",
    ),
    "a password that IOS salts": (
        "username a secret 0 geheim12",
        "cannot come to this configuration: .*Rollback aborted after 5 passes",
    ),
}


@pytest.mark.parametrize(("line", "why"), NOT_DONE.values(), ids=NOT_DONE)
def test_a_configuration_that_the_device_does_not_come_to_is_taken_back(edge1, line, why):
    edge1.settle(BASE)
    shown = edge1.ask("running")
    after = config("edge1", line)
    with edge1.session() as session:
        session.load(after)
        state = session.commit(edge1.order(BASE, after))
        assert (state.state, state.running) == ("rolled_back", sha256_hex(BASE))
        assert re.search(why, state.detail), state.detail
    assert edge1.ask("running") == edge1.ask("startup") == shown
    assert edge1.ask("execute", line="show archive config rollback timer").startswith("%No Rollback")
    assert edge1.files == []


def test_another_name_of_the_device_changes_its_prompt(edge1):
    edge1.settle(BASE)
    after = BASE.replace("hostname edge1", "hostname another-name-of-the-device")
    with edge1.session() as session:
        order = committed(edge1, session, BASE, after)
        assert session.read().pending == order.commit
        assert session.confirm(order).state == "confirmed"
    assert edge1.running == edge1.startup == after
    with edge1.session() as session:
        order = committed(edge1, session, after, BASE)
        assert session.abort(order).state == "rolled_back"
        assert session.read().running == after


MISSING = {
    "the archive": ("archive\n path flash:backup\n", "archive with a path"),
    "SCP": ("ip scp server enable\n", "ip scp server enable"),
}


@pytest.mark.parametrize(("lines", "what"), MISSING.values(), ids=MISSING)
def test_what_a_change_needs_is_there(edge1, lines, what):
    bare = BASE.replace(lines, "")
    begun = edge1.settle(bare)
    with edge1.session() as session, pytest.raises(ConfigRejected, match=f"{what}.* is not on the device"):
        session.load(BASE)
    assert edge1.events(begun) == []


@pytest.mark.parametrize(("lines", "what"), MISSING.values(), ids=MISSING)
def test_what_the_way_back_needs_is_not_taken_away(edge1, lines, what):
    begun = edge1.settle(BASE)
    with edge1.session() as session, pytest.raises(ConfigRejected, match=f"{what}.* would be gone"):
        session.load(BASE.replace(lines, ""))
    assert edge1.events(begun) == []


def test_drift_since_the_plan_is_fenced(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        order = edge1.order(BASE, NEXT)
        session.load(NEXT)
        edge1.ask("drift", text="ntp server 192.0.2.77")
        with pytest.raises(Fenced, match="changed since the plan"):
            session.commit(order)
        assert session.abort(order).state == "failed"
    assert "ntp server 192.0.2.77" in edge1.running
    assert edge1.events(begun) == ["drift"]


def test_a_change_that_waits_is_not_overrun(edge1):
    edge1.settle(BASE)
    with edge1.session() as first, edge1.session() as second:
        second.load(BASE)
        order = committed(edge1, first, BASE, NEXT)
        with pytest.raises(Fenced, match="waits for its confirmation"):
            second.load(BASE)
        with pytest.raises(Fenced, match=f"commit {order.commit} is pending"):
            second.commit(edge1.order(NEXT, BASE))
        assert first.abort(order).state == "rolled_back"


def test_somebody_else_s_timer_is_left_alone(edge1):
    edge1.settle(BASE)
    edge1.ask("execute", line="configure terminal revert timer 60\nntp server 192.0.2.77\nend")
    with edge1.session() as session:
        order = edge1.order(BASE, NEXT)
        assert session.read().pending == "of console"
        with pytest.raises(Fenced, match="a change of console waits"):
            session.load(NEXT)
        assert session.confirm(order).state == session.abort(order).state == "failed"
        assert session.read().pending == "of console"
    assert "ntp server 192.0.2.77" in edge1.running


def test_a_file_that_is_left_over_makes_nobody_s_timer_ours(edge1):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session, BASE, NEXT, seconds=60)
        session._driver = None  # killed
    wait_until(lambda: edge1.running == BASE, seconds=8)
    assert edge1.files == [f"netmgr-commit-{order.commit}.cfg"]
    edge1.ask("execute", line="configure terminal revert timer 60\nntp server 192.0.2.77\nend")
    with edge1.session() as session:
        assert session.read().pending == "of console"
        assert session.confirm(order).state == session.abort(order).state == "failed"
        assert session.read().pending == "of console"
    assert "ntp server 192.0.2.77" in edge1.running


SCP = {
    "half of it arrives": ("truncate", "", "did not arrive whole"),
    "no room": ("reject", "No space left on device", "No space left on device"),
}


@pytest.mark.parametrize(("what", "text", "why"), SCP.values(), ids=SCP)
def test_a_candidate_that_does_not_arrive_is_not_loaded(edge1, what, text, why):
    begun = edge1.settle(BASE)
    edge1.fault("scp .*", what, text=text)
    with edge1.session() as session:
        with pytest.raises(DeviceError, match=f"edge1: load: .*{why}"):
            session.load(NEXT)
        with pytest.raises(ConfigRejected, match="nothing was loaded"):
            session.commit(edge1.order(BASE, NEXT))
    assert edge1.events(begun) == ["fault"]
    assert edge1.files == []


def test_a_flash_without_room_is_found_before_anything_is_sent(edge1):
    begun = edge1.settle(BASE)
    edge1.fault(
        "dir flash:",
        "answer",
        text="Directory of flash:/\n\n2142715904 bytes total (10 bytes free)\n",
        times=-1,
    )
    with edge1.session() as session, pytest.raises(DeviceError, match="has 10 bytes free"):
        session.load(NEXT)
    assert [e["event"] for e in edge1.journal if e["n"] > begun and e["event"] == "file"] == []


def test_another_user_s_confirmation_is_refused_here(edge1):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session, BASE, NEXT)
        session._control.endpoint = type(edge1.endpoint)(
            hostname="", port=0, username="alice", known_hosts="", device="edge1", platform="ios"
        )
        state = session.confirm(order)
        assert (state.state, state.detail) == ("pending", "armed by admin: IOS lets nobody else confirm it")
        session.abort(order)
    assert edge1.running == BASE


def test_a_timer_of_less_than_a_minute_is_refused(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        session.load(NEXT)
        with pytest.raises(ConfigRejected, match="IOS counts whole minutes"):
            session.commit(edge1.order(BASE, NEXT, seconds=59))
    assert edge1.events(begun) == []


def test_users_that_go_are_asked_about(edge1):
    users = [f"username {name} secret 9 $9$abcdefghijklmn$opqrstuvwxyz" for name in ("a", "b")]
    before = config("edge1", *users)
    edge1.settle(before)
    with edge1.session() as session:
        order = committed(edge1, session, before, NEXT)
        assert session.confirm(order).state == "confirmed"
    assert edge1.running == NEXT


def test_a_change_that_cuts_its_own_way_comes_back_by_itself(edge1):
    begun = edge1.settle(BASE)
    cut = BASE.replace("transport input ssh", "transport input none")
    with edge1.session() as session:
        order = edge1.order(BASE, cut, seconds=60)
        session.load(cut)
        with pytest.raises(Unreachable):
            session.commit(order)
    with pytest.raises(Unreachable), edge1.session():
        pass
    wait_until(lambda: edge1.running == BASE, seconds=8)
    with edge1.session() as session:
        assert session.commit_state(order).state == "rolled_back"
    assert edge1.events(begun) == ["armed", "replaced", "reverted"]


def test_the_driver_is_napalm_s_own(edge1: Bench):
    from napalm.ios.ios import IOSDriver

    with edge1.session() as session:
        assert isinstance(session._driver, IOSDriver)
        assert session._driver.get_facts()["hostname"] == "edge1"
