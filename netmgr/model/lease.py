"""A lease: who may write to a client's devices, and what is said to whoever may not."""

from typing import Final

from netmgr.errors import LeaseLost, Refused
from netmgr.model.base import Frozen
from netmgr.model.names import Target

SECONDS: Final = 60
"""How long a holder may be silent before others may take over, where the settings say nothing else."""


class Tenure(Frozen):
    """Who may write. ``epoch`` grows with every lease, so that a device can refuse an older writer.

    ``left`` is how long the holder may still be silent, in seconds; negative where it is overdue.
    """

    client: str
    target: Target
    holder: str
    since: str
    epoch: int
    left: float


def next_epoch(last: int, now: float) -> int:
    """Above the last one here, and not below the time in seconds.

    Devices remember the highest epoch that they saw: a new workspace or store, which has no last one, must not be taken
    for an old writer.
    """
    return max(last + 1, int(now))


def refusal(holding: Tenure) -> Refused:
    """Somebody else is at work, and was heard of."""
    return Refused(
        "lock",
        f"{holding.holder} is changing {holding.client} ({holding.target}) since {holding.since}",
        f"wait until that command ends; if it has stopped, its lease ends in {max(1, round(holding.left))} s",
    )


def loss(client: str, target: Target, by: Tenure | None) -> LeaseLost:
    """The holder was silent for too long, and ``by`` has taken over; None where that is not known any more."""
    who = f"{by.holder} took over at {by.since}" if by else "somebody else took over"
    return LeaseLost(
        f"this command was silent for too long, and {who} for {client} ({target})",
        f"look at `netmgr status -c {client}`, then begin again",
    )
