"""What devices say of their state, as far as checks judge it."""

from pydantic import Field

from netmgr.model.base import Frozen
from netmgr.model.intent import Protocol


class AdjacencyState(Frozen):
    """One adjacency on one device; ``peer`` as in ``netmgr.model.intent.Adjacency``."""

    protocol: Protocol
    peer: str
    up: bool
    detail: str
    """The device's own word: ``Full/-``, ``Established (policy)``, ``Active``."""
    expires: float | None = None
    """Seconds until the device gives its neighbor up unless it hears from it; None where it does not tell."""
    precision: float = 0.0
    """How much longer, in seconds, the time to ``expires`` may really be: some devices count in whole seconds."""


class Reading(Frozen):
    """What was read from one device: its running configuration in canonical form, secrets and all.

    ``pending`` is the commit id whose timer runs on the device, whoever armed it.
    """

    running: str = Field(repr=False)
    digest: str
    pending: str | None = None


class InterfaceState(Frozen):
    """One interface: whether it is administratively up, and its addresses with their lengths.

    Link-local addresses, which nobody sets, are not among them. Without a ``carrier`` an IPv6 address stays tentative
    (RFC 4862, 5.4), and a device need not show it.
    """

    name: str
    enabled: bool
    addresses: frozenset[str]
    carrier: bool = True


class Observation(Frozen):
    """What an audit reads from one device: more than its running configuration, over one connection.

    ``startup`` is what it would boot into, in canonical form, secrets and all. ``interfaces`` are as its kernel has
    them, whoever set them; None where the platform has no way to tell.
    """

    reading: Reading
    startup: str = Field(repr=False)
    interfaces: tuple[InterfaceState, ...] | None = None
