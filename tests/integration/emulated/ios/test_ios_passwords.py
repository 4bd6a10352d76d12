"""Passwords of logins on an emulated IOS, which hashes them."""

import pytest

from tests.integration.emulated.ios.bench import FORM, config
from tests.integration.emulated.passwords import PASSWORD, Salting

LINE = "username ops privilege 15 secret {}"


@pytest.fixture
def login(edge1):
    return Salting(edge1, FORM, config("edge1"), LINE)


def test_clear_is_sent_as_a_hash_and_reads_as_intended(login):
    login.clear_is_sent_as_a_hash_and_reads_as_intended()


def test_what_it_salted_is_left_and_another_password_is_found(login):
    login.what_it_salted_is_left_and_another_password_is_found(LINE.format(PASSWORD), LINE.format("another"))
