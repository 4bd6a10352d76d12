"""The example clients: right, loaded by plain Nornir as they are, and free of anything but documentation addresses."""

from pathlib import Path

import pytest
from nornir.plugins.inventory import SimpleInventory

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.adjacency import adjacencies
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.names import SECRET_REFERENCE
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[3]
CLIENTS = ("abilene", "acme", "haichuan", "northwind")


def load(client):
    return YamlInventories(ROOT, FORMS).load(client)


def test_the_examples_are_the_clients():
    assert YamlInventories(ROOT, FORMS).clients() == CLIENTS


@pytest.mark.parametrize("client", CLIENTS)
def test_an_example_is_right_without_warnings(client):
    assert resolve(load(client), FORMS).warnings == ()


@pytest.mark.parametrize("client", CLIENTS)
def test_plain_nornir_loads_the_same_devices(client):
    directory = ROOT / "inventory" / client
    nornir = SimpleInventory(
        *(str(directory / f"{name}.yaml") for name in ("hosts", "groups", "defaults"))
    ).load()
    devices = load(client).devices
    assert list(nornir.hosts) == [device.name for device in devices]
    for device in devices:
        theirs = nornir.hosts[device.name]
        assert (device.platform, device.role, device.site) == (
            theirs.platform,
            theirs.get("role"),
            theirs.get("site"),
        )


def test_acme_is_a_head_office_with_two_branches_and_two_providers():
    inventory = load("acme")
    sites = {name: [d.name for d in inventory.devices if d.site == name] for name in inventory.client.sites}
    assert sites == {"hq": ["edge1", "edge2", "core1", "core2"], "north": ["north1"], "south": ["south1"]}
    assert [d.name for d in inventory.devices if d.lifecycle == "external"] == ["isp-a", "isp-b"]
    assert inventory.redundancy == (("edge1", "edge2"), ("core1", "core2"))
    assert inventory.entry == ("edge1",)
    found = adjacencies(resolve(inventory, FORMS))
    sessions = sorted(
        [("core1", "core2"), ("core2", "core1"), ("edge1", "isp-a"), ("edge2", "isp-b")]
        + [
            pair
            for core in ("core1", "core2")
            for edge in ("edge1", "edge2")
            for pair in ((core, edge), (edge, core))
        ]
    )
    for family in ("v4", "v6"):
        bgp = [a for a in found if a.protocol == "bgp" and (":" in a.peer) == (family == "v6")]
        assert sorted((a.device, a.other) for a in bgp) == sessions
    for protocol in ("ospf", "ospf3"):
        assert sum(a.protocol == protocol for a in found) == 2 * 10


def test_northwind_has_equipment_of_three_makers_and_is_rendered_whole():
    inventory = load("northwind")
    platforms = {d.name: d.platform for d in inventory.devices if d.lifecycle != "external"}
    assert platforms == {
        "core1": "eos",
        "core2": "eos",
        "edge1": "junos",
        "portland1": "ios",
        "spokane1": "ios",
    }
    intent = resolve(inventory, FORMS)
    found = adjacencies(intent)
    for protocol in ("ospf", "ospf3"):
        assert sum(a.protocol == protocol for a in found) == 2 * 7
    inside = sorted(
        (a.device, a.other) for a in found if a.protocol == "bgp" and not a.other.startswith("isp")
    )
    assert inside == sorted(
        2 * [(a, b) for a in ("core1", "core2", "edge1") for b in ("core1", "core2", "edge1") if a != b]
    )
    outside = sorted(
        (a.other, ":" in a.peer) for a in found if a.protocol == "bgp" and a.other.startswith("isp")
    )
    assert outside == [("isp-a", False), ("isp-a", True), ("isp-b", False), ("isp-b", True)]
    renderer = Renderer(
        TemplateDirectory(ROOT).sources(
            "northwind", frozenset(name for name, form in FORMS.items() if form.driver)
        )
    )
    for device in intent.devices:
        text = renderer.render(device)
        canonical = FORMS[device.platform].canonical(text)
        assert FORMS[device.platform].canonical(canonical) == canonical
        # Every secret stands as a reference, and is hidden from people.
        if device.lifecycle != "external":
            assert len(set(SECRET_REFERENCE.findall(text))) == 4
            assert SECRET_REFERENCE.findall(FORMS[device.platform].redact(canonical)) == []


def test_abilene_has_every_session_on_both_ends():
    found = adjacencies(resolve(load("abilene"), FORMS))
    assert len(found) == 2 * 2 * 14
