"""Three ways to look at one diff."""

from io import StringIO

import pytest
from rich.console import Console

from netmgr.cli.view_diff import STYLES, print_diff

DIFF = """\
--- running
+++ intended
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
    wanted = [[part.rstrip() for part in line.split(" | ")] for line in SIDE.splitlines()]
    found = [line.rstrip() for line in shown("side").splitlines()]
    assert found[0] == wanted[0][0]
    assert [[line[:42].rstrip(), line[42:].rstrip()] for line in found[1:]] == wanted[1:]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_side_by_side_stays_within_the_width(width):
    assert max(map(len, shown("side", width).splitlines())) <= width


@pytest.mark.parametrize("style", STYLES)
def test_a_device_s_words_cannot_drive_the_terminal(style):
    evil = "--- running\n+++ intended\n@@ -1 +1 @@\n-description [red]a[/red]\n+description \x1b[2Jb\n"
    text = shown(style, diff=evil)
    assert "\x1b" not in text
    assert "[red]a[/red]" in text
    assert "\\x1b[2Jb" in text
