"""Cases that are no deploy under a fault: what is asked, done or read while something is wrong on a router."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Any

from tests.faults.routers.pair import SETTINGS, TIMEOUT, Pair, Router
from tests.waiting import wait_until

SETTLING = 60


@contextlib.contextmanager
def _timeout(pair: Pair, seconds: int) -> Iterator[None]:
    with pair.edited(TIMEOUT, f"timeout: {seconds}", SETTINGS):
        yield


def _status(document: dict[str, Any], device: str) -> str:
    return next(str(d["status"]) for d in document["devices"] if d["device"] == device)


def _error(document: dict[str, Any], device: str) -> str:
    return next(str(d["error"]) for d in document["devices"] if d["device"] == device)


def _nothing_is_planned(pair: Pair, why: str, status: str, code: int) -> None:
    """r1 cannot be read as a whole: audit, plan and deploy say so, and nothing of it is planned or done."""
    audit = pair.document("audit", code=code)
    assert (_status(audit, "r1"), _status(audit, "r2")) == (status, "compliant")
    assert why in str(audit["devices"][0]["findings"])
    assert [(d["added"], d["removed"]) for d in audit["devices"] if d["device"] == "r1"] == [(0, 0)]
    with pair.renamed():
        plan = pair.document("plan", code=3)
        assert [d["device"] for d in plan["devices"]] == ["r2"]
        assert why in plan["unreachable"]["r1"]
        deployed = pair.deploy(code=1)
    assert {d["device"]: d["outcome"] for d in deployed["devices"]} == {"r1": "failed", "r2": "refused"}
    assert why in _error(deployed, "r1")
    assert "\n" not in _error(deployed, "r1")


def _back(pair: Pair, before: dict[str, Any]) -> None:
    wait_until(lambda: pair.state() == before, seconds=SETTLING, every=0.5)


def a_dead_daemon_is_no_deletion(pair: Pair) -> None:
    before, r1 = pair.state(), pair.routers["r1"]
    assert r1.signal("watchfrr", signal.SIGKILL)  # it would start bgpd again
    assert r1.signal("bgpd", signal.SIGKILL)
    try:
        assert "router bgp" not in r1.vtysh("show running-config"), "its part is simply missing"
        _nothing_is_planned(pair, "bgpd is down", "error", 1)
        assert r1.state().startup == before["r1"].startup
    finally:
        r1.start("/usr/lib/frr/frrinit.sh", "restart")
    _back(pair, before)


def a_frozen_daemon_is_no_deletion(pair: Pair) -> None:
    before, r1 = pair.state(), pair.routers["r1"]
    r1.signal("watchfrr", signal.SIGSTOP)  # it would take it for dead, and start another one
    assert r1.signal("bgpd", signal.SIGSTOP)
    try:
        with _timeout(pair, 4):
            _nothing_is_planned(pair, "no answer", "unreachable", 3)
        assert "bgpd" in r1.stopped()
    finally:
        r1.signal("bgpd", signal.SIGCONT)
        r1.signal("watchfrr", signal.SIGCONT)
    _back(pair, before)


def write_memory_lies(pair: Pair) -> None:
    before, r1 = pair.state(), pair.routers["r1"]
    startup = r1.root / "etc/frr/frr.conf"
    r1.shell("cat /dev/zero > /etc/frr/filler 2>/dev/null; true")
    try:
        assert "[OK]" in r1.vtysh("write memory")
        assert startup.read_text() != before["r1"].startup, "the device has lied"
        told = {d["device"]: [f["detail"] for f in d["findings"]] for d in pair.document("audit")["devices"]}
        assert [len(details) for details in told.values()] == [1, 0]
        assert told["r1"][0].startswith("what runs is not saved: a reboot would ")
    finally:
        r1.shell("rm -f /etc/frr/filler /etc/frr/frr.conf.sav")
        startup.write_text(before["r1"].startup)
    assert pair.state() == before


def _line(pair: Pair, data: str, judged: Callable[[Router], None]) -> None:
    """Lines for r1 alone: either they are applied as they read, or the router is as before."""
    before = pair.state()
    with pair.edited(
        "loopback: 10.255.0.1\n", f"loopback: 10.255.0.1\n    {data}\n", "inventory/pair/hosts.yaml"
    ):
        judged(pair.routers["r1"])
    pair.deploy("-m", "without the line")
    _back(pair, before)


def _taken_back(pair: Pair, missing: str) -> Callable[[Router], None]:
    """The change goes back with an error that names the line; it is never called applied without being there."""

    def judged(r1: Router) -> None:
        before = r1.state()
        document = pair.deploy("-l", "r1", code=4, confirm_in=20)
        assert [(d["device"], d["outcome"]) for d in document["devices"]] == [("r1", "rolled_back")]
        assert missing in _error(document, "r1")
        assert "canary" not in _error(document, "r1")
        assert "\n" not in _error(document, "r1")
        assert r1.state() == before

    return judged


def a_normalised_line(pair: Pair) -> None:
    told = "missing: ip route 10.1.2.3/8 blackhole; unexpected: ip route 10.0.0.0/8 blackhole"
    _line(pair, 'extra_config: ["ip route 10.1.2.3/8 blackhole"]', _taken_back(pair, told))


def a_salted_line(pair: Pair) -> None:
    secret = pair.workspace / "secrets/pair/vty"
    secret.touch(0o600)
    secret.write_text("canary-4711")
    lines = '["password secret://file/vty", "service password-encryption"]'
    _line(pair, f"extra_config: {lines}", _taken_back(pair, "missing: password "))


def an_ignored_line(pair: Pair) -> None:
    lines = "[{section: router bgp 65001, lines: [bgp default ipv4-unicast]}]"
    _line(pair, f"extra_config: {lines}", _taken_back(pair, "bgp default ipv4-unicast"))


def drift_between_plan_and_deploy(pair: Pair) -> None:
    r1, plan = pair.routers["r1"], pair.workspace / "plan.json"
    before = pair.state()
    with pair.renamed():
        pair.document("plan", "--out", str(plan))
        r1.vtysh("configure terminal", "ip route 198.51.100.0/24 blackhole")
        drifted = pair.state()
        assert drifted != before
        try:
            refused = pair.document("deploy", str(plan), "--yes", code=5)
            assert [refusal["gate"] for refusal in refused["refused"]] == ["stale_plan"]
            assert pair.state() == drifted, "neither router was touched"
        finally:
            r1.vtysh("configure terminal", "no ip route 198.51.100.0/24 blackhole")
    _back(pair, before)
