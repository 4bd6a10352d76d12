"""What the log says of assets: noted with the devices, whenever one of the two files is another."""

from datetime import date

import pytest

from netmgr.service.looked_after import assets, sites
from netmgr.workflows.inventory_log import note_inventory

FILE = "inventory/square/assets.yaml"
SERVER = "files1: {kind: server, name: File server, site: hq, uid: a-1}\n"


@pytest.fixture
def noted(world):
    (world.workspace / "inventory/square/client.yaml").write_text("id: square\nsites: {hq: {}}\n")

    def note(text=None, target="network"):
        if text is not None:
            (world.workspace / FILE).write_text(text)
        runtime = world.runtime(target=target)
        note_inventory(runtime, runtime.inventories.load("square"))
        return [entry.facts.get("assets") for entry in world.wiring.service_log.entries("square")]

    return note


def test_an_entry_says_which_assets_came_went_and_changed(noted):
    first = noted(SERVER + "line: {kind: line, in_scope: false}\n")[-1]
    assert (first["added"], first["removed"], first["changed"]) == (["a-1", "line"], [], [])
    assert first["described"] == {
        "a-1": {"name": "files1", "kind": "server", "site": "hq"},
        "line": {"name": "line", "kind": "line", "in_scope": False},
    }
    assert len(noted()) == 1
    second = noted(
        SERVER.replace("files1", "files2") + 'nas: {kind: storage, service: {from: "2026-11-01"}}\n'
    )[-1]
    assert (second["added"], second["removed"], second["changed"]) == (["nas"], ["line"], ["a-1"])
    assert second["described"] == {
        "a-1": {"name": "files2", "kind": "server", "site": "hq"},
        "nas": {"name": "nas", "kind": "storage", "from": "2026-11-01"},
    }
    third = noted("{}\n")[-1]
    assert (third["all"], third["removed"]) == ({}, ["a-1", "nas"])


def test_without_assets_an_entry_says_nothing_of_them_nor_does_a_lab_s(noted):
    assert noted() == [None]
    assert noted(SERVER, target="lab") == [None, None]


def test_a_mistake_in_the_file_is_told_and_leaves_assets_as_they_were(noted, world):
    noted(SERVER)
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.4", "10.255.0.44"))
    kept = noted("files1: {kind: spaceship}\n")[-1]
    assert (set(kept["all"]), kept["added"], kept["removed"], kept["changed"]) == ({"a-1"}, [], [], [])
    (line,) = world.said
    assert line.startswith("inventory/square/assets.yaml:1: ")
    assert line.endswith("; until that is mended, assets count as they did")
    assert len(noted("files1: {kind: spaceship}\n")) == 2
    assert len(noted(SERVER)) == 2
    found = assets(world.wiring.service_log.entries("square"), "UTC", date(2026, 11, 30))
    assert [(one.name, one.first, one.last) for one in (*found, *sites(found))] == [
        ("files1", date(2026, 11, 23), date(2026, 11, 30)),
        ("hq", date(2026, 11, 23), date(2026, 11, 30)),
    ]
