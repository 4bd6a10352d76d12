"""Samples of probes: whether each device answered, at every interval. They are apart from the service log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from netmgr.model.names import Target
from netmgr.model.probe import ProbeState, Span, Standing


class Samples(Protocol):
    """Durable; every method raises StoreError when the store fails. Each call sees one client and target only."""

    def take(
        self, client: str, target: Target, at: datetime, interval: int, states: Mapping[str, ProbeState]
    ) -> bool:
        """Keep one sample of each device, as of ``at``: all of them, or nothing.

        False, and nothing is changed, where there is a sample of that time or of a later one already. A sample that
        comes ``interval`` seconds after one that says the same makes that span longer.
        """

    def newest(self, client: str, target: Target) -> datetime | None:
        """The time of the newest sample of any device."""

    def spans(
        self, client: str, target: Target, start: datetime, end: datetime, *, device: str | None = None
    ) -> tuple[Span, ...]:
        """Whole spans that reach into the time from ``start`` to before ``end``, by device and time."""

    def standings(self, client: str, target: Target) -> Mapping[str, Standing]:
        """Device → how it stood when ``stand`` was last told."""

    def stand(self, client: str, target: Target, standings: Mapping[str, Standing]) -> None:
        """Replace what ``standings`` tells: other devices stand nowhere any more."""

    def forget(self, client: str, target: Target, before: datetime) -> int:
        """Delete the spans that ended before that time; how many there were."""
