"""Looking at a twin before, while and after a change is made on it: waiting for it to come to rest, and measuring."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from netmgr.change.checks import Hearing, Key
from netmgr.errors import DeviceError
from netmgr.model.check_state import Ping, Question, Routes, Seen
from netmgr.model.rehearsal import LoopbackPair
from netmgr.ports.fleet import FleetSession
from netmgr.ports.lab import Probing, Twin
from netmgr.ports.progress import Progress
from netmgr.workflows.runtime import Runtime

#: Seconds that a twin may take to become like the network, and to come to rest after the change: BGP's hold time of 180
#: seconds, where nothing shorter is configured (RFC 4271, 10: 90; FRR: 180), and some.
LIMIT = 200.0
#: Seconds without a change of any forwarding table after which nothing more is expected: shortest-path calculations
#: are held back for at most 5.
QUIET = 6.0
#: The same where everything that could be reached before can be reached again.
QUIET_AND_WHOLE = 2.0
#: The same where an adjacency to somebody else's router is still missing, which may never come.
QUIET_BUT_PARTIAL = 30.0
#: The same where an adjacency that the inventory expects, and that was up before, is missing after the change.
QUIET_WITHOUT = 60.0
_PAUSE = 0.5
#: How often a ping without an answer is tried again: a busy machine loses some.
_TRIES = 3
#: The protocols whose routes a twin must have as many of as the network.
_LEARNED = ("ospf", "bgp")


@dataclass(frozen=True, slots=True)
class State:
    """A twin at one moment: adjacencies that are up, prefixes that each device forwards, pairs that are connected."""

    up: frozenset[Key]
    forwarding: Mapping[str, frozenset[str]]
    connected: frozenset[LoopbackPair]


class Watch:
    """One twin's devices, looked at over connections of their own."""

    def __init__(
        self,
        runtime: Runtime,
        session: FleetSession,
        twin: Twin,
        devices: Collection[str],
        progress: Progress,
    ) -> None:
        self._runtime, self._session, self._twin = runtime, session, twin
        self._devices, self._progress = list(devices), progress
        self._forwarding: Mapping[str, frozenset[str]] = {}
        self._since = runtime.clock.monotonic()
        self._hearing = Hearing()

    def becomes_like(
        self, wanted: Collection[Key], counts: Mapping[str, Routes], *, ours: Callable[[Key], bool]
    ) -> frozenset[Key]:
        """Wait until the twin has every adjacency of ``wanted`` and as many learned routes as ``counts`` says.

        The answer is what is still missing in the end; an adjacency that is not ``ours`` is not waited for as long.
        Routes that stay fewer are not waited for once nothing moves any more.
        """
        deadline = self._runtime.clock.monotonic() + LIMIT
        while True:
            missing = frozenset(wanted) - self._up()
            quiet = self._quiet()
            need = QUIET_BUT_PARTIAL if missing else QUIET
            alike = not missing and self._alike(counts)
            if alike or (quiet >= need and not any(ours(key) for key in missing)):
                return missing
            if self._runtime.clock.monotonic() > deadline:
                return missing
            self._progress(f"converging: {len(wanted) - len(missing)} of {len(wanted)} adjacencies up")
            self._runtime.clock.sleep(_PAUSE)

    def comes_to_rest(self, wanted: Collection[Key], probing: Probing) -> tuple[str, ...]:
        """Wait until nothing moves any more, and no neighbor is up only because nobody has noticed its silence.

        ``wanted`` adjacencies are waited for. The answer names what was still missing or silent in the end.
        """
        deadline = self._runtime.clock.monotonic() + LIMIT
        self._hearing, self._since = Hearing(), self._runtime.clock.monotonic()
        while True:
            up = self._up()
            missing = frozenset(wanted) - up
            silent = self._hearing.silent(up)
            whole = all(loss.replied for loss in probing.losses())
            quiet = self._quiet()
            if not missing and not silent and quiet >= (QUIET_AND_WHOLE if whole else QUIET):
                return ()
            given_up = not silent and quiet >= QUIET_WITHOUT
            if given_up or self._runtime.clock.monotonic() > deadline:
                return (
                    *(f"{' '.join(key)} is down" for key in sorted(missing)),
                    *(f"{' '.join(key)} is silent" for key in sorted(silent)),
                )
            lost = sum(not loss.replied for loss in probing.losses())
            self._progress(
                f"coming to rest: {len(missing)} adjacencies missing, {lost} pairs without an answer"
            )
            self._runtime.clock.sleep(_PAUSE)

    def state(self, pairs: Iterable[LoopbackPair]) -> State:
        """What holds now; the pairs are tried in one direction, there and back."""
        return State(self._up(), self._twin.forwarding(), self._connected(pairs))

    def _up(self) -> frozenset[Key]:
        begun = self._runtime.clock.monotonic()
        answers = self._session.adjacencies(self._devices)
        states = {name: answer for name, answer in answers.items() if not isinstance(answer, DeviceError)}
        self._hearing.listen(begun, states, until=self._runtime.clock.monotonic())
        return frozenset(
            (name, state.protocol, state.peer)
            for name, all_of in states.items()
            for state in all_of
            if state.up
        )

    def _quiet(self) -> float:
        """Seconds since a forwarding table was seen to change."""
        now = self._twin.forwarding()
        if now != self._forwarding:
            self._forwarding, self._since = now, self._runtime.clock.monotonic()
        return self._runtime.clock.monotonic() - self._since

    def _alike(self, counts: Mapping[str, Routes]) -> bool:
        asked = self._session.look(dict.fromkeys(counts, Question(routes=True)))
        return all(learned(asked[name]) == learned(Seen(routes=routes)) for name, routes in counts.items())

    def _connected(self, pairs: Iterable[LoopbackPair]) -> frozenset[LoopbackPair]:
        left, found = set(pairs), set[LoopbackPair]()
        for _ in range(_TRIES):
            pings: dict[str, dict[Ping, LoopbackPair]] = {}
            for pair in left:
                ping = Ping(destination=pair.destination_address, source=pair.source_address)
                pings.setdefault(pair.source, {})[ping] = pair
            answers = self._session.look({name: Question(pings=tuple(own)) for name, own in pings.items()})
            for name, answer in answers.items():
                if isinstance(answer, Seen):
                    found |= {pings[name][ping] for ping in answer.replied or ()}
            left -= found
            if not left:
                break
        return frozenset(found)


def learned(answer: Seen | DeviceError) -> Mapping[str, int] | None:
    """How many routes of each table other routers told; None where the device does not say."""
    if isinstance(answer, DeviceError) or answer.routes is None:
        return None
    return {
        table: number for table, number in answer.routes.counts.items() if table.split(" ")[-1] in _LEARNED
    }
