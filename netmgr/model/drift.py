"""Drift, and what somebody decides of it: accepted, reverted, or waived for a while (docs/reference/json.md)."""

from datetime import date

from netmgr.model.base import Frozen
from netmgr.model.last_change import LastChange
from netmgr.model.names import Target


def waiver_reason(body: bytes) -> str:
    """Why somebody waived drift, from the body of the entry that says so."""
    return body.decode(errors="replace").removeprefix("reason: ").strip()


class Waiver(Frozen):
    """Somebody lets one device's drift be, exactly as it was found. ``reason`` says so where it was erased.

    ``running`` and ``diff`` are digests of what the device ran and of what was told: other drift is not waived.
    """

    device: str
    until: date
    """The last day on which it holds, on the client's calendar."""
    by: str
    time: str
    reason: str
    running: str
    diff: str

    def expired(self, today: date) -> bool:
        """Whether its time is over."""
        return today > self.until


class OpenDrift(Frozen):
    """One device that does not run what is intended, as the log knows it. ``since`` is when that was found first."""

    device: str
    since: str
    seen: str
    added: int | None
    removed: int | None
    waiver: Waiver | None = None
    changed_by: LastChange | None = None
    """Who changed the device last, as it said when the drift was found last; None where it did not."""


class Drifts(Frozen):
    """The open drift of a client's devices."""

    client: str
    target: Target
    devices: tuple[OpenDrift, ...]


class ShownDrift(OpenDrift):
    """One device's drift with its redacted diff, from what ran to what is intended; None where it was erased."""

    client: str
    target: Target
    diff: str | None
