"""What a change does: protected lines, shares, and the way to a device that nothing would bring back."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.change.gates_content import lines_gone, lockout, placed, protected_refusals, share_refusals
from netmgr.model.change import PlannedDevice
from netmgr.model.change_policy import LargestShare, ProtectedLine
from netmgr.platforms import FORMS

BEFORE = """\
hostname r1
interface eth0
 description management
 ip address 192.0.2.1/24
interface eth1
 ip address 10.0.0.0/31
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
 address-family ipv4 unicast
  neighbor 10.0.0.1 activate
ip route 0.0.0.0/0 192.0.2.254
"""
FRR = FORMS["frr"]
#: A platform like FRR, but without a timer of its own. No platform here is one today.
TIMERLESS = dataclasses.replace(FRR, commit_confirm=None)
#: One that does not say how it is managed.
SILENT = dataclasses.replace(TIMERLESS, management=None)


def test_lines_are_known_with_the_sections_around_them():
    assert list(placed(BEFORE))[6:] == [
        ((), "router bgp 65001"),
        (("router bgp 65001",), "neighbor 10.0.0.1 remote-as 65002"),
        (("router bgp 65001",), "address-family ipv4 unicast"),
        (("router bgp 65001", "address-family ipv4 unicast"), "neighbor 10.0.0.1 activate"),
        ((), "ip route 0.0.0.0/0 192.0.2.254"),
    ]


LINES = st.lists(st.sampled_from(["a", " b", " c", "d", " b"]), max_size=8).map(
    lambda lines: "\n".join(["a", *lines])
)


@given(LINES, LINES)
def test_what_is_gone_with_what_came_explains_the_difference(running, intended):
    gone, came = lines_gone(running, intended), lines_gone(intended, running)
    assert lines_gone(running, running) == ()
    assert sorted([*placed(running), *came]) == sorted([*placed(intended), *gone])
    assert not set(gone) & set(came)


def removing(*lines):
    return "".join(f"{line}\n" for line in BEFORE.splitlines() if line.strip() not in lines)


#: (rule, device, configuration after, the lines that refuse)
PROTECTED = {
    "kept": ({"line": "^ip route "}, "r1", BEFORE, []),
    "removed": (
        {"line": "^ip route "},
        "r1",
        removing("ip route 0.0.0.0/0 192.0.2.254"),
        ["r1: removes 'ip route 0.0.0.0/0 192.0.2.254', protected by '^ip route '"],
    ),
    "changed is removed": (
        {"line": "remote-as", "reason": "sold to a customer"},
        "r1",
        BEFORE.replace("65002", "65003"),
        ["r1: removes 'neighbor 10.0.0.1 remote-as 65002', protected by 'remote-as' (sold to a customer)"],
    ),
    "moved within its section is kept": (
        {"line": "."},
        "r1",
        BEFORE.replace(
            " description management\n ip address 192.0.2.1/24\n",
            " ip address 192.0.2.1/24\n description management\n",
        ),
        [],
    ),
    "moved to another section is removed": (
        {"line": "^ip address 192"},
        "r1",
        BEFORE.replace(" ip address 192.0.2.1/24\n", "").replace("10.0.0.0/31", "192.0.2.1/24"),
        ["r1: removes 'ip address 192.0.2.1/24', protected by '^ip address 192'"],
    ),
    "with its section": (
        {"line": "neighbor"},
        "r1",
        BEFORE.split("router bgp", maxsplit=1)[0],
        ["r1: removes 'neighbor 10.0.0.1 remote-as 65002' and 1 more, protected by 'neighbor'"],
    ),
    "added is not removed": ({"line": "ntp"}, "r1", BEFORE + "ntp server 192.0.2.9\n", []),
    "the first word, whatever its indentation": (
        {"line": "^description"},
        "r1",
        removing("description management"),
        ["r1: removes 'description management', protected by '^description'"],
    ),
    "a glob that fits": (
        {"line": "^ip route", "devices": ("r*",)},
        "r1",
        "",
        ["r1: removes 'ip route 0.0.0.0/0 192.0.2.254', protected by '^ip route'"],
    ),
    "a glob that does not": ({"line": "^ip route", "devices": ("core*", "r2")}, "r1", "", []),
}


@pytest.mark.parametrize(("rule", "device", "after", "reasons"), PROTECTED.values(), ids=PROTECTED)
def test_protected_lines(rule, device, after, reasons):
    gone = lines_gone(BEFORE, after)
    found = protected_refusals([ProtectedLine(**rule)], device, gone, {line: line[1] for line in gone})
    assert [refusal.reason for refusal in found] == reasons
    assert {(r.gate, r.remedy) for r in found} <= {
        ("protected", "keep the line in the inventory, or change the policy first")
    }


def planned(name, added=1, removed=0):
    return PlannedDevice(
        device=name,
        action="replace",
        strategy="commit_confirm",
        diff="",
        added=added,
        removed=removed,
        wave=1,
    )


#: (limits, added and removed lines of each changed device, active devices, lines that each runs, reasons)
SHARES = {
    "no limit": ({}, [(9, 9)] * 8, 8, 1, []),
    "as many as allowed": ({"devices": 50}, [(1, 0)] * 4, 8, 10, []),
    "one more": ({"devices": 50}, [(1, 0)] * 5, 8, 10, ["changes 5 of 8 active devices, more than 50 %"]),
    "no rounding": ({"devices": 33}, [(1, 0)], 3, 10, ["changes 1 of 3 active devices, more than 33 %"]),
    "lines as many as allowed": ({"lines": 20}, [(2, 1)], 8, 10, []),
    "one line more": ({"lines": 20}, [(1, 3)], 8, 10, ["r0: touches 3 of its 10 lines, more than 20 %"]),
    "added lines count": ({"lines": 20}, [(3, 0)], 8, 10, ["r0: touches 3 of its 10 lines, more than 20 %"]),
    "an empty device is filled": ({"lines": 20}, [(99, 0)], 8, 0, []),
    "both": (
        {"devices": 10, "lines": 10},
        [(0, 2)],
        8,
        10,
        ["changes 1 of 8 active devices, more than 10 %", "r0: touches 2 of its 10 lines, more than 10 %"],
    ),
}


@pytest.mark.parametrize(("limits", "sizes", "active", "lines", "reasons"), SHARES.values(), ids=SHARES)
def test_shares(limits, sizes, active, lines, reasons):
    devices = [planned(f"r{n}", *size) for n, size in enumerate(sizes)]
    found = share_refusals(
        LargestShare(**limits), devices, active=active, lines={d.device: lines for d in devices}
    )
    assert [(refusal.gate, refusal.reason) for refusal in found] == [("share", reason) for reason in reasons]


#: (form, configuration after, whether the device could be lost)
LOCKOUT = {
    "a timer rescues": (FRR, "", False),
    "nothing changes": (TIMERLESS, BEFORE, False),
    "another interface": (TIMERLESS, BEFORE.replace("10.0.0.0/31", "10.0.0.2/31"), False),
    "a neighbor": (TIMERLESS, BEFORE.replace("65002", "65003"), False),
    "its address": (TIMERLESS, BEFORE.replace("192.0.2.1/24", "192.0.2.2/24"), True),
    "its interface shut": (TIMERLESS, BEFORE.replace(" description management\n", " shutdown\n"), True),
    "its interface gone": (TIMERLESS, BEFORE.split("interface eth0", maxsplit=1)[0], True),
    "the route back": (TIMERLESS, removing("ip route 0.0.0.0/0 192.0.2.254"), True),
    "a more specific route": (TIMERLESS, BEFORE + "ip route 198.51.100.0/24 10.0.0.1\n", True),
    "who may log in": (TIMERLESS, BEFORE + "line vty\n access-class none\n", True),
    "forwarding": (TIMERLESS, BEFORE + "no ip forwarding\n", True),
    "an address that only begins alike": (TIMERLESS, BEFORE.replace("10.0.0.0/31", "192.0.2.10/31"), False),
    "a form that does not say": (SILENT, BEFORE.replace("65002", "65003"), True),
    "a form that does not say, no change": (SILENT, BEFORE, False),
}


@pytest.mark.parametrize(("form", "after", "expected"), LOCKOUT.values(), ids=LOCKOUT)
def test_lockout(form, after, expected):
    assert lockout(form, BEFORE, after, "192.0.2.1") is expected
