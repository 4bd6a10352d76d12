"""docs/reference/compliance.md: every key is described, its examples are read by netmgr."""

import re
from pathlib import Path

from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.workspace_files import make_workspace
from netmgr.model.compliance import Demands
from netmgr.platforms import FORMS

PAGE = (Path(__file__).parents[2] / "docs/reference/compliance.md").read_text()


def test_every_key_is_described():
    rows = re.findall(r"^\| ((?:`\w+` )+)\|", PAGE, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"\w+", row)} == set(Demands.model_fields)


def test_the_examples_are_valid(tmp_path):
    make_workspace(tmp_path / "work", examples=True)
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "work/config/policies/compliance/edge.yaml").write_text(example)
    inventories = YamlInventories(tmp_path / "work", FORMS)
    rules = (
        YamlAuditPolicies(tmp_path / "work", inventories.clients, FORMS).of(inventories.load("acme")).rules
    )
    names = [rule.name for rule in rules if rule.origin.path.endswith("/edge.yaml")]
    assert names == ["edge-max-prefixes", "no-telnet", "management-only"]
