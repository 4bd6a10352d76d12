"""Changes on real routers: all-new or all-old, by vtysh and by the kernel."""

import contextlib
import socket
import threading
import time

import pytest

from tests.lab.site import NAMES
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def outcomes(document):
    return {device["device"]: device["outcome"] for device in document["devices"]}


def failed_checks(document):
    return sorted(
        (c["device"], c["name"], c["detail"]) for c in document["checks"] if c["status"] == "failed"
    )


class Watch:
    """Asks for a router's SSH banner again and again, and measures how long it is away."""

    def __init__(self, port):
        self._port, self._stop = port, threading.Event()
        self.away = 0.0
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def _watch(self):
        last = time.monotonic()
        while not self._stop.wait(0.1):
            if self._answers():
                last = time.monotonic()
            else:
                self.away = max(self.away, time.monotonic() - last)


def port(site, device):
    return next(d["port"] for d in site.document("lab", "status")["devices"] if d["device"] == device)


def comes_back(site, before):
    """Wait until configuration and kernel of every router are what they were; then compare them by equality."""
    with contextlib.suppress(AssertionError):
        wait_until(lambda: site.everything() == before, seconds=15, every=1)
    assert site.everything() == before


def test_a_second_deploy_is_unchanged_and_every_adjacency_is_up(site):
    before = {name: site.running(name) for name in NAMES}
    document = site.deploy()
    assert (document["outcome"], outcomes(document)) == ("unchanged", dict.fromkeys(NAMES, "unchanged"))
    assert {name: site.down(name) for name in NAMES} == {name: [] for name in NAMES}
    assert {name: site.running(name) for name in NAMES} == before
    assert site.document("plan", "--detailed-exitcode")["waves"] == []


def test_a_change_on_two_devices_is_applied_written_to_startup_and_rolled_back_on_demand(site):
    before = {name: site.running(name) for name in NAMES}
    with site.edited(
        '"r1:eth1", "r2:eth1"]\n', '"r1:eth1", "r2:eth1"]\n    description: renamed\n', TOPOLOGY
    ):
        assert site.document("plan", "--detailed-exitcode", code=2)["waves"] == [["r1", "r2"]]
        document = site.deploy("-m", "rename", "--ticket", "T-12")
        assert outcomes(document) == {"r1": "applied", "r2": "applied", "r3": "unchanged", "r4": "unchanged"}
        for name in ("r1", "r2"):
            assert " description renamed\n" in site.running(name)
            assert " description renamed\n" in site.console(name, "cat", "/etc/frr/frr.conf")
    intent = next(e for e in site.entries() if e["phase"] == "intent" and e["change"] == document["change"])
    assert (intent["ticket"], intent["target"], intent["auth"]) == ("T-12", "lab", "os")
    undone = site.document("rollback", document["change"], "--yes", "--confirm-in", "60")
    assert outcomes(undone) == {"r1": "applied", "r2": "applied"}
    assert {name: site.running(name) for name in NAMES} == before


TOPOLOGY = "inventory/square/topology.yaml"

CUTS = {
    "its management interface is shut": "interfaces: {eth0: {enabled: false}}",
    "a static route swallows the management station": (
        "static_routes: [{prefix: 172.30.0.1/32, discard: true}]"
    ),
}


@pytest.mark.parametrize(
    "cut", [pytest.param(cut, marks=[pytest.mark.faults] if "route" in cut else []) for cut in CUTS]
)
@pytest.mark.tally("faults")
def test_a_router_that_cuts_its_own_management_comes_back_by_itself(site, cut):
    before = site.everything()
    with site.with_data("r3", CUTS[cut]), Watch(port(site, "r3")) as watch:
        document = site.deploy(code=4, confirm_in=15)
        assert (document["outcome"], outcomes(document)["r3"]) == ("rolled_back", "rolled_back")
    assert 5 < watch.away < 15 + 10, "away at all, and back within the timer and ten seconds"
    site.settled()
    comes_back(site, before)


def test_a_wrong_as_number_on_one_side_goes_back(site):
    before = site.everything()
    with site.edited("asn: 65002", "asn: 65099"):
        document = site.deploy("-l", "r2", code=4, confirm_in=15)
    assert (document["outcome"], outcomes(document)) == ("rolled_back", {"r2": "rolled_back"})
    assert {(device, name) for device, name, _ in failed_checks(document)} == {("r2", "bgp_adjacency")}
    site.settled()
    comes_back(site, before)


def test_the_same_number_on_both_sides_is_applied(site):
    with site.edited("asn: 65002", "asn: 65099"):
        document = site.deploy()
        assert outcomes(document) == {"r1": "applied", "r2": "applied", "r3": "applied", "r4": "unchanged"}
        assert site.down("r2") == []
    assert outcomes(site.deploy())["r2"] == "applied"


@pytest.mark.tally("faults")
def test_a_rejected_line_stops_the_change_on_every_device(site):
    before = site.everything()
    with (
        site.with_data("r2", 'extra_config: ["frobnicate the network"]'),
        site.edited("asn: 65004", "asn: 65098"),
    ):
        document = site.deploy(code=1)
    assert outcomes(document) == {"r1": "refused", "r2": "failed", "r3": "refused", "r4": "refused"}
    error = next(d["error"] for d in document["devices"] if d["device"] == "r2")
    assert "frobnicate the network" in error
    assert "\n" not in error
    assert site.everything() == before


def test_held_and_confirmed_or_forgotten(site):
    with site.with_data("r1", "static_routes: [{prefix: 198.51.100.0/24, discard: true}]"):
        held = site.deploy("--hold")
        assert (held["outcome"], held["devices"]) == ("pending", [])
        refused = site.deploy(code=5)
        assert [refusal["gate"] for refusal in refused["refused"]] == ["open_change"]
        confirmed = site.document("confirm", held["change"])
        assert outcomes(confirmed) == {"r1": "applied"}
        assert "ip route 198.51.100.0/24 blackhole\n" in site.console("r1", "cat", "/etc/frr/frr.conf")
    before = site.running("r1")
    held = site.deploy("--hold", confirm_in=12)
    assert site.running("r1") != before
    wait_until(lambda: site.running("r1") == before, seconds=25, every=0.5)
    recovered = site.document("recover", code=4)
    assert [outcomes(change) for change in recovered["changes"]] == [{"r1": "rolled_back"}]


def test_the_console_command_gives_the_same_answer(site):
    command = ["vtysh", "-c", "show running-config"]
    assert site.run("lab", "exec", "r1", "--", *command) == site.console("r1", *command)


def test_a_dry_run_touches_nothing(site):
    before, entries = site.everything(), len(site.entries())
    with site.with_data("r1", "static_routes: [{prefix: 198.51.100.0/24, discard: true}]"):
        document = site.deploy("--dry-run")
        assert (document["change"], outcomes(document)["r1"]) == (None, "refused")
    assert site.everything() == before
    assert {e["kind"] for e in site.entries()[entries:]} == {"inventory"}
