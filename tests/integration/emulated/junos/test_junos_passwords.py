"""Passwords of logins on an emulated Junos, which keeps hashes."""

import pytest
from passlib.hash import sha512_crypt

from tests.integration.emulated.junos.bench import FORM, config
from tests.integration.emulated.passwords import PASSWORD, Salting

USER = "set system login user ops"
LINE = f'{USER} authentication encrypted-password "{{}}"'


@pytest.fixture
def login(edge1):
    return Salting(edge1, FORM, config("edge1", f"{USER} class super-user"), LINE)


def test_clear_is_sent_as_a_hash_and_reads_as_intended(login):
    login.clear_is_sent_as_a_hash_and_reads_as_intended()


def test_what_it_salted_is_left_and_another_password_is_found(login):
    hashed = sha512_crypt.using(rounds=5000).hash
    right, wrong = (LINE.format(hashed(each)) for each in (PASSWORD, "another"))
    login.what_it_salted_is_left_and_another_password_is_found(right, wrong)
