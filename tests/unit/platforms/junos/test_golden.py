"""Device data and the Junos configuration that it becomes: tests/golden/junos/<feature>.yaml and .conf."""

from pathlib import Path

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.features import FEATURES as ALL
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.lab.emulated.junos.configuration import Configuration
from netmgr.lab.emulated.junos.hierarchy import hierarchy
from netmgr.platforms import FORMS
from netmgr.platforms.junos.text import command, words

ROOT = Path(__file__).parents[4]
GOLDEN = ROOT / "tests" / "golden" / "junos"
FEATURES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
canonical = FORMS["junos"].canonical


def rendered(hosts):
    files = {"client.yaml": "id: golden\n", "defaults.yaml": "platform: junos\n", "hosts.yaml": hosts}
    intent = resolve(MemoryInventories({"golden": files}, FORMS).load("golden"), FORMS)
    sources = TemplateDirectory(ROOT).sources("golden", frozenset({"junos"}))
    return Renderer(sources).render(intent.devices[0])


@pytest.mark.parametrize("feature", FEATURES)
def test_data_becomes_this_configuration(feature):
    assert (
        canonical(rendered((GOLDEN / f"{feature}.yaml").read_text()))
        == (GOLDEN / f"{feature}.conf").read_text()
    )


@pytest.mark.parametrize("feature", FEATURES)
def test_no_line_is_lost_and_none_is_written_otherwise_than_junos_does(feature):
    """A statement without more to it may be the beginning of longer ones: then Junos does not show it by itself."""
    config = (GOLDEN / f"{feature}.conf").read_text()
    assert canonical(config) == config
    shown = {words(line) for line in config.splitlines()}
    beginnings = {line[:length] for line in shown for length in range(2, len(line))}
    written = [line for line in rendered((GOLDEN / f"{feature}.yaml").read_text()).splitlines() if line]
    assert {words(line) for line in written} <= shown | beginnings
    assert all(command(line)[0] in ("set", "deactivate") for line in written)


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("form", ["text", "in_braces"])
def test_the_emulated_device_takes_and_shows_every_line(feature, form):
    """Its grammar and its parser are its own: what both read alike is not one mistake made twice."""
    config = (GOLDEN / f"{feature}.conf").read_text()
    device = Configuration.empty(hierarchy("25.4R1"))
    assert device.load_set(config) == []
    assert canonical(getattr(device, form)()) == config


def test_every_feature_is_there():
    assert {path.stem for path in GOLDEN.iterdir()} == {*FEATURES}
    assert len(FEATURES) == 15


def test_every_feature_has_an_answer():
    assert FORMS["junos"].features.keys() == {*ALL}
