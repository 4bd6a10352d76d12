"""What can go wrong while a commit is made or waits: the router comes back by itself, exactly as it was.

Each fault is a real one: links that go down, processes that are killed or stopped, disks that are full.
"""

import json
import threading
import time
from contextlib import suppress

import pytest
from napalm.base.exceptions import CommitError, ConnectionClosedException

from napalm_frr.driver import FRRDriver
from napalm_frr.errors import (
    CommitRefusedError,
    CommitRolledBackError,
    DaemonDownError,
    NotConfirmedError,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

LINE = "interface eth2\n description pending\n"

#: Seconds: what is cut off stays so for long enough to be seen, on a loaded machine too.
TIMER = 5


def commit(router, lines, seconds, commit_id="commit-1", **options):
    """Commit lines with a timer; the driver."""
    driver = router.open(**options)
    driver.load_merge_candidate(config=lines)
    driver.fence("change-1", commit_id, 1, FRRDriver.digest(router.running()))
    driver.commit_config(revert_in=seconds)
    return driver


def record(router, commit_id="commit-1"):
    """The commit's record, read on the console."""
    return json.loads(router.console("cat", f"/run/netmgr-frr/{commit_id}.record"))


def answers(router, timeout=1):
    """Whether a new login works."""
    try:
        router.open(timeout=timeout)
    except Exception:  # noqa: BLE001 - whatever it is, there is no login
        return False
    return True


@pytest.mark.parametrize(
    "lines",
    [
        "interface eth0\n shutdown\n",
        "ip route 172.30.0.1/32 blackhole\n",
        "interface eth0\n shutdown\ninterface eth1\n shutdown\nno ip route 198.18.1.0/24 blackhole\n",
    ],
    ids=["eth0 shut", "management station black-holed", "all shut and more"],
)
def test_a_push_that_cuts_management_comes_back_by_itself(r1, lines):
    before, driver = r1.state(), r1.open(timeout=2)
    driver.load_merge_candidate(config=lines)
    driver.fence("change-1", "commit-1", 1, FRRDriver.digest(before["running"]))
    started = time.monotonic()
    # The answer may be faster than what FRR does about a route: it is no proof of anything.
    with suppress(ConnectionClosedException):
        _commit_impatiently(driver)
    wait_until(lambda: record(r1)["state"] == "pending", seconds=5)
    kernel = {name: before[name] for name in ("links", "addresses", "routes")}
    wait_until(lambda: r1.kernel() != kernel, seconds=1)
    assert not answers(r1)
    wait_until(lambda: record(r1)["state"] == "rolled_back", seconds=12)
    assert time.monotonic() - started < TIMER + 10
    wait_until(lambda: answers(r1, timeout=10), seconds=20)
    assert r1.state() == before
    assert ("commit-1", "restarting_frr") not in r1.journal()


def _commit_impatiently(driver):
    """Commit with a short timer, but do not wait for the answer for minutes, as the driver would."""
    session = driver._session
    original = session.request
    session.request = lambda operation, limit, **order: original(operation, min(limit, 1.0), **order)
    driver.commit_config(revert_in=TIMER)


@pytest.fixture
def hanging(r1):
    """A commit that hangs in the middle because bgpd does not answer; (thread, what it raised, bgpd's process)."""
    bgpd = r1.console("cat", "/run/frr/bgpd.pid").strip()
    driver = r1.open()
    driver.load_merge_candidate(config="router bgp 65001\n neighbor 10.0.0.1 description other\n")
    driver.compare_config()
    driver.fence("change-1", "commit-1", 1, FRRDriver.digest(r1.running()))
    raised = []

    def work():
        try:
            driver.commit_config(revert_in=3)
        except (CommitError, ConnectionClosedException) as error:
            raised.append(error)

    # Stopped as soon as the commit is applying: before, it would not get that far.
    r1.console("sh", "-c", STOP_WHEN_APPLYING.format(bgpd=bgpd))
    thread = threading.Thread(target=work)
    thread.start()
    wait = time.monotonic() + 5
    while "applying" not in r1.console("cat", "/run/netmgr-frr/commit-1.record", check=False):
        assert time.monotonic() < wait, "the commit does not begin"
    return thread, raised, bgpd


# A process on the router that stops bgpd the moment that the timer is armed.
STOP_WHEN_APPLYING = """
(while ! test -e /run/netmgr-frr/commit-1.timer; do :; done; kill -STOP {bgpd}) >/dev/null 2>&1 </dev/null &
"""


def test_ssh_session_killed_while_applying(r1, hanging):
    thread, raised, bgpd = hanging
    for pid in r1.console("pgrep", "-f", "sshd: admin").split():
        r1.console("kill", "-KILL", pid, check=False)
    thread.join()
    assert isinstance(raised[0], ConnectionClosedException)
    assert record(r1)["state"] == "applying"
    r1.console("kill", "-CONT", bgpd)
    wait_until(lambda: record(r1)["state"] == "pending", seconds=2)
    assert "description other" in r1.running()
    wait_until(lambda: record(r1)["state"] == "rolled_back", seconds=6)
    assert r1.running() == FRRDriver.canonical(r1.startup())


def test_a_stuck_apply_is_killed_at_the_deadline(r1, hanging):
    thread, raised, _bgpd = hanging
    wait_until(lambda: record(r1)["state"] == "rolled_back", seconds=8)
    thread.join()
    assert "killed" in str(raised[0])
    assert r1.running() == FRRDriver.canonical(r1.startup())
    assert r1.console("pgrep", "-x", "vtysh", check=False) == ""


def test_a_killed_apply_is_rolled_back_with_what_it_left_running(r1, hanging):
    thread, raised, _bgpd = hanging
    r1.console("kill", "-KILL", str(record(r1)["worker"]))
    thread.join()
    assert "killed" in str(raised[0])
    wait_until(lambda: record(r1)["state"] == "rolled_back", seconds=8)
    assert r1.running() == FRRDriver.canonical(r1.startup())
    assert r1.console("pgrep", "-x", "vtysh", check=False) == ""


def kill_for_good(router, *daemons):
    """Kill daemons, and first of all the one that would start them again."""
    for daemon in ("watchfrr", *daemons):
        router.console("sh", "-c", f"kill -KILL $(cat /run/frr/{daemon}.pid)")


def test_hard_rollback_when_a_daemon_has_died(r1):
    before = r1.state()
    commit(r1, LINE + " shutdown\ninterface eth1\n ip address 10.0.9.1/24\n", 2)
    kill_for_good(r1, "bgpd")
    wait_until(lambda: record(r1)["state"] == "rolled_back_hard", seconds=20)
    wait_until(lambda: r1.state() == before, seconds=10)
    assert r1.open().daemons() == dict.fromkeys(("zebra", "staticd", "bgpd", "ospfd", "ospf6d"), True)


def test_hard_rollback_when_commands_have_no_effect(r1):
    before = r1.state()
    commit(r1, LINE, 2)
    r1.console(
        "sh",
        "-c",
        "cat > /run/vtysh; chmod 755 /run/vtysh; cp /usr/bin/vtysh /run/vtysh.real",
        text=MUTE_VTYSH,
    )
    r1.console("mount", "--bind", "/run/vtysh", "/usr/bin/vtysh")
    wait_until(lambda: record(r1)["state"] == "rolled_back_hard", seconds=20)
    r1.console("umount", "/usr/bin/vtysh")
    wait_until(lambda: r1.state() == before, seconds=10)


MUTE_VTYSH = """\
#!/bin/sh
case "$*" in "-c copy "*) exit 0;; esac
exec /run/vtysh.real "$@"
"""


def test_hard_rollback_to_unsaved_configuration_with_a_read_only_disk(r1):
    r1.vtysh("configure terminal", "ip route 198.18.5.0/24 blackhole")
    before = r1.state()
    commit(r1, LINE, 3)
    make_read_only(r1)
    kill_for_good(r1, "bgpd")
    wait_until(lambda: record(r1)["state"] == "rolled_back_hard", seconds=20)
    r1.console(*MAKE_WRITABLE)
    wait_until(lambda: r1.state() == before, seconds=10)
    assert ("commit-1", "startup_not_borrowed") in r1.journal()


def test_hard_rollback_borrows_the_startup_configuration_and_gives_it_back(r1):
    r1.vtysh("configure terminal", "ip route 198.18.5.0/24 blackhole")
    before = r1.state()
    commit(r1, LINE, 2)
    kill_for_good(r1, "bgpd")
    wait_until(lambda: record(r1)["state"] == "rolled_back_hard", seconds=20)
    wait_until(lambda: r1.state() == before, seconds=10)
    assert "198.18.5.0/24" not in r1.startup()


def test_a_daemon_that_somebody_stopped_goes_on_for_the_rollback(r1):
    before = r1.state()
    commit(r1, LINE, 2)
    r1.console("sh", "-c", "kill -STOP $(cat /run/frr/ospfd.pid)")
    wait_until(lambda: record(r1)["state"] == "rolled_back", seconds=8)
    assert r1.state() == before


def test_what_cannot_be_brought_back_is_said(r1):
    driver = commit(r1, LINE, 60)
    r1.console("ip", "link", "delete", "eth2")
    with pytest.raises(CommitError, match=r"rollback failed.*interface eth2 is gone") as error:
        driver.rollback()
    assert "interface eth2 is gone" in error.value.trouble
    assert driver.commit_status("commit-1")["state"] == "failed"


def test_nothing_is_read_or_committed_while_a_daemon_is_dead(r1):
    driver = r1.open()
    driver.load_merge_candidate(config=LINE)
    driver.compare_config()
    startup = r1.startup()
    kill_for_good(r1, "bgpd")
    with pytest.raises(CommitRefusedError, match=r"\(daemon_down\): daemon down: bgpd"):
        driver.commit_config()
    for question in (driver.compare_config, driver.get_config):
        with pytest.raises(DaemonDownError, match="bgpd is down"):
            question()
    assert driver.daemons() == {"zebra": True, "staticd": True, "bgpd": False, "ospfd": True, "ospf6d": True}
    assert "description pending" not in r1.vtysh("show running-config")
    assert r1.startup() == startup


def test_a_daemon_that_dies_of_the_change_is_restarted_without_it(r1):
    before = r1.state()
    driver = r1.open()
    driver.load_merge_candidate(config=LINE)
    driver.compare_config()
    r1.console("sh", "-c", KILL_WHEN_APPLYING)
    with pytest.raises(CommitRolledBackError, match=r"daemon down: .*bgpd"):
        driver.commit_config()
    assert r1.state() == before


# As if the change had killed them: bgpd, and watchfrr before it can start bgpd again.
KILL_WHEN_APPLYING = """
(while ! ls /run/netmgr-frr/*.timer; do :; done; kill -KILL $(cat /run/frr/watchfrr.pid) $(cat /run/frr/bgpd.pid)) \
    >/dev/null 2>&1 </dev/null &
"""


def fill(router):
    """Leave no byte free in /etc/frr."""
    router.console("sh", "-c", "cat /dev/zero > /etc/frr/filler 2>/dev/null; test -s /etc/frr/filler")


def make_read_only(router):
    """Let nothing be written to /etc/frr."""
    router.console("mount", "-o", "remount,bind,ro,nodev", "/etc/frr")


MAKE_WRITABLE = ("mount", "-o", "remount,bind,rw,nodev", "/etc/frr")


@pytest.mark.parametrize(
    ("obstacle", "cure", "message"),
    [
        (fill, ("rm", "/etc/frr/filler"), "No space left on device"),
        (make_read_only, MAKE_WRITABLE, "Read-only file system"),
    ],
    ids=["full", "read-only"],
)
class TestStartupThatCannotBeWritten:
    def test_is_known_before_anything_is_pending(self, r1, obstacle, cure, message):
        before, driver = r1.state(), r1.open()
        driver.load_merge_candidate(config=LINE)
        obstacle(r1)
        with pytest.raises(CommitRolledBackError, match=f"cannot write /etc/frr/frr.conf: {message}"):
            driver.commit_config(revert_in=60)
        assert not driver.has_pending_commit()
        r1.console(*cure)
        assert r1.state() == before
        assert r1.console("ls", "/etc/frr").split() == sorted(STARTUP_FILES)

    def test_is_not_committed_for_good(self, r1, obstacle, cure, message):
        before, driver = r1.state(), r1.open()
        driver.load_merge_candidate(config=LINE)
        obstacle(r1)
        with pytest.raises(CommitRolledBackError, match=message):
            driver.commit_config()
        r1.console(*cure)
        assert r1.state() == before


def test_a_disk_that_fills_meanwhile_keeps_nothing_from_being_confirmed(r1):
    driver = commit(r1, LINE, 60)
    fill(r1)
    driver.confirm_commit()
    r1.console("rm", "/etc/frr/filler")
    assert FRRDriver.canonical(r1.startup()) == r1.running()
    assert r1.console("ls", "/etc/frr").split() == sorted(STARTUP_FILES)


def test_a_startup_that_cannot_be_replaced_meanwhile_is_not_confirmed_and_comes_back(r1):
    before = r1.state()
    driver = commit(r1, LINE, 3)
    make_read_only(r1)
    with pytest.raises(NotConfirmedError, match=r"cannot write /etc/frr/frr\.conf: Read-only file system"):
        driver.confirm_commit()
    assert driver.has_pending_commit()
    assert r1.startup() == before["startup"]
    wait_until(lambda: record(r1)["state"] == "rolled_back", seconds=8)
    r1.console(*MAKE_WRITABLE)
    assert r1.state() == before


def test_it_can_be_confirmed_once_it_can_be_replaced(r1):
    driver = commit(r1, LINE, 60)
    make_read_only(r1)
    with pytest.raises(NotConfirmedError):
        driver.confirm_commit()
    r1.console(*MAKE_WRITABLE)
    driver.confirm_commit()
    assert FRRDriver.canonical(r1.startup()) == r1.running()


STARTUP_FILES = ("daemons", "frr.conf", "support_bundle_commands.conf", "vtysh.conf")


def test_a_reboot_leaves_nothing_to_confirm(r1):
    driver = commit(r1, LINE, 60)
    r1.console("rm", "-r", "/run/netmgr-frr")  # as a reboot does
    with pytest.raises(NotConfirmedError, match=r"\(unknown\)"):
        r1.open().adopt("commit-1")
    with pytest.raises(NotConfirmedError, match=r"\(unknown\)"):
        driver.confirm_commit()
    assert "description pending" not in r1.startup()


def test_without_a_safety_net_nothing_is_touched(r1):
    before, driver = r1.state(), r1.open()
    driver.load_merge_candidate(config=LINE)
    ip = r1.console("sh", "-c", "readlink -f $(command -v ip)").strip()
    r1.console("mount", "--bind", "/bin/false", ip)
    with pytest.raises(CommitRefusedError, match=r"\(not_armed\)"):
        driver.commit_config(revert_in=60)
    r1.console("umount", ip)
    assert r1.state() == before
    assert not driver.has_pending_commit()


def test_a_file_per_daemon_is_refused(r1):
    before, driver = r1.state(), r1.open()
    driver.load_merge_candidate(config=LINE)
    vtysh_conf = r1.console("cat", "/etc/frr/vtysh.conf")
    r1.console("sh", "-c", "echo no service integrated-vtysh-config > /etc/frr/vtysh.conf")
    with pytest.raises(CommitRefusedError, match=r"\(not_integrated\)"):
        driver.commit_config()
    r1.console("sh", "-c", "cat > /etc/frr/vtysh.conf", text=vtysh_conf)
    assert r1.state() == before


def test_a_person_on_the_router_sees_and_ends_a_pending_commit(r1):
    before = r1.state()
    commit(r1, LINE, 60)
    program = "/var/lib/netmgr-frr/netmgr-frr"
    status = json.loads(r1.console(program, "status"))
    assert (status["commit"], status["change"], status["state"]) == ("commit-1", "change-1", "pending")
    assert json.loads(r1.console(program, "rollback"))["state"] == "rolled_back"
    assert r1.state() == before
    assert json.loads(r1.console(program, "status"))["state"] == "none"
    assert json.loads(r1.console(program, "rollback", check=False)) == {"failed": "no commit is pending"}
