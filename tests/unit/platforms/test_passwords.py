"""Hashes of passwords: known ones of each scheme, ours, and what is no hash."""

import time

import pytest

from netmgr.platforms.passwords import SCHEMES, Passwords, scheme_of

#: Published examples of hashcat (modes 500, 1800, 7400, 9200, 9300), all of the password `hashcat`.
KNOWN = {
    "md5": "$1$28772684$iEwNOgGugqO9.bIz5sk8k/",
    "sha512": "$6$52450745$k5ka2p8bFuSmoVT1tzOyyuaREkkKBcCNqoDKzYiJL9RaE8yMnPgh2XzzF0NDrUhgrcLwg78xs1w5pJiypEdFX/",
    "sha256": "$5$GX7BopJZJxPc/KEK$le16UF8I2Anb.rOrn22AUPWvzUETDGefUmAV8AZkGcD",
    "pbkdf2": "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk",
    "scrypt": "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6",
}


@pytest.fixture
def passwords():
    return Passwords("acme/core1")


def test_a_known_hash_of_each_scheme_there_is():
    assert {scheme_of(stored): stored for stored in KNOWN.values()} == KNOWN
    assert KNOWN.keys() == SCHEMES.keys()


@pytest.mark.parametrize("scheme", KNOWN)
def test_a_hash_is_verified_by_its_password_alone(scheme, passwords):
    stored = KNOWN[scheme]
    assert passwords.verified("hashcat", stored)
    assert not passwords.verified("hashcaT", stored)
    assert passwords.stored == {stored: "hashcat"}


def test_a_hash_of_other_rounds_than_usual_is_verified(passwords):
    digest = "OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v."
    stored = f"$6$rounds=10000$saltstringsaltst${digest}"
    assert passwords.verified("Hello world!", stored)


@pytest.mark.parametrize("scheme", KNOWN)
def test_a_hash_that_was_made_is_of_its_scheme_and_verified(scheme, passwords):
    made = passwords.made(scheme, "geheim", "user ops")
    assert scheme_of(made) == scheme
    assert Passwords("").verified("geheim", made)
    assert passwords.stored == {made: "geheim"}


def test_the_salt_is_made_of_names_alone(passwords):
    def salt(made):
        return made.split("$")[2]

    made = passwords.made("scrypt", "geheim", "user ops")
    assert made == Passwords("acme/core1").made("scrypt", "geheim", "user ops")
    assert salt(made) == salt(passwords.made("scrypt", "anders", "user ops"))
    others = (
        passwords.made("scrypt", "geheim", "user w"),
        Passwords("acme/core2").made("scrypt", "geheim", "user ops"),
    )
    assert len({salt(each) for each in (made, *others)}) == 3


def test_a_hash_is_worked_out_once_in_a_run(passwords, monkeypatch):
    assert passwords.verified("hashcat", KNOWN["scrypt"])
    monkeypatch.setattr("hashlib.scrypt", None)
    assert passwords.verified("hashcat", KNOWN["scrypt"])


NO_HASH = (
    "",
    "geheim",
    "$6$",
    "$6$salt$short",
    KNOWN["md5"] + "x",
    KNOWN["scrypt"][:-1],
    "$9$QMAStu1EyKMX-",
    "$4$a$b",
)


@pytest.mark.parametrize("text", NO_HASH)
def test_what_is_no_hash_is_of_nobody(text, passwords):
    assert scheme_of(text) is None
    assert not passwords.verified(text, text)


def test_a_device_cannot_make_us_work_for_ever(passwords):
    begun = time.process_time()
    assert not passwords.verified("a", "$6$rounds=999999999$abcd$" + "x" * 86)
    assert time.process_time() - begun < 1


def test_a_mark_is_no_password():
    passwords = Passwords("acme/core1", frozenset({"<secret:ops>"}))
    assert (passwords.knows("<secret:ops>"), passwords.knows("geheim")) == (False, True)
