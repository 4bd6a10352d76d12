"""config/provider.yaml is read whole, and every mistake is told at its line."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from netmgr.adapters.provider_yaml import YamlProvider
from netmgr.errors import InputError
from netmgr.model.json_schema import schema
from netmgr.model.provider import Series

EXAMPLE = (Path(__file__).parents[3] / "config/provider.yaml").read_text()


def reader(root, text):
    (root / "config").mkdir(exist_ok=True)
    (root / "config/provider.yaml").write_text(text)
    return YamlProvider(root, lambda: ("acme", "other"))


def problems(root, *changes, more=""):
    text = EXAMPLE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(InputError) as caught:
        reader(root, text + more).provider()
    return [problem.removeprefix("config/provider.yaml:") for problem in caught.value.problems]


def line(words):
    return next(number for number, each in enumerate(EXAMPLE.splitlines(), 1) if words in each)


def test_the_example_is_read_and_fits_its_schema(tmp_path):
    known = reader(tmp_path, EXAMPLE).provider()
    jsonschema.validate(yaml.safe_load(EXAMPLE), schema("provider"))
    name, entity = known.of("acme")
    assert (name, entity.bank.iban, entity.credits.number(7)) == (
        "example",
        "GB06EXAM00000000000000",
        "C-00007",
    )


def test_without_a_file_nobody_bills(tmp_path):
    assert YamlProvider(tmp_path, lambda: ("acme",)).provider() is None


def test_credit_notes_without_a_series_are_numbered_among_the_invoices(tmp_path):
    old = "\n".join(each for each in EXAMPLE.splitlines() if "credit_notes" not in each)
    _, entity = reader(tmp_path, old).provider().of("acme")
    assert entity.credits == Series(prefix="R-", pad=5)


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        (("GB06 EXAM", "GB07 EXAM"), "iban", "is no IBAN whose check digits are right"),
        (("EXAMGB2L", "exam"), "bic", "is not a BIC"),
        (("country: GB", "country: Britain"), "country", "is not a country"),
        (("prefix: R-", "prefix: r"), "invoices: {", "capitals"),
        (("prefix: C-", "prefix: R-"), "  example:", "a number could come twice"),
        (("    vat_id: GB000000000\n", ""), "  example:", "write vat_id or tax_number"),
        (("language: en", "langage: en"), "language: en", "langage"),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path, change, words, message):
    (found,) = problems(tmp_path, change)
    assert found.startswith(f"{line(words)}:"), found
    assert message in found


def test_an_account_is_one_number(tmp_path):
    (found,) = problems(tmp_path, ("      bic:", '      number: "1"\n      bic:'))
    assert found.startswith(f"{line('bank:')}:")
    assert "not both" in found


def test_clients_and_entities_have_to_be_known(tmp_path):
    end = len(EXAMPLE.splitlines())
    found = problems(tmp_path, more="clients:\n  acme: exampel\n  nobody: example\n")
    assert [each.split(";")[0] for each in found] == [
        f"{end + 2}: clients.acme: no entity exampel",
        f"{end + 3}: clients: no client nobody",
    ]
    (found,) = problems(tmp_path, more="default: exampel\n")
    assert "default: no entity 'exampel'" in found


def test_of_several_entities_one_is_named_or_the_client_has_none(tmp_path):
    second = EXAMPLE.replace("entities:\n", "", 1).split("\n\n# Which")[0].replace("  example:", "  second:")
    text = EXAMPLE.split("\n\n# Which")[0] + "\n" + second
    assert reader(tmp_path, text).provider().of("acme") is None
    text += "\nclients: {acme: second}\n"
    known = reader(tmp_path, text).provider()
    assert (known.of("acme")[0], known.of("other")) == ("second", None)
