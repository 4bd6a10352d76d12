"""Three ways to look at one diff."""

import re
from io import StringIO

import pytest
from rich.console import Console

from netmgr.cli.view_diff import STYLES, print_diff

DIFF = """\
--- running
+++ intended
@@ -1,2 +1,1 @@
-hostname a
-ip forwarding
 interface eth1
@@ -3,7 +3,7 @@ router bgp 65001 / address-family ipv4 unicast
   network 10.0.0.0/8
   neighbor 10.0.0.1 activate
-  neighbor 10.0.0.1 route-map OLD in
+  neighbor 10.0.0.1 route-map NEW in
 router ospf
- ospf router-id 10.0.0.1
- log-adjacency-changes
+ ospf router-id 10.0.0.2
+router ospf6
+ ospf6 router-id 10.0.0.2
"""

CONTEXT = """\
- hostname a
- ip forwarding
  router bgp 65001
   address-family ipv4 unicast
-   neighbor 10.0.0.1 route-map OLD in
+   neighbor 10.0.0.1 route-map NEW in
  router ospf
-  ospf router-id 10.0.0.1
-  log-adjacency-changes
+  ospf router-id 10.0.0.2
+ router ospf6
+  ospf6 router-id 10.0.0.2
"""

SIDE = """\
@@ -1,2 +1,1 @@
- hostname a                               |
- ip forwarding                            |
  interface eth1                           |   interface eth1
@@ -3,7 +3,7 @@ router bgp 65001 / address-family ipv4 unicast
    network 10.0.0.0/8                     |     network 10.0.0.0/8
    neighbor 10.0.0.1 activate             |     neighbor 10.0.0.1 activate
-   neighbor 10.0.0.1 route-map OLD in     | +   neighbor 10.0.0.1 route-map NEW in
  router ospf                              |   router ospf
-  ospf router-id 10.0.0.1                 | +  ospf router-id 10.0.0.2
-  log-adjacency-changes                   | + router ospf6
                                           | +  ospf6 router-id 10.0.0.2
"""


def shown(style, width=84, diff=DIFF):
    console = Console(width=width, color_system=None, highlight=False, markup=False, file=StringIO())
    with console.capture() as capture:
        print_diff(console, diff, style)
    return capture.get()


def test_unified_is_the_diff_itself():
    assert shown("unified") == DIFF


def test_context_shows_changed_lines_under_their_sections_and_nothing_else():
    assert shown("context") == CONTEXT


def test_side_by_side_puts_what_replaces_what_level():
    wanted = [[part.rstrip() for part in f"{line} ".split(" | ")] for line in SIDE.splitlines()]
    found = [[line] if line[0] == "@" else [line[:42], line[42:]] for line in shown("side").splitlines()]
    assert [[part.rstrip() for part in row] for row in found] == wanted


@pytest.mark.parametrize("width", [40, 80, 160])
def test_side_by_side_stays_within_the_width(width):
    text = shown("side", width)
    assert max(map(len, text.splitlines())) <= width
    assert sorted("".join(text.split())) == sorted("".join(shown("side", 300).split())), "nothing is cut off"


@pytest.mark.parametrize("style", ["unified", "context"])
def test_the_other_styles_never_break_a_line(style):
    assert shown(style, width=10) == shown(style)


COLOURED = {
    "unified": [
        ("1", "--- running"),
        ("1", "+++ intended"),
        ("36", "@@ -1,2 +1,2 @@ router ospf"),
        ("", "  passive-interface eth1"),
        ("31", "- area 1 stub"),
        ("32", "+ area 2 stub"),
    ],
    "context": [("2", "  router ospf"), ("31", "-  area 1 stub"), ("32", "+  area 2 stub")],
    "side": [
        ("36", "@@ -1,2 +1,2 @@ router ospf"),
        ("", "  passive-interface eth1 passive-interface eth1"),
        ("31 32", "-  area 1 stub +  area 2 stub"),
    ],
}


@pytest.mark.parametrize("style", STYLES)
def test_red_is_what_goes_and_green_what_comes(style):
    wanted = COLOURED[style]
    diff = "".join(f"{line}\n" for _, line in COLOURED["unified"])
    console = Console(
        width=84, color_system="standard", force_terminal=True, highlight=False, file=StringIO()
    )
    with console.capture() as capture:
        print_diff(console, diff, style)
    lines = capture.get().splitlines()
    found = [
        (
            " ".join(code for code in re.findall(r"\x1b\[(\d+)m", line) if code != "0"),
            re.sub(r"\x1b\[\d+m", "", line),
        )
        for line in lines
    ]
    assert [(codes, text.split()) for codes, text in found] == [
        (codes, text.split()) for codes, text in wanted
    ]


@pytest.mark.parametrize("style", STYLES)
def test_a_device_s_words_cannot_drive_the_terminal(style):
    evil = "--- running\n+++ intended\n@@ -1 +1 @@\n-description [red]a[/red]\n+description \x1b[2Jb\n"
    text = shown(style, diff=evil)
    assert "\x1b" not in text
    assert "[red]a[/red]" in text
    assert "\\x1b[2Jb" in text
