"""docs/reference/checks.md: its examples are read by netmgr, and its plug-in runs as an installed package would."""

import re
import sys
from pathlib import Path

import pytest

from netmgr.adapters.check_plugins import EntryPointPlugins
from netmgr.adapters.checks_yaml import YamlChecks
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.workspace_files import make_workspace
from netmgr.change.check_judgement import judge, question
from netmgr.change.check_setting import Setting
from netmgr.model.check import KINDS, CheckSpec
from netmgr.model.check_state import Getter, Seen
from netmgr.platforms import FORMS

PAGE = (Path(__file__).parents[2] / "docs/reference/checks.md").read_text()
NOWHERE = Setting()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def in_section(title):
    """Keys of the first table of a section."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    return {
        key
        for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", section, re.MULTILINE)
        for key in re.findall(r"\w+", row)
    }


def test_every_key_is_described():
    assert in_section("What every check has") == set(CheckSpec.model_fields)
    for kind in ("routes", "reachability"):
        assert in_section(kind) == set(KINDS[kind].model_fields) - set(CheckSpec.model_fields)
    assert set(re.findall(r"^## (\w+)$", PAGE, re.MULTILINE)) == set(KINDS)


@pytest.fixture
def workspace(tmp_path):
    make_workspace(tmp_path / "work", examples=True)
    return tmp_path / "work"


def test_the_examples_are_valid(workspace):
    first, rules = blocks("yaml")[:2]
    directory = workspace / "config/checks"
    (directory / "napalm").mkdir(parents=True)
    (directory / "acme.yaml").write_text(first)
    (directory / "napalm/edge.yaml").write_text(rules)
    (directory / "edge.yaml").write_text(
        "edges: {kind: napalm_validate, file: napalm/edge.yaml, devices: [edge*]}\n"
    )
    inventories = YamlInventories(workspace, FORMS)
    checks = YamlChecks(workspace, inventories.clients).of(inventories.load("acme"))
    assert [check.name for check in checks] == [
        "routes-kept",
        "loopbacks",
        "interfaces-up",
        "cabling",
        "edges",
    ]
    assert len(checks[-1].rules) == 2


def test_the_plug_in_of_an_installed_package(workspace, tmp_path, monkeypatch):
    site = tmp_path / "site"
    metadata = site / "busy_routers-1.dist-info"
    metadata.mkdir(parents=True)
    (site / "busy_routers.py").write_text(blocks("python")[0])
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: busy-routers\nVersion: 1\n")
    group = blocks("toml")[0].replace("[project.entry-points.", "[").replace('"', "")
    (metadata / "entry_points.txt").write_text(group)
    monkeypatch.syspath_prepend(str(site))
    directory = workspace / "config/checks"
    directory.mkdir()
    (directory / "a.yaml").write_text(blocks("yaml")[2])
    try:
        assert "busy-routers" in EntryPointPlugins().names()
        (check,) = YamlChecks(workspace, tuple).every()
        assert question([check], "r1", NOWHERE).getters == (Getter(name="get_environment"),)

        def busy(percent):
            return Seen(getters={"get_environment": {"cpu": {"0": {"%usage": percent}}}})

        said = [
            judge(check, "r1", before, busy(now), NOWHERE)[:2]
            for before, now in ((busy(5.0), 5.0), (busy(5.0), 95.0), (busy(90.0), 95.0), (Seen(), 95.0))
        ]
        assert said == [
            ("passed", "5 % busy"),
            ("failed", "95 % busy, 80 % allowed"),
            ("pending", "95 % busy (was so before)"),
            ("failed", "95 % busy, 80 % allowed"),
        ]
        (directory / "a.yaml").write_text("processors: {kind: busy-routers}\n")
        with pytest.raises(Exception, match=r"a.yaml:1: processors: options: needs percent, a whole number"):
            YamlChecks(workspace, tuple).every()
        (site / "busy_routers.py").write_text("raise RuntimeError('no licence')\n")
        sys.modules.pop("busy_routers")
        with pytest.raises(Exception, match="busy_routers cannot be loaded: RuntimeError: no licence"):
            YamlChecks(workspace, tuple).every()
    finally:
        sys.modules.pop("busy_routers", None)
