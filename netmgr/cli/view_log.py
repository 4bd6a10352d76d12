"""The service log for people: tables and reports; every text in it may come from a hostile device."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from netmgr.cli.views import print_table, printable, table
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Entry
from netmgr.model.verification import Verification
from netmgr.ports.store import Gone
from netmgr.workflows.log import Shown


def show_entries(entries: Sequence[Entry]) -> None:
    """One row for each entry; a change is shown by the end of its id."""
    rows = table(
        "SEQ",
        "TIME",
        "TARGET",
        "KIND",
        "ACTION",
        "STEP",
        "DEVICE",
        "ACTOR",
        "CHANGE",
        right=frozenset({"SEQ"}),
    )
    for entry in entries:
        rows.add_row(
            str(entry.seq),
            entry.time[:19].replace("T", " "),
            entry.target,
            entry.kind,
            entry.action,
            entry.outcome or entry.phase,
            entry.device or "",
            entry.actor,
            f"…{entry.change[-8:]}" if entry.change else "",
        )
    print_table(rows)


def entry_lines(shown: Shown) -> Iterator[str]:
    """One entry, a line for each of its keys, and its body if it is text."""
    document = shown.entry.document()
    facts, reference = document.pop("facts"), document.pop("body", None)
    width = max(map(len, document))
    for name, value in document.items():
        yield f"{name:<{width}}  {value}"
    yield f"{'facts':<{width}}  {_json(facts)}"
    if reference is None:
        return
    yield f"{'body':<{width}}  {reference['digest']}  {reference['type']}  {reference['size']} bytes"
    yield ""
    if isinstance(shown.body, Gone):
        yield f"body: {shown.body.value}"
    elif shown.body is not None:
        text = body_text(shown)
        unreadable = f"body: {reference['type']} is not text; `netmgr log export --bodies DIR` writes it"
        yield unreadable if text is None else text.removesuffix("\n")


def entry_document(shown: Shown) -> dict[str, Any]:
    """One entry with the state of its body, and the body itself if it is text, as JSON."""
    state = shown.body.value if isinstance(shown.body, Gone) else "present"
    return {
        "entry": shown.entry.document(),
        "body": None if shown.body is None else state,
        "text": body_text(shown),
    }


def body_text(shown: Shown) -> str | None:
    """The body as text that is safe on a terminal, or None where it is not text."""
    reference = shown.entry.body
    if reference is None or not isinstance(shown.body, bytes) or not reference.type.startswith("text/"):
        return None
    return printable(shown.body.decode(errors="backslashreplace"))


def report(found: Verification) -> Iterator[str]:
    """What was counted, then what is wrong, a line for each problem."""
    yield f"{found.client} {found.stream}: {found.entries} entries, the last is seq {found.seq} of {found.time}"
    yield f"hash {found.hash}"
    yield f"bodies: {found.present} present, {found.erased} erased by order, {found.missing} MISSING"
    yield f"checkpoints: {found.checkpoints} agree; {_unwitnessed(found)}"
    for key in found.rotated:
        how = "signed by the key before" if key.signed else "NOT signed by the key before, which was lost"
        yield f"seq {key.seq}: another key signs from here on, SHA-256 {sha256_hex(key.new)}: {how}"
    for problem in found.problems:
        yield printable(f"problem: {problem}").replace("\n", "\\n")
    count = len(found.problems)
    yield "verified: the chain holds" if found.holds else f"FAILED: {count} problem{'s' if count > 1 else ''}"


def verification_document(found: Verification) -> dict[str, Any]:
    """The verdict as JSON."""
    return {
        "client": found.client,
        "stream": found.stream,
        "holds": found.holds,
        "entries": found.entries,
        "head": {"seq": found.seq, "hash": found.hash, "time": found.time},
        "bodies": {"present": found.present, "erased": found.erased, "missing": found.missing},
        "checkpoints": {"agree": found.checkpoints, "witnessed": found.witnessed},
        "keys": [
            {"seq": key.seq, "old": sha256_hex(key.old), "new": sha256_hex(key.new), "signed": key.signed}
            for key in found.rotated
        ],
        "problems": [
            {"seq": problem.seq, "problem": problem.text, "lost": problem.lost} for problem in found.problems
        ],
    }


def _unwitnessed(found: Verification) -> str:
    first = found.witnessed + 1
    if first > found.seq:
        return "every entry is witnessed"
    which = f"seq {first}" if first == found.seq else f"seq {first} to {found.seq}"
    return f"{which} witnessed by no checkpoint yet"


def _json(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False))
