"""Junos' canonical form: both forms of a configuration become the same commands, and stay what they are."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.difference import difference
from netmgr.platforms.junos.canonical import DROPPED, SORTED, canonical
from netmgr.platforms.junos.secrets import redacted
from netmgr.platforms.junos.text import quoted
from netmgr.platforms.junos.tree import parse

CAPTURES = {
    path.name: path.read_text() for path in (Path(__file__).parents[3] / "data/configs/junos").iterdir()
}

BRACES = """
## Last commit: 2026-01-01 00:00:00 UTC by admin
version 21.4R3.15;
groups {
    edge {
        interfaces {
            <ge-*> {
                mtu 9192;
            }
        }
    }
}
apply-groups [ edge re0 ];
system {
    host-name r1;
    authentication-order [ tacplus password ];
    root-authentication {
        encrypted-password "$6$salt$hash"; ## SECRET-DATA
    }
    login {
        user ops {
            uid 2001;
            class super-user;
        }
        message "Hands off:\\nthis is \\"ours\\"; and { not yours }";
    }
    ntp {
        authentication-key 7 type md5 value hush; ## SECRET-DATA
        server 192.0.2.1 key 7 version 4 prefer; ## SECRET-DATA
    }
    name-server {
        192.0.2.54;
        192.0.2.53;
    }
}
interfaces {
    /* to be brought up next week */
    inactive: ge-0/0/10 {
        description "spare; # 1";
        inactive: mtu 9000;
        unit 0 {
            family inet {
                address 10.0.0.1/24;
                inactive: address 10.0.0.9/24;
            }
        }
    }
    ge-0/0/9 {
        unit 0;
    }
    protect: lo0 {
        unit 0 {
            family inet {
                address 10.255.0.1/32;
            }
        }
    }
}
policy-options {
    policy-statement out {
        term z {
            from {
                protocol [ static direct ];
                route-filter 10.0.0.0/8 orlonger;
            }
            then {
                accept;
                community add b;
                community delete a;
            }
        }
        term a {
            then reject;
        }
    }
    community b members [ 65000:2 65000:1 ];
}
"""

COMMANDS = """\
set groups edge interfaces <ge-*> mtu 9192
set apply-groups edge
set apply-groups re0
set system authentication-order tacplus
set system authentication-order password
set system host-name r1
set system login message "Hands off:\\nthis is \\"ours\\"; and { not yours }"
set system login user ops class super-user
set system name-server 192.0.2.54
set system name-server 192.0.2.53
set system ntp authentication-key 7 type md5
set system ntp authentication-key 7 value hush
set system ntp server 192.0.2.1 key 7
set system ntp server 192.0.2.1 prefer
set system ntp server 192.0.2.1 version 4
set system root-authentication encrypted-password "$6$salt$hash"
set interfaces ge-0/0/9 unit 0
set interfaces ge-0/0/10 description "spare; # 1"
set interfaces ge-0/0/10 mtu 9000
deactivate interfaces ge-0/0/10 mtu
set interfaces ge-0/0/10 unit 0 family inet address 10.0.0.1/24
set interfaces ge-0/0/10 unit 0 family inet address 10.0.0.9/24
deactivate interfaces ge-0/0/10 unit 0 family inet address 10.0.0.9/24
deactivate interfaces ge-0/0/10
set interfaces lo0 unit 0 family inet address 10.255.0.1/32
protect interfaces lo0
set policy-options community b members 65000:1
set policy-options community b members 65000:2
set policy-options policy-statement out term z from protocol static
set policy-options policy-statement out term z from protocol direct
set policy-options policy-statement out term z from route-filter 10.0.0.0/8 orlonger
set policy-options policy-statement out term z then community add b
set policy-options policy-statement out term z then community delete a
set policy-options policy-statement out term z then accept
set policy-options policy-statement out term a then reject
"""


def test_braces_become_commands():
    assert canonical(BRACES) == COMMANDS


@pytest.mark.parametrize("text", [COMMANDS, *CAPTURES.values()], ids=["commands", *CAPTURES])
def test_commands_stay_what_they_are(text):
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize("name", CAPTURES)
def test_nothing_is_lost_but_what_is_dropped(name):
    said = {line for line in CAPTURES[name].splitlines() if line.startswith(("set ", "deactivate "))}
    kept = set(canonical(CAPTURES[name]).splitlines())
    assert kept <= said
    assert {line.split()[1] for line in said - kept} <= {"version", "system"}
    assert all("version" in line or " uid " in line for line in said - kept)
    assert DROPPED.keys() == {"version", "system login user * uid"}


def test_what_the_session_prints_around_it_is_none_of_it():
    text = "admin@r1> show configuration | display set\nset system host-name r1\n\n{master:0}\nadmin@r1> "
    assert canonical(text) == "set system host-name r1\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set system host-name r1\nfoo bar\n", "line 2: begins with none of set, deactivate and protect"),
        ('set system host-name "r1\n', "line 1: a quotation mark is never closed"),
        ("system { host-name r1;", "the text ends in the middle of a statement"),
        ("system { host-name r1; }\n}\n", "line 2: '}' is not expected there"),
        ('system { host-name "r1; }\n', "line 1: a quotation mark is never closed"),
        ("system { name-server [ 192.0.2.1; ]\n}", "line 1: ';' is not expected there"),
        ("set system name-server [ 192.0.2.1 192.0.2.2 ]", "line 1: has a list in brackets"),
    ],
)
def test_what_is_no_configuration_is_refused(text, message):
    with pytest.raises(ValueError, match="^" + message.replace("[", r"\[")):
        canonical(text)


def test_a_level_that_is_sorted_says_why():
    assert all(SORTED.values())
    assert all(DROPPED.values())


def braces(node, draw, depth=0):
    """The form with braces, with as many words before a brace as ``draw`` says."""
    out, indent = [], "    " * depth
    for word, below in node.children.items():
        tags = ("inactive: " if below.inactive else "") + ("protect: " if below.protected else "")
        head, last = tags + quoted(word), below
        while len(last.children) == 1 and draw():
            ((following, after),) = last.children.items()
            if after.inactive or after.protected:
                break
            head, last = f"{head} {quoted(following)}", after
        if tags and last is not below:  # the tag would be the longer path's
            head, last = tags + quoted(word), below
        if last.children:
            out += [f"{indent}{head} {{", *braces(last, draw, depth + 1), f"{indent}}}"]
        else:
            out.append(f"{indent}{head};")
    return out


WORD = st.one_of(
    st.sampled_from(
        ["interfaces", "unit", "family", "inet", "system", "term", "then", "accept", "protocols", "bgp"]
    ),
    st.text(alphabet="ab1.:/-*<>$ #;{}[]'", min_size=1, max_size=6).filter(
        lambda word: (
            not word.startswith(("[", "/*")) and word.strip() and word.strip() not in ("[", "inactive:")
        )
    ),
)
PATHS = st.lists(st.lists(WORD, min_size=1, max_size=5), min_size=1, max_size=12)


def commands(paths, inactive):
    lines = [f"set {' '.join(map(quoted, path))}" for path in paths]
    return "\n".join(lines + [f"deactivate {' '.join(map(quoted, paths[n % len(paths)]))}" for n in inactive])


@settings(deadline=None, max_examples=150)
@given(PATHS, st.lists(st.integers(0, 11), max_size=2), st.data())
def test_any_configuration_is_the_same_in_both_forms(paths, inactive, data):
    text = canonical(commands(paths, inactive))
    assert canonical(text) == text
    written = "\n".join(braces(parse(text), lambda: data.draw(st.booleans())))
    assert canonical(written) == text


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(sorted(CAPTURES)), st.data())
def test_a_capture_in_braces_and_with_lines_changed(name, data):
    lines = canonical(CAPTURES[name]).splitlines()
    for _ in range(data.draw(st.integers(0, 5))):
        lines.insert(
            data.draw(st.integers(0, len(lines))), lines.pop(data.draw(st.integers(0, len(lines) - 1)))
        )
    text = canonical("\n".join(lines))
    assert canonical(text) == text
    assert sorted(text.splitlines()) == sorted(canonical(CAPTURES[name]).splitlines())
    assert canonical("\n".join(braces(parse(text), lambda: True))) == text


def test_a_diff_reads_without_sections():
    text = canonical(CAPTURES["sender-set.cfg"])
    changed = canonical(text.replace("10.0.12.0/31", "10.0.12.4/31").replace('"$6$jLz', '"$6$other'))
    assert difference(text, changed, secrets={}, redact=redacted).text == (
        "--- running\n"
        "+++ intended\n"
        "@@ -1,5 +1,5 @@\n"
        " set system host-name sender\n"
        "-set system login user admin authentication encrypted-password <removed>\n"
        "+set system login user admin authentication encrypted-password <removed>\n"
        " set system login user admin class super-user\n"
        " set system management-instance\n"
        " set system root-authentication encrypted-password <removed>\n"
        "@@ -9,7 +9,7 @@\n"
        " set interfaces fxp0 unit 0 family inet address 10.0.0.15/24\n"
        " set interfaces fxp0 unit 0 family inet6 address 2001:db8::2/64\n"
        ' set interfaces ge-0/0/0 description "link to receiver"\n'
        "-set interfaces ge-0/0/0 unit 0 family inet address 10.0.12.0/31\n"
        "+set interfaces ge-0/0/0 unit 0 family inet address 10.0.12.4/31\n"
        " set interfaces lo0 unit 0 family inet address 1.1.1.1/32\n"
        " set policy-options community MYSTERY members 65000:672277L:36867\n"
        " set policy-options community RT-2BYTE members target:65000:36867\n"
    )
