"""Industry-standard CLI text as a tree, and back."""

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.platforms.cli_tree import Block, Dialect, Line, read, walk, write

DIALECT = Dialect(
    indent=1,
    ends={re.compile(r"address-family .*"): "exit-address-family"},
    blocks=(
        Block(re.compile(r"banner \S+ (?P<mark>\^C|\S).*")),
        Block(re.compile(r"certificate .*"), "quit"),
    ),
)


def tree(lines):
    return [(line.text, line.block, tree(line.children)) for line in lines]


CASES = [
    ("", []),
    ("!\n! a comment\n\n", []),
    ("hostname r1\r\n", [("hostname r1", (), [])]),
    (
        "interface e1\n description a  b\n!\n shutdown\ninterface e2\n",
        [
            ("interface e1", (), [("description a  b", (), []), ("shutdown", (), [])]),
            ("interface e2", (), []),
        ],
    ),
    # A section opened twice, with one in it that is opened twice.
    (
        "router bgp 1\n a\n address-family ipv4\n  b\n exit-address-family\nx\n"
        "router bgp 1\n address-family ipv4\n  c\n",
        [
            (
                "router bgp 1",
                (),
                [("a", (), []), ("address-family ipv4", (), [("b", (), []), ("c", (), [])])],
            ),
            ("x", (), []),
        ],
    ),
    # Equal lines that open nothing may mean something where they stand.
    (
        "list l\n remark -\n one\n remark -\n",
        [("list l", (), [("remark -", (), []), ("one", (), []), ("remark -", (), [])])],
    ),
    # A banner is text: neither its comments nor its indentation count.
    (
        "banner motd ^C\n! hello\n\n  interface e9\n^C\nhostname r1\n",
        [("banner motd ^C", ("! hello", "", "  interface e9", "^C"), []), ("hostname r1", (), [])],
    ),
    ("banner motd #hi#\nhostname r1\n", [("banner motd #hi#", (), []), ("hostname r1", (), [])]),
    (
        "crypto pki certificate chain a\n certificate self-signed 01\n  3082 \n  \tquit\nend\n",
        [
            (
                "crypto pki certificate chain a",
                (),
                [("certificate self-signed 01", ("  3082", "  \tquit"), [])],
            ),
            ("end", (), []),
        ],
    ),
    # Text that was cut off ends where it was cut.
    ("banner motd ^C\nhello\n\n", [("banner motd ^C", ("hello", "^C"), [])]),
    ("certificate 01\n 3082\n", [("certificate 01", (" 3082", "quit"), [])]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_read(text, expected):
    assert tree(read(text, DIALECT)) == expected


def test_written_as_it_was_read():
    text = dedent("""\
        banner motd ^C
          hands off
        ^C
        router bgp 1
         neighbor 192.0.2.1 remote-as 2
         address-family ipv4
          neighbor 192.0.2.1 activate
         exit-address-family
         address-family ipv6
         exit-address-family
        """)
    assert write(read(text, DIALECT), DIALECT) == text


def test_the_indentation_is_the_dialects():
    assert write(read("a\n  b\n", DIALECT), Dialect(indent=3)) == "a\n   b\n"


def test_every_line_has_its_path():
    lines = read("a\n b\n  c\nd\n", DIALECT)
    assert [path for path, _ in walk(lines)] == [("a",), ("a", "b"), ("a", "b", "c"), ("d",)]


trees = st.recursive(
    st.builds(Line, st.sampled_from(["a", "b 1", "c", "address-family x", "no d"])),
    lambda inner: st.builds(
        Line, st.sampled_from(["s 1", "s 2", "address-family y"]), st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(trees, max_size=5))
def test_reading_what_was_written_changes_nothing_more(lines):
    text = write(read(write(lines, DIALECT), DIALECT), DIALECT)
    assert write(read(text, DIALECT), DIALECT) == text
    assert sorted({line.text for _, line in walk(lines)}) == sorted(
        {line.text for _, line in walk(read(text, DIALECT))}
    )
