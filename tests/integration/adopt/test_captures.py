"""Real devices' configurations, by the command: into an inventory, and out of it again."""

import re

import pytest

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.cli.main import run
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.names import SECRET_REFERENCE
from netmgr.platforms import FORMS
from tests.unit.adopt.law import CONFIGS, ROOT

CAPTURES = sorted(
    path for path in CONFIGS.rglob("*.cfg") if (form := FORMS.get(path.parent.name)) and form.adopt
)


#: What is printed of each capture: the share of the file and of each feature, and every line that stays verbatim.
GOLDEN = ROOT / "tests" / "golden" / "adopt"


def coverage(printed):
    """The table and the verbatim lines, without the files' diff before them and the last line, which tells the time."""
    lines = printed.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("DEVICE "))
    return "".join(lines[start:-1])


def hidden(text, secrets):
    return [name for name, value in secrets.items() if re.search(rf"(?<!\S){re.escape(value)}(?!\S)", text)]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_capture_becomes_inventory_and_the_same_configuration_again(acme, capsys, path):
    client, platform = acme.workspace / "inventory" / "captured", path.parent.name
    client.mkdir()
    (client / "client.yaml").write_text("id: captured\n")
    (client / "hosts.yaml").write_text(f"# One device.\nr1: {{platform: {platform}}}\n")
    command = ["-w", str(acme.workspace), "adopt", "-c", "captured", "r1", "--from-file", str(path)]
    assert run([*command, "--secrets", "file", "--explain"]) == 0
    printed = capsys.readouterr()
    assert coverage(printed.out) == (GOLDEN / f"{platform}-{path.stem}.txt").read_text()
    inventory = YamlInventories(acme.workspace, FORMS).load("captured")
    intent = resolve(inventory, FORMS).devices[0]
    text = Renderer(TemplateDirectory(acme.workspace).sources("captured", frozenset({platform}))).render(
        intent
    )
    secrets = LocalSecrets(acme.workspace / "secrets", {})
    found = {match[2]: secrets.resolve("captured", match[0]) for match in SECRET_REFERENCE.finditer(text)}
    text = SECRET_REFERENCE.sub(lambda match: found[match[2]], text)
    assert FORMS[platform].canonical(text) == FORMS[platform].canonical(path.read_text())
    # A user named cisco whose password is cisco hides nothing.
    long = {name: value for name, value in found.items() if len(value) > 8}
    assert hidden((client / "hosts.yaml").read_text() + printed.out + printed.err, long) == []
    assert run([*command, "--secrets", "file", "--detailed-exitcode"]) == 0


def test_there_are_captures():
    assert {path.parent.name for path in CAPTURES} == {name for name, form in FORMS.items() if form.adopt} - {
        "frr"
    }
