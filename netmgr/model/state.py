"""What devices say of their state, as far as checks judge it."""

from typing import Literal

from pydantic import Field

from netmgr.model.base import Frozen


class AdjacencyState(Frozen):
    """One adjacency on one device; ``peer`` as in ``netmgr.model.intent.Adjacency``."""

    protocol: Literal["ospf", "bgp"]
    peer: str
    up: bool
    detail: str
    """The device's own word: ``Full/-``, ``Established (policy)``, ``Active``."""
    expires: float | None = None
    """Seconds until the device gives its neighbor up unless it hears from it; None where it does not tell."""


class Reading(Frozen):
    """What was read from one device: its running configuration in canonical form, secrets and all.

    ``pending`` is the commit id whose timer runs on the device, whoever armed it.
    """

    running: str = Field(repr=False)
    digest: str
    pending: str | None = None
