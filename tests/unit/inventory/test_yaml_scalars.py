"""Plain scalars: taken where YAML 1.1 and 1.2 read the same, refused where they do not."""

import re

import pytest
import ruamel.yaml
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.adapters.inventory_writing import written
from netmgr.adapters.yaml_lines import parse
from netmgr.adapters.yaml_scalars import plain
from netmgr.model.origins import Doubtful, Origin

TAKEN = {
    "true": True, "True": True, "FALSE": False, "null": None, "Null": None,
    "0": 0, "-7": -7, "4294967295": 4294967295, "1.5": 1.5, "-0.25": -0.25, "62.0": 62.0,
    "10.0.0.1": "10.0.0.1", "10.0.0.0/31": "10.0.0.0/31", "2001:db8::1": "2001:db8::1", "core1:eth1": "core1:eth1",
    "eth1": "eth1", "no-1": "no-1", "one": "one", "yesterday": "yesterday", "1st": "1st", "a=b": "a=b", "-": "-",
    "192.0.2.1:22": "192.0.2.1:22", "2026": 2026, "2026-W01": "2026-W01", "1.2.3": "1.2.3", "v1.10": "v1.10",
}  # fmt: skip
REFUSED = re.split(
    r"\s+",
    """~ y Y yes Yes YES n N no No NO on On ON off Off OFF
010 08 0123456 -010 0o17 0O17 0x1F 0b11 1_000 +5 +4930901820 -0
11:22:33 22:00 00:11:22:33:44:55 1:2:3:4:5:6:7:8 190:20:30.15
2026-01-31 2026-1-1 2026-01-31T10:00:00Z 2026-01-31t10:00:00+01:00
.inf -.inf .Inf .INF .nan .NaN 1. .5 1e3 1.5e3 1E5 12e03 1_0.5 +1.5 = <<
99999999999999999999999""",
)


@pytest.mark.parametrize(("text", "value"), TAKEN.items(), ids=TAKEN)
def test_what_every_version_reads_alike(text, value):
    assert plain(text) == (value, None)
    assert type(plain(text)[0]) is type(value)


@pytest.mark.parametrize("text", ["", *REFUSED])
def test_what_versions_read_differently(text):
    value, problem = plain(text)
    assert isinstance(value, Doubtful)
    assert value == text
    assert "; write " in problem


@given(st.text(alphabet="0123456789abcdefnoyesrtuinflxTFNO+-_.:~eE=<", max_size=8))
@settings(max_examples=1500, deadline=None)
def test_nothing_is_taken_that_yaml_1_1_and_1_2_read_differently(text):
    value, problem = plain(text)
    if problem:
        return
    try:
        old = yaml.load(f"[ {text} ]", yaml.SafeLoader)
        new = ruamel.yaml.YAML(typ="safe", pure=True).load(f"[ {text} ]")
    except (yaml.YAMLError, ruamel.yaml.error.YAMLError, ValueError):
        return
    if old == [text.strip()] or old == [value]:
        assert old == new == [value]
    else:
        assert isinstance(old[0], (dict, list)), "not a scalar by itself"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cs")), max_size=10)
DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | TEXTS
    | st.sampled_from(["no", "010", "1e3", "y", "~", "<<"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS | st.sampled_from(["no", "=", "22:00"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(st.dictionaries(TEXTS.filter(bool), DATA, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_back(data):
    problems = []
    assert parse(written(data, "A comment.").encode(), "f", problems) == data
    assert problems == []


def test_every_key_and_item_knows_its_line():
    problems = []
    root = parse(
        b"a: 1\r\nb:\r\n  - x\r\n  -\r\n    c: {d: [1,\r\n      2]}\r\n'e': >\r\n  folded\r\nf: &f z\r\ng: *f\r\n",
        "f",
        problems,
    )
    assert problems == []
    assert root == {"a": 1, "b": ["x", {"c": {"d": [1, 2]}}], "e": "folded\n", "f": "z", "g": "z"}
    assert {key: origin.line for key, origin in root.at.items()} == {"a": 1, "b": 2, "e": 7, "f": 9, "g": 10}
    assert [origin.line for origin in root["b"].at] == [3, 5]
    assert root["b"][1].at == {"c": Origin("f", 5)}
    assert [origin.line for origin in root["b"][1]["c"]["d"].at] == [5, 6]
    assert str(root.origin) == "f:1"
