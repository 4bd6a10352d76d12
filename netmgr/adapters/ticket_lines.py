"""Tickets as JSON Lines, read from a file or standard input; every mistake is told with its line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from netmgr.adapters.schema_problems import validated
from netmgr.errors import InputError
from netmgr.model.origins import Origin, Problem
from netmgr.model.ticket_exchange import Lines, ToldTicket

LONGEST: Final = 8 * 1024 * 1024
"""Bytes of a line."""
MOST_PROBLEMS: Final = 100


def read_tickets(path: Path) -> Lines:
    """Every ticket of the file (``-`` is standard input) with its place.

    Raises InputError with every problem of every line, the first hundred of them.
    """
    if str(path) == "-":
        return _read("standard input", sys.stdin.buffer)
    try:
        with path.open("rb") as file:
            return _read(str(path), file)
    except OSError as error:
        raise InputError([f"{path}:1: cannot be read ({error.strerror}); make it readable"]) from None


def _read(name: str, file: BinaryIO) -> Lines:
    problems: list[Problem] = []
    found: list[tuple[str, ToldTicket]] = []
    for number, line in _lines(file):
        origin = Origin(name, number)
        raw = _parsed(line, origin, problems)
        if raw is not None and (ticket := validated(ToldTicket, raw, problems, origin)):
            found.append((str(origin), ticket))
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise InputError([str(problem) for problem in problems])
    return found


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their numbers, each at most a byte longer than is allowed."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if line.strip():
            yield number, line
        if len(line) > LONGEST:
            return


def _parsed(line: bytes, origin: Origin, problems: list[Problem]) -> Any:
    if len(line) > LONGEST:
        problems.append(Problem(origin, f"the line is longer than {LONGEST} bytes; leave attachments out"))
        return None
    try:
        raw = json.loads(line.decode(), object_pairs_hook=_once)
        json.dumps(raw, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except UnicodeError:
        problems.append(Problem(origin, "it is no UTF-8; convert it"))
    except (ValueError, RecursionError) as error:
        problems.append(Problem(origin, f"it is no JSON: {' '.join(str(error).split())}"))
    else:
        if isinstance(raw, dict):
            return raw
        problems.append(Problem(origin, "it is no JSON object; write one ticket on each line"))
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key is there twice")
    return made
