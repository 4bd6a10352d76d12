"""Remembered verdicts: never another answer than without them."""

import json
import os
from itertools import pairwise
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.adapters import inventory_cache, inventory_yaml
from netmgr.adapters.inventory_cache import InventoryCache
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.settings_yaml import load_settings
from netmgr.errors import InputError
from tests.unit.inventory.samples import FORMS, GOOD, SampleForm

#: Contents that each file may have; None is a file that is not there.
CONTENTS = {
    "client.yaml": [GOOD["client.yaml"], "id: acme\n", "id: other\n"],
    "hosts.yaml": [
        GOOD["hosts.yaml"],
        GOOD["hosts.yaml"].replace("10.255.0.2", "10.255.0.3"),
        "r1: {}\nr2: {data: {system: {ntp: [192.0.2.1]}}, platform: poor}\n",
        "r1: {data: {colour: red}}\nr2: {}\n",
    ],
    "defaults.yaml": [GOOD["defaults.yaml"], "# Another line.\nplatform: frr\n", None],
    "topology.yaml": [GOOD["topology.yaml"], "links: []\n", "links: [\n", None],
}
OVERLAYS = [None, {}, {"system": {"ntp": ["192.0.2.9"]}}, {"ospf": {"hello_interval": 0}}]


def write(root, files):
    client = root / "inventory" / "acme"
    client.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        if text is None:
            (client / name).unlink(missing_ok=True)
        else:
            (client / name).write_text(text)


def answer(inventories, overlay=None):
    try:
        return inventories.check("acme", overlay=overlay)
    except InputError as error:
        return error.problems


@pytest.fixture
def root(tmp_path):
    write(tmp_path, GOOD)
    return tmp_path


@pytest.fixture
def cached(root):
    return YamlInventories(root, FORMS, InventoryCache(root / "cache"))


def forbid_assembling(monkeypatch):
    monkeypatch.setattr(inventory_yaml, "assemble", lambda *_, **__: pytest.fail("it was assembled anew"))


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in CONTENTS.items()}),
            st.sampled_from(OVERLAYS),
        ),
        min_size=2,
        max_size=5,
    )
)
def test_the_answer_is_that_without_a_cache(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("workspace")
    cached = YamlInventories(root, FORMS, InventoryCache(root / "cache"))
    for files, overlay in [*steps, *steps]:
        write(root, files)
        assert answer(cached, overlay) == answer(YamlInventories(root, FORMS), overlay)


def test_a_verdict_is_remembered(root, cached, monkeypatch):
    first = answer(cached)
    forbid_assembling(monkeypatch)
    assert answer(cached) == first
    (root / "inventory" / "acme" / "hosts.yaml").touch()
    assert answer(YamlInventories(root, FORMS, InventoryCache(root / "cache"))) == first


def test_a_loaded_inventory_is_the_same_value_until_a_file_changes(root, monkeypatch):
    inventories = YamlInventories(root, FORMS)
    first = inventories.load("acme")
    assert inventories.load("acme") is first
    assert inventories.load("acme", overlay={"ospf": {"hello_interval": 1}}) != first
    write(root, {"hosts.yaml": CONTENTS["hosts.yaml"][1]})
    assert inventories.load("acme").digest != first.digest


def test_a_client_with_a_problem_is_never_remembered(root, cached):
    write(root, {"topology.yaml": "links: [\n"})
    assert isinstance(answer(cached), tuple)
    assert not (root / "cache").exists()


def test_other_features_or_other_code_forget_it(root, cached, monkeypatch):
    before = answer(cached)
    absent = {"frr": SampleForm(features={"interfaces": "rendered"})}
    other = YamlInventories(root, absent, InventoryCache(root / "cache"))
    assert answer(other) == answer(YamlInventories(root, absent)) != before
    monkeypatch.setattr(inventory_cache, "_code", lambda: "another version")
    monkeypatch.setattr(inventory_yaml, "checked", lambda *_: before.model_copy(update={"links": 7}))
    assert answer(cached).links == 7


def test_the_overlay_s_lines_are_part_of_it(root, cached):
    (root / "config").mkdir()
    found = []
    for comment in ("", "# One line further down.\n"):
        (root / "config" / "netmgr.yaml").write_text(
            f"{comment}lab: {{overlay: {{interfaces: {{eth1: {{mtu: 9000}}}}}}}}\n"
        )
        write(root, {"hosts.yaml": "r1: {platform: poor}\nr2: {platform: poor}\n"})
        found.append(answer(cached, load_settings(root).lab.overlay).warnings[0].split(": ")[0])
    assert found == ["config/netmgr.yaml:1", "config/netmgr.yaml:2"]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[]", b'{"key": 1}', b"null", b"[" * 100_000])
def test_a_damaged_entry_is_made_anew(root, cached, damage, monkeypatch):
    first = answer(cached)
    (root / "cache" / "acme.json").write_bytes(damage)
    assert answer(cached) == first
    forbid_assembling(monkeypatch)
    assert answer(cached) == first


def test_an_entry_of_another_content_is_none(root, cached):
    write(root, {"hosts.yaml": CONTENTS["hosts.yaml"][1]})
    other = answer(cached)
    kept = (root / "cache" / "acme.json").read_bytes()
    write(root, GOOD)
    (root / "cache" / "acme.json").write_bytes(kept)
    assert answer(cached) != other


def test_entries_are_private_one_for_each_client_and_leave_with_it(root, cached):
    for hosts in CONTENTS["hosts.yaml"][:2]:
        write(root, {"hosts.yaml": hosts})
        cached.check("acme")
        cached.check("acme", overlay={})
    assert sorted(path.name for path in (root / "cache").iterdir()) == ["acme.json", "acme.overlay.json"]
    assert {path.stat().st_mode & 0o777 for path in (root / "cache").iterdir()} == {0o600}
    assert (root / "cache").stat().st_mode & 0o777 == 0o700
    (root / "inventory" / "acme").rename(root / "inventory" / "new")
    write(root / "x", {})
    new = root / "inventory" / "new"
    (new / "client.yaml").write_text("id: new\nsites: {hq: {}}\n")
    cached.check("new")
    assert sorted(path.name for path in (root / "cache").iterdir()) == ["new.json"]


def test_no_secret_reference_or_description_is_kept(root, cached):
    write(
        root,
        {
            "hosts.yaml": "r1: {data: {interfaces: {eth1: {description: inside}}}}\nr2: {password: secret://env/x}\n"
        },
    )
    cached.check("acme")
    kept = json.loads((root / "cache" / "acme.json").read_text())
    assert kept["checked"] == json.loads(answer(YamlInventories(root, FORMS)).model_dump_json())
    assert "inside" not in str(kept)
    assert "secret" not in str(kept)


@pytest.mark.parametrize("obstacle", ["file", "directory in place of the entry"])
def test_a_cache_that_cannot_be_written_is_no_failure(root, cached, obstacle):
    if obstacle == "file":
        (root / "cache").write_text("")
    else:
        (root / "cache" / "acme.json").mkdir(parents=True)
    assert answer(cached) == answer(YamlInventories(root, FORMS))
    assert not [path for path in root.rglob("*") if path.name.startswith(".")]


def _check_often(root):
    for _ in range(30):
        cached = YamlInventories(root, FORMS, InventoryCache(root / "cache"))
        verdict = cached.check("acme", overlay=[None, {}][os.getpid() % 2])
        if verdict.devices != 2:
            raise AssertionError(verdict)
    return verdict


def test_commands_at_once_agree(root):
    with get_context("spawn").Pool(4) as pool:
        answers = pool.map(_check_often, [root] * 4)
    assert all(one == other for one, other in pairwise(answers))
    assert {path.name for path in (root / "cache").iterdir()} <= {"acme.json", "acme.overlay.json"}
