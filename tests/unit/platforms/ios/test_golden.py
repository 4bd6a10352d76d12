"""Device data and the IOS configuration that it becomes: tests/golden/ios/<feature>.yaml and .conf."""

from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[4]
GOLDEN = ROOT / "tests" / "golden" / "ios"
FEATURES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
IOS = FORMS["ios"]


def rendered(hosts):
    files = {"client.yaml": "id: golden\n", "defaults.yaml": "platform: ios\n", "hosts.yaml": hosts}
    intent = resolve(MemoryInventories({"golden": files}, FORMS).load("golden"), FORMS)
    sources = TemplateDirectory(ROOT).sources("golden", frozenset({"ios"}))
    return Renderer(sources).render(intent.devices[0])


@pytest.mark.parametrize("feature", FEATURES)
def test_data_becomes_this_configuration(feature):
    text = rendered((GOLDEN / f"{feature}.yaml").read_text())
    # Verbatim lines have their place in the canonical form alone.
    assert (IOS.canonical(text) if feature == "extra-config" else text) == (
        GOLDEN / f"{feature}.conf"
    ).read_text()


@pytest.mark.parametrize("feature", FEATURES)
def test_it_is_what_the_device_shows_back(feature):
    text = (GOLDEN / f"{feature}.conf").read_text()
    assert IOS.canonical(text) == text


def test_every_feature_is_there():
    assert {path.stem for path in GOLDEN.iterdir()} == {*FEATURES}
    assert len(FEATURES) == 12
