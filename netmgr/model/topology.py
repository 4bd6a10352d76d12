"""A published topology: what `inventory import` makes a client of."""

from netmgr.model.base import Frozen
from netmgr.model.fields import Items, Latitude, Longitude, Text
from netmgr.model.names import Identifier


class Node(Frozen):
    """One router, and where it stands if that was published."""

    name: Identifier
    country: Text | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class PublishedTopology(Frozen):
    """Nodes and the links between them, in the file's order; two nodes may have several links."""

    nodes: Items[Node]
    links: Items[Items[Identifier]] = ()
