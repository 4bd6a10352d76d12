"""What must hold at the year's end, each by equality; a check gives what it counted."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from netmgr.verifier import verify_log
from tests.faults import fee_reference
from tests.year.desk import CANARY
from tests.year.evidence import Evidence
from tests.year.office import CORRECTED, LATE
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
    """The stand-alone program, with each report's checkpoint, every body and the key that was told at the beginning."""
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
            [sys.executable, "-I", "verify_log.py", "log.jsonl", "reports.checkpoints", "--bodies", "bodies",
             "--key", year.office.fingerprint],
            cwd=directory, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == verify_log.HOLDS, said.stdout + said.stderr
        agreed = {int(seq) for seq in re.findall(r"^seq (\d+): as the checkpoint", said.stdout, re.MULTILINE)}
        assert agreed == {each["seq"] for each in given}, said.stdout
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


def numbers_have_no_gap(year: Year) -> str:
    """The entity's one series, over both clients, as it was handed out."""
    found = sorted(
        entry["facts"]["number"]
        for client in CANARY
        for entry in _evidence(year, client).of("invoice", "issue")
    )
    assert found == [f"R-{count:05}" for count in range(1, len(found) + 1)], found
    assert sorted(found) == sorted(paper.number for paper in year.office.papers)
    return f"{len(found)} invoices"


def every_sum_is_computed_again(year: Year) -> str:
    """Each invoice's lines, taxes and total, by the reference of the fees' tests, from nothing but the export."""
    lines = 0
    for client in CANARY:
        earlier: set[int] = set()
        whole = _evidence(year, client)
        for entry in whole.of("invoice", "issue"):
            draft = whole.body(entry)["draft"]
            first, last = date.fromisoformat(draft["first"]), date.fromisoformat(draft["last"])
            case = Evidence(whole.directory, entry["seq"] - 1).case(first, last, earlier)
            expected, _, _ = fee_reference.lines_of(case)
            made = {line["key"]: Decimal(line["net"]) for line in draft["lines"]}
            assert made == {key: net for key, (net, _) in expected.items()}, f"{client} {first}"
            taxes, total = fee_reference.total(expected, case["currency"])
            assert {(tax["code"], tax["rate"]): Decimal(tax["tax"]) for tax in draft["taxes"]} == taxes
            assert Decimal(draft["total"]) == total == sum(made.values()) + sum(taxes.values())
            earlier |= _named(draft)
            lines += len(made)
    return f"{lines} lines"


def _named(draft: Any) -> set[int]:
    """Every entry that an invoice names."""
    named = {seq for line in [*draft["lines"], *draft.get("hours", [])] for seq in line.get("evidence", [])}
    return named | {each["seq"] for each in draft.get("uncharged", [])}


def what_is_issued_stays(year: Year) -> str:
    """Given out again, invoices and reports have the bytes that they had when they were issued."""
    count = 0
    again = year.office.out / "again"
    for paper in year.office.papers:
        formats = ",".join(sorted({name.rpartition(".")[2] for name in paper.files}))
        assert year.office.files_of(paper, formats, again) == paper.files, paper.number
        for revision, files in enumerate(paper.revisions, 1):
            words = (
                "report",
                "show",
                "--month",
                paper.month,
                "--revision",
                str(revision),
                "--out",
                str(again),
            )
            made = year.house.document(*words, client=paper.client, who="p-3")
            assert {
                Path(each["path"]).name: Path(each["path"]).read_bytes() for each in made["files"]
            } == files
            count += len(files)
        count += len(paper.files)
    shutil.rmtree(again)
    return f"{count} files"


def what_comes_late_makes_a_revision(year: Year) -> str:
    """The two months that were told of later have a second revision, which says what changed; no other has."""
    found = {(paper.client, paper.month): len(paper.revisions) for paper in year.office.papers}
    late = {("acme", f"2026-{month:02}") for month in (LATE, CORRECTED)}
    assert found == {key: 1 + (key in late) for key in found}
    for paper in year.office.papers:
        for revision, files in enumerate(paper.revisions, 1):
            for name, data in files.items():
                if name.endswith(".json"):
                    keys = [section["key"] for section in json.loads(data)["sections"]]
                    assert ("revision" in keys) == (revision > 1), (name, keys)
    return f"{len(late)} of {len(found)} months"


def _evidence(year: Year, client: str) -> Evidence:
    return Evidence(year.office.out / client / "handed-over")


CHECKS: Mapping[str, Callable[[Year], str]] = {
    "the log verifies": the_log_verifies,
    "anybody can verify it": anybody_can_verify_it,
    "numbers have no gap": numbers_have_no_gap,
    "every sum is computed again": every_sum_is_computed_again,
    "what is issued stays as it is": what_is_issued_stays,
    "what comes late makes a revision": what_comes_late_makes_a_revision,
    "nothing of one client is in the other's": nothing_of_one_is_in_the_other,
}


def checked(year: Year) -> Iterator[tuple[str, str]]:
    """Each check's name and what it counted. Raises AssertionError."""
    with year.house.open():
        for name, check in CHECKS.items():
            yield name, check(year)
