"""Replace, merge, commit, confirm and rollback on a real router: what a user of NAPALM does, and what it leaves."""

import pytest
from napalm.base.exceptions import (
    CommandErrorException,
    CommitError,
)

from napalm_frr.driver import FRRDriver
from napalm_frr.errors import NotConfirmedError
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def without(text: str, *starts: str) -> str:
    """A configuration without the lines that begin so (blanks in front do not count)."""
    return "".join(f"{line}\n" for line in text.splitlines() if not line.strip().startswith(starts))


def test_nothing_loaded_nothing_to_compare(r1):
    assert r1.open().compare_config() == ""


def test_the_running_configuration_as_candidate_is_no_change(r1):
    driver = r1.open()
    driver.load_replace_candidate(config=driver.get_config("running")["running"])
    assert driver.compare_config() == ""


def test_replace_shows_and_removes_what_the_candidate_omits(r1):
    before, driver = r1.running(), r1.open()
    target = (
        without(before, "neighbor 10.0.0.1 description", "ip route") + "ip route 198.18.9.0/24 blackhole\n"
    )
    driver.load_replace_candidate(config=target)
    assert driver.compare_config() == REPLACED
    driver.commit_config(message="less of everything")
    assert r1.running() == FRRDriver.canonical(target)
    assert FRRDriver.canonical(r1.startup()) == FRRDriver.canonical(target)
    assert driver.read_back == FRRDriver.digest(target)
    driver.load_replace_candidate(config=target)
    assert driver.compare_config() == ""


REPLACED = """\
--- running
+++ candidate
@@ -1,4 +1,4 @@
-ip route 198.18.1.0/24 blackhole
+ip route 198.18.9.0/24 blackhole
 interface eth1
  description to r2
  ip address 10.0.0.0/31
@@ -16,7 +16,6 @@ router bgp 65001
  bgp router-id 10.255.0.1
  no bgp network import-check
  neighbor 10.0.0.1 remote-as 65002
- neighbor 10.0.0.1 description r2
  neighbor 10.0.0.1 timers connect 1
  address-family ipv4 unicast
   network 198.18.1.0/24"""


def test_merge_adds_replaces_and_removes(r1):
    driver = r1.open()
    driver.load_merge_candidate(
        config="router bgp 65001\n neighbor 10.0.0.1 description new\n no bgp network import-check\n"
        " neighbor 10.0.0.9 remote-as 65009\nno ip route 198.18.1.0/24 blackhole\ninterface eth1\n no shutdown\n"
    )
    assert driver.compare_config() == MERGED
    before = r1.running()
    driver.commit_config()
    expected = without(before, "ip route").replace(
        " neighbor 10.0.0.1 description r2\n neighbor 10.0.0.1 timers connect 1\n",
        " neighbor 10.0.0.1 description new\n neighbor 10.0.0.1 timers connect 1\n neighbor 10.0.0.9 remote-as 65009\n",
    )
    assert r1.running() == expected


MERGED = """\
--- running
+++ candidate
@@ -1,4 +1,3 @@
-ip route 198.18.1.0/24 blackhole
 interface eth1
  description to r2
  ip address 10.0.0.0/31
@@ -16,8 +15,9 @@ router bgp 65001
  bgp router-id 10.255.0.1
  no bgp network import-check
  neighbor 10.0.0.1 remote-as 65002
- neighbor 10.0.0.1 description r2
+ neighbor 10.0.0.1 description new
  neighbor 10.0.0.1 timers connect 1
+ neighbor 10.0.0.9 remote-as 65009
  address-family ipv4 unicast
   network 198.18.1.0/24
   neighbor 10.0.0.1 route-map OUT in"""


def test_merge_of_a_negative_that_is_no_line(r1):
    before, driver = r1.running(), r1.open()
    driver.load_merge_candidate(config="interface eth2\n no bandwidth\n description more\n")
    driver.commit_config()
    assert r1.running() == before.replace("interface eth2\n", "interface eth2\n description more\n")


def test_change_of_a_neighbors_as_keeps_the_neighbor(r1):
    driver = r1.open()
    target = r1.running().replace("remote-as 65002", "remote-as 65003")
    driver.load_replace_candidate(config=target)
    driver.commit_config()
    assert r1.running() == target


def test_change_of_the_own_as(r1):
    driver = r1.open()
    target = r1.running().replace("router bgp 65001", "router bgp 65111")
    driver.load_replace_candidate(config=target)
    driver.commit_config()
    assert r1.running() == target


def test_startup_is_written_at_confirm_only(r1):
    startup, driver = r1.startup(), r1.open()
    driver.load_merge_candidate(config="interface eth2\n description pending\n")
    driver.commit_config(revert_in=60)
    assert (driver.has_pending_commit(), r1.startup()) == (True, startup)
    driver.confirm_commit()
    assert (driver.has_pending_commit(), "description pending" in r1.startup()) == (False, True)
    assert FRRDriver.canonical(r1.startup()) == r1.running()
    assert r1.console("stat", "-c", "%U %G %a", "/etc/frr/frr.conf") == "root root 640\n"


def test_expiry_brings_everything_back(r1):
    before, driver = r1.state(), r1.open()
    driver.load_replace_candidate(config=without(r1.running(), "ip route", "network", "ipv6 address"))
    driver.commit_config(revert_in=1)
    commit_id = driver.commit_status()["commit"]
    assert r1.running() != before["running"]
    wait_until(lambda: driver.commit_status(commit_id)["state"] == "rolled_back", seconds=6)
    assert r1.state() == before
    assert driver.has_pending_commit() is False
    with pytest.raises(NotConfirmedError, match=r"not_pending.*it is rolled_back"):
        driver.confirm_commit()


def test_confirm_over_a_new_connection(r1):
    first = r1.open()
    first.load_merge_candidate(config="interface eth2\n description adopted\n")
    first.fence("change-1", "commit-1", 7, FRRDriver.digest(r1.running()))
    first.commit_config(revert_in=60)
    first.close()
    second = r1.open()
    assert second.has_pending_commit()
    with pytest.raises(NotConfirmedError, match=r"\(none\)"):
        second.confirm_commit()
    status = second.adopt("commit-1", epoch=7)
    assert (status["state"], status["change"], status["epoch"]) == ("pending", "change-1", 7)
    second.confirm_commit()
    assert second.commit_status("commit-1")["state"] == "confirmed"
    assert "description adopted" in r1.startup()


def test_rollback_of_a_pending_commit(r1):
    before, driver = r1.state(), r1.open()
    driver.load_merge_candidate(config="interface eth2\n description pending\n")
    driver.commit_config(revert_in=60)
    driver.rollback()
    assert r1.state() == before
    assert not driver.has_pending_commit()
    with pytest.raises(CommandErrorException, match="nothing to roll back"):
        driver.rollback()


def test_rollback_of_a_finished_commit(r1):
    before, driver = r1.running(), r1.open()
    driver.load_merge_candidate(config="interface eth2\n description kept\n")
    driver.commit_config()
    driver.rollback()
    assert (r1.running(), FRRDriver.canonical(r1.startup())) == (before, before)


def test_rollback_of_a_commit_that_another_session_made(r1):
    before, first = r1.state(), r1.open()
    first.fence("change-1", "commit-1", 1, FRRDriver.digest(r1.running()))
    first.load_merge_candidate(config="interface eth2\n description pending\n")
    first.fence("change-1", "commit-1", 1, FRRDriver.digest(r1.running()))
    first.commit_config(revert_in=60)
    second = r1.open()
    second.adopt("commit-1", epoch=2)
    second.rollback()
    assert r1.state() == before
    assert second.commit_status("commit-1")["state"] == "rolled_back"


def test_discarded_candidate_cannot_be_committed(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="interface eth2\n description x\n")
    driver.discard_config()
    with pytest.raises(CommitError, match="no candidate is loaded"):
        driver.commit_config()


def test_the_timer_of_a_finished_commit_cannot_touch_a_later_one(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="interface eth2\n description first\n")
    driver.fence("change-1", "commit-1", 1, FRRDriver.digest(r1.running()))
    driver.commit_config(revert_in=1)
    timer = r1.console("sh", "-c", "ls /run/netmgr-frr")
    assert "commit-1.timer" in timer
    driver.confirm_commit()
    driver.load_merge_candidate(config="interface eth2\n description second\n")
    driver.fence("change-2", "commit-2", 1, FRRDriver.digest(r1.running()))
    driver.commit_config(revert_in=60)
    wait_until(lambda: "commit-1.timer" not in r1.console("ls", "/run/netmgr-frr"), seconds=5)
    # Its deadline is over; whatever it would have done, it would do by then.
    wait_until(lambda: driver.commit_status("commit-2")["left"] < 58, seconds=6)
    assert driver.commit_status("commit-2")["state"] == "pending"
    assert "description second" in r1.running()
    assert ("commit-1", "rolling_back") not in r1.journal()


def test_an_old_timer_that_was_never_told_leaves_a_later_commit_alone(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="interface eth2\n description first\n")
    driver.fence("change-1", "commit-1", 1, FRRDriver.digest(r1.running()))
    driver.commit_config(revert_in=2)
    r1.console(
        "sh",
        "-c",
        "mv /run/netmgr-frr/commit-1.timer /run/netmgr-frr/unheard; mkfifo /run/netmgr-frr/commit-1.timer",
    )
    driver.confirm_commit()
    driver.load_merge_candidate(config="interface eth2\n description second\n")
    driver.fence("change-2", "commit-2", 1, FRRDriver.digest(r1.running()))
    driver.commit_config(revert_in=60)
    wait_until(lambda: "commit-1.timer" not in r1.console("ls", "/run/netmgr-frr"), seconds=10)
    assert driver.commit_status("commit-2")["state"] == "pending"
    assert "description second" in r1.running()


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
def test_a_timer_out_of_range(r1, seconds):
    driver = r1.open()
    driver.load_merge_candidate(config="interface eth2\n description x\n")
    with pytest.raises(CommitError, match="revert_in must be 1 to 86400"):
        driver.commit_config(revert_in=seconds)


def test_files_are_for_root_only(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="interface eth2\n description x\n")
    driver.commit_config(revert_in=60)
    found = r1.console(
        "find", "/run/netmgr-frr", "/var/lib/netmgr-frr", "-perm", "/077", "-not", "-type", "l"
    )
    assert found == ""
