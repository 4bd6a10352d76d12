"""The schemas that editors use: every file of the examples fits, and what netmgr refuses for its form does not."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.cli.main import run
from netmgr.errors import InputError
from netmgr.model.json_schema import GLOBS, NAMES, schema
from tests.unit.inventory.samples import FORMS, GOOD, RICH

ROOT = Path(__file__).parents[3]
EXAMPLES = [
    (name, path)
    for name, glob in GLOBS.items()
    for path in sorted(ROOT.glob(glob))
    if (name, path.name) != ("policy", "versions.yaml")
]


def as_json(value):
    """YAML's numbers as keys are text in JSON; an editor does the same."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


@cache
def validator(name):
    return Draft202012Validator(schema(name))


def problems(name, text):
    return [
        (list(map(str, error.absolute_path)), error.message)
        for error in validator(name).iter_errors(as_json(yaml.safe_load(text)))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name):
    document = schema(name)
    Draft202012Validator.check_schema(document)
    assert list(document)[:3] == ["$schema", "$id", "title"]
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: str(value).removeprefix(str(ROOT)))
def test_every_file_of_the_examples_fits(name, path):
    assert problems(name, path.read_text()) == []


@pytest.mark.parametrize("file", RICH)
def test_every_key_fits(file):
    assert problems(file.removesuffix(".yaml"), RICH[file]) == []


def test_a_client_s_directory_fits_as_one_document():
    whole = {file: as_json(yaml.safe_load(text)) for file, text in RICH.items()}
    assert list(validator("inventory").iter_errors(whole)) == []
    assert [e.message for e in validator("inventory").iter_errors({**whole, "host.yaml": {}})] == [
        "Additional properties are not allowed ('host.yaml' was unexpected)"
    ]


def test_people_fit():
    text = 'p-1: {name: N, logins: [ops], roles: {"*": [viewer], acme: [engineer]}, valid: {from: "2026-01-01"}}\n'
    assert problems("people", text) == []
    assert problems("people", "p-1: {roles: {Acme: [viewer]}}\n") != []


def test_null_removes_an_inherited_key_and_is_no_value_elsewhere():
    assert (
        problems("hosts", "r1: {data: {bgp: null, loopback: null, interfaces: {eth1: null}}, port: null}\n")
        == []
    )
    assert problems("topology", "links: null\n") != []


#: (file, text): each is refused by netmgr too.
BAD = [
    ("hosts", "r1: {colour: red}"),
    ("hosts", "r1: {data: {interfaces: {eth1: {ipv4: 10.0.0.1}}}}"),
    ("hosts", "r1: {data: {interfaces: {eth1: {ipv4: 10.0.0.300/24}}}}"),
    ("hosts", "r1: {data: {interfaces: {eth1: {ipv4: [10.0.0.1/33]}}}}"),
    ("hosts", "r1: {data: {interfaces: {eth1: {ipv6: 10.0.0.1/24}}}}"),
    ("hosts", "r1: {data: {interfaces: {eth1: {mtu: 67}}}}"),
    ("hosts", 'r1: {data: {interfaces: {eth1: {mtu: "1500"}}}}'),
    ("hosts", "r1: {data: {interfaces: {eth1: {mode: tunk}}}}"),
    ("hosts", "r1: {data: {interfaces: {'eth 1': {}}}}"),
    ("hosts", "r1: {data: {loopback: 10.255.0.1/24}}"),
    ("hosts", "r1: {data: {lifecycle: retired}}"),
    ("hosts", "r1: {data: {bgp: {asn: 0}}}"),
    ("hosts", "r1: {data: {bgp: {neighbors: {r2: {peer_as: 1}}}}}"),
    ("hosts", "r1: {data: {bgp: {neighbors: {10.0.0.1: {auth_password: hunter2}}}}}"),
    ("hosts", "r1: {data: {bgp: {router_id: r1}}}"),
    ("hosts", "r1: {data: {static_routes: [{next_hop: 10.0.0.1}]}}"),
    ("hosts", "r1: {data: {static_routes: {prefix: 10.0.0.0/24}}}"),
    ("hosts", "r1: {data: {service: {from: '1.1.2026'}}}"),
    ("hosts", "r1: {data: {vlans: {x: {}}}}"),
    ("hosts", "r1: {data: {acls: {in: {entries: [{action: accept, protocol: ip}]}}}}"),
    ("hosts", "r1: {password: hunter2}"),
    ("hosts", "R1: {}"),
    ("hosts", "r1: []"),
    ("hosts", "r1: {groups: core}"),
    ("groups", "core: {data: {system: {syslog: {level: loud}}}}"),
    ("defaults", "groups: [core]"),
    ("defaults", "port: 0"),
    ("topology", 'links: [{endpoints: ["r1:eth1"]}]'),
    ("topology", 'links: [{endpoints: ["r1", "r2:eth1"]}]'),
    ("topology", 'links: [{endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0}]'),
    ("topology", 'links: [{endpoints: ["r1:eth1", "r2:eth1"], ospf: {cost: 10}}]'),
    ("topology", "link: []"),
    ("client", "id: Acme"),
    ("client", "{}"),
    ("client", "{id: acme, sites: {hq: {latitude: 91, longitude: 0}}}"),
    ("client", "{id: acme, maintenance_windows: [{name: w, days: [sunday], start: '25:00', end: '04:00'}]}"),
    ("client", "{id: acme, contacts: [{name: N, email: noc}]}"),
    ("client", "{id: acme, access: {credentials: hunter2}}"),
    ("client", "{id: acme, access: {jump: ['-oProxyCommand=x']}}"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_what_has_a_wrong_form_is_refused_as_netmgr_refuses_it(name, text):
    assert problems(name, text) != []
    with pytest.raises(InputError):
        MemoryInventories({"acme": {**GOOD, f"{name}.yaml": text}}, FORMS).load("acme")


def patterns(node):
    if isinstance(node, dict):
        yield from (node[key] for key in ("pattern",) if isinstance(node.get(key), str))
        yield from node.get("patternProperties", {})
        for value in node.values():
            yield from patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from patterns(value)


def test_patterns_are_those_that_javascript_reads_too():
    """ECMA-262 in Unicode mode knows no \\Z and \\A, and allows a backslash before syntax characters only."""
    for pattern in {p for name in NAMES for p in patterns(schema(name))}:
        assert pattern.startswith("^"), pattern
        assert re.findall(r"\\(?![$()*+./?\[\\\]^{|}\-dDwWsS])", pattern) == [], pattern


def test_every_type_says_what_it_wants():
    hosts = schema("hosts")["$defs"]
    assert hosts["Interface"]["properties"]["vrf"]["anyOf"][0]["description"] == (
        "a name (letters, digits, . _ -; at most 63), such as customers-v4"
    )
    assert hosts["Bgp"]["description"].startswith("BGP.")


def test_the_command_prints_one(capsys):
    assert run(["schema", "topology"]) == 0
    assert json.loads(capsys.readouterr().out) == schema("topology")
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema("inventory")
    assert run(["schema", "host"]) == 64
    assert (
        capsys.readouterr().err
        == "error: no schema 'host'; did you mean 'hosts'? (see `netmgr schema --help`)\n"
    )


def test_the_command_writes_all(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["schema", "--write"]) == 0
    assert capsys.readouterr().out.split() == [f"schemas/{name}.json" for name in NAMES]
    assert {path.stem: json.loads(path.read_text()) for path in (tmp_path / "schemas").iterdir()} == {
        name: schema(name) for name in NAMES
    }
    (tmp_path / "file").write_text("")
    assert run(["schema", "--write", "--out", "file"]) in (1, 64)
