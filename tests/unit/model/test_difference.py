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
