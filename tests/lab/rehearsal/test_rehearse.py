"""Rehearsals of the example client: what its network would suffer is found on a twin, and nobody's lab is touched."""

from collections.abc import Iterator
from functools import partial

import pytest

from netmgr.adapters.workspace_files import make_workspace
from tests.lab.site import Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

HOSTS = "inventory/acme/hosts.yaml"
DEVICES = ("edge1", "edge2", "core1", "core2", "north1", "south1", "isp-a", "isp-b")
UPLINKS = "      eth3: {description: branch north,"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example client's own lab, booted with what is intended; nothing was ever deployed to it."""
    workspace = tmp_path_factory.mktemp("rehearsed") / "work"
    make_workspace(workspace, examples=True)
    site = Site(workspace, client="acme")
    site.run("lab", "up", "--from", "intended")
    for word in ("-4", "-6"):
        for device in ("north1", "south1"):
            wait_until(
                partial(site.console, device, "ip", word, "route", "show", "default"), seconds=60, every=0.3
            )
    yield site
    site.run("lab", "down")


def seen(site: Site) -> dict[str, object]:
    """All that a rehearsal could have left behind, or changed."""
    return {
        "lab": {device: site.running(device) for device in DEVICES},
        "status": site.document("lab", "status"),
        "changes": [e for e in site.document("log", "list")["entries"] if e["kind"] == "change"],
        "twins": [str(path) for path in (site.workspace / ".netmgr/twins").glob("*")],
        "labs": sorted(path.name for path in (site.workspace / ".netmgr/lab").iterdir()),
    }


@pytest.fixture(scope="module")
def untouched(acme):
    """What there is before any rehearsal."""
    return seen(acme)


def test_a_lab_from_what_is_intended_runs_it(acme, untouched):
    plan = acme.document("plan")
    assert {d["device"]: d["action"] for d in plan["devices"]} == dict.fromkeys(DEVICES[:6], "none")
    assert untouched["changes"] == []
    # isp-b has its half of the sessions, as without --from.
    assert "neighbor 198.51.100.0 remote-as 64496" in untouched["lab"]["isp-b"]


def test_a_change_that_cuts_a_branch_off_is_found_before_it_is_made(acme, untouched):
    """Both uplinks of a branch are shut on purpose: its sessions are not required, so a deploy would go through."""
    before = untouched
    shut = f"      eth1: {{enabled: false}}\n      eth2: {{enabled: false}}\n{UPLINKS}"
    with acme.edited(UPLINKS, shut, HOSTS):
        made = acme.document("rehearse", code=1)
        entry = acme.document("log", "list")["entries"][-1]
    assert (made["outcome"], made["change"]) == ("failed", "applied")
    others = ("edge1", "edge2", "core1", "core2", "south1")
    cut = {
        (*sorted((other, "north1"), key=DEVICES.index), family)
        for other in others
        for family in ("ipv4", "ipv6")
    }
    assert {(p["source"], p["destination"], p["family"]) for p in made["partitions"]} == cut
    (reason,) = made["reasons"]
    assert reason.startswith("10 pairs of loopbacks lose connectivity for good: ")
    assert (made["pairs"], made["probed"], made["interval"]) == (30, 18, 0.05)
    ends = {"core1": "eth4", "core2": "eth4"}
    assert {(a["device"], a["protocol"], a["peer"]) for a in made["adjacencies_lost"]} == {
        (device, protocol, interface)
        for protocol in ("ospf", "ospf3")
        for device, interface in (*ends.items(), ("north1", "eth1"), ("north1", "eth2"))
    }
    assert made["adjacencies_gained"] == []
    lost = {d["device"]: set(d["lost"]) for d in made["routes"]}
    branch = {"10.1.255.5/32", "10.2.0.0/24", "2001:db8:a:ff::5/128", "2001:db8:a:2000::/64"}
    assert {device for device, prefixes in lost.items() if branch <= prefixes} == set(others)
    assert {"0.0.0.0/0", "::/0"} <= lost["north1"]
    # Every probed pair of the branch is silent to the end, and nobody else is.
    silent = {(o["source"], o["destination"], o["family"]) for o in made["outages"] if o["longest"] > 3}
    assert silent == {ends for ends in cut if ends[:2] not in (("edge2", "north1"), ("core1", "north1"))}
    kinds = {d["device"]: (d["kind"], d["source"]) for d in made["devices"]}
    assert kinds == {
        **dict.fromkeys(DEVICES[:6], ("real", "running")),
        **dict.fromkeys(DEVICES[6:], ("real", "intended")),
    }
    assert (entry["kind"], entry["action"], entry["outcome"]) == ("rehearsal", "rehearse", "failed")
    assert (entry["facts"]["plan"], entry["facts"]["partitions"]) == (made["plan"], 10)
    assert seen(acme) == before


@pytest.mark.faults
def test_a_harmless_change_passes(acme, untouched):
    with acme.edited("description: branch south", "description: branch south (moved)", HOSTS):
        plan = acme.document("plan")
        made = acme.document("rehearse", plan["id"])
    assert (made["outcome"], made["change"], made["reasons"], made["warnings"]) == (
        "passed",
        "applied",
        [],
        [],
    )
    assert (made["plan"], made["pairs"], made["probed"]) == (plan["id"], 30, 18)
    assert [made[key] for key in ("partitions", "routes", "adjacencies_lost", "adjacencies_gained")] == [
        [],
        [],
        [],
        [],
    ]
    # The inventory is as it was: the plan is stale now, and without one there is nothing to rehearse.
    (refusal,) = acme.document("rehearse", plan["id"], code=5)["refused"]
    assert refusal["gate"] == "stale_plan"
    assert {d["action"] for d in acme.document("rehearse")["devices"]} == {"none"}
    assert seen(acme) == untouched


def test_a_rehearsal_that_is_told_to_end_leaves_nothing(acme, untouched):
    with acme.edited("description: branch south", "description: branch south (moved)", HOSTS):
        process = acme.start("rehearse")
        assert process.stderr
        assert next(line for line in process.stderr if " booted in " in line)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert seen(acme) == untouched
