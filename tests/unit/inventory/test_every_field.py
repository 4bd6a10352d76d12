"""What looks like a program's template, in every field that may hold text: refused at its line, or kept as it is."""

import json
import re

import pytest

from netmgr.adapters.inventory_assembly import assemble
from netmgr.adapters.people_yaml import read_people
from netmgr.adapters.playbook_files import PlaybookFiles
from netmgr.errors import InputError
from tests.unit.inventory.every_field import FILES, Field, document, every_field, written
from tests.unit.inventory.planted import FIELDS, OTHER_FORM, VARIANTS, planted
from tests.unit.inventory.samples import FORMS

EVERY = every_field()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = tmp_path_factory.mktemp("workspace")
    (root / "playbooks").mkdir()
    (root / "playbooks/write.yaml").write_text("- {hosts: all, tasks: []}\n")
    (root / "inventory/acme").mkdir(parents=True)
    return root


def problems(file: str, text: str, workspace) -> tuple[str, ...]:
    """What is wrong with a workspace in which one file says this."""
    try:
        if file == "people":
            read_people(text.encode(), clients=["acme"])
        elif file == "playbooks":
            (workspace / FILES[file]).write_text(text)
            PlaybookFiles(workspace).settings("acme")
        else:
            least = {
                "client.yaml": b"id: acme\n",
                "hosts.yaml": b"r1: {platform: frr}\nr2: {platform: frr}\n",
            }
            assemble("acme", least | {f"{file}.yaml": text.encode()}, forms=FORMS)
    except InputError as error:
        return error.problems
    return ()


def taken(field: Field, workspace) -> str | None:
    """The first of the texts that the field takes; None where it takes none, each refused in one line, at its place."""
    for variant in VARIANTS:
        for way in field.ways:
            text = written(document(field, way, variant))
            said = json.dumps(variant, ensure_ascii=False)
            (place,) = (
                f"{FILES[field.file]}:{n}: " for n, line in enumerate(text.split("\n"), 1) if said in line
            )
            found = problems(field.file, text, workspace)
            assert [
                p for p in found if not re.fullmatch(r"(?:inventory|config)/[a-z/]+\.yaml:[0-9]+: [^\n]+", p)
            ] == []
            if not any(problem.startswith(place) for problem in found):
                return variant
    return None


def test_every_field_refuses_a_template_at_its_line_or_is_planted(workspace):
    """What takes it is planted, too, where programs that render templates would meet it: ``planted.FIELDS``."""
    tried = {field: taken(field, workspace) for field in EVERY}
    assert list(tried) == list(EVERY)
    assert {str(field): variant for field, variant in tried.items() if variant} == FIELDS
    print(f"{len(tried)} fields: {len(FIELDS)} take it, {len(tried) - len(FIELDS)} refuse it")


def test_the_planted_client_has_it_in_every_field_that_takes_it():
    """Played by Ansible, rendered and reported in tests/lab/playbooks."""
    assert planted() == FIELDS.keys() - OTHER_FORM
