"""Progress and tables: what a terminal shows, what a file gets."""

import os
import pty
import re
import subprocess
import sys

import pytest

PROGRAM = """
from netmgr.cli.progress import TerminalProgress
progress = TerminalProgress()
progress("read: 3 [devices]")
progress.step(2, 3)
progress("read: 3 [devices]")
progress("commit:\\n\\x1b[2J everything, " + "with a very long line " * 20)
refreshed = getattr(progress._bar, "refresh", lambda: None)  # by itself ten times in a second
refreshed()
progress.step(3, 3)
refreshed()
progress.say("a line that [stays]")
progress.done()
progress("once more")
progress.done()
progress("once more")
progress.done()
"""
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(columns, **environment):
    """What the program writes to a terminal, byte by byte."""
    ours, its = pty.openpty()
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR", "CI")}
    subprocess.run(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.DEVNULL,
        stderr=its,
        env={**plain, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment},
        check=True,
        timeout=60,
    )
    os.close(its)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(ours)
    return written.decode()


def screen(written):
    """The lines that stand on the terminal at last."""
    lines, row, column = [""], 0, 0
    for token in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", written):
        if token == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif token == "\r":
            column = 0
        elif token == "\x1b[1A":
            row -= 1
        elif token == "\x1b[2K":
            lines[row] = ""
        elif token[0] != "\x1b":
            lines[row] = lines[row][:column].ljust(column) + token + lines[row][column + len(token) :]
            column += len(token)
    return [line for line in lines if line]


@pytest.mark.parametrize("columns", [80, 160])
def test_a_terminal_has_one_line_with_a_bar_that_goes_away(columns):
    written = on_a_terminal(columns)
    assert "read: 3 [devices]" in written
    counted = re.findall(r"(\d/3) commit: .*…", CODES.sub("", written))
    assert list(dict.fromkeys(counted)) == ["0/3", "3/3"], "a phase begins at 0"
    assert "\x1b[2J" not in written
    lines = [CODES.sub("", line).rstrip("\r") for line in re.split(r"[\r\n]", written)]
    assert max(map(len, lines)) <= columns
    assert screen(written) == ["a line that [stays]"]


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_whose_user_wants_no_bars_gets_lines(environment):
    written = on_a_terminal(80, **environment)
    assert written.split("\r\n")[0] == "read: 3 [devices]"
    assert "\x1b" not in written


def test_a_file_gets_a_line_for_each_phase():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    first, second, *rest = done.stderr.splitlines()
    assert (done.stdout, first) == ("", "read: 3 [devices]")
    assert rest == ["a line that [stays]", "once more", "once more"]
    assert second.startswith("commit: \\x1b[2J everything, with")


def test_views_print_no_colour_to_a_file_whatever_the_environment_says(capsys, monkeypatch):
    from netmgr.cli.views import console, print_table, table

    monkeypatch.setenv("FORCE_COLOR", "1")
    console().print("[red]not markup[/red] :smile:", style="bold red")
    rows = table("NAME", "COUNT", right=frozenset({"COUNT"}))
    rows.add_row("x" * 150, "7")
    print_table(rows)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.splitlines()[0] == "[red]not markup[/red] :smile:"
    assert max(map(len, out.splitlines())) <= 100
    assert out.count("x") == 150
    assert [line for line in out.splitlines() if line != line.rstrip()] == []
