"""What checks ask of a device, and what it answered."""

from collections.abc import Mapping
from typing import Literal

from pydantic import JsonValue

from netmgr.model.base import Frozen
from netmgr.model.state import InterfaceState

Part = Literal["routes", "interfaces", "lldp", "pings"]
"""A question of its own; a NAPALM getter is another one."""


class Ping(Frozen):
    """Echo requests to one address, from ``source`` where that is given (an address of the device)."""

    destination: str
    source: str | None = None


class Getter(Frozen):
    """One of NAPALM's getters with its arguments."""

    name: str
    arguments: Mapping[str, JsonValue] = {}

    @property
    def key(self) -> str:
        """What tells it from others: ``get_facts``, ``ping(destination='192.0.2.1')``."""
        inner = ", ".join(f"{name}={value!r}" for name, value in sorted(self.arguments.items()))
        return f"{self.name}({inner})" if inner else self.name


class Question(Frozen):
    """Everything that the checks want to know of one device: asked in one step, over its one connection.

    ``prefixes`` are looked up in the routing table. ``wait`` is how long an echo request may take, in seconds.
    """

    routes: bool = False
    prefixes: tuple[str, ...] = ()
    interfaces: bool = False
    lldp: bool = False
    pings: tuple[Ping, ...] = ()
    wait: int = 1
    getters: tuple[Getter, ...] = ()


class Routes(Frozen):
    """The routes in use: how many of each table and protocol (``ipv4 ospf``), and which of the prefixes asked for."""

    counts: Mapping[str, int]
    present: frozenset[str] = frozenset()


class LldpNeighbor(Frozen):
    """Who was heard on an interface (IEEE 802.1AB): its system's name and its port."""

    interface: str
    device: str
    port: str


class Seen(Frozen):
    """One device's answer. None is what was not asked, or not answered: ``unanswered`` says why.

    ``replied`` are the pings that somebody answered; ``getters`` NAPALM's results by ``Getter.key``.
    """

    routes: Routes | None = None
    interfaces: tuple[InterfaceState, ...] | None = None
    lldp: tuple[LldpNeighbor, ...] | None = None
    replied: frozenset[Ping] | None = None
    getters: Mapping[str, JsonValue] = {}
    unanswered: Mapping[str, str] = {}
