"""The reference page names every key that the files may hold."""

import re
from pathlib import Path

import pytest

from netmgr.intent.topology_import import FIRST_AS, MAX_LINKS, MAX_NODES
from netmgr.model import client, device, interface, inventory, people, policy, routing, system

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "inventory.md").read_text()
MODELS = {
    model
    for module in (client, device, interface, inventory, people, policy, routing, system)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, device.Frozen) and model.__module__ == module.__name__
} - {inventory.Device, inventory.LinkEnd, people.Person, people.People}


@pytest.mark.parametrize("model", sorted(MODELS, key=lambda m: m.__name__), ids=lambda m: m.__name__)
def test_every_key_is_explained(model):
    keys = {field.alias or name for name, field in model.model_fields.items()}
    assert {key for key in keys if not re.search(rf"[`{{ ]{key}[`,}}:]", PAGE)} == set()


def test_the_rules_of_import_are_those_of_the_code():
    assert f"{MAX_NODES:,} nodes and {MAX_LINKS:,} links" in PAGE
    assert f"AS {FIRST_AS - 1} + *i*" in PAGE
