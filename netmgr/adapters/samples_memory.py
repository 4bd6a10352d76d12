"""Samples in memory, a peer of the tables: for tests, and for who needs no memory of the day before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from netmgr.model.names import Target
from netmgr.model.probe import ProbeState, Span, Standing


class MemorySamples:
    """See ``netmgr.ports.samples.Samples``."""

    def __init__(self) -> None:
        self._spans: defaultdict[tuple[str, Target], dict[str, list[Span]]] = defaultdict(dict)
        self._standings: dict[tuple[str, Target], dict[str, Standing]] = {}

    def take(
        self, client: str, target: Target, at: datetime, interval: int, states: Mapping[str, ProbeState]
    ) -> bool:
        """At the end of each device's list."""
        newest = self.newest(client, target)
        if newest is not None and newest >= at:
            return False
        for device, state in states.items():
            spans = self._spans[client, target].setdefault(device, [])
            last = spans[-1] if spans else None
            known = (at - timedelta(seconds=interval), interval, state)
            if last and (last.last, last.interval, last.state) == known:
                spans[-1] = replace(last, last=at)
            else:
                spans.append(Span(device, at, at, interval, state))
        return True

    def newest(self, client: str, target: Target) -> datetime | None:
        """Of all lists."""
        ends = (spans[-1].last for spans in self._spans[client, target].values() if spans)
        return max(ends, default=None)

    def spans(
        self, client: str, target: Target, start: datetime, end: datetime, *, device: str | None = None
    ) -> tuple[Span, ...]:
        """By device and time."""
        return tuple(
            span
            for name, spans in sorted(self._spans[client, target].items())
            for span in spans
            if device in (None, name) and span.last >= start and span.first < end
        )

    def standings(self, client: str, target: Target) -> Mapping[str, Standing]:
        """What ``stand`` was last told."""
        return dict(self._standings.get((client, target), {}))

    def stand(self, client: str, target: Target, standings: Mapping[str, Standing]) -> None:
        """All of it."""
        self._standings[client, target] = dict(standings)

    def forget(self, client: str, target: Target, before: datetime) -> int:
        """From each list's beginning."""
        gone = 0
        for name, spans in self._spans[client, target].items():
            kept = [span for span in spans if span.last >= before]
            gone += len(spans) - len(kept)
            self._spans[client, target][name] = kept
        return gone
