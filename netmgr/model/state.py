"""What devices say of their state, as far as checks judge it."""

from typing import Literal

from netmgr.model.base import Frozen


class AdjacencyState(Frozen):
    """One adjacency on one device; ``peer`` as in ``netmgr.model.intent.Adjacency``."""

    protocol: Literal["ospf", "bgp"]
    peer: str
    up: bool
    detail: str
    """The device's own word: ``Full/-``, ``Established (policy)``, ``Active``."""
