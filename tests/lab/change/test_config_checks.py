"""config/checks on real routers: a change that keeps every adjacency and breaks something else goes back."""

import shutil
from collections.abc import Iterator

import pytest

from tests.lab.site import NAMES, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

ALL_KINDS = """\
loopbacks: {kind: reachability, settle: 0}
kept: {kind: routes, settle: 0, present: [203.0.113.0/24]}
up: {kind: interfaces}
cabling: {kind: lldp}
named: {kind: napalm_validate, file: napalm/names.yaml}
"""


@pytest.fixture
def checked(site: Site) -> Iterator[Site]:
    """The square; what a test writes below config/checks is removed after it."""
    yield site
    shutil.rmtree(site.workspace / "config/checks")


def write(site: Site, text: str) -> None:
    directory = site.workspace / "config/checks"
    (directory / "napalm").mkdir(parents=True)
    (directory / "square.yaml").write_text(text)
    (directory / "napalm/names.yaml").write_text("- get_facts: {hostname: '^r[1-3]$'}\n")


def told(result, status, *names):
    return [
        (c["device"], c["name"], c["detail"])
        for c in result["checks"]
        if c["status"] == status and (not names or c["name"] in names)
    ]


def bgp_routes(site: Site, name: str) -> list[str]:
    return site.console(name, "ip", "-4", "route", "show", "proto", "bgp").splitlines()


@pytest.mark.faults  # takes long
def test_a_route_map_that_loses_routes_is_rolled_back(checked: Site):
    asn = "bgp: {asn: 65001, ebgp_requires_policy: false"
    static = "    static_routes: [{prefix: 198.51.100.0/24, discard: true}]\n"
    announced = f"{asn}, networks: [198.51.100.0/24]}}\n{static}"
    denied = (
        f"{asn}, networks: [198.51.100.0/24], "
        "neighbors: {10.0.0.1: {export_policy: nothing}, 10.0.0.6: {export_policy: nothing}}}\n"
        f"    route_maps: {{nothing: [{{action: deny}}]}}\n{static}"
    )
    with checked.edited(f"{asn}}}\n", announced):
        assert checked.deploy(confirm_in=90)["outcome"] == "applied"
        wait_until(
            lambda: all(len(bgp_routes(checked, name)) == 1 for name in NAMES[1:]), seconds=30, every=0.5
        )
        before = {name: checked.running(name) for name in NAMES}
        write(checked, "kept: {kind: routes, protocols: [bgp], settle: 7, within: 8}\n")
        with checked.edited(announced, denied):
            result = checked.deploy(confirm_in=90, code=4)
        assert {d["device"]: d["outcome"] for d in result["devices"] if d["outcome"] != "unchanged"} == {
            "r1": "rolled_back"
        }
        lost = "ipv4 bgp: 0 routes, 1 before (at most 0 lost)"
        assert told(result, "failed") == [(name, "kept", lost) for name in NAMES[1:]]
        assert {name: checked.running(name) for name in NAMES} == before
        wait_until(
            lambda: all(len(bgp_routes(checked, name)) == 1 for name in NAMES[1:]), seconds=30, every=0.5
        )


def test_a_blackhole_on_the_way_is_rolled_back(checked: Site):
    write(checked, "loopbacks: {kind: reachability, settle: 1, within: 5}\n")
    before = checked.everything()
    with checked.with_data("r1", "static_routes: [{prefix: 10.255.0.3/32, discard: true}]"):
        result = checked.deploy(confirm_in=60, code=4)
    assert told(result, "failed") == [
        ("r1", "loopbacks", "r3 10.255.0.3: no answer"),
        ("r3", "loopbacks", "r1 10.255.0.1: no answer"),
    ]
    assert checked.everything() == before


def test_what_was_broken_before_is_told_and_not_blamed(checked: Site):
    write(checked, ALL_KINDS)
    checked.console("r1", "ip", "route", "add", "blackhole", "10.255.0.3/32")
    try:
        with checked.with_data("r2", "interfaces: {eth2: {description: checked}}"):
            result = checked.deploy(confirm_in=60)
    finally:
        checked.console("r1", "ip", "route", "del", "blackhole", "10.255.0.3/32")
    assert told(result, "failed") == []
    assert told(result, "pending") == [
        ("r1", "loopbacks", "r3 10.255.0.3: no answer (was so before)"),
        ("r1", "kept", "203.0.113.0/24: no route (was so before)"),
        ("r2", "kept", "203.0.113.0/24: no route (was so before)"),
        ("r3", "loopbacks", "r1 10.255.0.1: no answer (was so before)"),
        ("r3", "kept", "203.0.113.0/24: no route (was so before)"),
        ("r4", "kept", "203.0.113.0/24: no route (was so before)"),
        ("r4", "named", "get_facts.hostname: '^r[1-3]$' expected, 'r4' found (was so before)"),
    ]
    assert [(c["device"], c["severity"]) for c in result["checks"] if c["status"] == "not_measured"] == [
        (name, "warn") for name in NAMES
    ]
    assert told(result, "passed", "up") == [(name, "up", "4 up") for name in NAMES]
    assert told(result, "passed", "loopbacks") == [
        (name, "loopbacks", "3 addresses answer") for name in ("r2", "r4")
    ]
