"""A client's own templates: in place of the workspace's, for that client alone."""

import re
import shutil
from pathlib import Path

import pytest

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.errors import InputError, RenderError
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows.render import rendered

ROOT = Path(__file__).parents[3]
OWN = "inventory/acme/templates/frr"


@pytest.fixture
def workspace(tmp_path):
    for part in ("inventory", "templates"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / OWN).mkdir(parents=True)
    return tmp_path


def render(workspace, client, *devices):
    return rendered(
        YamlInventories(workspace, FORMS),
        TemplateDirectory(workspace),
        FORMS,
        client,
        Selection(names=devices),
        overlay=None,
    )


def sources(workspace, client="acme"):
    return TemplateDirectory(workspace).sources(client, frozenset({"frr"}))["frr"]


def problems(workspace):
    with pytest.raises(InputError) as refused:
        sources(workspace)
    return list(refused.value.problems)


def test_a_file_replaces_the_workspace_s(workspace):
    (workspace / OWN / "ospf.j2").write_text("router ospf\n passive-interface {{ device.name }}\nexit\n")
    before, after = render(ROOT, "acme", "core1")["core1"], render(workspace, "acme", "core1")["core1"]
    section = "router ospf\n ospf router-id 10.1.255.3\nexit\n"
    assert section in before
    assert after == before.replace(section, "router ospf\n passive-interface core1\nexit\n")


def test_a_block_is_extended_and_the_rest_stays(workspace):
    (workspace / OWN / "ospf.j2").write_text(
        '{% extends "workspace/ospf.j2" %}\n{% block router %}\n{{ super() }} max-metric router-lsa\n{% endblock %}\n'
    )
    before, after = render(ROOT, "acme"), render(workspace, "acme")
    section = re.compile(r"(router ospf\n(?: .*\n)+)")
    assert after == {name: section.sub(r"\1 max-metric router-lsa\n", text) for name, text in before.items()}
    assert before != after


def test_every_template_of_the_workspace_can_be_extended(workspace):
    before = render(workspace, "acme")
    for path in (workspace / "templates" / "frr").glob("*.j2"):
        (workspace / OWN / path.name).write_text(f'{{% extends "workspace/{path.name}" %}}\n')
    assert render(workspace, "acme") == before


def test_another_client_sees_nothing_of_it(workspace):
    before, digests = render(workspace, "abilene"), sources(workspace, "abilene")
    (workspace / OWN / "ospf.j2").write_text("router ospf\n")
    assert render(workspace, "abilene") == before
    assert sources(workspace, "abilene") == digests
    assert not any("acme" in file.path for file in sources(workspace, "abilene").values())


def test_the_sources_hold_both_so_that_a_digest_of_them_covers_both(workspace):
    before = sources(workspace)
    (workspace / OWN / "ospf.j2").write_text("router ospf\n")
    after = sources(workspace)
    assert after["ospf.j2"] == (f"{OWN}/ospf.j2", "router ospf\n")
    assert {name.removeprefix("workspace/"): file for name, file in after.items() if "/" in name} == before


def test_a_mistake_is_told_at_its_own_line(workspace):
    own = workspace / OWN / "ospf.j2"
    for text, message in {
        "router ospf\n {{ device.colour }}\n": "has no attribute 'colour'",
        "router ospf\n{% endif %}\n": "Encountered unknown tag 'endif'.",
        '\n{% extends "ospf.j2" %}\n': "it stands inside itself; to extend the workspace's, write workspace/",
    }.items():
        own.write_text(text)
        with pytest.raises(RenderError) as failed:
            render(workspace, "acme", "core1")
        assert str(failed.value).startswith(f"{OWN}/ospf.j2:2: ")
        assert message in str(failed.value)
        assert str(failed.value).endswith("(rendering core1)")


def test_a_file_that_replaces_nothing_is_refused(workspace):
    (workspace / OWN / "opsf.j2").write_text("router ospf\n")
    (workspace / "inventory/acme/templates/fr").mkdir()
    assert problems(workspace) == [
        "inventory/acme/templates/fr:1: no platform fr has templates; did you mean 'frr'?",
        f"{OWN}/opsf.j2:1: the workspace has no template opsf.j2 to replace; did you mean 'ospf.j2'?",
    ]


def test_a_link_out_of_the_directory_is_refused(workspace):
    outside = workspace / "inventory" / "abilene" / "templates" / "frr"
    outside.mkdir(parents=True)
    (outside / "ospf.j2").write_text("theirs\n")
    (workspace / OWN / "ospf.j2").symlink_to(outside / "ospf.j2")
    assert problems(workspace) == [
        f"{OWN}/ospf.j2:1: the file is a symbolic link that leads elsewhere; put the file itself here"
    ]
    shutil.rmtree(workspace / OWN)
    (workspace / OWN).symlink_to(outside)
    assert problems(workspace) == [
        f"{OWN}:1: not a directory of the client's; put the templates themselves here"
    ]
    (workspace / OWN).unlink()
    (workspace / OWN).parent.rmdir()
    (workspace / OWN).parent.symlink_to(outside.parent)
    assert problems(workspace) == [
        f"{OWN}:1: not a directory of the client's; put the templates themselves here"
    ]


def test_what_is_no_text_is_refused(workspace):
    (workspace / OWN / "ospf.j2").write_bytes(b"router ospf\n\xff\n")
    (workspace / OWN / "bgp.j2").mkdir()
    assert problems(workspace) == [
        f"{OWN}/bgp.j2:1: it is not a file; put a template here",
        f"{OWN}/ospf.j2:2: not UTF-8; save the file as UTF-8",
    ]
