"""Parts of an audit beside the configuration: real policies and log, devices in memory."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from netmgr.cli import audit as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import InputError
from netmgr.model.selection import Selection
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest

RULES = """\
has-a-session:
  title: everybody speaks BGP
  platforms: [frr]
  section: ["router bgp .*"]
  required: ["neighbor .* remote-as .*"]
no-static-routes:
  title: nobody routes by hand
  forbidden: ["ip route .*"]
  severity: warning
  reference: RFC 1925, section 2
others-only:
  title: not for the square
  clients: ["elsewhere"]
  forbidden: [".*"]
"""
ROUTE = "ip route 192.0.2.0/24 blackhole\n"


@pytest.fixture
def square(world):
    made = deploy(world.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert made.outcome == "applied"
    return world


@pytest.fixture
def ruled(square):
    directory = square.workspace / "config/policies/compliance"
    directory.mkdir(parents=True)
    (directory / "ours.yaml").write_text(
        RULES.replace('["elsewhere"]', "[square]\n  devices: [r4]").replace('[".*"]', "[x]")
    )
    return square


def broken(world):
    """r1 has a route by hand that the inventory has too; r2 speaks no BGP any more."""
    world.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace(
            "r1:\n  data:\n", "r1:\n  data:\n    static_routes: [{prefix: 192.0.2.0/24, discard: true}]\n"
        ),
    )
    one, two = world.fleet.devices["r1"], world.fleet.devices["r2"]
    one.running = one.startup = ROUTE + one.running
    two.running = two.startup = "".join(
        line for line in two.running.splitlines(keepends=True) if " remote-as " not in line
    )


def told(made, part):
    return {
        device.device: [(f.rule, f.severity) for f in device.findings if f.part == part]
        for device in made.devices
    }


def test_rules_are_looked_for_without_being_asked(ruled):
    made = audit(ruled.runtime(), Selection())
    assert made.parts == ("configuration", "compliance")
    assert told(made, "compliance") == {"r1": [], "r2": [], "r3": [], "r4": []}
    assert {
        device.device: [one.rule for one in device.passed if one.part == "compliance"]
        for device in made.devices
    } == {
        **dict.fromkeys(("r1", "r2", "r3"), ["has-a-session", "no-static-routes"]),
        "r4": ["has-a-session", "no-static-routes", "others-only"],
    }


def test_what_is_found_is_told_and_logged(ruled):
    broken(ruled)
    made = audit(ruled.runtime(), Selection())
    assert told(made, "compliance") == {
        "r1": [("no-static-routes", "warning")],
        "r2": [("has-a-session", "error")],
        "r3": [],
        "r4": [],
    }
    assert [device.status for device in made.devices] == ["compliant", "drifted", "compliant", "compliant"]
    entries = {e.device: dict(e.facts) for e in ruled.wiring.service_log.entries("square", kind="audit")}
    assert entries["r1"]["findings"] == [
        {"check": "compliance", "status": "failed", "severity": "warning", "rule": "no-static-routes"}
    ]
    assert {name: (facts["parts"], facts["compliance"]) for name, facts in entries.items()} == {
        "r1": (["configuration", "compliance"], {"passed": 1, "failed": 1, "ignored": 0}),
        "r2": (["configuration", "compliance"], {"passed": 1, "failed": 1, "ignored": 0}),
        "r3": (["configuration", "compliance"], {"passed": 2, "failed": 0, "ignored": 0}),
        "r4": (["configuration", "compliance"], {"passed": 3, "failed": 0, "ignored": 0}),
        None: (["configuration", "compliance"], {"passed": 7, "failed": 2, "ignored": 0}),
    }


def test_a_device_that_is_not_read_is_not_judged(ruled):
    ruled.fleet.devices["r1"].reachable = False
    made = audit(ruled.runtime(), Selection(names=("r1",)), ("compliance",))
    assert [(f.check, f.part) for f in made.devices[0].findings] == [("read", "configuration")]
    (entry,) = ruled.wiring.service_log.entries("square", kind="audit", device="r1")
    assert "compliance" not in entry.facts


def test_one_part_alone_and_its_exit_code(ruled, monkeypatch, capsys):
    broken(ruled)
    monkeypatch.setattr(command, "reading_runtime", ruled.commands)
    base = ["-w", str(ruled.workspace), "-c", "square", "audit", "--detailed-exitcode"]
    codes = {
        words: netmgr([*base, *words.split()])
        for words in (
            "",
            "--part configuration",
            "--part compliance",
            "--part all",
            "-l r1",
            "-l r1 --part compliance",
            "-l r2 --part configuration",
            "-l r3",
        )
    }
    assert codes == {
        "": 2,
        "--part configuration": 2,
        "--part compliance": 2,
        "--part all": 2,
        "-l r1": 0,
        "-l r1 --part compliance": 0,
        "-l r2 --part configuration": 2,
        "-l r3": 0,
    }
    capsys.readouterr()
    netmgr([*base, "-l", "r1,r2", "--part", "compliance"])
    assert capsys.readouterr().out.splitlines() == [
        "STATUS     +  -  DEVICES  FINDINGS",
        "compliant        r1       compliance: no-static-routes: nobody routes by hand: must not be there: ip",
        "                          route 192.0.2.0/24 blackhole (RFC 1925, section 2)",
        "drifted    2  0  r2       compliance: has-a-session: everybody speaks BGP: router bgp 65002: no line",
        '                          "neighbor .* remote-as .*"',
        "compliance: 2 hold, 2 do not",
        "1 compliant, 1 drifted in 0.0 s (1 compliant with warnings)",
    ]


def test_the_parts_that_the_settings_name(ruled, monkeypatch, capsys):
    ruled.edit("config/netmgr.yaml", lambda text: text + "audit: {parts: [configuration]}\n")
    broken(ruled)
    monkeypatch.setattr(command, "reading_runtime", ruled.commands)
    arguments = ["-w", str(ruled.workspace), "-c", "square", "-l", "r1", "audit", "-o", "json"]
    assert netmgr(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["parts"], document["devices"][0]["findings"]) == (["configuration"], [])


def test_what_is_let_be_until_a_day_on_the_client_s_calendar(ruled, monkeypatch, capsys):
    directory = ruled.workspace / "config/policies/ignore"
    directory.mkdir()
    (directory / "ours.yaml").write_text(
        "by-hand:\n  owner: p-17\n  reason: until the move\n  expires: ''\n"
        "  lines: ['ip route .*']\n  rules: [no-static-routes]\n"
    )
    ruled.edit("inventory/square/client.yaml", lambda text: text + "timezone: Pacific/Kiritimati\n")
    device = ruled.fleet.devices["r1"]
    device.running = device.startup = ROUTE + device.running
    monkeypatch.setattr(command, "reading_runtime", ruled.commands)
    # Fourteen hours ahead of UTC.
    today = (ruled.clock.now() + timedelta(hours=14)).date()
    arguments = ["-w", str(ruled.workspace), "-c", "square", "-l", "r1", "audit", "--detailed-exitcode"]
    shown = {}
    for days, code in ((0, 0), (-1, 2)):
        text = (directory / "ours.yaml").read_text()
        (directory / "ours.yaml").write_text(
            re.sub("expires: '.*?'", f"expires: '{today + timedelta(days)}'", text)
        )
        assert netmgr(arguments) == code
        shown[days] = capsys.readouterr().out
    assert shown[0].splitlines() == [
        f"note: r1: by-hand lets 1 line be until {today}: until the move (p-17)",
        f"note: r1: by-hand lets the rule no-static-routes be until {today}: until the move (p-17)",
        "compliance: 1 hold, 1 let be",
        "1 compliant in 0.0 s",
    ]
    assert "ip route" not in shown[0]
    assert shown[-1].count("ignored: by-hand let ") == 2
    assert "-ip route 192.0.2.0/24 blackhole\n" in shown[-1]
    entries = list(ruled.wiring.service_log.entries("square", kind="audit", device="r1"))
    assert [(e.outcome, e.facts["compliance"]) for e in entries] == [
        ("compliant", {"passed": 1, "failed": 0, "ignored": 1}),
        ("drifted", {"passed": 1, "failed": 1, "ignored": 0}),
    ]


def test_no_such_part(ruled, capsys):
    assert netmgr(["-w", str(ruled.workspace), "-c", "square", "audit", "--part", "conformance"]) == 64
    assert "no part 'conformance' of an audit; " in capsys.readouterr().err


def test_a_rule_that_cannot_be_read_stops_the_audit_before_any_device(square):
    directory = square.workspace / "config/policies/compliance"
    directory.mkdir(parents=True)
    (directory / "x.yaml").write_text("r: {title: x, required: ['(']}\n")
    touched = []
    square.fleet.devices["r1"].faults["connect"] = lambda device: touched.append(device.name)
    with pytest.raises(InputError, match=r"config/policies/compliance/x.yaml:1: r: required\[0\]"):
        audit(square.runtime(), Selection())
    assert touched == []


def test_junit(ruled, monkeypatch, capsys, tmp_path):
    broken(ruled)
    ruled.fleet.devices["r3"].reachable = False
    ruled.fleet.devices["r4"].startup = ""
    monkeypatch.setattr(command, "reading_runtime", ruled.commands)
    file = tmp_path / "audit.xml"
    arguments = ["-w", str(ruled.workspace), "-c", "square", "audit", "--junit", str(file)]
    assert netmgr(arguments) == 3
    root = ElementTree.parse(file).getroot()
    assert root.attrib == {
        "name": "netmgr audit square",
        "time": "0.000",
        "tests": "12",
        "failures": "2",
        "errors": "1",
        "skipped": "0",
    }
    cases = {
        (case.get("classname"), case.get("name")): [
            (child.tag, child.get("message") or child.text) for child in case
        ]
        for case in root.iter("testcase")
    }
    drift = cases.pop(("square.r2", "configuration: configuration"))
    assert [tag for tag, _ in drift] == ["failure"]
    assert {key: value for key, value in cases.items() if value} == {
        ("square.r1", "compliance: no-static-routes"): [
            (
                "system-out",
                "warning: no-static-routes: nobody routes by hand: must not be there: "
                "ip route 192.0.2.0/24 blackhole (RFC 1925, section 2)",
            )
        ],
        ("square.r2", "compliance: has-a-session"): [
            (
                "failure",
                'has-a-session: everybody speaks BGP: router bgp 65002: no line "neighbor .* remote-as .*"',
            )
        ],
        ("square.r3", "configuration: read"): [("error", "r3: connect: no connection")],
        ("square.r4", "configuration: startup"): [
            (
                "system-out",
                "warning: what runs is not saved: a reboot would lose all of it; save it on the device",
            )
        ],
    }
    failure = root.find(".//testcase[@name='configuration: configuration']/failure")
    assert failure.text.splitlines()[:2] == ["--- running", "+++ intended"]


def test_junit_into_no_directory_asks_no_device(ruled, monkeypatch, capsys):
    monkeypatch.setattr(command, "reading_runtime", lambda _context: pytest.fail("a device was asked"))
    where = ruled.workspace / "nowhere/audit.xml"
    assert netmgr(["-w", str(ruled.workspace), "-c", "square", "audit", "--junit", str(where)]) == 1
    assert capsys.readouterr().err == (
        f"error: {where}:1: there is no such directory; make it, or name another file\n"
    )


def test_what_a_device_says_cannot_break_the_document(ruled, monkeypatch, tmp_path):
    device = ruled.fleet.devices["r1"]
    device.running = device.running.replace("to r2:eth1", "a\x1b]0;x\x07 <b>&\ufffe caf\udce9 ]]>")
    monkeypatch.setattr(command, "reading_runtime", ruled.commands)
    file = tmp_path / "audit.xml"
    netmgr(["-w", str(ruled.workspace), "-c", "square", "-l", "r1", "audit", "--junit", str(file)])
    text = ElementTree.parse(file).getroot().find(".//failure").text
    assert "a\\x1b]0;x\\x07 <b>&\\ufffe caf\\udce9 ]]>" in text
