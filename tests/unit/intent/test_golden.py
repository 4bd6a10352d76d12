"""Device data and the FRR configuration that it becomes: tests/golden/frr/<feature>.yaml and .conf."""

from pathlib import Path

import pytest

from napalm_frr.device.canonical import check
from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "frr"
FEATURES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


def rendered(hosts):
    files = {"client.yaml": "id: golden\n", "defaults.yaml": "platform: frr\n", "hosts.yaml": hosts}
    intent = resolve(MemoryInventories({"golden": files}, FORMS).load("golden"), FORMS)
    sources = TemplateDirectory(ROOT).sources("golden", frozenset({"frr"}))
    return Renderer(sources).render(intent.devices[0])


@pytest.mark.parametrize("feature", FEATURES)
def test_data_becomes_this_configuration(feature):
    assert rendered((GOLDEN / f"{feature}.yaml").read_text()) == (GOLDEN / f"{feature}.conf").read_text()


@pytest.mark.parametrize("feature", FEATURES)
def test_every_line_stands_in_a_section_that_can_hold_it(feature):
    assert check((GOLDEN / f"{feature}.conf").read_text())[2] == []


def test_every_feature_is_there():
    assert {path.stem for path in GOLDEN.iterdir()} == {*FEATURES}
    assert len(FEATURES) == 9
