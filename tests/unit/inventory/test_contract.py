"""What every ``Inventories`` does, on disk and in memory."""

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.errors import InputError
from netmgr.model.people import People
from netmgr.ports.inventory import Inventories
from tests.unit.inventory.samples import FORMS, GOOD

DOCUMENTS = {"client.yaml": {"id": "new"}, "hosts.yaml": {"r1": {"platform": "frr"}}}


@pytest.fixture(params=["disk", "memory"])
def make(request, tmp_path):
    def build(clients, people=None) -> Inventories:
        if request.param == "memory":
            return MemoryInventories(clients, FORMS, people)
        for client, files in clients.items():
            (tmp_path / "inventory" / client).mkdir(parents=True)
            for name, text in files.items():
                (tmp_path / "inventory" / client / name).write_text(text)
        if people is not None:
            (tmp_path / "config").mkdir()
            (tmp_path / "config" / "people.yaml").write_text(people)
        return YamlInventories(tmp_path, FORMS)

    return build


def problems_of(action, *arguments, **named):
    with pytest.raises(InputError) as refused:
        action(*arguments, **named)
    return list(refused.value.problems)


def test_clients_are_sorted(make):
    assert make({"b": GOOD, "a": GOOD}).clients() == ("a", "b")


def test_load(make):
    inventory = make({"acme": GOOD}).load("acme")
    assert inventory.client.id == "acme"
    assert [device.name for device in inventory.devices] == ["r1", "r2"]
    assert [str(end) for link in inventory.links for end in link.endpoints] == ["r1:eth1", "r2:eth1"]


def test_load_with_an_overlay(make):
    inventory = make({"acme": GOOD}).load("acme", overlay={"ospf": {"hello_interval": 1}})
    assert [device.data.ospf.hello_interval for device in inventory.devices] == [1, 1]


def test_an_overlay_that_is_wrong(make):
    assert problems_of(make({"acme": GOOD}).load, "acme", overlay={"ospf": {"hello_intervall": 1}}) == [
        "config/netmgr.yaml:1: data.ospf: unknown key 'hello_intervall'; did you mean 'hello_interval'?"
    ]


def test_what_cannot_be_loaded(make):
    inventories = make({"acme": GOOD, "other": GOOD})
    assert problems_of(inventories.load, "acne") == ["inventory/acne:1: no such client; did you mean 'acme'?"]
    assert problems_of(inventories.load, "../acme") == [
        "inventory/../acme:1: '../acme' is not a client's id; "
        "write lower-case letters and digits with single hyphens, at most 63"
    ]
    assert problems_of(inventories.load, "other") == [
        "inventory/other/client.yaml:1: id 'acme' is not the directory's name; "
        "write id: other, or rename the directory"
    ]


def test_create_and_load(make):
    inventories = make({"acme": GOOD})
    inventories.create("new", DOCUMENTS, comment="x")
    assert inventories.clients() == ("acme", "new")
    assert [device.name for device in inventories.load("new").devices] == ["r1"]


def test_what_cannot_be_created(make):
    inventories = make({"acme": GOOD})
    before = inventories.load("acme").digest
    documents = {**DOCUMENTS, "client.yaml": {"id": "acme"}}
    assert problems_of(inventories.create, "acme", documents, comment="x") == [
        "inventory/acme:1: the client exists already; choose another id"
    ]
    assert problems_of(inventories.create, "new", documents, comment="x") == [
        "inventory/new/client.yaml:2: id 'acme' is not the directory's name; write id: new, or rename the directory"
    ]
    assert problems_of(inventories.create, "New", DOCUMENTS, comment="x") == [
        "inventory/New:1: 'New' is not a client's id; "
        "write lower-case letters and digits with single hyphens, at most 63"
    ]
    assert inventories.clients() == ("acme",)
    assert inventories.load("acme").digest == before


def test_people(make):
    assert make({}).people() == People()
    known = make({"acme": GOOD}, "p-1: {logins: [ops], roles: {acme: [viewer]}}\n").people()
    assert known.by_login("ops").id == "p-1"
