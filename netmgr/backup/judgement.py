"""Whether a reading may be kept as good, or goes to quarantine: a backup that is not whole is worse than none."""

import json
import re
from collections.abc import Iterator

from netmgr.model.audit import Finding
from netmgr.model.backup import Capture, Document, Version
from netmgr.platforms.form import PlatformForm

#: A running configuration that lost more than this share of its lines is suspicious, if it is more than ``_FEW`` lines.
_SHARE, _FEW = 0.25, 5


def documents(capture: Capture) -> dict[Document, bytes]:
    """What is kept of a reading. Facts are JSON with sorted keys, one on a line."""
    found: dict[Document, bytes] = {"running": _bytes(capture.running)}
    if capture.startup is not None:
        found["startup"] = _bytes(capture.startup)
    if capture.facts is not None:
        text = json.dumps(capture.facts, indent=2, sort_keys=True, ensure_ascii=False)
        found["facts"] = _bytes(f"{text}\n")
    return found


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def doubts(
    capture: Capture,
    form: PlatformForm,
    *,
    before: Version | None,
    expected: str | None = None,
    accepted: bool = False,
) -> tuple[Finding, ...]:
    """What keeps a reading from being good; nothing for one that is.

    ``before`` is the device's newest good version. A shrink is none where netmgr's own change has just left the device
    with what is read (``expected``, the canonical text's digest), or where somebody has looked at it (``accepted``).
    """
    return (*_incomplete(capture, form), *_shrunk(capture, before, accepted or capture.digest == expected))


def _incomplete(capture: Capture, form: PlatformForm) -> Iterator[Finding]:
    if capture.missing:
        names = ", ".join(capture.missing)
        yield _finding("daemons", f"{names} does not run: its part of the configuration is missing")
    if not capture.running.strip():
        yield _finding("complete", "the device shows no running configuration")
        return
    shown: tuple[tuple[Document, str | None], ...] = (
        ("running", capture.running),
        ("startup", capture.startup),
    )
    for name, text in shown:
        ending = form.endings.get(name)
        if ending and text and text.strip() and not re.fullmatch(ending, _last_line(text)):
            yield _finding("complete", f"the {name} configuration does not end as a whole one does")
    if capture.repeated is False:
        yield _finding("complete", "two readings differ")
    if capture.repeated is None and not form.framed and "running" not in form.endings:
        yield _finding("complete", "nothing says that the reading is whole")


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]


def _shrunk(capture: Capture, before: Version | None, explained: bool) -> Iterator[Finding]:
    if before is None or explained:
        return
    had, has = before.note.documents["running"].lines, lines_of(_bytes(capture.running))
    if had - has > max(_FEW, had * _SHARE):
        yield _finding("shrunk", f"{has} lines of {had} are left")


def lines_of(data: bytes) -> int:
    """Lines that are not blank."""
    return sum(1 for line in data.splitlines() if line.strip())


def _finding(check: str, detail: str) -> Finding:
    return Finding(check=check, status="failed", severity="error", detail=detail)
