"""Ignore patterns: what is let be, until when, and what an expired one says."""

from datetime import date

import pytest

from netmgr.audit.compliance import comply
from netmgr.audit.ignoring import Ignoring, excepted, without_ignored
from netmgr.model.compliance import Demands, Rule
from netmgr.model.ignore import Ignored, IgnorePattern
from netmgr.model.origins import Origin
from netmgr.platforms import FORMS

LAST = date(2026, 12, 31)
AFTER = date(2027, 1, 1)
AT = Origin("config/policies/ignore/x.yaml", 1)


def pattern(**keys):
    return IgnorePattern(
        name="leave",
        ignored=Ignored(**{"owner": "p-17", "reason": "until the move", "expires": "2026-12-31"} | keys),
        origin=AT,
    )


def compared(running, intended, *patterns, platform="frr", today=LAST):
    """(running, intended, what is said), the texts made canonical first."""
    form = FORMS[platform]
    texts = [form.canonical(text) for text in (running, intended)]
    left, wanted, findings = without_ignored(*texts, Ignoring(patterns, today), form)
    return left, wanted, [(f.severity, f.status, f.detail) for f in findings]


BASE = "interface eth1\n description here\n ip address 10.0.0.1/31\n"
HAND = "ip route 192.0.2.0/24 blackhole\n"
LETS = "leave lets %s be until 2026-12-31: until the move (p-17)"

CASES = {
    "a line too many": (
        HAND + BASE,
        BASE,
        pattern(lines=["ip route .*"]),
        [("info", "not_measured", LETS % "1 line")],
    ),
    "a line too few": (
        BASE,
        HAND + BASE,
        pattern(lines=["ip route .*"]),
        [("info", "not_measured", LETS % "1 line")],
    ),
    "another value, both sides": (
        BASE.replace("here", "there"),
        BASE,
        pattern(section=["interface .*"], lines=["description .*"]),
        [("info", "not_measured", LETS % "2 lines")],
    ),
    "a section with what stands in it": (
        BASE + "interface eth2\n description x\n ip address 10.0.0.3/31\n",
        BASE,
        pattern(lines=["interface eth2"]),
        [("info", "not_measured", LETS % "3 lines")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_let_be_is_no_difference(case):
    running, intended, ignored, said = CASES[case]
    left, wanted, findings = compared(running, intended, ignored)
    assert (left == wanted, findings) == (True, said)
    left, wanted, findings = compared(running, intended, ignored, today=AFTER)
    form = FORMS["frr"]
    assert (left, wanted) == (form.canonical(running), form.canonical(intended))
    assert [(severity, status) for severity, status, _ in findings] == [("warning", "failed")]
    assert findings[0][2].endswith(
        "be until 2026-12-31: until the move (p-17); renew or remove config/policies/ignore/x.yaml:1"
    )


STAYS = {
    "the line as a whole": pattern(lines=["ip route"]),
    "in its section": pattern(section=["interface .*"], lines=["ip route .*"]),
    "of a rule": pattern(rules=["no-routes"]),
}


@pytest.mark.parametrize("case", STAYS)
def test_what_is_not_meant_stays_a_difference(case):
    left, wanted, findings = compared(HAND + BASE, BASE, STAYS[case])
    assert (left == wanted, findings) == (False, [])


def test_what_does_not_differ_is_not_spoken_of():
    ignored = pattern(lines=["interface .*", "ip route .*"])
    assert compared(BASE, BASE, ignored)[2] == []
    left, wanted, said = compared(HAND + BASE, BASE, ignored)
    assert (left, left == wanted) == (FORMS["frr"].canonical(BASE), True)
    assert said == [("info", "not_measured", LETS % "1 line")]


MAKERS = {
    "eos": ("banner motd\nOurs\nEOF\nntp server 192.0.2.1\n", ["banner motd.*"]),
    "ios": ("ntp server 192.0.2.1\n", ["ntp server .*"]),
    "junos": ("set system ntp server 192.0.2.1\n", ["set system ntp .*"]),
}


@pytest.mark.parametrize("platform", MAKERS)
def test_every_maker_s_words(platform):
    more, lines = MAKERS[platform]
    base = {"junos": 'set interfaces ge-0/0/0 description "to x"\n'}.get(
        platform, "interface Loopback0\n description x\n"
    )
    kept = more.partition("EOF\n")[2] if platform == "eos" else ""
    left, wanted, said = compared(base + more, base + kept, pattern(lines=lines), platform=platform)
    assert (left == wanted, said) == (True, [("info", "not_measured", LETS % "1 line")])


RULE = Rule(name="no-routes", demands=Demands(title="no routes", forbidden=["ip route .*"]), origin=AT)
FAILS = ("compliance", "failed", "error", "no-routes: no routes: must not be there: " + HAND.strip())
EXCEPTED = {
    "let be": (
        pattern(rules=["no-routes"]),
        LAST,
        [("ignored", "not_measured", "info", LETS % "the rule no-routes")],
    ),
    "of another rule": (pattern(rules=["others"]), LAST, [FAILS]),
    "expired": (
        pattern(rules=["no-routes"]),
        AFTER,
        [
            FAILS,
            (
                "ignored",
                "failed",
                "warning",
                "leave let the rule no-routes be until 2026-12-31: until the move (p-17); "
                "renew or remove config/policies/ignore/x.yaml:1",
            ),
        ],
    ),
}


@pytest.mark.parametrize("case", EXCEPTED)
def test_rules_that_need_not_hold(case):
    ignored, today, expected = EXCEPTED[case]
    verdicts = excepted(comply([(HAND.strip(),)], [RULE], hide=str), Ignoring((ignored,), today))
    assert [(f.check, f.status, f.severity, f.detail) for f in verdicts.findings] == expected


def test_one_that_expired_beside_one_that_has_not():
    old = pattern(rules=["no-routes"], expires="2026-01-01")
    verdicts = excepted(
        comply([(HAND.strip(),)], [RULE], hide=str), Ignoring((old, pattern(rules=["no-routes"])), LAST)
    )
    assert [f.check for f in verdicts.findings] == ["ignored"]
