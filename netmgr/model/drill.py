"""A drill: every device's backup restored on a twin that begins empty, and what came of it. docs/reference/json.md."""

from collections.abc import Mapping
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.names import Target

DrillOutcome = Literal["proved", "incomplete", "quarantined", "missing", "different", "failed"]
"""``proved``: restored, equal to its backup, and its adjacencies are up. ``incomplete``: restored and equal, without
all of its adjacencies. ``quarantined``: what was read of it last is not trusted, so the version before it was tried.
``missing``: there is no good version. ``different``: restored, and it reads otherwise than its backup. ``failed``: it
could not be restored."""
#: From the best to the worst.
OUTCOMES: tuple[DrillOutcome, ...] = (
    "proved",
    "incomplete",
    "quarantined",
    "missing",
    "different",
    "failed",
)

Kind = Literal["real", "emulated"]


class DrilledDevice(Frozen):
    """One device. ``added`` and ``removed`` are the lines of ``diff``: what turns its backup into what it reads."""

    device: str
    platform: str
    kind: Kind | None = None
    """What stood for it; None where no twin was booted."""
    outcome: DrillOutcome
    version: str | None = None
    """The version that was restored."""
    taken: str | None = None
    """When that was read from the device (RFC 3339, UTC)."""
    diff: str = ""
    added: int = 0
    removed: int = 0
    down: tuple[str, ...] = ()
    """Adjacencies, as protocol and peer, that did not come up."""
    detail: str | None = None
    """Why the outcome is what it is; None for ``proved``."""


class Drill(Frozen):
    """The document that ``drill`` prints. ``target`` is whose backups they are, ``time`` when it ended."""

    id: str
    client: str
    target: Target
    time: str
    outcome: Literal["passed", "failed"]
    change: str | None
    """The outcome of the restore on the twin, as of a deploy; None where nothing could be restored."""
    devices: tuple[DrilledDevice, ...]
    left_out: Mapping[str, str] = {}
    """Device → why it is no part of a drill."""
    adjacencies: int = 0
    """How many were waited for."""
    up: int = 0
    reasons: tuple[str, ...] = ()
    """What made it fail that is not told of one device."""
    warnings: tuple[str, ...] = ()
    """What the twin cannot show as the network would."""
    seconds: Mapping[str, float] = {}
    """How long it took: ``boot`` of the empty twin, ``restore`` of every device, ``recovered`` from nothing at all to
    every adjacency up (absent where that did not come about), ``all``."""

    @property
    def counts(self) -> Mapping[DrillOutcome, int]:
        """How many devices have each outcome; every outcome is there."""
        return {outcome: sum(d.outcome == outcome for d in self.devices) for outcome in OUTCOMES}

    @property
    def proofs(self) -> tuple[str, ...]:
        """What may be told to a client, a line for each kind of twin; nothing where nothing was proved.

        The seconds are a drill's: they say nothing of how long it takes to restore a service.
        """
        took = self.seconds.get("recovered")
        if took is None:
            return ()
        kinds: tuple[tuple[Kind, str], ...] = (
            ("real", "a real FRR twin"),
            ("emulated", "an emulated device"),
        )
        found = []
        for kind, words in kinds:
            number = sum(d.outcome == "proved" and d.kind == kind for d in self.devices)
            if number:
                devices = "1 device" if number == 1 else f"{number} devices"
                found.append(
                    f"configuration proved restorable on {words}: {devices}, {self.time[:10]}, {took:.1f} s"
                )
        return tuple(found)


#: What a drill does not say.
NOT_MEASURED = (
    "time to restore service: not measured by a drill; it is measured in incidents and on-site drills"
)
