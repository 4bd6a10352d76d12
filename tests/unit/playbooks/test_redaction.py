"""Secrets in what programs say: hidden as they are, and as programs write them down."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.model.redaction import Redactor

SECRET = 'Pl4nt3d/"+secret\\x27&ü'

FORMS = {
    "raw": SECRET,
    "in JSON": json.dumps(SECRET),
    "in JSON, not ASCII": json.dumps(SECRET, ensure_ascii=False),
    "in JSON in JSON": json.dumps(json.dumps(SECRET)),
    "in a URL": quote(SECRET),
    "in a URL's path": quote(SECRET, safe=""),
    "in a form": quote_plus(SECRET),
    "Python's": repr(SECRET),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_way_to_write_it_is_hidden(form):
    shown = Redactor({"token": SECRET}).text(f"a {FORMS[form]} z")
    assert "<secret:token>" in shown
    assert "nt3d" not in shown


@given(before=st.binary(max_size=8), after=st.binary(max_size=8), secret=st.text(min_size=6, max_size=40))
def test_base64_is_hidden_wherever_in_a_longer_text_it_begins(before, after, secret):
    data = secret.encode("utf-8", "surrogatepass") if secret.isprintable() else b"printable-secret"
    secret = data.decode()
    if not secret.strip():
        return
    shown = Redactor({"token": secret}).text(base64.b64encode(before + data + after).decode())
    assert "<secret:token>" in shown


def test_the_longest_is_hidden_first_and_nothing_else_is_touched():
    redactor = Redactor({"short": "abcd", "long": "abcdefgh"})
    assert redactor.text("abcdefgh abcd abc") == "<secret:long> <secret:short> abc"
    assert Redactor({}).text("abcd") == "abcd"


def test_lines_of_a_key_are_hidden_one_by_one():
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
    shown = Redactor({"key": key}).text("got b3BlbnNzaC1rZXktdjEAAAAA, -----BEGIN OPENSSH PRIVATE KEY-----")
    assert shown == "got <secret:key>, -----BEGIN OPENSSH PRIVATE KEY-----"


def test_documents_are_hidden_at_every_depth():
    document = {"a": ["x abcdef", {"abcdef": 1}], "b": None, "c": True}
    assert Redactor({"s": "abcdef"}).deep(document) == {
        "a": ["x <secret:s>", {"<secret:s>": 1}],
        "b": None,
        "c": True,
    }
