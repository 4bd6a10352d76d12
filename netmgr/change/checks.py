"""Judgements after a commit: which adjacencies must be up, and what is said of each."""

from collections.abc import Iterable, Mapping, Sequence

from netmgr.model.base import Frozen
from netmgr.model.change import CheckResult, CheckStatus
from netmgr.model.intent import Adjacency
from netmgr.model.state import AdjacencyState

Key = tuple[str, str, str]
"""(device, protocol, peer)"""


#: A neighbor's remaining time may be read this much later than the clock says; a hello adds far more.
_JITTER = 0.25


class Requirements(Frozen):
    """The adjacencies that decide after one wave, and those that are only reported."""

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
    waves: Sequence[Sequence[str]],
    sides: Mapping[str, frozenset[tuple[str, str]]],
    configured: Mapping[str, frozenset[tuple[str, str]]],
    before: Mapping[str, Iterable[AdjacencyState]],
    now: Mapping[str, Iterable[AdjacencyState]] | None = None,
) -> tuple[Requirements, ...]:
    """Decide before the first commit what must hold after each wave.

    After a wave an adjacency whose ends are both at their target must be up if the change touches both, or if it was
    up before. One end changed and the other in a later wave: it must still be up where it was and the end's side is as
    before; else it waits for the other end. Neither end changed yet: it must be up if it was.

    ``known`` are all adjacencies that the inventory speaks of, expected up or not, and ``configured`` what the planned
    configuration of each changed device asks for: an adjacency that the change removes or shuts on purpose is not
    required. ``sides`` are each changed device's adjacencies of which the plan changes this end's side. ``now`` is what
    is there as the change begins, where that is not the state ``before`` that shall be there again after it.
    """
    up = _up(before)
    standing = up if now is None else _up(now)
    wanted = tuple(expected)
    # Not expected by the inventory: kept if the plan keeps it by hand (extra_config), let go if the inventory
    # knows it and wants it down.
    by_hand = {
        key
        for key in up - {_key(adjacency) for adjacency in wanted}
        if key not in known and (key[0] not in configured or key[1:] in configured[key[0]])
    }
    return tuple(
        _after(number, waves, wanted, by_hand, sides=sides, configured=configured, up=up, standing=standing)
        for number in range(1, len(waves) + 1)
    )


def _after(
    number: int,
    waves: Sequence[Sequence[str]],
    expected: tuple[Adjacency, ...],
    by_hand: set[Key],
    *,
    sides: Mapping[str, frozenset[tuple[str, str]]],
    configured: Mapping[str, frozenset[tuple[str, str]]],
    up: set[Key],
    standing: set[Key],
) -> Requirements:
    """What must hold after the ``number``-th wave."""
    changed = {name for wave in waves[:number] for name in wave}
    later = {name: n for n, wave in enumerate(waves[number:], number + 1) for name in wave}
    required, pending = set(by_hand), dict[Key, str]()
    touched = _touched(expected, sides)
    for adjacency in expected:
        key, ends = _key(adjacency), (adjacency.device, adjacency.other)
        asked_for = configured.get(adjacency.device)
        if asked_for is not None and key[1:] not in asked_for:
            continue
        here, there = (end in changed for end in ends)
        if late := [end for end in ends if end in later]:
            if key in standing and not any(
                end in changed and (end, *_link(adjacency)) in touched for end in ends
            ):
                required.add(key)
            elif here or there:
                pending[key] = f"{late[0]} comes in wave {later[late[0]]}"
        elif key in up or (here and there):
            required.add(key)
        elif here:
            other = adjacency.other or "the other end"
            pending[key] = f"{other} is not part of this change, and it was down before"
    heard = frozenset(required & (up | standing))
    return Requirements(required=frozenset(required), standing=heard, pending=pending)


def waiting(
    expected: Iterable[Adjacency],
    waves: Sequence[Sequence[str]],
    sides: Mapping[str, frozenset[tuple[str, str]]],
) -> Mapping[str, tuple[str, ...]]:
    """For a plan: each device's adjacencies that cannot be up between its own wave and a later one of the other end."""
    wave_of = {name: number for number, wave in enumerate(waves, 1) for name in wave}
    wanted = tuple(expected)
    touched = _touched(wanted, sides)
    found: dict[str, list[str]] = {}
    for adjacency in wanted:
        own, other = wave_of.get(adjacency.device), wave_of.get(adjacency.other or "")
        if own and other and own < other and (adjacency.device, *_link(adjacency)) in touched:
            text = f"{adjacency.protocol} {adjacency.peer}: {adjacency.other} comes in wave {other}"
            found.setdefault(adjacency.device, []).append(text)
    return {name: tuple(texts) for name, texts in found.items()}


def _up(states: Mapping[str, Iterable[AdjacencyState]]) -> set[Key]:
    return {
        (device, state.protocol, state.peer)
        for device, found in states.items()
        for state in found
        if state.up
    }


def _key(adjacency: Adjacency) -> Key:
    return (adjacency.device, adjacency.protocol, adjacency.peer)


def _link(adjacency: Adjacency) -> tuple[str, frozenset[str | None]]:
    """What both ends of an adjacency have in common; parallel ones share it."""
    return (adjacency.protocol, frozenset((adjacency.device, adjacency.other)))


def _touched(
    expected: tuple[Adjacency, ...], sides: Mapping[str, frozenset[tuple[str, str]]]
) -> frozenset[tuple[str | None, str, frozenset[str | None]]]:
    """The ends, each with protocol and both devices, of which the plan changes the side."""
    return frozenset(
        (adjacency.device, *_link(adjacency))
        for adjacency in expected
        if (adjacency.protocol, adjacency.peer) in sides.get(adjacency.device, ())
    )


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
