"""Precedence: defaults < groups (the first listed strongest, parents below children) < host < overlay."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from nornir.plugins.inventory import SimpleInventory

from netmgr.adapters.inventory_assembly import assemble
from netmgr.adapters.yaml_lines import parse
from netmgr.intent.merge import inherited, lineages, merged
from netmgr.model.origins import Origin
from tests.unit.inventory.samples import FORMS, GOOD

TOP = Origin("t", 1)


def layer(text, name="f"):
    problems = []
    result = parse(text.encode(), name, problems)
    assert not problems
    return result


def load(**files):
    """The good client with other files; a trailing ``_yaml`` stands for ``.yaml``."""
    texts = GOOD | {name.replace("_", "."): text for name, text in files.items() if name != "overlay"}
    data = {name: text.encode() for name, text in texts.items()}
    return assemble("acme", data, forms=FORMS, overlay=files.get("overlay"))


CASES = {
    "the later layer wins": ("{a: 1}", "{a: 2}", {"a": 2}),
    "mappings merge deeply": (
        "{a: {b: 1, c: {d: 2}}}",
        "{a: {c: {e: 3}}}",
        {"a": {"b": 1, "c": {"d": 2, "e": 3}}},
    ),
    "lists replace": ("{a: [1, 2]}", "{a: [3]}", {"a": [3]}),
    "null removes": ("{a: 1, b: 2}", "{a: null}", {"b": 2}),
    "null removes deep": ("{a: {b: {c: 1}, d: 2}}", "{a: {b: null}}", {"a": {"d": 2}}),
    "null where there is nothing": ("{}", "{a: null, b: {c: null, d: {e: null}}}", {"b": {"d": {}}}),
    "a mapping replaces a value": ("{a: 1}", "{a: {b: 2}}", {"a": {"b": 2}}),
    "a value replaces a mapping": ("{a: {b: 2}}", "{a: 1}", {"a": 1}),
    "an empty mapping adds nothing": ("{a: {b: 1}}", "{a: {}}", {"a": {"b": 1}}),
    "null in a list stays": ("{}", "{a: [null]}", {"a": [None]}),
}


@pytest.mark.parametrize(("weak", "strong", "result"), CASES.values(), ids=CASES)
def test_two_layers(weak, strong, result):
    assert merged([layer(weak), layer(strong)], TOP) == result


def test_origins_follow_their_values():
    result = merged([layer("a:\n  b: 1\n  c: 2\n", "weak"), layer("x: 1\na:\n  c: 3\n", "strong")], TOP)
    assert result.at == {"a": Origin("strong", 2), "x": Origin("strong", 1)}
    assert result["a"].at == {"b": Origin("weak", 2), "c": Origin("strong", 3)}


def test_layers_stay_as_they_are():
    weak, strong = layer("{a: {b: 1}}"), layer("{a: {b: null, c: [1]}}")
    before = json.dumps([weak, strong])
    merged([weak, strong], TOP)
    assert json.dumps([weak, strong]) == before


VALUES = st.recursive(
    st.none() | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
LAYERS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3).map(
    lambda data: layer(yaml.safe_dump(data))
)


@given(LAYERS, LAYERS, LAYERS)
@settings(max_examples=200, deadline=None)
def test_laws(a, b, c):
    once = merged([a], TOP)
    assert merged([once], TOP) == once, "nothing is left to remove"
    assert merged([merged([a, b], TOP), c], TOP) == merged([a, b, c], TOP), "layers can be put on one by one"
    assert merged([a, a], TOP) == once, "a layer twice is a layer once"


KEYS = ("site", "role", "uid", "management")
DATA = st.fixed_dictionaries({}, optional={key: st.sampled_from(("oob", "inband")) for key in KEYS})
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "hostname": st.sampled_from(("h1", "h2")),
        "port": st.integers(1, 3),
        "username": st.sampled_from(("u1", "u2")),
        "platform": st.sampled_from(("frr", "linux")),
        "data": DATA,
        "connection_options": st.fixed_dictionaries(
            {}, optional={"ssh": st.fixed_dictionaries({}, optional={"port": st.integers(4, 6)})}
        ),
    },
)
GROUPS = ("g0", "g1", "g2", "g3", "g4")


@st.composite
def inventories(draw):
    """Nornir's three files; a group's parents come after it, so that there is no circle."""
    groups = {
        name: draw(SETTINGS) | {"groups": draw(st.lists(st.sampled_from(GROUPS[i + 1 :]), unique=True))}
        if GROUPS[i + 1 :]
        else draw(SETTINGS)
        for i, name in enumerate(GROUPS)
    }
    hosts = {
        name: draw(SETTINGS) | {"groups": draw(st.lists(st.sampled_from(GROUPS), unique=True))}
        for name in ("r1", "r2")
    }
    return hosts, groups, draw(SETTINGS) | {"platform": "frr"}


@given(inventories())
@settings(max_examples=150, deadline=None)
def test_without_null_and_nested_data_it_is_nornirs_own_resolution(tmp_path_factory, generated):
    hosts, groups, defaults = generated
    for host in hosts:
        hosts[host].setdefault("data", {})["uid"] = host
    files = {
        "client.yaml": b"id: acme\nsites: {oob: {}, inband: {}}\n",
        "hosts.yaml": yaml.safe_dump(hosts, sort_keys=False).encode(),
        "groups.yaml": yaml.safe_dump(groups, sort_keys=False).encode(),
        "defaults.yaml": yaml.safe_dump(defaults, sort_keys=False).encode(),
    }
    directory = tmp_path_factory.mktemp("nornir")
    for name, content in files.items():
        (directory / name).write_bytes(content)
    nornir = SimpleInventory(
        *(str(directory / f"{name}.yaml") for name in ("hosts", "groups", "defaults"))
    ).load()
    for device in assemble("acme", files, forms=FORMS).devices:
        theirs = nornir.hosts[device.name]
        assert device.groups == tuple(group.name for group in theirs.extended_groups())
        assert device.hostname == (theirs.hostname or device.name)
        assert (device.port, device.username, device.platform) == (
            theirs.port,
            theirs.username,
            theirs.platform,
        )
        data = theirs.extended_data()
        assert {key: getattr(device.data, key) for key in KEYS} == {key: data.get(key) for key in KEYS}
        own = device.connection_options.get("ssh")
        assert (own.port if own else None) or device.port == theirs.get_connection_parameters("ssh").port


def test_all_ancestors_in_order():
    parents = {
        "a": ("1", "2"),
        "b": ("2", "3"),
        "1": ("x",),
        "2": (),
        "3": (),
        "x": (),
    }
    lines, wrong = lineages(parents)
    assert inherited(("a", "b"), lines) == ("a", "1", "x", "2", "b", "3")
    assert wrong == {}


def test_every_layer_has_its_place():
    inventory = load(
        defaults_yaml="platform: frr\ndata: {role: weakest, system: {domain: a.example, timezone: UTC}}\n",
        groups_yaml=(
            "first: {groups: [parent], data: {role: first}}\n"
            "second: {data: {role: second, uid: from-second}}\n"
            "parent: {data: {role: parent, uid: from-parent, system: {domain: null}}}\n"
        ),
        hosts_yaml="r1: {groups: [first, second], data: {management: oob}}\nr2: {}\n",
        overlay={"management": "inband", "ospf": {"hello_interval": 1}},
    )
    r1, r2 = inventory.devices
    assert r1.groups == ("first", "parent", "second")
    assert (r1.data.role, r1.data.uid, r1.data.system.domain) == ("first", "from-parent", None)
    assert (r1.data.system.timezone, r2.data.system.domain) == ("UTC", "a.example")
    assert (r1.data.management, r1.data.ospf.hello_interval) == ("inband", 1)
    at = inventory.origins.at
    assert str(at("devices", "r1", "data", "role")) == "inventory/acme/groups.yaml:1"
    assert str(at("devices", "r1", "data", "uid")) == "inventory/acme/groups.yaml:3"
    assert str(at("devices", "r1", "data", "system", "timezone")) == "inventory/acme/defaults.yaml:2"
    assert str(at("devices", "r1", "data", "management")) == "config/netmgr.yaml:1"
    assert str(at("devices", "r1", "data", "nothing", "here")) == "inventory/acme/hosts.yaml:1"
    assert str(at("devices", "r2")) == "inventory/acme/hosts.yaml:2"
    assert str(at("links", 0, "subnet")) == "inventory/acme/topology.yaml:2"
    assert str(at("nowhere")) == "inventory/acme/hosts.yaml:1"


def test_an_overlay_that_was_read_from_a_file_keeps_its_lines():
    overlay = layer("ospf:\n  hello_interval: 1\n", "config/netmgr.yaml")
    inventory = load(overlay=overlay)
    origin = inventory.origins.at("devices", "r2", "data", "ospf", "hello_interval")
    assert str(origin) == "config/netmgr.yaml:2"


def test_aliases_share_values():
    inventory = load(hosts_yaml="r1: {data: &d {role: core}}\nr2: {data: *d}\n")
    assert [device.role for device in inventory.devices] == ["core", "core"]


def test_the_digest_is_of_what_is_said_not_of_how():
    one = load()
    assert len(one.digest) == 64
    again = load(
        hosts_yaml=(
            "# The same, otherwise.\n"
            "r2:\n  data:\n    bgp:\n      asn: 64501\n    loopback: '10.255.0.2'\n"
            "r1:\n  data: {bgp: {asn: 64500}, loopback: 10.255.0.1}\n"
        )
    )
    assert again.digest == one.digest
    assert again.by_name()["r1"].digest == one.by_name()["r1"].digest


@pytest.mark.parametrize(
    "files",
    [
        {"hosts_yaml": GOOD["hosts.yaml"].replace("10.255.0.2", "10.255.0.3")},
        {"topology_yaml": GOOD["topology.yaml"].replace("10.0.0.0/31", "10.0.0.2/31")},
        {"topology_yaml": GOOD["topology.yaml"] + "entry: [r1]\n"},
        {"client_yaml": GOOD["client.yaml"] + "timezone: Europe/Berlin\n"},
        {"defaults_yaml": GOOD["defaults.yaml"] + "port: 22\n"},
        {"overlay": {"role": "lab"}},
    ],
    ids=str,
)
def test_the_digest_changes_with_what_is_said(files):
    assert load(**files).digest != load().digest


def test_a_device_digest_is_its_own():
    before = load().by_name()
    after = load(hosts_yaml=GOOD["hosts.yaml"].replace("64501", "64502")).by_name()
    assert before["r1"].digest == after["r1"].digest
    assert before["r2"].digest != after["r2"].digest
