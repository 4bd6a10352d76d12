"""Diffs as people read them, and texts without their secrets."""

import pytest

from napalm_frr.diff import unified
from napalm_frr.sanitize import sanitized

BEFORE = "log syslog\ninterface eth1\n a\n b\n c\n d\n e\n f\nrouter ospf\n g\n"


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ("a\n", "a\n", ""),
        ("", "", ""),
        ("", "a\n", "--- running\n+++ candidate\n@@ -0,0 +1 @@\n+a"),
        ("a\n", "", "--- running\n+++ candidate\n@@ -1 +0,0 @@\n-a"),
        (
            BEFORE,
            BEFORE.replace(" f\n", " F\n"),
            "--- running\n+++ candidate\n@@ -5,6 +5,6 @@ interface eth1\n  c\n  d\n  e\n- f\n+ F\n router ospf\n  g",
        ),
        (
            BEFORE,
            BEFORE + " h\n",
            "--- running\n+++ candidate\n@@ -8,3 +8,4 @@ interface eth1\n  f\n router ospf\n  g\n+ h",
        ),
    ],
)
def test_diff(before, after, diff):
    assert unified(before, after) == diff


def test_diff_with_other_names():
    assert unified("a\n", "b\n", ("before", "after")).splitlines()[:2] == ["--- before", "+++ after"]


SECRETS = [
    " neighbor 10.0.0.1 password {}",
    " no neighbor 10.0.0.1 password {}",
    "password {}",
    "password 8 {}",
    "enable password {}",
    "enable password 8 {}",
    "username joe password {}",
    " ip ospf authentication-key {}",
    " ip ospf message-digest-key 1 md5 {}",
    " ip ospf message-digest-key 255 md5 {} 10.0.0.1",
    " ipv6 ospf6 authentication key-id 1 hash-algo md5 key {}",
    " area 0.0.0.1 virtual-link 1.1.1.1 authentication message-digest message-digest-key 1 md5 {}",
    " area 1 virtual-link 1.1.1.1 authentication-key {}",
    "  key-string {}",
    " ip rip authentication string {}",
    " area-password clear {}",
    " domain-password md5 {}",
    " isis password md5 {}",
    " openfabric password clear {}",
    " neighbor 10.0.0.1 password {} with blanks",
    " ip nhrp authentication {}",
    "tacacs-server host 10.0.0.1 key {}",
    "radius-server key 7 {}",
    "snmp-server community {} ro",
    "   tcp-md5-auth {}",
]


@pytest.mark.parametrize("line", SECRETS)
@pytest.mark.parametrize("prefix", ["", "+", "-"])
def test_secrets_are_removed(line, prefix):
    shown = sanitized(f"{prefix}{line.format('s3cret')}\nip route 10.0.0.0/8 blackhole")
    assert "s3cret" not in shown
    assert shown == f"{prefix}{line.split('{}')[0]}<removed>\nip route 10.0.0.0/8 blackhole"


KEPT = [
    " description password of the day",
    " neighbor 10.0.0.1 description password x",
    " ip ospf authentication message-digest",
    " ip rip authentication mode md5",
    " ip rip authentication key-chain K",
    "service password-encryption",
    "key chain K",
    " key 1",
    "username joe nopassword",
    " neighbor 10.0.0.1 password <removed>",
]


@pytest.mark.parametrize("line", KEPT)
def test_the_rest_is_kept(line):
    assert sanitized(line + "\n") == line + "\n"
