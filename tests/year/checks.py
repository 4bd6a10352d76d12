"""What must hold at the year's end, each by equality; a check gives what it counted."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from netmgr.verifier import verify_log
from tests.year.desk import CANARY
from tests.year.story import Year
from tests.year.unpacked import below

_CHECKPOINT = {"client", "stream", "seq", "hash", "time", "key", "signature"}


def checkpoint_in(document: Any) -> dict[str, Any]:
    """The checkpoint that a report's JSON carries."""
    found = [each for each in _members(document) if each.keys() >= _CHECKPOINT]
    assert len(found) == 1, f"{len(found)} checkpoints"
    return found[0]


def _members(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = [*value.values()]
    if isinstance(value, list):
        for each in value:
            yield from _members(each)


def the_log_verifies(year: Year) -> str:
    """By the program's own words, for both clients."""
    for client in CANARY:
        year.house.netmgr("log", "verify", client=client, who="p-3")
    return "both logs"


def anybody_can_verify_it(year: Year) -> str:
    """The stand-alone program, by itself, with each report's checkpoint and every body."""
    for client in CANARY:
        directory = year.office.out / client / "handed-over"
        directory.mkdir(parents=True, exist_ok=True)
        words = ("--bodies", str(directory / "bodies"), "--verifier", str(directory / "verify_log.py"))
        export = year.house.netmgr("log", "export", *words, client=client, who="p-3")
        (directory / "log.jsonl").write_text(export)
        given = [checkpoint_in(each) for each in year.office.reports(client)]
        assert len(given) >= year.months if client == "acme" else given
        (directory / "reports.checkpoints").write_text("".join(json.dumps(each) + "\n" for each in given))
        said = subprocess.run(
            [sys.executable, "-I", "verify_log.py", "log.jsonl", "reports.checkpoints", "--bodies", "bodies"],
            cwd=directory, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == verify_log.HOLDS, said.stdout + said.stderr
        agreed = [line for line in said.stdout.splitlines() if "(reports.checkpoints" in line]
        assert len(agreed) == len({each["seq"] for each in given}), said.stdout
        if client == "acme":
            count = len(agreed)
    return f"{count} reports' checkpoints"


def nothing_of_one_is_in_the_other(year: Year) -> str:
    """Planted words, looked for in all that either client is handed, packed or not; its own are found."""
    looked = 0
    for client, own in CANARY.items():
        (other,) = (word for name, word in CANARY.items() if name != client)
        mine = 0
        for name, content in below(year.office.out / client):
            looked += 1
            assert other.encode() not in content, f"{client}/{name} holds {other}"
            mine += own.encode() in content
        assert mine > 0, f"{own} is nowhere: nothing was looked at"
    return f"{looked} files and their members"


CHECKS: Mapping[str, Callable[[Year], str]] = {
    "the log verifies": the_log_verifies,
    "anybody can verify it": anybody_can_verify_it,
    "nothing of one client is in the other's": nothing_of_one_is_in_the_other,
}


def checked(year: Year) -> Iterator[tuple[str, str]]:
    """Each check's name and what it counted. Raises AssertionError."""
    with year.house.open():
        for name, check in CHECKS.items():
            yield name, check(year)


def export_of(year: Year) -> str:
    """Acme's log as exported."""
    return (year.office.out / "acme/handed-over/log.jsonl").read_text()
