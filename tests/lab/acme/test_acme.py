"""The example client on real routers: dual stack, every session up, and no route but those that its policies name."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from netmgr.adapters.workspace_files import make_workspace
from tests.lab.site import Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

#: Device → its neighbors by interface, the same for OSPFv2 and OSPFv3.
OSPF = {
    "edge1": {"eth1": "10.1.255.3", "eth2": "10.1.255.4", "eth3": "10.1.255.2"},
    "edge2": {"eth1": "10.1.255.3", "eth2": "10.1.255.4", "eth3": "10.1.255.1"},
    "core1": {
        "eth1": "10.1.255.1",
        "eth2": "10.1.255.2",
        "eth3": "10.1.255.4",
        "eth4": "10.1.255.5",
        "eth5": "10.1.255.6",
    },
    "core2": {
        "eth1": "10.1.255.1",
        "eth2": "10.1.255.2",
        "eth3": "10.1.255.3",
        "eth4": "10.1.255.5",
        "eth5": "10.1.255.6",
    },
    "north1": {"eth1": "10.1.255.3", "eth2": "10.1.255.4"},
    "south1": {"eth1": "10.1.255.4", "eth2": "10.1.255.3"},
}
BGP = {
    "edge1": {
        "ipv4": {"10.1.255.3", "10.1.255.4", "192.0.2.1"},
        "ipv6": {"2001:db8:a:ff::3", "2001:db8:a:ff::4", "2001:db8:a0::1"},
    },
    "edge2": {
        "ipv4": {"10.1.255.3", "10.1.255.4", "198.51.100.1"},
        "ipv6": {"2001:db8:a:ff::3", "2001:db8:a:ff::4", "2001:db8:b0::1"},
    },
    "core1": {
        "ipv4": {"10.1.255.1", "10.1.255.2", "10.1.255.4"},
        "ipv6": {"2001:db8:a:ff::1", "2001:db8:a:ff::2", "2001:db8:a:ff::4"},
    },
    "core2": {
        "ipv4": {"10.1.255.1", "10.1.255.2", "10.1.255.3"},
        "ipv6": {"2001:db8:a:ff::1", "2001:db8:a:ff::2", "2001:db8:a:ff::3"},
    },
    "isp-a": {"ipv4": {"192.0.2.0"}, "ipv6": {"2001:db8:a0::"}},
    "isp-b": {"ipv4": {"198.51.100.0"}, "ipv6": {"2001:db8:b0::"}},
}
DEFAULT = {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}
AGGREGATE = {"ipv4": "203.0.113.0/24", "ipv6": "2001:db8:a::/48"}
MORE = {"ipv4": "192.0.2.128/25", "ipv6": "2001:db8:ff00::/40"}
EDGE2 = {"ipv4": "10.1.255.2", "ipv6": "2001:db8:a:ff::2"}
BRANCH = "2001:db8:a:ff::5"
FAMILIES = ("ipv4", "ipv6")


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example client's lab, deployed once and settled."""
    workspace = tmp_path_factory.mktemp("acme") / "work"
    make_workspace(workspace, examples=True)
    site = Site(workspace, client="acme")
    site.run("lab", "up")
    site.deploy("-m", "first")
    for device, families in BGP.items():
        for family, peers in families.items():
            wait_until(partial(up, site, device, family, len(peers)), seconds=30, every=0.3)
            expected = {DEFAULT[family], AGGREGATE[family]}
            wait_until(partial(holds, site, device, family, expected), seconds=30, every=0.3)
    wait_until(partial(converged, site), seconds=60, every=0.5)
    yield site
    site.run("lab", "down")


def vtysh(site, device, command):
    return json.loads(site.console(device, "vtysh", "-c", f"{command} json"))


def peers(site, device, family):
    return vtysh(site, device, f"show bgp {family} unicast summary")["peers"]


def up(site, device, family, count):
    states = [peer["state"] for peer in peers(site, device, family).values()]
    return states == ["Established"] * count


def holds(site, device, family, expected):
    return expected <= routes(site, device, family).keys()


def converged(site):
    """Whether provider A's default route is best at both cores and told to edge2, and every hop forwards by IPv6."""
    reflected = all(
        [path["path"] for path in routes(site, core, family)[DEFAULT[family]] if path.get("bestpath")]
        == ["64500"]
        and {DEFAULT[family], AGGREGATE[family]} <= told(site, core, family, EDGE2[family]).keys()
        for core in ("core1", "core2")
        for family in FAMILIES
    )
    to_branch = [(device, BRANCH) for device in ("edge1", "edge2", "core1", "core2")]
    to_provider = [(device, "default") for device in ("north1", "core1", "core2", "edge1", "edge2")]
    return reflected and all(
        site.console(device, "ip", "-6", "route", "show", prefix)
        for device, prefix in [*to_branch, *to_provider, ("isp-a", AGGREGATE["ipv6"])]
    )


def routes(site, device, family):
    """Prefix → its paths as the router's BGP holds them."""
    return vtysh(site, device, f"show bgp {family} unicast")["routes"]


def told(site, device, family, peer):
    """Prefix → what the device tells a neighbor of it."""
    command = f"show bgp {family} unicast neighbors {peer} advertised-routes"
    return {
        prefix: " ".join(route["path"].split())
        for prefix, route in vtysh(site, device, command)["advertisedRoutes"].items()
    }


@pytest.mark.parametrize("device", OSPF)
def test_every_ospf_neighbor_is_full(acme, device):
    second = vtysh(acme, device, "show ip ospf neighbor")["neighbors"]
    assert {
        entry["ifaceName"].split(":")[0]: (router, entry["nbrState"])
        for router, entries in second.items()
        for entry in entries
    } == {interface: (router, "Full/-") for interface, router in OSPF[device].items()}
    third = vtysh(acme, device, "show ipv6 ospf6 neighbor")["neighbors"]
    assert sorted((entry["interfaceName"], entry["neighborId"], entry["state"]) for entry in third) == [
        (interface, router, "Full") for interface, router in OSPF[device].items()
    ]


@pytest.mark.parametrize("device", BGP)
def test_every_bgp_session_is_up_in_its_family_alone(acme, device):
    for family in FAMILIES:
        found = peers(acme, device, family)
        assert {peer: (p["state"], p["peerState"]) for peer, p in found.items()} == dict.fromkeys(
            BGP[device][family], ("Established", "OK")
        )


@pytest.mark.parametrize("family", FAMILIES)
def test_a_provider_hears_of_the_aggregate_alone(acme, family):
    for isp, path in (("isp-a", "64496"), ("isp-b", "64496 64496 64496")):
        held = {
            prefix: [entry["path"] for entry in paths if entry["path"]]
            for prefix, paths in routes(acme, isp, family).items()
        }
        assert held == {AGGREGATE[family]: [path], DEFAULT[family]: [], MORE[family]: []}


@pytest.mark.parametrize("family", FAMILIES)
def test_an_edge_takes_the_default_route_alone(acme, family):
    for edge, provider, preference, community in (
        ("edge1", 64500, 100, "64496:100"),
        ("edge2", 64501, 50, "64496:200"),
    ):
        (peer,) = (p for p in BGP[edge][family] if not p.startswith(("10.1.", "2001:db8:a:")))
        accepted = vtysh(acme, edge, f"show bgp {family} unicast neighbors {peer} routes")["routes"]
        assert {
            prefix: [(entry["path"], entry["locPrf"]) for entry in entries]
            for prefix, entries in accepted.items()
        } == {DEFAULT[family]: [(str(provider), preference)]}
        shown = vtysh(acme, edge, f"show bgp {family} unicast {DEFAULT[family]}")
        (own,) = (path for path in shown["paths"] if path["peer"]["peerId"] == peer)
        assert own["community"]["string"] == community
        assert told(acme, edge, family, peer).keys() == {AGGREGATE[family]}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("core", ["core1", "core2"])
def test_the_cores_reflect_what_the_edges_know(acme, core, family):
    found = routes(acme, core, family)
    assert found.keys() == {DEFAULT[family], AGGREGATE[family]}
    (best,) = (path for path in found[DEFAULT[family]] if path.get("bestpath"))
    assert (best["path"], best["locPrf"]) == ("64500", 100)
    assert told(acme, core, family, EDGE2[family]).keys() == {DEFAULT[family], AGGREGATE[family]}


def test_a_branch_reaches_a_provider_over_ipv6(acme):
    answer = acme.console("north1", "ping", "-6", "-c", "1", "-W", "10", "-I", BRANCH, "2001:db8:a0::1")
    assert "1 packets transmitted, 1 received" in answer


def test_forwarding_of_ipv6_is_put_right(acme):
    """A fresh Debian forwards no IPv6, and FRR shows that as a line of its configuration."""

    def forwarding():
        return acme.console("south1", "cat", "/proc/sys/net/ipv6/conf/all/forwarding").strip()

    acme.console("south1", "vtysh", "-c", "configure", "-c", "no ipv6 forwarding")
    assert (forwarding(), "no ipv6 forwarding" in acme.running("south1")) == ("0", True)
    document = acme.deploy("-l", "south1", "-m", "forward again")
    assert {d["device"]: d["outcome"] for d in document["devices"]} == {"south1": "applied"}
    assert (forwarding(), "no ipv6 forwarding" in acme.running("south1")) == ("1", False)


def test_the_second_deploy_changes_nothing(acme):
    document = acme.deploy("-m", "second")
    assert {d["outcome"] for d in document["devices"]} == {"unchanged"}
