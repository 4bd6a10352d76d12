"""Judgements after a commit: which adjacencies must be up, and what is said of each."""

from collections.abc import Iterable, Mapping

from netmgr.model.base import Frozen
from netmgr.model.change import CheckResult, CheckStatus
from netmgr.model.intent import Adjacency
from netmgr.model.state import AdjacencyState

Key = tuple[str, str, str]
"""(device, protocol, peer)"""


#: A neighbor's remaining time may be read this much later than the clock says; a hello adds far more.
_JITTER = 0.25


class Requirements(Frozen):
    """The adjacencies that decide, and those that are only reported."""

    required: frozenset[Key]
    standing: frozenset[Key]
    """Those of ``required`` that were up before: they must be heard from again, for a device shows a neighbor that
    fell silent as up until its dead interval ends (RFC 2328, 10.5)."""
    pending: Mapping[Key, str]
    """Expected by the inventory but not decisive: the reason."""


def requirements(
    *,
    expected: Iterable[Adjacency],
    known: frozenset[Key],
    changed: frozenset[str],
    configured: Mapping[str, frozenset[tuple[str, str]]],
    before: Mapping[str, Iterable[AdjacencyState]],
) -> Requirements:
    """Decide before the commit what must hold after it.

    An adjacency between two changed devices must be up; any other must be up if it was up before. ``known`` are all
    adjacencies that the inventory speaks of, expected up or not, and ``configured`` what the planned configuration
    of each changed device asks for: an adjacency that the change removes or shuts on purpose is not required.
    """
    up = {(device, s.protocol, s.peer) for device, states in before.items() for s in states if s.up}
    required: set[Key] = set()
    pending: dict[Key, str] = {}
    wanted: set[Key] = set()
    for adjacency in expected:
        key = (adjacency.device, adjacency.protocol, adjacency.peer)
        wanted.add(key)
        asked_for = configured.get(adjacency.device)
        if asked_for is not None and (adjacency.protocol, adjacency.peer) not in asked_for:
            continue
        if key in up or (adjacency.device in changed and adjacency.other in changed):
            required.add(key)
        elif adjacency.device in changed:
            pending[key] = (
                f"{adjacency.other or 'the other end'} is not part of this change, and it was down before"
            )
    for key in up - wanted:
        # Not expected by the inventory: kept if the plan keeps it by hand (extra_config), let go if the inventory
        # knows it and wants it down.
        device, protocol, peer = key
        if key not in known and (device not in configured or (protocol, peer) in configured[device]):
            required.add(key)
    return Requirements(required=frozenset(required), standing=frozenset(required & up), pending=pending)


class Hearing:
    """Which neighbors were heard from since the commit: their remaining time grew between two polls."""

    def __init__(self) -> None:
        self._silent: dict[Key, tuple[float, float]] = {}
        self._heard: set[Key] = set()

    def listen(
        self, at: float, now: Mapping[str, Iterable[AdjacencyState]], *, until: float | None = None
    ) -> None:
        """Take in one poll, whose answers were given between ``at`` and ``until`` (seconds, any origin)."""
        for device, states in now.items():
            for state in states:
                key = (device, state.protocol, state.peer)
                if state.expires is None:
                    self._heard.add(key)
                    continue
                # At most this much would remain now if nothing had been heard since the first poll.
                most = state.expires + state.precision
                if key in self._silent:
                    then, remaining = self._silent[key]
                    silent = remaining - (at - then)
                    if state.expires > silent + _JITTER:
                        self._heard.add(key)
                    most = min(most, silent)
                self._silent[key] = (at if until is None else until, most)

    def silent(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Those of ``keys`` that were not heard from."""
        return frozenset(keys) - self._heard


def judge(
    needed: Requirements,
    now: Mapping[str, Iterable[AdjacencyState]],
    *,
    unread: Mapping[str, str],
    silent: frozenset[Key],
) -> tuple[CheckResult, ...]:
    """One result for each required or pending adjacency.

    ``unread`` names devices whose state could not be read and why; ``silent`` are standing adjacencies that nothing
    was heard from since the commit.
    """
    states: dict[Key, AdjacencyState] = {
        (device, s.protocol, s.peer): s for device, all_states in now.items() for s in all_states
    }
    results = []
    for key in sorted({*needed.required, *needed.pending}):
        device, protocol, peer = key
        state = states.get(key)
        status: CheckStatus = "passed"
        detail = f"{peer}: {state.detail if state else unread.get(device, 'not there')}"
        if key in silent and state and state.up:
            status, detail = "failed", f"{detail}, but nothing heard since the commit"
        elif not state or not state.up:
            status = "failed" if key in needed.required else "pending"
        if key in needed.pending:
            detail = f"{detail} ({needed.pending[key]})"
        results.append(CheckResult(name=f"{protocol}_adjacency", device=device, status=status, detail=detail))
    return tuple(results)
