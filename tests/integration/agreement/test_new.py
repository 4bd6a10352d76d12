"""agreement new: questions, options in their place, and a file that check and render take."""

import hashlib
import json
import subprocess
import sys

import pytest

OPTIONS = [
    *("--language", "en", "--client-name", "Square", "--client-address", "Berlin", "--client-signs", "A"),
    *("--provider-name", "Example", "--provider-address", "London", "--provider-signs", "B"),
    *("--begins", "2026-01-01", "--months", "12", "--days", "monday-friday", "--hours", "09:00-17:00"),
    *("--country", "DE", "--emergency", "--currency", "EUR", "--monthly", "480.00", "--hourly", "110.00"),
    *("--payment-days", "30", "--tax", "19", "--law", "German law"),
]
FILE = "inventory/square/agreement.yaml"


def netmgr(world, *arguments, answers=""):
    program = "import sys; from netmgr.cli.main import main; main()"
    command = [sys.executable, "-c", program, *arguments, "-c", "square"]
    return subprocess.run(
        command, cwd=world.workspace, input=answers, capture_output=True, text=True, check=False, timeout=60
    )


def pairwise_back(words):
    """Each word with the one before it."""
    return zip(words, ["", *words], strict=False)


def test_answers_make_an_agreement_that_can_be_rendered(world):
    asked = {"--client-name", "--monthly"}
    options = [word for word, before in pairwise_back(OPTIONS) if not {word, before} & asked]
    made = netmgr(world, "agreement", "new", *options, answers="Square\n480.00\n")
    assert (made.returncode, made.stdout) == (0, f"{FILE}\n")
    assert "Client: name: Fixed fee a month, without tax: " in made.stderr
    checked = netmgr(world, "agreement", "check")
    assert checked.returncode == 0
    rendered = netmgr(world, "agreement", "render", "--format", "md")
    assert rendered.stdout == "square-agreement-v1.en.md\n"
    assert "Square" in (world.workspace / "square-agreement-v1.en.md").read_text()
    again = netmgr(world, "agreement", "new", *OPTIONS)
    assert (again.returncode, again.stderr.splitlines()[-1]) == (
        1,
        f"error: {FILE}:1: there is an agreement; `netmgr agreement amend` changes it",
    )


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--days", "friday-monday", "the first comes after the last; write them in the week's order"),
        ("--begins", "soon", "not a day; write it like 2027-01-31"),
        ("--monthly", "plenty", "fees.fixed.0.amount: 'plenty' is not an amount; in quotes; write it like"),
        ("--hours", "9-17", "calendar.hours.monday.0: '9-17' is not a spell of hours"),
    ],
)
def test_an_answer_that_cannot_be_writes_nothing(world, option, value, message):
    options = list(OPTIONS)
    options[options.index(option) + 1] = value
    refused = netmgr(world, "agreement", "new", *options)
    assert refused.returncode == 64
    assert message in refused.stderr
    assert not (world.workspace / FILE).exists()


def test_what_was_rendered_is_signed_and_in_force(world):
    """With real PDF, by the commands alone."""
    assert netmgr(world, "agreement", "new", *OPTIONS).returncode == 0
    rendered = netmgr(world, "agreement", "render")
    assert rendered.stdout == "square-agreement-v1.en.pdf\n"
    by = ["--by", "client=A", "--by", "provider=B"]
    signed = netmgr(world, "agreement", "sign", "square-agreement-v1.en.pdf", *by)
    assert (signed.returncode, signed.stdout.splitlines()[0].partition(",")[0]) == (
        0,
        "square: version 1 is signed",
    )
    shown = json.loads(netmgr(world, "agreement", "show", "-o", "json").stdout)
    assert (shown["state"], shown["unsigned"], shown["version"]["version"]) == ("in_force", False, 1)
    pdf = (world.workspace / "square-agreement-v1.en.pdf").read_bytes()
    assert shown["version"]["document"] == hashlib.sha256(pdf).hexdigest()
