"""Diffs show every changed line and no secret."""

import re

from netmgr.model.difference import difference

RUNNING = "router bgp 65001\n neighbor 10.0.0.1 remote-as 65002\n neighbor 10.0.0.1 password old-canary\n"
INTENDED = "router bgp 65001\n neighbor 10.0.0.1 remote-as 65003\n neighbor 10.0.0.1 password new-canary\n"


def redact(line):
    return re.sub(r"password \S+", "password <secret>", line)


def test_equal_configurations_have_no_difference():
    assert difference(RUNNING, RUNNING, secrets={}, redact=redact).model_dump() == {
        "text": "",
        "added": 0,
        "removed": 0,
    }


def test_a_rotated_secret_is_a_visible_change_without_the_secret():
    diff = difference(RUNNING, INTENDED, secrets={"bgp-peer": "new-canary"}, redact=redact)
    assert (diff.added, diff.removed) == (2, 2)
    assert diff.text == (
        "--- running\n"
        "+++ intended\n"
        "@@ -1,3 +1,3 @@\n"
        " router bgp 65001\n"
        "- neighbor 10.0.0.1 remote-as 65002\n"
        "- neighbor 10.0.0.1 password <secret>\n"
        "+ neighbor 10.0.0.1 remote-as 65003\n"
        "+ neighbor 10.0.0.1 password <secret:bgp-peer>\n"
    )


def test_a_secret_that_holds_another_one_is_hidden_whole():
    diff = difference("a\n", "a\nx abcdef\n", secrets={"short": "abc", "long": "abcdef"}, redact=redact)
    assert diff.text.splitlines()[-1] == "+x <secret:long>"


def test_each_hunk_names_the_sections_around_its_first_line():
    old = "".join(f"interface eth{n}\n a\n b\n c\n d\n e {n}\n" for n in (1, 2))
    diff = difference(old, old.replace("e 1", "e 9"), secrets={}, redact=redact)
    assert diff.text.splitlines()[2:] == [
        "@@ -3,7 +3,7 @@ interface eth1", "  b", "  c", "  d", "- e 1", "+ e 9", " interface eth2", "  a", "  b",
    ]  # fmt: skip


def test_sections_inside_sections_are_all_named():
    old = "router bgp 1\n address-family ipv4 unicast\n" + "".join(f"  network {n}\n" for n in range(9))
    diff = difference(old, old.replace("network 8", "network 9"), secrets={}, redact=redact)
    assert diff.text.splitlines()[2] == "@@ -8,4 +8,4 @@ router bgp 1 / address-family ipv4 unicast"


def test_every_hunk_of_a_long_section_names_it():
    old = "router bgp 1\n address-family ipv4 unicast\n" + "".join(f"  network {n}\n" for n in range(10, 60))
    new = (
        old.replace("network 20", "network A")
        .replace("network 40", "network B")
        .replace("network 59\n", "C\n")
    )
    text = difference(old, new, secrets={}, redact=redact).text
    assert [line.split("@@ ")[-1] for line in text.splitlines() if line.startswith("@@")] == [
        "router bgp 1 / address-family ipv4 unicast"
    ] * 3


def test_far_edits_stand_in_hunks_of_their_own_that_patch_would_take():
    lines = [f"line {n:02}" for n in range(30)]
    changed = [*lines[:2], "new", *lines[3:20], *lines[21:], "last"]
    diff = difference("\n".join(lines) + "\n", "\n".join(changed) + "\n", secrets={}, redact=str)
    assert [line for line in diff.text.splitlines() if line.startswith("@@")] == [
        "@@ -1,6 +1,6 @@", "@@ -18,7 +18,6 @@", "@@ -28,3 +27,4 @@",
    ]  # fmt: skip
    assert (diff.added, diff.removed) == (2, 2)


def test_from_nothing_and_to_nothing():
    assert difference("", "a\nb\n", secrets={}, redact=str).text == (
        "--- running\n+++ intended\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    )
    assert difference("a\n", "", secrets={}, redact=str).text == (
        "--- running\n+++ intended\n@@ -1 +0,0 @@\n-a\n"
    )
