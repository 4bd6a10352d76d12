"""A published network of forty routers: imported, booted, deployed as one transaction."""

import json

import pytest

from netmgr.adapters.workspace_files import make_workspace
from tests.lab.site import Site

pytestmark = pytest.mark.lab


@pytest.fixture
def geant(tmp_path):
    make_workspace(tmp_path / "work", examples=True)
    site = Site(tmp_path / "work", client="geant2012")
    site.run(
        "inventory",
        "import",
        str(site.workspace / "examples/topologies/geant2012.yaml"),
        "--client",
        "geant2012",
    )
    site.run("lab", "up")
    yield site
    site.run("lab", "down")


def test_every_adjacency_comes_up_and_the_second_deploy_changes_nothing(geant):
    plan = geant.document("plan")
    names = [device["device"] for device in plan["devices"]]
    assert len(names) == 40
    first = geant.deploy("-m", "first", confirm_in=100)
    assert {d["device"]: d["outcome"] for d in first["devices"]} == dict.fromkeys(names, "applied")

    links = [
        link
        for link in (geant.workspace / "inventory/geant2012/topology.yaml").read_text().splitlines()
        if "endpoints" in link
    ]
    states = []
    for name in names:
        text = geant.console(
            name, "vtysh", "-c", "show ip ospf neighbor json", "-c", "show bgp ipv4 unicast summary json"
        )
        ospf, end = json.JSONDecoder().raw_decode(text)
        states += [neighbor["nbrState"] for entries in ospf["neighbors"].values() for neighbor in entries]
        states += [peer["state"] for peer in json.loads(text[end:])["peers"].values()]
    assert sorted(states) == ["Established"] * 2 * len(links) + ["Full/-"] * 2 * len(links)

    second = geant.deploy("-m", "second")
    assert (second["outcome"], {d["outcome"] for d in second["devices"]}) == ("unchanged", {"unchanged"})
