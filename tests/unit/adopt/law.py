"""The law of adoption, for every platform: what was read, resolved and rendered again is the same configuration."""

from functools import cache
from pathlib import Path

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.inventory_writing import written
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.names import SECRET_REFERENCE
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / "tests" / "data" / "configs"


def captures(platform):
    """The platform's captured configurations."""
    return sorted((CONFIGS / platform).iterdir())


def canonical(platform, text):
    return FORMS[platform].canonical(text)


@cache
def renderer(platform):
    return Renderer(TemplateDirectory(ROOT).sources("adopted", frozenset({platform})))


def rendered(platform, data, secrets, *, name="r1"):
    """The canonical configuration of a device whose data is ``data``, as written to hosts.yaml and read again."""
    files = {
        "client.yaml": "id: adopted\n",
        "hosts.yaml": written({name: {"platform": platform, "data": dict(data)}}, "adopted"),
    }
    intent = resolve(MemoryInventories({"adopted": files}, FORMS).load("adopted"), FORMS)
    text = renderer(platform).render(intent.devices[0])
    return canonical(platform, SECRET_REFERENCE.sub(lambda found: secrets[found[2]], text))


def adopted(platform, text):
    """What the platform's reader makes of a configuration, which need not be canonical."""
    return FORMS[platform].adopt(canonical(platform, text))


def assert_law(platform, text):
    """adopt → resolve → render gives the same; every line is accounted for; no secret is left in the data."""
    wanted, found = canonical(platform, text), adopted(platform, text)
    assert rendered(platform, found.data, found.secrets) == wanted
    assert [line.text for line in found.lines] == wanted.splitlines()
    said = repr(found.data)
    for name, value in found.secrets.items():
        assert f"secret://age/{name}" in said
        assert len(value) < 8 or value not in said
    return found


def share(found, feature):
    """The share of a feature's lines that the data explains, 1.0 where it has none."""
    lines = [line for line in found.lines if line.feature == feature]
    return sum(line.explained for line in lines) / len(lines) if lines else 1.0
