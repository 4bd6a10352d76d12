"""Verbatim lines for FRR: those that stay in their section and configure something, and those that do not."""

import pytest

from netmgr.platforms import FORMS

ENDS = "ends its section; remove it"
OPENS = "opens another section; write that as the section of its lines"
NOTHING = "is nothing that FRR keeps in its configuration; remove it"
RUNS = "runs a command and configures nothing; remove it"

CASES = {
    "none": ((), ("log stdout", "router ospf", " network 10.0.0.0/8 area 0", "exit"), []),
    "in a section": (("router ospf",), ("log-adjacency-changes", "max-metric router-lsa"), []),
    "nested": (("router bgp 1", "address-family ipv4 unicast"), ("maximum-paths 4",), []),
    "nested by indentation": (("router bgp 1",), ("address-family ipv4 unicast", " maximum-paths 4"), []),
    "no section": (("router osfp",), ("x",), [("section", 0)]),
    "no section inside": (("router bgp 1", "interface eth1"), ("x",), [("section", 1)]),
    "exit": (("router ospf",), ("exit", "ip forwarding"), [("lines", 0, ENDS)]),
    "exit-address-family": (
        ("router bgp 1", "address-family ipv4 unicast"),
        ("exit-address-family",),
        [("lines", 0, ENDS)],
    ),
    "end": (("router ospf",), ("log-adjacency-changes", "end"), [("lines", 1, ENDS)]),
    "another section": (("router ospf",), ("interface eth1",), [("lines", 0, OPENS)]),
    "the other family": (
        ("router bgp 1", "address-family ipv4 unicast"),
        ("maximum-paths 4", "address-family ipv6 unicast"),
        [("lines", 1, OPENS)],
    ),
    "out of a nested section": (
        ("router bgp 1",),
        ("address-family ipv4 unicast", " router ospf"),
        [("lines", 1, OPENS)],
    ),
    "a command": ((), ("do show running-config",), [("lines", 0, RUNS)]),
    "the host's name": ((), ("log stdout", "hostname r9"), [("lines", 1, NOTHING)]),
    "a comment": (("router ospf",), ("! later",), [("lines", 0, NOTHING)]),
    "under a line": (
        (),
        ("log stdout", " more"),
        [("lines", 1, "stands under 'log stdout', which opens no section; remove it")],
    ),
}


@pytest.mark.parametrize(("section", "lines", "expected"), CASES.values(), ids=CASES)
def test_verbatim_lines(section, lines, expected):
    found = list(FORMS["frr"].verbatim(section, lines))
    assert [(p.key, p.index, p.message)[: len(e)] for p, e in zip(found, expected, strict=True)] == expected


def test_other_platforms_take_any_line():
    assert list(FORMS["linux"].verbatim((), ("end",))) == []
