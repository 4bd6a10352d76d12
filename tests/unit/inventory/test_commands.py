"""netmgr validate, netmgr inventory."""

import json
import shutil
from pathlib import Path

import pytest

from netmgr.cli.main import run
from netmgr.model.fields import ID_FORM

ROOT = Path(__file__).parents[3]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    # Below tmp_path, so that the test sees what would land beside the workspace, and nothing of other tests.
    root = tmp_path / "work"
    for name in ("config/netmgr.yaml", "inventory/acme", "examples/topologies"):
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def netmgr(workspace, capsys):
    def call(*arguments):
        code = run(list(arguments))
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def place(file, text):
    """``file:line`` of the last line of the example client ``acme`` that holds ``text``."""
    lines = (ROOT / "inventory" / "acme" / file).read_text().splitlines()
    return f"inventory/acme/{file}:{max(n for n, line in enumerate(lines, 1) if text in line)}"


def table(text):
    """Rows of words: columns are padded, so that only the words count."""
    return [line.split() for line in text.splitlines()]


def test_validate_everything(netmgr):
    assert netmgr("validate") == (0, "acme: 8 devices, 12 links: ok\n", "")


def test_validate_as_json(netmgr):
    code, out, err = netmgr("validate", "-c", "acme", "-o", "json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document.pop("schema") == "netmgr.validate/1"
    assert document["clients"][0].pop("digest")
    assert document == {"clients": [{"client": "acme", "devices": 8, "links": 12, "warnings": []}]}


def test_validate_tells_every_problem_of_every_file(netmgr, workspace):
    acme = workspace / "inventory" / "acme"
    (acme / "groups.yaml").write_text((acme / "groups.yaml").read_text() + "colour: red\n")
    lines = (acme / "groups.yaml").read_text().count("\n")
    (acme / "topology.yaml").write_text(
        (acme / "topology.yaml").read_text().replace("south1:eth2", "south2:eth2")
    )
    (workspace / "inventory" / "Bad").mkdir()
    (workspace / "inventory" / "Bad" / "hosts.yaml").write_text("{}\n")
    (acme / "playbooks.yaml").write_text("# nothing\nping: {variables: {Paths: 1}}\n")
    (workspace / "config" / "people.yaml").write_text("p-1: {role: viewer}\n")
    before = sorted(workspace.rglob("*"))
    code, out, err = netmgr("validate")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"error: inventory/Bad:1: 'Bad' is not a client's id; {ID_FORM}",
        f"error: inventory/acme/groups.yaml:{lines}: colour must be a mapping (key: value); "
        "write {} where there is nothing to say",
        f"error: {place('topology.yaml', 'south1:eth2')}: the link's end south2:eth2 names no device; "
        "did you mean 'south1'?",
        "error: inventory/acme/playbooks.yaml:2: ping.variables.Paths: is not a variable's name; "
        "write lower-case letters, digits and _",
        "error: config/people.yaml:1: unknown key 'role'; did you mean 'roles'?",
    ]
    assert sorted(workspace.rglob("*")) == before


def test_warnings_of_several_devices_are_one_line(netmgr, workspace):
    defaults = workspace / "inventory" / "acme" / "defaults.yaml"
    defaults.write_text(defaults.read_text() + "    ntp: [192.0.2.1]\n")
    lines = defaults.read_text().count("\n")
    code, out, err = netmgr("validate", "-c", "acme")
    assert (code, out) == (0, "acme: 8 devices, 12 links: ok\n")
    assert err == (
        f"warning: inventory/acme/defaults.yaml:{lines}: core1, core2, edge1, edge2, north1, south1: "
        "ntp is not part of the configuration on platform frr; set it on the host\n"
    )


def test_an_unknown_client(netmgr):
    assert netmgr("validate", "-c", "acne") == (
        1,
        "",
        "error: inventory/acne:1: no such client; did you mean 'acme'?\n",
    )


def test_list_clients(netmgr):
    code, out, err = netmgr("inventory", "list")
    assert (code, err) == (0, "")
    assert table(out) == [["CLIENT", "DEVICES", "LINKS"], ["acme", "8", "12"]]
    assert json.loads(netmgr("inventory", "list", "-o", "json")[1]) == {
        "schema": "netmgr.clients/1",
        "clients": [{"client": "acme", "devices": 8, "links": 12}],
    }


def test_list_devices(netmgr):
    code, out, err = netmgr("-c", "acme", "inventory", "list", "--group", "edge")
    assert (code, err) == (0, "")
    assert table(out) == [
        ["DEVICE", "PLATFORM", "ROLE", "SITE", "LIFECYCLE", "LOOPBACK", "HOSTNAME"],
        ["edge1", "frr", "edge", "hq", "active", "10.1.255.1,", "2001:db8:a:ff::1", "edge1"],
        ["edge2", "frr", "edge", "hq", "active", "10.1.255.2,", "2001:db8:a:ff::2", "edge2"],
    ]
    assert max(map(len, out.splitlines())) <= 100


def test_list_devices_as_json(netmgr):
    document = json.loads(netmgr("inventory", "list", "-c", "acme", "-l", "isp-*", "-o", "json")[1])
    for device in document["devices"]:
        assert len(device.pop("digest")) == 64
    assert document == {
        "schema": "netmgr.inventory/1",
        "client": "acme",
        "devices": [
            {
                "device": name,
                "uid": name,
                "platform": "frr",
                "hostname": name,
                "role": "provider",
                "site": None,
                "lifecycle": "external",
                "groups": ["provider"],
                "loopback": [],
            }
            for name in ("isp-a", "isp-b")
        ],
    }


def test_a_name_that_fits_no_device(netmgr):
    assert netmgr("inventory", "list", "-c", "acme", "-l", "egde*") == (
        64,
        "",
        "error: no device of acme matches egde*\n",
    )
    code, out, err = netmgr("inventory", "show", "edge3", "-c", "acme")
    assert (code, out) == (64, "")
    assert err.startswith("error: acme has no device 'edge3'; did you mean 'edge")


def test_show_a_device_of_the_lab_explained(netmgr):
    code, out, err = netmgr("inventory", "show", "isp-a", "-c", "acme", "--lab", "--explain")
    assert (code, err) == (0, "")
    rows = table(out)
    assert rows[0] == ["KEY", "VALUE", "WHERE"]
    assert ["data.lifecycle", "external", place("groups.yaml", "lifecycle")] in rows
    assert ["data.lifecycle", "external", place("groups.yaml", "external")] in rows
    assert ["data.static_routes[3].discard", "true", place("groups.yaml", "discard")] in rows
    assert ["data.bgp.asn", "64500", place("hosts.yaml", "64500")] in rows
    assert [row[2].split(":")[0] for row in rows if row[:2] == ["data.bgp.hold_time", "15"]] == [
        "config/netmgr.yaml"
    ]
    assert rows[-1] == [
        "eth1",
        "edge1:eth4",
        "192.0.2.0/31,",
        "2001:db8:a0::/127",
        place("topology.yaml", "isp-a"),
    ]
    assert max(map(len, out.splitlines())) <= 100
    assert "hold_time" not in netmgr("inventory", "show", "isp-a", "-c", "acme")[1]


def test_show_a_device_as_json(netmgr):
    document = json.loads(netmgr("inventory", "show", "edge1", "-c", "acme", "-o", "json", "--explain")[1])
    assert document["schema"] == "netmgr.device/1"
    assert document["merged"]["data"]["ospf"] == {"originate_default": True}
    assert document["links"][0] == {
        "interface": "eth1",
        "peer": "core1:eth1",
        "subnet": ["10.1.0.0/31", "2001:db8:a:0:1::/127"],
    }
    assert document["origins"]["data.bgp.asn"] == place("groups.yaml", "asn: 64496")


def test_import_a_topology(netmgr, workspace):
    code, out, err = netmgr("inventory", "import", "examples/topologies/nsfnet.yaml", "--client", "nsf")
    assert (code, err) == (0, "")
    assert out == "client nsf made in inventory/nsf: 13 devices, 15 links; next: netmgr lab up -c nsf\n"
    assert (
        (workspace / "inventory" / "nsf" / "hosts.yaml")
        .read_text()
        .startswith("# Made from nsfnet.yaml by `netmgr inventory import`; yours to change.\nseqsuinet-rice-")
    )
    assert netmgr("validate") == (0, "acme: 8 devices, 12 links: ok\nnsf: 13 devices, 15 links: ok\n", "")
    assert netmgr("inventory", "import", "examples/topologies/nsfnet.yaml", "--client", "nsf") == (
        1,
        "",
        "error: inventory/nsf:1: the client exists already; choose another id\n",
    )


@pytest.mark.parametrize(
    ("file", "client", "problem"),
    [
        ("nothing.yaml", "new", "nothing.yaml:1: there is no such file; name a topology's YAML file"),
        (
            "inventory/acme/hosts.yaml",
            "new",
            "inventory/acme/hosts.yaml:2: missing key 'nodes'; add it",
        ),
        (
            "examples/topologies/abilene.yaml",
            "../new",
            f"inventory/../new:1: '../new' is not a client's id; {ID_FORM}",
        ),
    ],
)
def test_an_import_that_is_refused_makes_nothing(netmgr, workspace, file, client, problem):
    before = sorted(workspace.parent.rglob("*"))
    code, out, err = netmgr("inventory", "import", file, "--client", client)
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == f"error: {problem}"
    assert sorted(workspace.parent.rglob("*")) == before


def test_an_import_needs_a_client(netmgr):
    code, _, err = netmgr("inventory", "import", "examples/topologies/nsfnet.yaml")
    assert code == 64
    assert err.startswith("error: no client")
