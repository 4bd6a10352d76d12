"""Emulated Junos keeps what real Junos said, in each of its forms, and changes it statement by statement."""

from pathlib import Path

import pytest

from netmgr.lab.emulated.junos.checks import mistakes
from netmgr.lab.emulated.junos.configuration import Configuration
from netmgr.lab.emulated.junos.hierarchy import hierarchy
from netmgr.lab.emulated.junos.obfuscation import clear, obfuscated
from netmgr.lab.emulated.junos.words import split
from netmgr.platforms.junos import JUNOS

CAPTURES = sorted((Path(__file__).parents[3] / "data/configs/junos").glob("*.cfg"))
GOLDEN = sorted((Path(__file__).parents[3] / "golden/junos").glob("*.conf"))
BASE = """\
set system host-name r1
set system name-server 192.0.2.53
set system ntp server 192.0.2.1
set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.0/31
set protocols bgp group X export A
"""


def captured(path: Path) -> list[str]:
    """The lines of a capture, without the prompt that stands after them."""
    return [line for line in path.read_text().splitlines() if line.startswith("set ")]


def loaded(text: str, version: str = "25.4R1") -> Configuration:
    configuration = Configuration.empty(hierarchy(version))
    assert configuration.load_set(text) == []
    return configuration


def lines(configuration: Configuration) -> list[str]:
    return configuration.text().splitlines()


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["set", "braces", "xml"])
def test_a_real_configuration_is_shown_as_the_device_showed_it(path, form):
    said = captured(path)
    configuration = loaded("\n".join(said), said[0].split()[2])
    if form != "set":
        again = Configuration.empty(hierarchy(said[0].split()[2]))
        problems = (
            again.load_text(configuration.in_braces(), "override")
            if form == "braces"
            else again.load_xml(configuration.as_xml(), "override")
        )
        assert problems == []
        configuration = again
    assert lines(configuration) == said


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["set", "braces"])
def test_what_templates_render_is_taken_and_reads_as_it_was_meant(path, form):
    """Two parsers that share no code understand the same."""
    rendered = path.read_text()
    configuration = loaded(rendered)
    shown = configuration.text() if form == "set" else configuration.in_braces()
    assert JUNOS.canonical(shown) == JUNOS.canonical(rendered)


TYPED = {
    "a value replaces the one before": (
        "set system host-name r2",
        ["-set system host-name r1", "+set system host-name r2"],
    ),
    "a list grows": ("set system ntp server 192.0.2.2", ["+set system ntp server 192.0.2.2"]),
    "policies are kept in order": (
        "set protocols bgp group X export [ B A ]",
        ["+set protocols bgp group X export B"],
    ),
    "the last of its kind takes its container along": (
        "delete system ntp server 192.0.2.1",
        ["-set system ntp server 192.0.2.1"],
    ),
    "a whole list": ("delete system name-server", ["-set system name-server 192.0.2.53"]),
    "a stanza": (
        "delete interfaces",
        ["-set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.0/31"],
    ),
    "an inactive statement stays": (
        "deactivate system ntp",
        ["+deactivate system ntp"],
    ),
    "several values are several lines": (
        "set system domain-search [ a.example b.example ]",
        ["+set system domain-search a.example", "+set system domain-search b.example"],
    ),
    "what is quoted is quoted again": (
        'set system login message "two words"',
        ['+set system login message "two words"'],
    ),
}


@pytest.mark.parametrize("case", TYPED)
def test_what_a_line_changes(case):
    typed, difference = TYPED[case]
    configuration = loaded(BASE)
    before = lines(configuration)
    assert configuration.load_set(typed) == []
    after = lines(configuration)
    gone = [f"-{line}" for line in before if line not in after]
    come = [f"+{line}" for line in after if line not in before]
    assert gone + come == difference


REFUSED = {
    "set system hostname r2": ("syntax error", "hostname", False),
    "set system host-name": ("missing argument", "host-name", False),
    "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.300/31": (
        "invalid prefix: 10.0.0.300/31",
        "10.0.0.300/31",
        False,
    ),
    "set vlans v vlan-id 4095": ("Value 4095 is not within range (1..4094)", "4095", False),
    "delete system ntp server 192.0.2.9": ("statement not found", "192.0.2.9", True),
    "sett system host-name r2": ("unknown command", "sett", False),
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_line_that_is_none_is_told_and_the_others_are_done(line):
    message, word, warning = REFUSED[line]
    configuration = loaded(BASE)
    problems = configuration.load_set(f"{line}\nset system time-zone UTC")
    assert [(p.line, p.message, p.word, p.warning) for p in problems] == [(1, message, word, warning)]
    assert "set system time-zone UTC" in lines(configuration)


def test_override_leaves_nothing_that_is_not_loaded():
    configuration = loaded(BASE)
    assert configuration.load_text("system { host-name r9; }", "override") == []
    assert lines(configuration) == ["set system host-name r9"]


def test_replace_is_for_what_is_marked_and_merge_for_the_rest():
    configuration = loaded(BASE)
    text = "system { replace: ntp { server 192.0.2.7; } delete: name-server 192.0.2.53; domain-name d; }"
    assert configuration.load_text(text, "replace") == []
    assert [line for line in lines(configuration) if "system" in line] == [
        "set system host-name r1",
        "set system domain-name d",
        "set system ntp server 192.0.2.7",
    ]


def test_text_that_breaks_off_is_told_with_its_line():
    configuration = loaded(BASE)
    (problem,) = configuration.load_text("system {\n    host-name x;", "merge")
    assert (problem.message, problem.line) == ("syntax error", 2)


def test_the_difference_reads_as_show_compare_does():
    configuration = loaded(BASE)
    newer = configuration.copy()
    newer.load_set("set system host-name r2\ndelete protocols\nset interfaces ge-0/0/1 unit 0")
    assert configuration.compare(newer).splitlines() == [
        "[edit]",
        "-   protocols {",
        "-       bgp {",
        "-           group X {",
        "-               export A;",
        "-           }",
        "-       }",
        "-   }",
        "[edit system]",
        "-  host-name r1;",
        "+  host-name r2;",
        "[edit interfaces]",
        "+   ge-0/0/1 {",
        "+       unit 0;",
        "+   }",
    ]


@pytest.mark.parametrize("secret", ["s", "hello world", "käse", "x" * 64])
def test_secrets_are_stored_with_salt_and_can_be_read_again(secret):
    stored = {obfuscated(secret) for _ in range(20)}
    assert len(stored) > 1
    assert {clear(each) for each in stored} == {secret}
    configuration = loaded(f'set protocols bgp group X authentication-key "{secret}"')
    (line,) = lines(configuration)
    assert clear(split(line)[-1]) == secret


MISTAKES = {
    "set system host-name x": "Missing mandatory statement: 'root-authentication'",
    "set protocols bgp group X export A": "Policy error: Policy A referenced but not defined",
    "set protocols bgp group X type external\nset protocols bgp group X neighbor 10.0.0.1": (
        "Error in neighbor 10.0.0.1 of group X:\npeer AS number must be configured for an external peer"
    ),
}


@pytest.mark.parametrize("typed", MISTAKES)
def test_what_only_a_commit_finds(typed):
    assert [message for message, _ in mistakes(loaded(typed).root)] == [MISTAKES[typed]]
