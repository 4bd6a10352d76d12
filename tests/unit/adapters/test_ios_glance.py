"""What an IOS device says when it is asked for nothing but its last change."""

import pytest

from netmgr.adapters.ios_glance import Glance, last_change, understood
from netmgr.model.last_change import LastChange

CHANGE = "! Last configuration change at 09:12:44 UTC Sun Nov 29 2026 by admin"
CLOCK = "*10:00:01.123 UTC Sun Nov 29 2026"
UPTIME = "r1 uptime is 2 weeks, 3 days, 4 minutes"
#: With an echo before each answer, and with all that was typed ahead echoed at once.
IN_TURN = (
    f"r1#show running-config | include ^! Last\r\n{CHANGE}\r\nr1#show clock\r\n{CLOCK}\r\n"
    f"r1#show version | include uptime is\r\n{UPTIME}\r\nr1#"
)
AHEAD = (
    "r1#show running-config | include ^! Last\r\nshow clock\r\nshow version | include uptime is\r\n"
    f"{CHANGE}\r\nr1#{CLOCK}\r\nr1#{UPTIME}\r\nr1#"
)


@pytest.mark.parametrize("said", [IN_TURN, AHEAD.replace("r1#*", "r1#\r\n*").replace("r1#r1", "r1#\r\nr1")])
def test_three_lines_in_any_kind_of_echo(said):
    assert understood(said.encode()) == Glance(CHANGE, CLOCK, UPTIME)


def test_no_part_of_a_line_is_taken_for_the_line():
    whole = len(IN_TURN) - len("r1#")
    found = [understood(IN_TURN[:length].encode()) for length in range(len(IN_TURN))]
    assert found == [None] * whole + [Glance(CHANGE, CLOCK, UPTIME)] * len("r1#")


@pytest.mark.parametrize("missing", [CHANGE, CLOCK, UPTIME])
def test_a_device_that_tells_less_has_no_marker(missing):
    assert understood(IN_TURN.replace(missing, "% Invalid input detected at '^' marker.").encode()) is None


@pytest.mark.parametrize(
    ("said", "user"),
    [
        (f"{CHANGE}\r\n", "admin"),
        (
            f"Load for five secs: 1%\n{CHANGE} \n! NVRAM config last updated at 09:13:00 UTC by root\n",
            "admin",
        ),
        (CHANGE.replace("admin", "jo by hand"), "jo by hand"),
        (CHANGE.removesuffix(" by admin"), None),
        (f"{CHANGE.removesuffix('admin')}\n", None),
        ("% Invalid input detected at '^' marker.", None),
        ("", None),
    ],
)
def test_who_made_the_last_change(said, user):
    named = LastChange(user=user, when="09:12:44 UTC Sun Nov 29 2026", source="header") if user else None
    assert last_change(said) == named
