"""Bring FRR to a configuration: compute the delta, give it the commands, read back, at most three times."""

from __future__ import annotations

from .canonical import walk
from .delta import delta, without
from .frr import push_changes, read_running
from .system import Failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frr import Running
    from .order import Path, Tree

PASSES = 3  # some commands take others with them, or only work once others are gone


class Unreached(Exception):
    """FRR does not read as wanted. ``differs`` says where, ``complaints`` what vtysh answered."""

    def __init__(self, differs: list[str], complaints: list[str]) -> None:
        Exception.__init__(self, "FRR does not read as wanted in %d lines" % len(differs))
        self.differs, self.complaints = differs, complaints


def converge(now: Running, target: Tree, either: frozenset[Path] = frozenset()) -> Running:
    """Change FRR from ``now`` until it reads as ``target``, except for the paths in ``either``, which may be there.

    Returns what was read back. Raises ``Unreached``, or ``Failed`` when FRR cannot be asked.
    """
    wanted = without(target, either)
    complaints: list[str] = []
    last: list[Path] = []
    for _ in range(PASSES):
        if now.dead:
            raise Failed("daemon down: " + ", ".join(now.dead))
        changes = delta(now.tree, target)
        if not changes or changes == last:
            break
        complaints = push_changes(changes)
        now, last = read_running(), changes
        if without(now.tree, either) == wanted:
            break
    if now.dead:
        raise Failed("daemon down: " + ", ".join(now.dead))
    found = without(now.tree, either)
    if found != wanted:
        raise Unreached(differences(wanted, found), complaints)
    return now


def differences(wanted: Tree, found: Tree) -> list[str]:
    """The lines that are missing and those that are there unasked, each with the sections it stands in."""
    want, have = set(walk(wanted)), set(walk(found))
    missing = ["missing: " + " / ".join(path) for path in walk(wanted) if path not in have]
    return missing + ["unexpected: " + " / ".join(path) for path in walk(found) if path not in want]
