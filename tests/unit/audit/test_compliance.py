"""Compliance rules on configurations, case by case."""

import pytest

from netmgr.audit.compliance import comply
from netmgr.model.compliance import Demands, Rule
from netmgr.model.origins import Origin
from netmgr.platforms import FORMS

FRR = FORMS["frr"].canonical(
    """\
log syslog informational
ntp-like line
interface eth1
 description to core1
 ip address 10.0.0.1/31
 ip ospf area 0
interface eth2
 description to core2
 ip address 10.0.0.3/31
router bgp 65001
 neighbor inside peer-group
 neighbor 192.0.2.1 remote-as 65002
 neighbor 192.0.2.1 password canary-1
 neighbor 192.0.2.3 remote-as 65003
 address-family ipv4 unicast
  neighbor 192.0.2.1 maximum-prefix 100
  neighbor 192.0.2.1 route-map in in
  neighbor 192.0.2.3 route-map in in
"""
)


def verdict(text=FRR, platform="frr", **demands):
    """(what is wrong: each finding's detail, the rules that hold)."""
    form = FORMS[platform]
    rule = Rule(name="r", demands=Demands(title="it must", **demands), origin=Origin("x.yaml", 1))
    found = comply(form.paths(form.canonical(text)), [rule], hide=form.redact)
    details = [f.detail.removeprefix("r: it must: ") for f in found.findings]
    return details, [one.rule for one in found.passed]


BGP = ("router bgp .*",)
UNICAST = (*BGP, "address-family .*")
HOLDS = ([], ["r"])
NOTHING = ([], [])

CASES = {
    "a required line": ({"required": ["log syslog .*"]}, HOLDS),
    "it is meant as a whole": ({"required": ["log syslog"]}, (['no line "log syslog"'], [])),
    "alternatives": ({"required": ["log file .*|log syslog .*"]}, HOLDS),
    "an optional letter": ({"required": ["logs? syslog .*"]}, HOLDS),
    "case counts, unless it is said": ({"required": ["(?i)LOG syslog .*"]}, HOLDS),
    "a line of a section is none of the top": (
        {"required": ["ip ospf area 0"]},
        (['no line "ip ospf area 0"'], []),
    ),
    "every section is looked into": (
        {"section": ["interface eth.*"], "required": ["ip ospf area .*"]},
        (['interface eth2: no line "ip ospf area .*"'], []),
    ),
    "where something stands": (
        {"section": ["interface .*"], "when": ["ip ospf .*"], "required": ["description .*"]},
        HOLDS,
    ),
    "where something does not": (
        {"section": ["interface eth.*"], "unless": ["ip ospf .*"], "required": ["shutdown"]},
        (['interface eth2: no line "shutdown"'], []),
    ),
    "no such section": ({"section": ["router rip"], "required": ["version 2"]}, NOTHING),
    "no section left": (
        {"section": ["interface .*"], "when": ["mpls .*"], "required": ["description .*"]},
        NOTHING,
    ),
    "forbidden, and not there": ({"forbidden": ["password .*"]}, HOLDS),
    "forbidden": (
        {"forbidden": ["log syslog .*"]},
        (["must not be there: log syslog informational"], []),
    ),
    "a secret is seen and not shown": (
        {"section": BGP, "forbidden": ["neighbor .* password canary-1"]},
        (["router bgp 65001: must not be there: neighbor 192.0.2.1 password <removed>"], []),
    ),
    "for each line": (
        {
            "section": UNICAST,
            "each": r"neighbor (?P<peer>\S+) route-map \S+ in",
            "required": ["neighbor {peer} maximum-prefix [0-9]{1,3}"],
        },
        (
            [
                "router bgp 65001: address-family ipv4 unicast: neighbor 192.0.2.3 route-map in in: "
                'no line "neighbor {peer} maximum-prefix [0-9]{1,3}"'
            ],
            [],
        ),
    ),
    "for each line of none": (
        {"section": BGP, "each": "neighbor (?P<peer>x) shutdown", "required": ["neighbor {peer} y"]},
        NOTHING,
    ),
    "a block": ({"required_blocks": [{"block": "interface eth1", "lines": ["ip ospf area 0"]}]}, HOLDS),
    "no block": (
        {"required_blocks": [{"block": "interface lo"}]},
        (['no section "interface lo"'], []),
    ),
    "one block that holds all is enough": (
        {"required_blocks": [{"block": "interface eth.*", "lines": ["ip ospf area .*"]}]},
        HOLDS,
    ),
    "what the nearest block lacks": (
        {"required_blocks": [{"block": "interface eth.*", "lines": ["ip ospf area 0", "mtu 9000"]}]},
        (['interface eth1: no line "mtu 9000"'], []),
    ),
    "a block that holds nothing else": (
        {"required_blocks": [{"block": "interface eth2", "lines": ["ip address .*"], "only": True}]},
        (["interface eth2: must not be there: description to core2"], []),
    ),
    "a block within a section": (
        {
            "section": BGP,
            "required_blocks": [
                {"block": "address-family ipv4 .*", "lines": ["neighbor .* maximum-prefix .*"]}
            ],
        },
        HOLDS,
    ),
    "a forbidden block": (
        {"forbidden_blocks": [{"block": "router (bgp|rip).*"}]},
        (["must not be there: router bgp 65001"], []),
    ),
    "forbidden with a line that it has not": (
        {"forbidden_blocks": [{"block": "router bgp .*", "lines": ["no bgp .*"]}]},
        HOLDS,
    ),
    "three are told": (
        {"forbidden": [".*"], "section": BGP},
        (
            [
                "router bgp 65001: must not be there: neighbor inside peer-group; "
                "router bgp 65001: must not be there: neighbor 192.0.2.1 remote-as 65002; "
                "router bgp 65001: must not be there: neighbor 192.0.2.1 password <removed>; and 2 more"
            ],
            [],
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule(case):
    demands, expected = CASES[case]
    said, held = verdict(**demands)
    assert (said, held) == expected


def test_junos_says_whole_lines():
    text = (
        "set protocols bgp group outside type external\n"
        "set protocols bgp group inside type internal\n"
        "set protocols bgp group outside import in\n"
    )
    each = r"set protocols bgp group (?P<group>\S+) type external"
    needs = "set protocols bgp group {group} %s .*"
    assert verdict(text, "junos", each=each, required=[needs % "import"]) == HOLDS
    assert verdict(text, "junos", each=each, required=[needs % "export"]) == (
        [f'set protocols bgp group outside type external: no line "{needs % "export"}"'],
        [],
    )


@pytest.mark.parametrize("platform", ["eos", "ios"])
def test_a_banner_is_one_line(platform):
    text = {"eos": "banner login\nOurs\nEOF\n", "ios": "banner login ^C\nOurs\n^C\n"}[platform]
    assert verdict(text, platform, required=["banner login.*"]) == HOLDS


def test_what_a_group_took_is_text_and_no_pattern():
    text = "ip prefix-list a.c seq 5 permit 10.0.0.0/8\nroute-map abc permit 10\n"
    each = r"ip prefix-list (?P<name>\S+) .*"
    assert verdict(text, each=each, forbidden=["route-map {name} .*"]) == HOLDS


def test_a_finding_says_who_asks_and_what_to_do():
    rule = Rule(
        name="no-x",
        demands=Demands(
            title="no x", forbidden=["x"], severity="warning", reference="RFC 8212", remedy="remove it"
        ),
        origin=Origin("x.yaml", 1),
    )
    (finding,) = comply([("x",)], [rule], hide=str).findings
    assert finding.model_dump() == {
        "part": "compliance",
        "check": "compliance",
        "rule": "no-x",
        "status": "failed",
        "severity": "warning",
        "detail": "no-x: no x: must not be there: x; remove it (RFC 8212)",
        "reference": "RFC 8212",
    }
