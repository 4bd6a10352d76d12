"""agreement new: questions, options in their place, and a file that check and render take."""

import hashlib
import json
import subprocess
import sys

import pytest

from netmgr.cli.main import run

OPTIONS = [
    *("--language", "en", "--client-name", "Square", "--client-address", "Berlin", "--client-signs", "A"),
    *("--provider-name", "Example", "--provider-address", "London", "--provider-signs", "B"),
    *("--begins", "2026-01-01", "--months", "12", "--days", "monday-friday", "--hours", "09:00-17:00"),
    *("--country", "DE", "--emergency", "--currency", "EUR", "--monthly", "480.00", "--hourly", "110.00"),
    *("--payment-days", "30", "--tax", "19", "--law", "German law"),
]
FILE = "inventory/square/agreement.yaml"


@pytest.fixture
def netmgr(world, monkeypatch, capsys):
    """A command in this process: its code, what it prints and what it says."""
    monkeypatch.chdir(world.workspace)

    def command(*arguments):
        code = run([*arguments, "-c", "square"])
        return code, *capsys.readouterr()

    return command


def asked(world, *arguments, answers):
    """A command that somebody answers."""
    program = "import sys; from netmgr.cli.main import main; main()"
    command = [sys.executable, "-c", program, *arguments, "-c", "square"]
    return subprocess.run(
        command, cwd=world.workspace, input=answers, capture_output=True, text=True, check=False, timeout=60
    )


def pairwise_back(words):
    """Each word with the one before it."""
    return zip(words, ["", *words], strict=False)


def test_answers_make_an_agreement_that_can_be_rendered(world, netmgr):
    left = {"--client-name", "--monthly"}
    options = [word for word, before in pairwise_back(OPTIONS) if not {word, before} & left]
    made = asked(world, "agreement", "new", *options, answers="Square\n480.00\n")
    assert (made.returncode, made.stdout) == (0, f"{FILE}\n")
    assert "Client: name: Fixed fee a month, without tax: " in made.stderr
    assert netmgr("agreement", "check")[0] == 0
    assert netmgr("agreement", "render", "--format", "md")[:2] == (0, "square-agreement-v1.en.md\n")
    assert "Square" in (world.workspace / "square-agreement-v1.en.md").read_text()
    code, _, said = netmgr("agreement", "new", *OPTIONS)
    assert (code, said.splitlines()[-1]) == (
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
def test_an_answer_that_cannot_be_writes_nothing(world, netmgr, option, value, message):
    options = list(OPTIONS)
    options[options.index(option) + 1] = value
    code, _, said = netmgr("agreement", "new", *options)
    assert code == 64
    assert message in said
    assert not (world.workspace / FILE).exists()


def test_what_was_rendered_is_signed_and_in_force(world, netmgr):
    """With real PDF, by the commands alone."""
    assert netmgr("agreement", "new", *OPTIONS)[0] == 0
    _, rendered, _ = netmgr("agreement", "render")
    assert rendered == "square-agreement-v1.en.pdf\n"
    by = ["--by", "client=A", "--by", "provider=B"]
    code, signed, _ = netmgr("agreement", "sign", "square-agreement-v1.en.pdf", *by)
    assert (code, signed.splitlines()[0].partition(",")[0]) == (
        0,
        "square: version 1 is signed",
    )
    shown = json.loads(netmgr("agreement", "show", "-o", "json")[1])
    assert (shown["state"], shown["unsigned"], shown["version"]["version"]) == ("in_force", False, 1)
    pdf = (world.workspace / "square-agreement-v1.en.pdf").read_bytes()
    assert shown["version"]["document"] == hashlib.sha256(pdf).hexdigest()
