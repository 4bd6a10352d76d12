"""The files on disk: what is read, what is refused unread, and that a new client appears whole or not at all."""

import os
import signal

import pytest

from netmgr.adapters import inventory_files
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.errors import InputError
from tests.unit.inventory.samples import FORMS, GOOD


@pytest.fixture
def root(tmp_path):
    client = tmp_path / "inventory" / "acme"
    client.mkdir(parents=True)
    for name, text in GOOD.items():
        (client / name).write_text(text)
    return tmp_path


def refused(root, client="acme"):
    with pytest.raises(InputError) as error:
        YamlInventories(root, FORMS).load(client)
    return list(error.value.problems)


def tree(directory):
    return {
        str(path.relative_to(directory)): path.is_file() and path.read_bytes()
        for path in directory.rglob("*")
    }


def test_the_good_client_loads(root):
    inventory = YamlInventories(root, FORMS).load("acme")
    assert [device.name for device in inventory.devices] == ["r1", "r2"]


def test_a_link_within_the_client_is_followed(root):
    client = root / "inventory" / "acme"
    (client / "hosts.yaml").rename(client / "all-hosts")
    (client / "hosts.yaml").symlink_to("all-hosts")
    assert len(YamlInventories(root, FORMS).load("acme").devices) == 2


def test_a_workspace_behind_a_link_is_a_workspace(root, tmp_path_factory):
    link = tmp_path_factory.mktemp("elsewhere") / "workspace"
    link.symlink_to(root)
    assert len(YamlInventories(link, FORMS).load("acme").devices) == 2


OUTSIDE = (
    "inventory/acme/hosts.yaml:1: the file is a symbolic link that leads elsewhere; put the file itself here"
)


def test_a_link_to_another_client_is_refused(root):
    other = root / "inventory" / "other"
    other.mkdir()
    (other / "hosts.yaml").write_text("r1: {}\n")
    (root / "inventory" / "acme" / "hosts.yaml").unlink()
    (root / "inventory" / "acme" / "hosts.yaml").symlink_to("../other/hosts.yaml")
    assert refused(root) == [OUTSIDE]


def test_a_link_out_of_the_workspace_is_refused(root):
    (root / "inventory" / "acme" / "hosts.yaml").unlink()
    (root / "inventory" / "acme" / "hosts.yaml").symlink_to("/etc/passwd")
    assert refused(root) == [OUTSIDE]


def test_a_dangling_link_is_refused(root):
    (root / "inventory" / "acme" / "groups.yaml").symlink_to("nothing")
    assert refused(root) == [
        "inventory/acme/groups.yaml:1: the symbolic link leads nowhere; put the file itself here"
    ]


def test_a_link_to_itself_is_refused(root):
    (root / "inventory" / "acme" / "groups.yaml").symlink_to("groups.yaml")
    assert refused(root) == [
        "inventory/acme/groups.yaml:1: the file cannot be read (too many symbolic links); make it readable for you"
    ]


@pytest.mark.parametrize("target", ["../../elsewhere", "other"])
def test_a_client_that_is_a_link_is_refused(root, target):
    for place in (root.parent / f"{root.name}-elsewhere", root / "inventory" / "other"):
        place.mkdir(exist_ok=True)
        (place / "hosts.yaml").write_text("r1: {}\n")
    (root / "inventory" / "linked").symlink_to(
        root / "inventory" / "other" if target == "other" else root.parent / f"{root.name}-elsewhere"
    )
    assert refused(root, "linked") == [
        "inventory/linked:1: the directory is a symbolic link; put the client's directory itself here"
    ]


def test_a_directory_in_place_of_a_file_is_refused(root):
    (root / "inventory" / "acme" / "groups.yaml").mkdir()
    assert refused(root) == ["inventory/acme/groups.yaml:1: it is not a file; put a YAML file here"]


def test_a_pipe_in_place_of_a_file_is_refused_and_not_waited_for(root):
    os.mkfifo(root / "inventory" / "acme" / "groups.yaml")
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits"))
    signal.alarm(10)
    try:
        problems = refused(root)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert problems == ["inventory/acme/groups.yaml:1: it is not a file; put a YAML file here"]


def test_a_file_that_must_not_be_read_is_refused(root, monkeypatch):
    def deny(path, *arguments):
        raise PermissionError(13, "Permission denied", str(path))

    # Tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(inventory_files.os, "open", deny)
    assert refused(root) == [
        f"inventory/acme/{name}:1: the file cannot be read (Permission denied); make it readable for you"
        for name in sorted(GOOD)
    ]


def test_a_misspelt_file_is_refused(root):
    (root / "inventory" / "acme" / "topolgy.yaml").write_text("links: []\n")
    (root / "inventory" / "acme" / "groups.yml").write_text("{}\n")
    (root / "inventory" / "acme" / "agreement.yaml").write_text("not read here\n")
    (root / "inventory" / "acme" / "notes.md").write_text("not read here\n")
    assert refused(root) == [
        "inventory/acme/groups.yml:1: the file is not one of a client's; did you mean 'groups.yaml'?",
        "inventory/acme/topolgy.yaml:1: the file is not one of a client's; did you mean 'topology.yaml'?",
    ]


NOT_AN_ID = "is not a client's id; write lower-case letters and digits with single hyphens, at most 63"


@pytest.mark.parametrize(
    "name",
    [
        "../acme",
        "/etc",
        ".git",
        "-rf",
        "Acme",
        "acme ",
        "acm\u0435",
        "a" * 300,
        "",
        ".",
        "a/../acme",
        "acme\n",
    ],
)
def test_a_name_that_is_no_id_is_refused(root, name):
    cut = repr(name if len(name) <= 60 else f"{name[:60]}…")
    assert refused(root, name) == [f"inventory/{cut[1:-1]}:1: {cut} {NOT_AN_ID}"]


def test_an_unknown_client_is_refused(root):
    assert refused(root, "acne") == ["inventory/acne:1: no such client; did you mean 'acme'?"]


def test_directories_that_hold_no_client_are_none(root):
    (root / "inventory" / "topologies").mkdir()
    (root / "inventory" / "topologies" / "abilene.yaml").write_text("nodes: []\n")
    (root / "inventory" / ".acme.0123").mkdir()
    (root / "inventory" / ".acme.0123" / "hosts.yaml").write_text("{}\n")
    (root / "inventory" / "README.md").write_text("inventories\n")
    assert YamlInventories(root, FORMS).clients() == ("acme",)


def test_a_workspace_without_inventory_has_no_clients(tmp_path):
    assert YamlInventories(tmp_path, FORMS).clients() == ()


DOCUMENTS = {
    "client.yaml": {"id": "new"},
    "hosts.yaml": {"no": {"platform": "frr", "data": {"role": "010"}}},
}


def test_a_new_client_is_written_whole(root):
    inventories = YamlInventories(root, FORMS)
    inventories.create("new", DOCUMENTS, comment="A test's.")
    new = root / "inventory" / "new"
    assert (new / "hosts.yaml").read_text() == (
        '# A test\'s.\n"no":\n  platform: frr\n  data: {role: "010"}\n'
    )
    assert {path.name for path in new.iterdir()} == {"client.yaml", "hosts.yaml"}
    assert [device.name for device in inventories.load("new").devices] == ["no"]


@pytest.mark.parametrize("occupied", ["directory", "empty directory", "file", "link"])
def test_an_existing_client_is_left_alone(root, occupied):
    new = root / "inventory" / "new"
    if occupied == "file":
        new.write_text("mine\n")
    elif occupied == "link":
        new.symlink_to("acme")
    else:
        new.mkdir()
        if occupied == "directory":
            (new / "hosts.yaml").write_text("mine: {}\n")
    before = tree(root)
    with pytest.raises(InputError) as error:
        YamlInventories(root, FORMS).create("new", DOCUMENTS, comment="x")
    assert error.value.problems == ("inventory/new:1: the client exists already; choose another id",)
    assert tree(root) == before


def test_documents_that_are_wrong_change_nothing(root):
    before = tree(root)
    with pytest.raises(InputError) as error:
        YamlInventories(root, FORMS).create("new", {**DOCUMENTS, "client.yaml": {"id": "other"}}, comment="x")
    assert error.value.problems == (
        "inventory/new/client.yaml:2: id 'other' is not the directory's name; write id: new, or rename the directory",
    )
    assert tree(root) == before


@pytest.mark.parametrize("fails", ["fsync", "rename"])
def test_a_disk_that_fails_leaves_nothing_behind(root, monkeypatch, fails):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    if fails == "fsync":
        monkeypatch.setattr(inventory_files.os, "fsync", fail)
    else:
        monkeypatch.setattr(inventory_files.Path, "rename", fail)
    before = tree(root)
    with pytest.raises(InputError) as error:
        YamlInventories(root, FORMS).create("new", DOCUMENTS, comment="x")
    assert error.value.problems == (
        "inventory/new:1: cannot be written (No space left on device); nothing was changed",
    )
    assert tree(root) == before


def test_an_inventory_that_is_a_link_out_of_the_workspace_is_refused(root):
    elsewhere = root.parent / f"{root.name}-inventory"
    (root / "inventory").rename(elsewhere)
    (root / "inventory").symlink_to(elsewhere)
    assert refused(root) == [
        "inventory/acme:1: the directory is a symbolic link; put the client's directory itself here"
    ]
