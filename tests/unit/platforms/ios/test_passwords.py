"""Passwords of IOS logins between what is rendered and what is sent: the device's own hashes, and new ones."""

import pytest

from netmgr.platforms import FORMS
from netmgr.platforms.passwords import Passwords, scheme_of
from tests.unit.platforms.test_passwords import KNOWN

IOS = FORMS["ios"]
CLEAR = "username ops privilege 15 secret hashcat"
TYPE_9 = f"username ops privilege 15 secret 9 {KNOWN['scrypt']}"


def settled(line, *running, marks=()):
    found = IOS.settled(
        f"{line}\n", "".join(f"{each}\n" for each in running), Passwords("a/b", frozenset(marks))
    )
    return found.removesuffix("\n")


OWN = {
    "its own hash, type 9": (CLEAR, TYPE_9),
    "type 8": (CLEAR, f"username ops privilege 15 secret 8 {KNOWN['pbkdf2']}"),
    "type 5": (CLEAR, f"username ops privilege 15 secret 5 {KNOWN['md5']}"),
    "told to be in clear": ("username ops privilege 15 secret 0 hashcat", TYPE_9),
    "without a privilege": ("username ops secret hashcat", f"username ops secret 9 {KNOWN['scrypt']}"),
    "a login called secret": (
        "username secret secret hashcat",
        f"username secret secret 9 {KNOWN['scrypt']}",
    ),
    "enable": ("enable secret hashcat", f"enable secret 5 {KNOWN['md5']}"),
    "enable, of a level": ("enable secret level 7 hashcat", f"enable secret level 7 5 {KNOWN['md5']}"),
}


@pytest.mark.parametrize(("line", "running"), OWN.values(), ids=OWN)
def test_a_right_password_is_spelt_as_the_device_has_it(line, running):
    assert settled(line, "hostname r1", running) == running
    assert settled(running, running) == running


def test_another_privilege_keeps_the_hash():
    there = f"username ops privilege 1 secret 9 {KNOWN['scrypt']}"
    assert settled(CLEAR, there) == TYPE_9


TYPES = {
    "a fresh device": ((), "9", "scrypt"),
    "the login has another password": ((f"username ops secret 5 {KNOWN['md5']}",), "5", "md5"),
    "others have type 8": (
        (f"username a secret 5 {KNOWN['md5']}", f"username b secret 8 {KNOWN['pbkdf2']}"),
        "8",
        "pbkdf2",
    ),
    "a release that knows no better than type 4": (("username ops secret 4 " + "x" * 43,), "5", "md5"),
    "another login's hash is not taken": ((f"username a secret 9 {KNOWN['scrypt']}",), "9", "scrypt"),
}


@pytest.mark.parametrize(("running", "kind", "scheme"), TYPES.values(), ids=TYPES)
def test_a_new_password_is_hashed_as_the_device_would(running, kind, scheme):
    line = settled("username ops privilege 15 secret Neu-1", *running)
    before, _, stored = line.rpartition(" ")
    assert (before, scheme_of(stored)) == (f"username ops privilege 15 secret {kind}", scheme)
    assert Passwords("").verified("Neu-1", stored)
    assert line == settled("username ops privilege 15 secret Neu-1", *running)
    assert stored not in "".join(running)


LEFT = {
    "a hash with its type": TYPE_9,
    "a password that IOS only disguises": "username ops password hashcat",
    "no password": "username ops privilege 15",
    "somebody's text": "description username ops secret hashcat",
    "in a section": " username ops secret hashcat",
}


@pytest.mark.parametrize("line", LEFT.values(), ids=LEFT)
def test_left_as_it_is(line):
    assert settled(line, TYPE_9) == line


def test_a_hash_without_its_type_is_given_it():
    assert settled(f"username ops privilege 15 secret {KNOWN['scrypt']}") == TYPE_9


def test_a_password_that_nobody_knows_here_is_not_hashed():
    line = "username ops secret <secret:ops>"
    assert settled(line, marks=["<secret:ops>"]) == line


def test_a_settled_text_is_canonical_again():
    text = IOS.canonical(
        "hostname r1\nusername z secret Neu-1\nusername a privilege 15 secret Neu-2\nenable secret Neu-3\n"
    )
    found = IOS.settled(text, "", Passwords("a/b"))
    assert IOS.canonical(found) == found
    assert "Neu-" not in found
