"""Hostile text in every field: refused with its line, or kept as the plain text that it is."""

import copy
import json
import re

import pytest
import yaml

from netmgr.adapters.inventory_assembly import assemble
from netmgr.errors import InputError
from netmgr.intent.resolve import resolve
from tests.unit.inventory.samples import FORMS, RICH

TREES = {name: yaml.safe_load(text) for name, text in RICH.items()}

#: The only fields that may hold several lines.
BLOCKS = {
    ("hosts.yaml", "r1.data.system.banner"),
    ("hosts.yaml", "r1.data.system.motd"),
    ("hosts.yaml", "r2.data.extra_config"),
}
#: Fields that are one-line text of any kind: what looks like a template stays as it is.
FREE_TEXT = {
    "names.en",
    "names.zh-CN",
    "contacts.0.name",
    "sites.hq.name",
    "sites.hq.address",
    "sites.hq.country",
    "freezes.0.reason",
    "sites.hq.freezes.0.reason",
    "access.ssh_config",
    "access.known_hosts",
    "r1.connection_options.netmiko.extras.note",
    "r1.data.interfaces.eth5.dhcp.vendor_class",
    "r1.data.system.snmp.location",
    "r1.data.system.snmp.contact",
    "r1.data.system.banner",
    "r1.data.system.motd",
    "r1.data.route_maps.out.0.description",
    "r1.data.system.users.ops.ssh_key",
    "r1.data.interfaces.eth1.description",
    "r1.data.bgp.neighbors.10.0.0.1.description",
    "r1.data.acls.in.entries.0.description",
    "r1.data.vrfs.red.description",
    "r1.data.extra_config.0",
    "r1.data.extra_config.1.section",
    "r1.data.extra_config.1.lines.0",
    "r2.data.extra_config",
    "links.0.description",
}


def leaves(node, path=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path


LEAVES = [(name, path) for name, tree in TREES.items() for path in leaves(tree)]
KEYS = sorted(
    {
        (name, path[:end])
        for name, path in LEAVES
        for end in range(1, len(path) + 1)
        if isinstance(path[end - 1], str)
    }
)


def dotted(path):
    return ".".join(map(str, path))


def replaced(name, path, value):
    tree = copy.deepcopy(TREES[name])
    node = tree
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return written(name, tree)


def renamed(name, path, key):
    tree = copy.deepcopy(TREES[name])
    node = tree
    for step in path[:-1]:
        node = node[step]
    entries = [(key if k == path[-1] else k, v) for k, v in node.items()]
    node.clear()
    node.update(entries)
    return written(name, tree)


class Dumper(yaml.CSafeDumper):
    """Text is always in double quotes, so that only its content counts."""


Dumper.add_representer(str, lambda d, text: d.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def written(name, tree):
    files = {other: text.encode() for other, text in RICH.items()}
    return files | {name: yaml.dump(tree, Dumper=Dumper, sort_keys=False).encode()}


def refusals(files):
    """The problems of a client; each has its place."""
    try:
        resolve(assemble("acme", files, forms=FORMS), FORMS)
    except InputError as error:
        problems = error.problems
    else:
        problems = ()
    assert [p for p in problems if not re.match(r"inventory/acme/[a-z]+\.yaml:[0-9]+: ", p)] == []
    return problems


@pytest.fixture(scope="module")
def name_keys():
    """Keys that are somebody's names: renaming one may break a reference to it, but is no unknown key."""
    return [
        (name, path)
        for name, path in KEYS
        if not any("unknown key" in problem for problem in refusals(renamed(name, path, "zz9")))
    ]


def test_the_rich_client_is_right(name_keys):
    assert refusals({name: text.encode() for name, text in RICH.items()}) == ()
    assert len(LEAVES) > 120
    assert len(name_keys) > 20


ENDINGS = {
    "newline": "x\nshutdown",
    "carriage return": "x\rshutdown",
    "tab": "x\ty",
    "NUL": "x\0",
    "escape": "x\x1b[2J",
    "^Z": "x\x1a",
    "next line": "x\x85y",
    "line separator": "x\u2028shutdown",
    "paragraph separator": "x\u2029shutdown",
    "backwards": "x\u202ey",
}


def lines(node, path=()):
    """Line from 1 → the leaf that stands there, of a file in which each has a line of its own."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from lines(value, (*path, yaml.safe_load(yaml.serialize(key))))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from lines(value, (*path, index))
    else:
        yield node.start_mark.line + 1, path


def refused_together(name, hostile):
    """The leaves of a file that are refused when all of them say this: one run instead of one for each."""
    tree = copy.deepcopy(TREES[name])
    for path in leaves(TREES[name]):
        node = tree
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = hostile
    files = written(name, tree)
    places = dict(lines(yaml.compose(files[name].decode())))
    found = (re.match(rf"inventory/acme/{name}:([0-9]+): ", problem) for problem in refusals(files))
    return {places[int(match[1])] for match in found if match and int(match[1]) in places}


@pytest.mark.parametrize("hostile", ENDINGS.values(), ids=ENDINGS)
def test_what_would_add_a_line_is_refused_in_every_value(hostile):
    refused = {(name, path) for name in TREES for path in refused_together(name, hostile)}
    assert len(refused) > 200
    rest = [(name, path) for name, path in LEAVES if (name, path) not in refused]
    taken = {(name, dotted(path)) for name, path in rest if not refusals(replaced(name, path, hostile))}
    assert taken == (BLOCKS if hostile == "x\nshutdown" else set())


@pytest.mark.parametrize("hostile", ENDINGS.values(), ids=ENDINGS)
def test_what_would_add_a_line_is_refused_in_every_key(hostile, name_keys):
    taken = [dotted(path) for name, path in name_keys if not refusals(renamed(name, path, hostile))]
    assert taken == []


NAMES = {
    "parent": "../x",
    "absolute": "/etc/passwd",
    "git": ".git",
    "option": "-rf",
    "long": "x" * 300,
    "twin": "r\u0131",
    "template": "{{7*7}}",
    "shell": "$(reboot)",
}


@pytest.mark.parametrize("hostile", NAMES.values(), ids=NAMES)
def test_names_that_are_paths_or_programs_are_refused_in_every_key(hostile, name_keys):
    taken = {dotted(path) for name, path in name_keys if not refusals(renamed(name, path, hostile))}
    # Plug-ins take options of any name; these are handed to them as they are.
    assert taken <= {"r1.connection_options.netmiko.extras.note"}


#: In each of some 450 places; the default run has the one that Ansible and Jinja would both evaluate.
TEMPLATES = [
    "{{ lookup('pipe', 'id') }}",
    *(
        pytest.param(template, marks=pytest.mark.faults)
        for template in ("{{7*7}}", "{% include '/etc/passwd' %}", "${7*7}")
    ),
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_are_plain_text(template):
    taken = {dotted(path) for name, path in LEAVES if not refusals(replaced(name, path, template))}
    assert taken <= FREE_TEXT
    assert "r1.data.interfaces.eth1.description" not in taken, "differs from its link's"
    files = replaced("topology.yaml", ("links", 0, "description"), template)
    files["hosts.yaml"] = replaced(
        "hosts.yaml", ("r1", "data", "interfaces", "eth1", "description"), template
    )["hosts.yaml"]
    intent = resolve(assemble("acme", files, forms=FORMS), FORMS)
    assert [i.description for d in intent.devices for i in d.interfaces if i.name == "eth1"] == [
        template,
        template,
    ]


#: In each of some 450 places; the default run has the two that other code than a schema meets most.
WRONG_TYPES = [
    None,
    {"x": {}},
    *(pytest.param(value, marks=pytest.mark.faults) for value in (True, [[]], 10**30)),
]


@pytest.mark.parametrize("value", WRONG_TYPES, ids=json.dumps)
def test_any_type_in_any_place_is_taken_or_refused_with_its_line(value):
    for name, place in {(name, path[:end]) for name, path in LEAVES for end in range(1, len(path) + 1)}:
        refusals(replaced(name, place, value))
