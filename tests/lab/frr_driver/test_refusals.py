"""What a router does not take: orders that do not fit its state, lines that FRR rejects or reads differently."""

import threading

import pytest
from napalm.base.exceptions import CommitError, MergeConfigException, ReplaceConfigException

from napalm_frr.driver import FRRDriver
from napalm_frr.errors import CommitRefusedError, CommitRolledBackError, NotConfirmedError

pytestmark = pytest.mark.lab


def test_second_commit_while_one_is_pending_is_refused(r1):
    first, second = r1.open(), r1.open()
    first.load_merge_candidate(config="interface eth2\n description one\n")
    first.commit_config(revert_in=60)
    second.load_merge_candidate(config="interface eth2\n description two\n")
    with pytest.raises(CommitRefusedError) as refusal:
        second.commit_config()
    assert refusal.value.code == "pending"
    assert "description one" in r1.running()


def test_two_drivers_race_and_one_wins(r1):
    drivers = [r1.open(), r1.open()]
    outcomes: list[object] = [None, None]
    start = threading.Barrier(2)

    def commit(number: int) -> None:
        start.wait()
        try:
            drivers[number].commit_config(revert_in=60)
        except CommitRefusedError as refused:
            outcomes[number] = refused.code

    for number, driver in enumerate(drivers):
        driver.load_merge_candidate(config=f"interface eth2\n description driver{number}\n")
        driver.compare_config()
    threads = [threading.Thread(target=commit, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = outcomes.index(None)
    assert outcomes[1 - winner] in ("pending", "busy", "drift")
    assert f"description driver{winner}\n" in r1.running()
    assert f"description driver{1 - winner}\n" not in r1.running()


@pytest.mark.parametrize(
    ("epoch", "digest", "code"),
    [(4, None, "epoch"), (9, "0" * 64, "drift")],
    ids=["stale epoch", "other configuration"],
)
def test_fence_refuses(r1, epoch, digest, code):
    driver = r1.open()
    driver.fence("change-1", "commit-1", 5, FRRDriver.digest(r1.running()))
    driver.load_merge_candidate(config="interface eth2\n description first\n")
    driver.fence("change-1", "commit-1", 5, FRRDriver.digest(r1.running()))
    driver.commit_config()
    state = r1.state()
    driver.load_merge_candidate(config="interface eth2\n description second\n")
    driver.fence("change-2", "commit-2", epoch, digest or FRRDriver.digest(r1.running()))
    with pytest.raises(CommitRefusedError) as refusal:
        driver.commit_config(revert_in=60)
    assert refusal.value.code == code
    assert r1.state() == state
    assert driver.commit_status("commit-2")["state"] == "unknown"


def test_drift_between_compare_and_commit_is_refused(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="interface eth2\n description mine\n")
    driver.compare_config()
    r1.vtysh("configure terminal", "ip route 198.18.7.0/24 blackhole")
    state = r1.state()
    with pytest.raises(CommitRefusedError, match=r"\(drift\)"):
        driver.commit_config()
    assert r1.state() == state


def test_a_commit_id_is_used_once(r1):
    driver = r1.open()
    for description in ("one", "two"):
        driver.load_merge_candidate(config=f"interface eth2\n description {description}\n")
        driver.fence("change", "commit-1", 1, FRRDriver.digest(r1.running()))
        if description == "two":
            with pytest.raises(CommitRefusedError, match=r"\(repeated\)"):
                driver.commit_config()
        else:
            driver.commit_config()
    assert "description one" in r1.running()


def test_confirm_refuses_drift_and_an_older_lease(r1):
    driver, other = r1.open(), r1.open()
    driver.load_merge_candidate(config="interface eth2\n description mine\n")
    driver.fence("change", "commit-1", 3, FRRDriver.digest(r1.running()))
    driver.commit_config(revert_in=60)
    other.adopt("commit-1", epoch=2)
    with pytest.raises(NotConfirmedError, match=r"\(epoch\)"):
        other.confirm_commit()
    r1.vtysh("configure terminal", "ip route 198.18.7.0/24 blackhole")
    with pytest.raises(NotConfirmedError, match=r"\(drift\)"):
        driver.confirm_commit()
    assert driver.has_pending_commit()
    assert "description mine" not in r1.startup()


@pytest.mark.parametrize(
    ("candidate", "message"),
    [
        ("interface eth2\n bogus line\n", "line 2: bogus line: unknown command"),
        ("interface eth2\nip address 10.0.2.1/24\n", r"line 2: ip address 10.0.2.1/24: .*indented"),
        (
            "interface eth2\n ip route 1.2.3.4/32 blackhole\n",
            "line 1: interface eth2: a line in it does not belong",
        ),
        ("ip router-id 1.1.1.1\n log syslog\n", "line 2: log syslog: stands under 'ip router-id 1.1.1.1'"),
        ("do write memory\n", "line 1: do write memory: runs a command"),
        ("output file /tmp/x\n", "line 1: output file /tmp/x: runs a command"),
        ("interface eth2\n description a\x1bb\n", "line 2: .*control character"),
        (f"interface eth2\n description {'x' * 4100}\n", "line 2: .*longer than"),
        ("router bgp 65001\n neighbor 10.0.0.9\n", "line 2: neighbor 10.0.0.9: command incomplete"),
    ],
)
def test_a_rejected_line_is_named_when_it_is_loaded(r1, candidate, message):
    driver = r1.open()
    with pytest.raises(MergeConfigException, match=message):
        driver.load_merge_candidate(config=candidate)
    with pytest.raises(ReplaceConfigException, match=message):
        driver.load_replace_candidate(config=candidate)
    with pytest.raises(CommitError, match="no candidate is loaded"):
        driver.commit_config()


@pytest.mark.parametrize(
    ("lines", "differs"),
    [
        (
            "router bgp 65001\n address-family ipv4 unicast\n  network 10.1.2.3/8\n",
            (
                "missing: router bgp 65001 / address-family ipv4 unicast / network 10.1.2.3/8",
                "unexpected: router bgp 65001 / address-family ipv4 unicast / network 10.0.0.0/8",
            ),
        ),
        (
            "ip route 198.18.2.0/24 blackhole\nrouter bgp 65001\n neighbor 10.0.0.9 peer-group NOWHERE\n"
            "ip route 198.18.3.0/24 blackhole\n",
            ("missing: router bgp 65001 / neighbor 10.0.0.9 peer-group NOWHERE",),
        ),
        ("hostname other\nbanner motd line hello\n", ("missing: banner motd line hello",)),
    ],
    ids=["a line that FRR normalises", "a bad line in the middle", "a line that FRR does not keep"],
)
def test_what_does_not_read_back_is_rolled_back_and_named(r1, lines, differs):
    before, driver = r1.state(), r1.open()
    driver.load_merge_candidate(config=lines)
    with pytest.raises(CommitRolledBackError) as error:
        driver.commit_config(revert_in=60)
    assert error.value.differs == differs
    assert r1.state() == before
    assert not driver.has_pending_commit()


def test_a_secret_that_does_not_read_back_is_not_told(r1):
    driver = r1.open()
    driver.load_merge_candidate(config="router bgp 65001\n neighbor 10.9.9.9 password s3cret\n")
    with pytest.raises(CommitRolledBackError) as error:
        driver.commit_config()
    assert error.value.differs == ("missing: router bgp 65001 / neighbor 10.9.9.9 password <removed>",)
    assert "s3cret" not in str(error.value)
    assert "s3cret" not in r1.console(
        "sh", "-c", "cat /var/lib/netmgr-frr/journal; cat /run/netmgr-frr/*.record"
    )
