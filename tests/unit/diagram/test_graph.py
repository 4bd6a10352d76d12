"""Pictures of networks: everything is there, in its place, on nothing else, and always the same."""

import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.topology_yaml import read_topology_file
from netmgr.cli.main import run
from netmgr.diagram.layout import layout
from netmgr.diagram.mermaid import mermaid
from netmgr.diagram.network import network
from netmgr.diagram.svg import svg
from netmgr.intent.topology_import import client_documents
from netmgr.platforms import FORMS
from tests.unit.inventory.samples import FORMS as SAMPLES
from tests.unit.inventory.samples import GOOD

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def whole(inventory):
    return network(inventory, {device.name for device in inventory.devices})


def example(name):
    if name in ("acme", "abilene", "haichuan", "northwind"):
        return whole(YamlInventories(ROOT, FORMS).load(name))
    inventories = MemoryInventories({}, FORMS)
    topology = read_topology_file(ROOT / "examples" / "topologies" / f"{name}.yaml")
    inventories.create("new", client_documents(topology, "new"), comment="x")
    return whole(inventories.load("new"))


@cache
def placed(name):
    return layout(example(name))


def made(hosts, links="[]", sites="{hq: {}}"):
    files = {
        **GOOD,
        "client.yaml": f"id: acme\nsites: {sites}\n",
        "hosts.yaml": hosts,
        "topology.yaml": f"links: {links}\n",
    }
    return whole(MemoryInventories({"acme": files}, SAMPLES).load("acme"))


def texts(document):
    return [element.text for element in ET.fromstring(document).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ["acme", "abilene", "northwind", "geant2012", "aarnet", "nsfnet"])
def test_nothing_lies_on_anything_else(name):
    """All of GEANT's 40 routers and 61 links with their labels, too."""
    drawn = placed(name)
    assert drawn.crowded == 0
    for one, other in combinations([*drawn.boxes.values(), *(text.box for text in drawn.texts)], 2):
        assert not one.touches(other)
    for box in (*drawn.boxes.values(), *drawn.frames.values(), *(text.box for text in drawn.texts)):
        assert min(box.left, box.top) >= 0
        assert box.left + box.width <= drawn.width
        assert box.top + box.height <= drawn.height


def test_everything_is_shown():
    document = svg(example("acme"))
    shown = texts(document)
    for word in ("Acme", "8 devices, 12 links, 3 sites", "Head office", "Branch north", "edge1", "AS 64496"):
        assert word in shown
    for word in ("192.0.2.0/31", "2001:db8:a0::/127", "OSPF", "BGP", "not ours", "provider"):
        assert word in shown
    assert shown.count("eth1") == 8
    root = ET.fromstring(document)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Acme"
    assert "edge1:eth4 to isp-a:eth1, 192.0.2.0/31" in root.find(f"{SVG}desc").text
    assert "prefers-color-scheme: dark" in root.find(f"{SVG}style").text
    expected = {"ospf": 0, "bgp": 0, "both": 0, "none": 0}
    for cable in example("acme").cables:
        expected[cable.kind] += 1
    kinds = [e.get("class") for e in root.iter(f"{SVG}path")]
    # Each kind that there is stands in the legend once more.
    assert {kind: kinds.count(f"cable {kind}") for kind in expected} == {
        kind: count + (count > 0) for kind, count in expected.items()
    }
    assert "OSPF and BGP" in texts(svg(example("abilene")))


def test_the_map_s_directions_are_kept():
    boxes = placed("abilene").boxes
    assert boxes["seattle"].x < boxes["denver"].x < boxes["kansas-city"].x < boxes["new-york"].x
    assert boxes["seattle"].y < boxes["los-angeles"].y
    assert boxes["chicago"].y < boxes["houston"].y
    geant = placed("geant2012").boxes
    assert geant["pt"].x < geant["de"].x < geant["ro"].x
    assert geant["no"].y < geant["de"].y < geant["it"].y


def test_devices_of_a_site_share_a_frame_and_no_other_device_is_in_it():
    drawn = placed("acme")
    (frame,) = drawn.frames.values()
    inside = {name for name, box in drawn.boxes.items() if frame.touches(box)}
    assert inside == {"edge1", "edge2", "core1", "core2"}
    assert drawn.subtitles == {"north1": "Branch north", "south1": "Branch south"}


def test_a_picture_is_always_the_same():
    assert svg(example("abilene")) == svg(example("abilene"))


@pytest.mark.parametrize("hosts", ["{}", "r1: {}\n", "r1: {}\nr2: {data: {lifecycle: planned}}\n"])
def test_networks_without_links(hosts):
    drawn = made(hosts)
    assert layout(drawn).crowded == 0
    ET.fromstring(svg(drawn))
    assert mermaid(drawn).startswith("---\ntitle: ")


def test_parallel_links_are_lines_of_their_own():
    links = (
        '[{endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}, '
        '{endpoints: ["r2:eth2", "r1:eth2"], subnet: 10.0.0.2/31}]'
    )
    drawn = layout(made("r1: {}\nr2: {}\n", links))
    (first, second) = ({*line} for line in drawn.lines)
    assert first.isdisjoint(second)
    assert drawn.crowded == 0


@settings(max_examples=15, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda p: p[0] != p[1]), max_size=9
    ),
    sites=st.lists(st.sampled_from(["hq", "lab", None]), min_size=7, max_size=7),
)
def test_any_network_has_a_picture(pairs, sites):
    hosts = "".join(
        f"r{n}: {{data: {{site: {site}}}}}\n" if site else f"r{n}: {{}}\n" for n, site in enumerate(sites)
    )
    links = [
        f'{{endpoints: ["r{a}:eth{n}", "r{b}:eth{n}"], subnet: 10.0.{n}.0/31}}'
        for n, (a, b) in enumerate(pairs)
    ]
    drawn = made(hosts, f"[{', '.join(links)}]", "{hq: {}, lab: {latitude: 1, longitude: 2}}")
    found = layout(drawn)
    for one, other in combinations(found.boxes.values(), 2):
        assert not one.touches(other)
    ET.fromstring(svg(drawn))


def test_text_is_text():
    site = '{hq: {name: "<script>alert(1)</script> & \\"end\\" {{x}} 艾克米"}}'
    drawn = made("end: {data: {site: hq}}\nr2: {data: {site: hq}}\n", sites=site)
    assert '<script>alert(1)</script> & "end" {{x}} 艾克米' in texts(svg(drawn))
    assert "<script" not in svg(drawn)
    chart = mermaid(drawn)
    assert (
        's_hq["#60;script#62;alert(1)#60;/script#62; #38; #34;end#34; #123;#123;x#125;#125; 艾克米"]' in chart
    )
    assert '    d_end["end"]' in chart


def test_mermaid_says_the_same():
    chart = mermaid(example("acme")).splitlines()
    assert chart[:4] == ["---", 'title: "Acme"', "---", "graph LR"]
    assert '  subgraph s_hq["Head office"]' in chart
    assert '    d_edge1["edge1<br>AS 64496<br>10.1.255.1"]' in chart
    assert '  d_isp_a["isp-a<br>AS 64500"]:::external' in chart
    assert '  d_edge1 -. "eth4 to eth1<br>192.0.2.0/31<br>2001:db8:a0::/127" .- d_isp_a' in chart
    assert sum(bool(re.match(r"  d_\w+ (--|==|-\.) ", line)) for line in chart) == 12


def test_the_command_writes_files_and_prints_their_names(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NETMGR_WORKSPACE", str(ROOT))
    monkeypatch.chdir(tmp_path)
    assert run(["inventory", "graph", "-c", "acme"]) == 0
    assert capsys.readouterr().out == "acme.svg\n"
    assert (tmp_path / "acme.svg").read_text() == svg(example("acme"))
    words = [
        "inventory",
        "graph",
        "-c",
        "acme",
        "--site",
        "hq",
        "--format",
        "mermaid,svg",
        "--out",
        "new/dir",
        "-o",
        "json",
    ]
    assert run(words) == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "netmgr.graph/1",
        "client": "acme",
        "files": ["new/dir/acme.mmd", "new/dir/acme.svg"],
    }
    assert "d_north1" not in (tmp_path / "new/dir/acme.mmd").read_text()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--format", "png"], "error: no format 'png'; write some of svg, mermaid"),
        (["--format", ","], "error: no format ','; write some of svg, mermaid"),
        (["-l", "edge9"], "error: no device of acme matches edge9"),
        (["--out", "taken"], "error: Invalid value for '--out': Directory 'taken' is a file."),
    ],
)
def test_what_cannot_be_drawn(words, error, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NETMGR_WORKSPACE", str(ROOT))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("")
    assert run(["inventory", "graph", "-c", "acme", *words]) == 64
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(error)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
