"""A device's journal: what became of its configuration, in the order in which it did. The oracle of every fault test.

One JSON object on each line of a file that is only ever appended to. Configurations stand in it by their digests alone.
"""

import json
import os
from collections import deque
from pathlib import Path
from typing import Any

#: Lines of a transcript that are kept. In memory only: what is typed may hold secrets.
_TRANSCRIPT = 5000
_LONGEST = 400


class Journal:
    """Appends to ``path``, which only its owner can read."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._number = 0

    def note(self, event: str, **facts: Any) -> None:
        """One line, written at once."""
        self._number += 1
        entry = {"n": self._number, "event": event, **facts}
        os.write(self._file, json.dumps(entry).encode() + b"\n")

    def close(self) -> None:
        """No more lines."""
        os.close(self._file)


class Transcript:
    """What was said to a device and what it answered, the last of it, cut where lines get long."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=_TRANSCRIPT)

    def heard(self, words: str) -> None:
        """What came in."""
        self._keep("> ", words)

    def said(self, words: str) -> None:
        """What went out."""
        self._keep("< ", words)

    def _keep(self, mark: str, words: str) -> None:
        short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}… ({len(words)} characters)"
        self.lines.append(mark + short)


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Every entry, the oldest first; none of a device that nothing happened to."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
