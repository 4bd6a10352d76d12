"""Compliance, ignore patterns, state and reach on real routers: what is done to them is found, and nothing else."""

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.lab.site import NAMES, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

RULES = """\
costs-are-planned:
  title: no cost of OSPF is typed by hand
  platforms: [frr]
  section: ["interface eth.*"]
  forbidden: ["ip ospf cost .*"]
"""
IGNORE = """\
trial:
  owner: p-17
  reason: a trial of costs
  expires: "%s"
  section: ["interface eth1"]
  lines: ["ip ospf cost .*"]
  rules: [costs-are-planned]
"""


@pytest.fixture
def ruled(site: Site) -> Iterator[Site]:
    policies = site.workspace / "config/policies"
    (policies / "compliance").mkdir(parents=True)
    (policies / "ignore").mkdir()
    (policies / "compliance/square.yaml").write_text(RULES)
    (policies / "versions.yaml").write_text(
        "frr: {checked: '2026-11-29', source: the project, supported: [{minimum: '8.4'}]}\n"
    )
    yield site
    shutil.rmtree(policies)


def audited(site: Site, *parts: str, code: int = 0) -> dict[str, list[tuple[str, str | None, str]]]:
    """Device → (check, rule, severity) of everything that is found there, but for who is not heard with LLDP."""
    made = site.run("audit", "--part", ",".join(parts), "--detailed-exitcode", "-o", "json", code=code)
    return {
        device["device"]: found
        for device in json.loads(made)["devices"]
        if (
            found := [
                (finding["check"], finding["rule"], finding["severity"])
                for finding in device["findings"]
                if finding["check"] != "lldp"
            ]
        )
    }


def test_a_network_that_is_well(ruled: Site):
    wait_until(lambda: _reaches(ruled), seconds=30, every=1)
    made = json.loads(ruled.run("audit", "--part", "all", "-o", "json"))
    assert made["parts"] == ["configuration", "compliance", "state", "reach"]
    assert [
        sorted({(one["part"], one["check"]) for one in device["passed"]}) for device in made["devices"]
    ] == [
        [
            ("compliance", "compliance"),
            ("configuration", "configuration"),
            ("reach", "reachability"),
            ("state", "bgp_adjacency"),
            ("state", "interface"),
            ("state", "ospf_adjacency"),
            ("state", "version"),
        ]
    ] * len(NAMES)


def _reaches(site: Site) -> bool:
    made = json.loads(site.run("audit", "--part", "reach", "-o", "json"))
    return not any(device["findings"] for device in made["devices"])


def test_a_rule_and_a_pattern_with_its_last_day(ruled: Site):
    ignore = ruled.workspace / "config/policies/ignore/square.yaml"
    typed = ("vtysh", "-c", "configure terminal", "-c", "interface eth1", "-c")
    ruled.console("r1", *typed, "ip ospf cost 77")
    ruled.console("r1", "vtysh", "-c", "write memory")
    usual = ("configuration", "compliance")
    try:
        broken = [("configuration", None, "error"), ("compliance", "costs-are-planned", "error")]
        assert audited(ruled, *usual, code=2) == {"r1": broken}
        ignore.write_text(IGNORE % "2099-12-31")
        let_be = [("ignored", "trial", "info"), ("ignored", "costs-are-planned", "info")]
        assert audited(ruled, *usual) == {"r1": let_be}
        ignore.write_text(IGNORE % "2020-12-31")
        assert audited(ruled, *usual, code=2) == {
            "r1": [
                broken[0],
                ("ignored", "trial", "warning"),
                broken[1],
                ("ignored", "costs-are-planned", "warning"),
            ]
        }
    finally:
        ruled.console("r1", *typed, "no ip ospf cost")
        ruled.console("r1", "vtysh", "-c", "write memory")
    assert audited(ruled, *usual) == {}


def test_a_link_that_is_cut(ruled: Site):
    ruled.console("r1", "ip", "link", "set", "eth1", "down")
    down = {
        "r1": [("ospf_adjacency", "ospf eth1", "error"), ("interface", "eth1", "error")],
        "r2": [("ospf_adjacency", "ospf eth1", "error"), ("interface", "eth1", "error")],
    }
    try:
        wait_until(lambda: _without_bgp(ruled) == down, seconds=40, every=1)
    finally:
        ruled.console("r1", "ip", "link", "set", "eth1", "up")
    wait_until(lambda: _state(ruled) == {}, seconds=40, every=1)


def _without_bgp(site: Site) -> dict[str, list[tuple[str, str | None, str]]]:
    """Sessions end sooner or later, as their timers have it."""
    found = {
        device: [one for one in findings if one[0] != "bgp_adjacency"]
        for device, findings in _state(site).items()
    }
    return {device: findings for device, findings in found.items() if findings}


def _state(site: Site) -> dict[str, list[tuple[str, str | None, str]]]:
    """As ``audited``, whatever the exit code."""
    made = site.run("audit", "--part", "state", "-o", "json")
    return {
        device["device"]: found
        for device in json.loads(made)["devices"]
        if (
            found := [
                (one["check"], one["rule"], one["severity"])
                for one in device["findings"]
                if one["check"] != "lldp"
            ]
        )
    }


def test_unwanted_drift_is_reverted_by_the_plan_that_says_so(site: Site, tmp_path):
    site.console("r2", "vtysh", "-c", "configure terminal", "-c", "ip route 203.0.113.0/24 blackhole")
    site.run("audit", "--detailed-exitcode", code=2)
    listed = json.loads(site.run("drift", "list", "-o", "json"))
    assert [(one["device"], one["added"], one["removed"]) for one in listed["devices"]] == [("r2", 0, 1)]
    plan = tmp_path / "plan.json"
    site.run("drift", "revert", "r2", "--out", str(plan))
    site.run("deploy", str(plan), "--yes", "-m", "as intended")
    site.run("audit", "--detailed-exitcode")
    assert json.loads(site.run("drift", "list", "-o", "json"))["devices"] == []
    assert site.running("r2") == site.baseline["r2"]
