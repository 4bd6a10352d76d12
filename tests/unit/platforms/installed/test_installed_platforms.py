"""Platforms that other packages bring: found by entry points, imported when used, told of when broken."""

import sys
import textwrap

import pytest

from netmgr.adapters.commit_controls import control_for
from netmgr.adapters.installed_platforms import InstalledForms
from netmgr.adapters.inventory_cache import InventoryCache
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.errors import FormError, InputError
from netmgr.model.endpoint import Endpoint
from netmgr.platforms import FORMS

FORM = """
import dataclasses
from netmgr.platforms.linux import LINUX

OAK = dataclasses.replace(
    LINUX, name="oak", driver="oak", replace=True, features={"interfaces": "rendered"}, {more}
)
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Puts a distribution on the path, as pip would."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def install(name, entry, module="oak_platform", text=FORM, more=""):
        metadata = site / f"{name.replace(chr(45), chr(95))}-1.2.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (metadata / "entry_points.txt").write_text(f"[netmgr.platforms]\n{entry}\n")
        package = site / module
        package.mkdir()
        (package / "__init__.py").write_text(textwrap.dedent(text.replace("{more}", more)))
        return package

    yield install
    for name in set(sys.modules) - before:
        if name.startswith(("oak", "ash")):
            del sys.modules[name]


def workspace(tmp_path, platform):
    client = tmp_path / "inventory" / "acme"
    client.mkdir(parents=True)
    (client / "client.yaml").write_text("id: acme\n")
    (client / "hosts.yaml").write_text(f"sw1:\n  platform: {platform}\n")
    (client / "topology.yaml").write_text("links: []\n")
    return tmp_path


def wrong(tmp_path, platform="oak"):
    """The one line that somebody reads whose inventory has such a device."""
    with pytest.raises(InputError) as caught:
        YamlInventories(workspace(tmp_path, platform), InstalledForms()).check("acme")
    (line,) = caught.value.problems
    return line


MEND = "mend or remove the package that brings it (docs/how-to/platform.md)"


def test_without_other_packages_the_forms_are_netmgr_s_own():
    assert dict(InstalledForms()) == FORMS
    assert InstalledForms().packaged() == frozenset()


def test_a_package_s_platform_is_found_and_imported_only_when_it_is_used(installed, tmp_path):
    installed("netmgr-oak", "oak = oak_platform:OAK")
    forms = InstalledForms()
    assert list(forms) == sorted([*FORMS, "oak"])
    assert (len(forms), "oak" in forms, "elm" in forms) == (len(FORMS) + 1, True, False)
    YamlInventories(workspace(tmp_path, "frr"), forms, InventoryCache(tmp_path / "cache")).check("acme")
    assert "oak_platform" not in sys.modules
    assert (forms["oak"].name, forms.get("elm")) == ("oak", None)
    assert "oak_platform" in sys.modules


def test_its_devices_are_judged_by_its_form(installed, tmp_path):
    installed("netmgr-oak", "oak = oak_platform:OAK")
    root = workspace(tmp_path, "oak")
    inventories = YamlInventories(root, InstalledForms())
    assert inventories.check("acme").devices == 1
    hosts = root / "inventory/acme/hosts.yaml"
    hosts.write_text("sw1:\n  platform: oak\n  data: {vlans: {10: {name: voice}}}\n")
    with pytest.raises(InputError) as caught:
        inventories.check("acme")
    assert caught.value.problems == (
        "inventory/acme/hosts.yaml:3: sw1: vlans is not supported on platform oak; remove it",
    )


def test_a_verdict_is_forgotten_when_the_package_s_code_changes(installed, tmp_path):
    package = installed("netmgr-oak", "oak = oak_platform:OAK")
    first = InstalledForms().identity()
    assert InstalledForms().identity() == first
    (package / "ranges.py").write_text("VLANS = 4094\n")
    assert InstalledForms().identity() != first


@pytest.mark.parametrize(
    ("entry", "more", "said"),
    [
        ("oak_platform:ELM", "", "cannot be loaded: AttributeError: module 'oak_platform' has no attribute 'ELM'"),
        ("oak_platfrom:OAK", "", "cannot be loaded: ModuleNotFoundError: No module named 'oak_platfrom'"),
        ("oak_platform:OAK", "tree=1", "cannot be loaded: TypeError: PlatformForm.__init__() got an unexpected keyword "
         "argument 'tree'"),
        ("oak_platform:dataclasses", "", "it is a module, not a PlatformForm"),
        ("oak_platform:LINUX", "", "the form calls itself 'linux'"),
        ("oak_platform:OAK", "canonical='text'", "canonical is a str, not a function"),
        ("oak_platform:OAK", "adopt=1", "adopt is a int, not a function"),
        ("oak_platform:OAK", "loopback=7", "loopback is a int, not str or NoneType"),
        ("oak_platform:OAK", "state_requests=('show bgp',)", "state_requests has what is no StateRequest"),
        ("oak_platform:OAK", "commit_control='Oak'",
         "commit_control 'Oak' is neither one of netmgr's nor module:Class"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used_is_one_line_at_the_device_s_platform(
    installed, tmp_path, entry, more, said
):
    installed("netmgr-oak", f"oak = {entry}", more=more)
    whose = f"sw1: platform oak: {entry} of netmgr-oak 1.2"
    middle = " " if said.startswith("cannot") else ": "
    assert wrong(tmp_path) == f"inventory/acme/hosts.yaml:2: {whose}{middle}{said}; {MEND}"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"features": {"bgp": "maybe"}}, "feature bgp is answered 'maybe', not rendered, host or absent"),
        ({"attribution": "syslog"}, "attribution 'syslog' is not header or commits, nor None"),
        ({"replace": False}, "NAPALM's driver cannot replace configurations (replace=False)"),
        ({"reads": "ReadCommand('show', '(')"}, "the pattern of reads 'show' is none"),
    ],
)
def test_what_a_form_says_is_judged(more, said):
    import dataclasses

    from netmgr.platforms.form import ReadCommand
    from netmgr.platforms.form_shape import shape_problems

    if "reads" in more:
        more = {"reads": (ReadCommand("show", "("),)}
    (problem,) = shape_problems("frr", dataclasses.replace(FORMS["frr"], **more))
    assert problem.startswith(said)


@pytest.mark.parametrize("name", FORMS)
def test_netmgr_s_own_forms_have_the_shape(name):
    from netmgr.platforms.form_shape import shape_problems

    assert list(shape_problems(name, FORMS[name])) == []


def test_a_package_that_is_broken_spoils_nobody_else_s_devices(installed, tmp_path):
    installed("netmgr-oak", "oak = oak_platform:OAK", text="raise RuntimeError('half installed')\n")
    root = workspace(tmp_path, "frr")
    assert (
        YamlInventories(root, InstalledForms(), InventoryCache(tmp_path / "cache")).check("acme").devices == 1
    )


def test_a_name_that_netmgr_has_itself_is_used_by_nobody(installed, tmp_path):
    installed("netmgr-oak", "frr = oak_platform:OAK")
    assert wrong(tmp_path, "frr") == (
        "inventory/acme/hosts.yaml:2: sw1: platform frr is netmgr's own, and netmgr-oak 1.2 has one of that name; "
        "remove the package"
    )


def test_of_two_packages_with_one_name_neither_is_used(installed, tmp_path):
    installed("netmgr-oak", "oak = oak_platform:OAK")
    installed("netmgr-ash", "oak = ash_platform:OAK", module="ash_platform")
    assert wrong(tmp_path) == (
        "inventory/acme/hosts.yaml:2: sw1: platform oak is in netmgr-ash 1.2 and netmgr-oak 1.2; remove all but one"
    )


def test_a_platform_that_nobody_brings_names_those_that_are_known(installed, tmp_path):
    installed("netmgr-oak", "oak = oak_platform:OAK")
    assert wrong(tmp_path, "oka") == (
        "inventory/acme/hosts.yaml:2: sw1: no form for platform 'oka'; did you mean 'oak'?"
    )


def sources(root, forms):
    return TemplateDirectory(root, forms.templates, forms.packaged()).sources("acme", frozenset({"oak"}))[
        "oak"
    ]


def test_templates_come_with_the_form_unless_the_workspace_has_its_own(installed, tmp_path):
    package = installed("netmgr-oak", "oak = oak_platform:OAK")
    root, forms = workspace(tmp_path, "oak"), InstalledForms()
    with pytest.raises(FormError) as caught:
        sources(root, forms)
    assert str(caught.value) == f"platform oak: oak_platform:OAK has no templates/ beside it; {MEND}"
    (package / "templates").mkdir()
    with pytest.raises(InputError) as caught:
        sources(root, forms)
    assert caught.value.problems == (
        "templates/oak/main.j2:1: missing; each platform's template starts there",
    )
    (package / "templates/main.j2").write_text("hostname {{ device.name }}\n")
    (package / "templates/README.md").write_text("not a template\n")
    found = sources(root, forms)
    assert {name: file.path for name, file in found.items()} == {"main.j2": "oak_platform/templates/main.j2"}
    mine = root / "templates/oak/main.j2"
    mine.parent.mkdir(parents=True)
    mine.write_text("system {{ device.name }}\n")
    assert {name: file.path for name, file in sources(root, forms).items()} == {
        "main.j2": "templates/oak/main.j2"
    }


def test_a_client_replaces_a_single_template_of_the_package(installed, tmp_path):
    package = installed("netmgr-oak", "oak = oak_platform:OAK")
    (package / "templates").mkdir()
    (package / "templates/main.j2").write_text("hostname {{ device.name }}\n")
    root = workspace(tmp_path, "oak")
    mine = root / "inventory/acme/templates/oak/main.j2"
    mine.parent.mkdir(parents=True)
    mine.write_text("{% include 'workspace/main.j2' %}banner ours\n")
    assert {name: file.path for name, file in sources(root, InstalledForms()).items()} == {
        "main.j2": "inventory/acme/templates/oak/main.j2",
        "workspace/main.j2": "oak_platform/templates/main.j2",
    }


CONTROL = """
from netmgr.adapters.napalm_snapshot import SnapshotCommits

class OakCommits(SnapshotCommits):
    pass
"""


def test_a_form_names_a_commit_control_of_its_own(installed):
    package = installed(
        "netmgr-oak", "oak = oak_platform:OAK", more="commit_control='oak_platform.control:OakCommits'"
    )
    (package / "control.py").write_text(CONTROL)
    endpoint = Endpoint(device="sw1", platform="oak", hostname="", port=0, username="", known_hosts="")
    control = control_for(endpoint, InstalledForms()["oak"])
    assert (type(control).__name__, control.form.name) == ("OakCommits", "oak")
    (package / "control.py").unlink()
    sys.modules.pop("oak_platform.control")
    with pytest.raises(FormError) as caught:
        control_for(endpoint, InstalledForms()["oak"])
    assert str(caught.value) == (
        "platform oak: commit_control 'oak_platform.control:OakCommits' cannot be loaded: No module named "
        "'oak_platform.control'; netmgr's own are eos, frr, ios, junos, snapshot"
    )
