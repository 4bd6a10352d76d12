"""Bring FRR to a configuration: compute the delta, give it the commands, read back, at most three times."""

from __future__ import annotations

from .canonical import walk
from .delta import delta, without
from .frr import push_changes
from .system import RouterError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frr import Running
    from .order import Path, Tree

PASSES = 3  # some commands take others with them, and some work only once others are gone


class UnreachedError(Exception):
    """FRR does not read as wanted: the paths ``missing`` and ``unexpected``, and what vtysh said (path, message)."""

    def __init__(
        self, missing: list[Path], unexpected: list[Path], complaints: list[tuple[Path, str]]
    ) -> None:
        Exception.__init__(self, "FRR does not read as it should")
        self.missing, self.unexpected, self.complaints = missing, unexpected, complaints


def converge(now: Running, target: Tree, either: frozenset[Path] = frozenset()) -> Running:
    """Change FRR from ``now`` until it reads as ``target``; the paths in ``either`` may be there or not.

    Returns what was read back. Raises ``UnreachedError``, or ``RouterError`` when FRR cannot be asked.
    """
    wanted = without(target, either)
    complaints: list[tuple[Path, str]] = []
    last: list[Path] = []
    for _ in range(PASSES):
        changes = delta(now.tree, target)
        if now.dead or not changes or changes == last:
            break
        (complaints, now), last = push_changes(changes), changes
        if without(now.tree, either) == wanted:
            break
    if now.dead:
        raise RouterError(f"daemon down: {', '.join(now.dead)}")
    found = without(now.tree, either)
    if found != wanted:
        want, have = set(walk(wanted)), set(walk(found))
        missing = [path for path in walk(wanted) if path not in have]
        raise UnreachedError(missing, [path for path in walk(found) if path not in want], complaints)
    return now
