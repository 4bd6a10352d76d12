"""Edits of YAML: what is edited means what it shall, and everything else stays, comments and all."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.adapters.inventory_writing import written
from netmgr.adapters.yaml_editing import appended, edited
from netmgr.adapters.yaml_lines import parse
from netmgr.model.adoption import Edit

TEXT = """\
# top
r1:
  groups: [a]  # of all
  # its data
  data:
    loopback: 10.0.0.1  # lo
    bgp:
      asn: 1
      # the neighbors
      neighbors:
        10.0.0.1: {peer_as: 5}   # first
        # second
        2001:db8::2: {peer_as: 6}
    # the end

# two
r2: {groups: [a], data: {site: x}}  # short
r3:
  data:
    banner: |
      # no comment
      text
    site: x"""


def edits_of(text, name, *edits):
    return edited(text, {(name, "data"): edits})


def meaning(text):
    problems = []
    found = parse(text.encode(), "x.yaml", problems)
    assert problems == []
    return found


def changed(before, after):
    """The lines that are gone and those that are new."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("name", "edit", "gone", "new"),
    [
        (
            "r1",
            Edit(("loopback",), ["10.0.0.1", "2001:db8::1"]),
            ["    loopback: 10.0.0.1  # lo"],
            ['    loopback: [10.0.0.1, "2001:db8::1"]  # lo'],
        ),
        (
            "r1",
            Edit(("bgp", "neighbors", "10.0.0.1", "description"), "to no: yes"),
            ["        10.0.0.1: {peer_as: 5}   # first"],
            ['        10.0.0.1: {peer_as: 5, description: "to no: yes"}   # first'],
        ),
        (
            "r1",
            Edit(("bgp", "neighbors", "2001:db8::2"), remove=True),
            ["        2001:db8::2: {peer_as: 6}"],
            [],
        ),
        ("r1", Edit(("bgp", "router_id"), "10.0.0.9"), [], ["      router_id: 10.0.0.9"]),
        ("r1", Edit(("site",), None), [], ["    site: null"]),
        ("r1", Edit(("site",), remove=True), [], []),
        ("r1", Edit(("loopback", "x"), remove=True), [], []),
        (
            "r1",
            Edit(("ospf", "areas", 0, "interfaces", "eth1"), {"cost": 5}),
            [],
            [
                "    ospf:",
                "      areas:",
                "        0:",
                "          interfaces:",
                "            eth1: {cost: 5}",
            ],
        ),
        (
            "r2",
            Edit(("bgp", "asn"), 5),
            ["r2: {groups: [a], data: {site: x}}  # short"],
            ["r2:  # short", "  groups: [a]", "    bgp: {asn: 5}"],
        ),
        ("r3", Edit(("site",), "on"), ["    site: x"], ['    site: "on"']),
        ("r3", Edit(("banner",), remove=True), ["    banner: |", "      # no comment", "      text"], []),
        (
            "r3",
            Edit(("extra_config",), [{"section": "line vty", "lines": ["exec-timeout 5 0"]}, "a: b"]),
            [],
            [
                "    extra_config:",
                "      - section: line vty",
                "        lines: [exec-timeout 5 0]",
                '      - "a: b"',
            ],
        ),
    ],
)
def test_only_what_is_edited_changes(name, edit, gone, new):
    assert changed(TEXT, edits_of(TEXT, name, edit)) == (gone, new)


def test_the_last_key_leaves_an_empty_mapping():
    text = "r1:\n  data:\n    bgp:\n      # why\n      asn: 5\n"
    assert edits_of(text, "r1", Edit(("bgp", "asn"), remove=True)) == "r1:\n  data:\n    bgp: {}\n"


def test_a_document_on_one_line():
    text = "{r1: {platform: frr}}\n"
    assert edits_of(text, "r1", Edit(("bgp", "asn"), 5)) == (
        "r1:\n  platform: frr\n  data:\n    bgp: {asn: 5}\n"
    )


LINK = {"endpoints": ["r1:eth1", "r2:eth1"]}
ONE = "  # one\n  - {a: 1}  # x\n"
LINES = '  - endpoints: ["r1:eth1", "r2:eth1"]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"links:\n{ONE}\n# next\nentry: []\n", f"links:\n{ONE}{LINES}\n# next\nentry: []\n"),
        ("links:\n- {a: 1}\n", f"links:\n- {{a: 1}}\n{LINES[2:]}"),
        ("links: []  # none\n", f"links:  # none\n{LINES}"),
        ("entry: [r1]", f"entry: [r1]\nlinks:\n{LINES}"),
        ("{}\n", f"links:\n{LINES}"),
    ],
)  # fmt: skip
def test_links_are_appended(before, after):
    assert appended(before, "links", [LINK]) == after


SCALARS = st.one_of(
    st.integers(0, 9),
    st.sampled_from(["x", "no", "a: b", "# c", "", "10.0.0.1", "2001:db8::1", "é", "1:2", "{", "- a", " a"]),
    st.booleans(),
    st.none(),
)
KEYS = st.sampled_from(["a", "b", "c", "10.0.0.1", "2001:db8::1", "on", 0, 1])
TREES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3),
    lambda below: st.dictionaries(KEYS, below, max_size=3),
    max_leaves=8,
)


def expected(data, edit):
    data = copy.deepcopy(data)
    node = data
    for step in edit.path[:-1]:
        if not isinstance(node.get(step), dict):
            if edit.remove:
                return data
            node[step] = {}
        node = node[step]
    if edit.remove:
        node.pop(edit.path[-1], None)
    else:
        node[edit.path[-1]] = edit.value
    return data


@given(
    st.dictionaries(KEYS, TREES, max_size=3),
    st.lists(
        st.builds(
            Edit, path=st.lists(KEYS, min_size=1, max_size=3).map(tuple), value=TREES, remove=st.booleans()
        ),
        max_size=3,
    ),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_what_is_edited_means_what_it_shall(data, edits, commented):
    text = written({"r0": {"data": {}}, "r1": {"groups": ["a"], "data": data}, "r2": {}}, "top")
    if commented:
        text = "".join(f"{line}\n# {number}\n" for number, line in enumerate(text.splitlines()))
    after = edits_of(text, "r1", *edits)
    for edit in edits:
        data = expected(data, edit)
    assert meaning(after) == {"r0": {"data": {}}, "r1": {"groups": ["a"], "data": data}, "r2": {}}
    assert edits_of(text, "r1") == text
    assert [line for line in text.splitlines() if line[:1] == "#"][:3] == [
        line for line in after.splitlines() if line[:1] == "#"
    ][:3]
