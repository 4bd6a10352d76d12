"""The rules of `inventory import`."""

from decimal import Decimal
from ipaddress import ip_address, ip_interface
from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.topology_yaml import read_topology_file
from netmgr.errors import InputError
from netmgr.intent.adjacency import adjacencies
from netmgr.intent.resolve import resolve
from netmgr.intent.topology_import import client_documents
from netmgr.model.fields import ID_FORM
from netmgr.model.topology import Node, PublishedTopology
from netmgr.workflows.inventory import Checked, import_topology
from tests.unit.inventory.samples import FORMS

TOPOLOGIES = Path(__file__).parents[3] / "examples" / "topologies"
SIZES = {"abilene": (11, 14), "aarnet": (19, 24), "nsfnet": (13, 15), "geant2012": (40, 61)}


def test_two_routers_and_two_cables_between_them():
    topology = PublishedTopology(
        nodes=(
            Node(name="west", country="X", latitude=Decimal("1.5"), longitude=Decimal("-2")),
            Node(name="east"),
        ),
        links=(("west", "east"), ("east", "west")),
    )
    assert client_documents(topology, "twins") == {
        "client.yaml": {
            "id": "twins",
            "names": {"en": "twins"},
            "sites": {"west": {"country": "X", "latitude": Decimal("1.5"), "longitude": Decimal("-2")}},
        },
        "defaults.yaml": {
            "platform": "frr",
            "data": {"role": "router", "bgp": {"ebgp_requires_policy": False}},
        },
        "hosts.yaml": {
            "west": {
                "data": {"uid": "west", "site": "west", "loopback": "10.255.0.1", "bgp": {"asn": 4200000001}}
            },
            "east": {"data": {"uid": "east", "loopback": "10.255.0.2", "bgp": {"asn": 4200000002}}},
        },
        "topology.yaml": {
            "links": [
                {
                    "endpoints": ["west:eth1", "east:eth1"],
                    "subnet": "10.0.0.0/31",
                    "ospf": {"area": 0},
                    "bgp": True,
                },
                {
                    "endpoints": ["east:eth2", "west:eth2"],
                    "subnet": "10.0.0.2/31",
                    "ospf": {"area": 0},
                    "bgp": True,
                },
            ]
        },
    }


SITES = {
    "one place, two routers": (
        [("paris1", 1, 1), ("paris2", 1, 1), ("lyon1", 2, 2)],
        {"paris1": "paris", "paris2": "paris", "lyon1": "lyon1"},
    ),
    "the short name is taken": (
        [("paris", 1, 1), ("paris-1", 2, 2), ("paris-2", 2, 2)],
        {"paris": "paris", "paris-1": "paris-1", "paris-2": "paris-1"},
    ),
    "nothing is left of the name": ([("1", 1, 1), ("2", 1, 1)], {"1": "1", "2": "1"}),
}


@pytest.mark.parametrize(("places", "expected"), SITES.values(), ids=SITES)
def test_routers_at_one_place_share_a_site(places, expected):
    nodes = tuple(Node(name=n, latitude=Decimal(a), longitude=Decimal(b)) for n, a, b in places)
    documents = client_documents(PublishedTopology(nodes=nodes), "x")
    assert {name: host["data"]["site"] for name, host in documents["hosts.yaml"].items()} == expected
    assert set(documents["client.yaml"]["sites"]) == set(expected.values())


@pytest.mark.parametrize("name", SIZES)
def test_published_topologies(name):
    inventories = MemoryInventories({}, FORMS)
    published = read_topology_file(TOPOLOGIES / f"{name}.yaml")
    made = import_topology(inventories, published, "new", source=f"{name}.yaml")
    inventory = inventories.load("new")
    devices, links = SIZES[name]
    assert made == Checked(client="new", devices=devices, links=links, digest=inventory.digest, warnings=())
    assert [device.name for device in inventory.devices] == [node.name for node in published.nodes]
    assert [tuple(end.device for end in link.endpoints) for link in inventory.links] == list(published.links)

    intent = resolve(inventory, FORMS)
    assert intent.warnings == ()
    assert [d.bgp.asn for d in intent.devices] == [4200000000 + i for i in range(1, devices + 1)]
    assert [next(i.ipv4 for i in d.interfaces if i.name == "lo") for d in intent.devices] == [
        (ip_interface(f"{ip_address('10.255.0.0') + i}/32"),) for i in range(1, devices + 1)
    ]
    for d in intent.devices:
        count = sum(d.name in ends for ends in published.links)
        assert [i.name for i in d.interfaces] == [*(f"eth{n}" for n in range(1, count + 1)), "lo"]
        assert [i.ospf.area for i in d.interfaces] == [0] * (count + 1)
        assert not d.bgp.ebgp_requires_policy
        assert d.ospf3 is None
        assert len(d.bgp.neighbors) == count
        assert [(f.name, f.networks, len(f.neighbors)) for f in d.bgp.families] == [("ipv4", (), count)]
    expected = adjacencies(intent)
    assert len(expected) == 4 * links, "two protocols, two ends"
    if name == "geant2012":
        assert "no" in inventory.by_name()


def test_the_example_abilene_is_this_import():
    inventories = MemoryInventories({}, FORMS)
    published = read_topology_file(TOPOLOGIES / "abilene.yaml")
    import_topology(inventories, published, "abilene", source="abilene.yaml")
    example = TOPOLOGIES.parents[1] / "inventory" / "abilene"
    files = {path.name: path.read_text() for path in example.iterdir()}
    assert (
        MemoryInventories({"abilene": files}, FORMS).load("abilene").digest
        == inventories.load("abilene").digest
    )


BAD = {
    "no such node": (
        "nodes: [{name: a}, {name: b}]\nlinks:\n  - [a, c]\n",
        ["3: the link's end c is no node; known are a, b"],
    ),
    "a node with itself": (
        "nodes: [{name: a}]\nlinks: [[a, a]]\n",
        ["2: the link joins a with itself; name two nodes"],
    ),
    "three ends": (
        "nodes: [{name: a}, {name: b}]\nlinks: [[a, b, a], [a]]\n",
        [
            "2: a link has two ends, not 1; write [node, node]",
            "2: a link has two ends, not 3; write [node, node]",
        ],
    ),
    "twins": (
        "nodes:\n  - {name: a}\n  - {name: a}\n  - {name: no}\n",
        [
            '4: no is true or false in YAML 1.1 and text in 1.2; write "no" in quotes, or true or false',
            "3: node a was already given at {file}:2; remove one",
        ],
    ),
    "names that are paths": (
        "nodes:\n  - {name: ../a}\n  - {name: A}\n  - {name: 7}\n  - {name: a, asn: 1}\n",
        [
            f"2: nodes[0].name: '../a' is not an id; {ID_FORM}",
            f"3: nodes[1].name: 'A' is not an id; {ID_FORM}",
            "4: nodes[2].name: must be text, not a whole number; write it in quotes",
            "5: nodes[3]: unknown key 'asn'; known are name, country, latitude, longitude",
        ],
    ),
    "another format": (
        "<graphml>\n",
        ["1: the file must hold a mapping (key: value)"],
    ),
    "nothing that we know": (
        "graph: []\n",
        ["1: missing key 'nodes'; add it", "1: unknown key 'graph'; known are nodes, links"],
    ),
    "empty": ("", ["1: the file is empty; write {} where there is nothing to say"]),
    "too many": (
        "nodes: [{name: a}, {name: b}]\nlinks: [" + "[a, b], " * 32769 + "]\n",
        ["2: 32769 links are more than 32768; split the topology"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BAD.values(), ids=BAD)
def test_topologies_that_are_refused(tmp_path, text, expected):
    file = tmp_path / "t.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        read_topology_file(file)
    assert sorted(refused.value.problems) == sorted(
        f"{file}:{line}".replace("{file}", str(file)) for line in expected
    )


def test_a_topology_that_is_not_there(tmp_path):
    for name, message in {
        "nothing.yaml": "there is no such file; name a topology's YAML file",
        ".": "it is not a file; put a YAML file here",
    }.items():
        with pytest.raises(InputError) as refused:
            read_topology_file(tmp_path / name)
        assert refused.value.problems == (f"{tmp_path / name}:1: {message}",)


@pytest.mark.parametrize("client", ["../x", "Abilene", ""])
def test_a_bad_client_id_makes_nothing(client):
    inventories = MemoryInventories({}, FORMS)
    with pytest.raises(InputError):
        import_topology(inventories, PublishedTopology(nodes=(Node(name="a"),)), client, source="x")
    assert inventories.clients() == ()


def test_an_existing_client_is_kept():
    inventories = MemoryInventories({"old": {"hosts.yaml": "mine"}}, FORMS)
    with pytest.raises(InputError) as refused:
        import_topology(inventories, PublishedTopology(nodes=(Node(name="a"),)), "old", source="x")
    assert refused.value.problems == ("inventory/old:1: the client exists already; choose another id",)
