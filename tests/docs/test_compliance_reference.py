"""docs/reference/compliance.md, ignore.md, versions.md: every key is described, netmgr reads their examples."""

import re
from pathlib import Path

import pytest
import yaml

from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.workspace_files import make_workspace
from netmgr.model.compliance import Demands
from netmgr.model.ignore import Ignored
from netmgr.model.software import Software, Train
from netmgr.platforms import FORMS

REFERENCE = Path(__file__).parents[2] / "docs/reference"
PAGES = {
    "compliance": (Demands, ["edge-max-prefixes", "no-telnet", "management-only"]),
    "ignore": (Ignored, ["test-routes", "descriptions-in-the-north", "no-syslog-yet"]),
}


@pytest.mark.parametrize("kind", PAGES)
def test_every_key_is_described(kind):
    rows = re.findall(r"^\| ((?:`\w+` )+)\|", (REFERENCE / f"{kind}.md").read_text(), re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"\w+", row)} == set(PAGES[kind][0].model_fields)


def test_supported_software():
    page = (REFERENCE / "versions.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert set(rows) == {*Software.model_fields, *Train.model_fields}
    (example,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert {
        name: len(Software.model_validate(one).supported) for name, one in yaml.safe_load(example).items()
    } == {
        "ios": 2,
        "frr": 1,
    }


@pytest.mark.parametrize("kind", PAGES)
def test_the_examples_are_valid(tmp_path, kind):
    make_workspace(tmp_path / "work", examples=True)
    page = (REFERENCE / f"{kind}.md").read_text()
    (example,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / f"work/config/policies/{kind}/ours.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(example)
    inventories = YamlInventories(tmp_path / "work", FORMS)
    policy = YamlAuditPolicies(tmp_path / "work", inventories.clients, FORMS).of(inventories.load("acme"))
    entries = [one for one in (*policy.rules, *policy.ignores) if one.origin.path.endswith("/ours.yaml")]
    assert [one.name for one in entries] == PAGES[kind][1]
