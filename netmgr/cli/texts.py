"""Texts and times that users give on the command line; ``-`` is standard input."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Final

from netmgr.cli.options import option
from netmgr.errors import InputError, UsageError

if TYPE_CHECKING:
    from netmgr.workflows.runtime import Runtime

LARGEST: Final = 1024 * 1024
"""Bytes of a text."""

AT = option("--at", metavar="TIME", lingers=False, help="When it happened, where that was earlier.")


def text(name: str, given: str | None) -> str | None:
    """What was given, or what standard input says. Raises UsageError where that is empty, InputError for no text."""
    if given is None:
        return None
    said = _standard_input() if given == "-" else given
    if "\0" in said or any("\ud800" <= character <= "\udfff" for character in said):
        raise UsageError(f"{name}: it is no text; write UTF-8 without NUL")
    if not said.strip():
        raise UsageError(f"{name} is empty; say something")
    if len(said.encode()) > LARGEST:
        raise UsageError(f"{name}: it is longer than {LARGEST} bytes; say less, and link the rest")
    return said.strip("\n")


def line(name: str, given: str | None) -> str | None:
    """The same, on one line: blanks and line breaks become one blank each."""
    said = text(name, given)
    return None if said is None else " ".join(said.split())


def at(runtime: "Runtime", given: str | None) -> datetime | None:
    """The time that a user gave: RFC 3339, or a day of the client's. Raises UsageError."""
    from netmgr.workflows.agreement import moment

    if given is None:
        return None
    return moment(given, runtime.inventories.load(runtime.client).client.timezone)


def _standard_input() -> str:
    content = sys.stdin.buffer.read(LARGEST + 1)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise InputError([f"standard input:{number}: it is no UTF-8; convert it"]) from None
