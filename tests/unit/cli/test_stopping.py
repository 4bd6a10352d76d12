"""A signal may come in the middle of anything, and most of all while somebody is told what is happening."""

import io
import os
import signal
import sys

import click
import pytest

from netmgr.cli.stopping import asked_to_stop


class _Signalled(io.RawIOBase):
    """Standard error, during whose writing a signal comes: its buffer is in use then."""

    def __init__(self, number):
        self.number, self.written = number, b""

    def writable(self):
        return True

    def write(self, data):
        if not self.written:
            os.kill(os.getpid(), self.number)
        self.written += bytes(data)
        return len(data)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_something_is_being_told_is_noted_and_told(number, monkeypatch, capfd):
    raw = _Signalled(number)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BufferedWriter(raw), line_buffering=True))
    with asked_to_stop(saying="interrupted: please wait") as stopped:
        assert not stopped()
        click.echo("commit: 4 devices", err=True)
        assert stopped()
    assert raw.written == b"commit: 4 devices\n"
    assert capfd.readouterr().err == "interrupted: please wait\n"


def test_nothing_is_said_of_what_ends_by_itself_and_handlers_are_put_back(capfd):
    before = signal.getsignal(signal.SIGTERM)
    with asked_to_stop([signal.SIGTERM]) as stopped:
        signal.raise_signal(signal.SIGTERM)
        assert stopped()
    assert signal.getsignal(signal.SIGTERM) is before
    assert capfd.readouterr().err == ""


def test_a_standard_error_that_was_closed_keeps_nobody_from_stopping():
    read, write = os.pipe()
    kept = os.dup(2)
    os.close(read)
    try:
        os.dup2(write, 2)
        with asked_to_stop(saying="interrupted") as stopped:
            signal.raise_signal(signal.SIGINT)
            assert stopped()
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(write)
