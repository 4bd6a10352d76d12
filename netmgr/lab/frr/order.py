"""What the caller's half tells the supervisor: one JSON document on standard input, so nothing secret is in argv."""

import json
from dataclasses import asdict, dataclass
from typing import Self

#: The management network, the same in every lab: each lab has a network namespace of its own.
STATION = "172.30.0.1"
PREFIX_LENGTH = 16


@dataclass(frozen=True, slots=True)
class InterfaceOrder:
    """A data interface; ``mtu`` in bytes or ``None`` for the kernel's default."""

    name: str
    mtu: int | None


@dataclass(frozen=True, slots=True)
class RouterOrder:
    """One router. ``address`` is eth0's; ``host_key`` is the private key of its sshd in OpenSSH's format."""

    device: str
    address: str
    host_key: str
    interfaces: tuple[InterfaceOrder, ...]
    startup: str
    routing: bool
    """Whether it runs FRR and forwards packets; else it is a host with an SSH server."""
    addressing: tuple[str, ...]
    """A host's own commands for ``ip -batch``, given when its interfaces are there; a router has none."""
    daemons: tuple[str, ...]
    lldp: bool
    """Whether it runs lldpd."""
    own_root: bool = False
    """Whether its root file system is ``hosts`` of the order, to write to, and not this machine's /usr and /etc."""


@dataclass(frozen=True, slots=True)
class LabOrder:
    """The whole lab. ``kit`` is the unpacked file tree laid over the host's, or ``None`` if the host has everything."""

    state: str
    kit: str | None
    hosts: str | None
    """The root file system of hosts that have one of their own."""
    login_key: str
    """The public key that may log in as ``admin``, in authorized_keys' format."""
    boot_limit: float
    """Seconds that one router may take from its start until its daemons answer."""
    routers: tuple[RouterOrder, ...]
    links: tuple[tuple[tuple[str, str], tuple[str, str]], ...]

    def to_json(self) -> str:
        """The document that ``from_json`` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The order in ``text``, written by ``to_json`` of the same version."""
        data = json.loads(text)
        routers = tuple(
            RouterOrder(
                **{
                    **router,
                    "interfaces": tuple(InterfaceOrder(**interface) for interface in router["interfaces"]),
                    "addressing": tuple(router["addressing"]),
                    "daemons": tuple(router["daemons"]),
                }
            )
            for router in data["routers"]
        )
        links = tuple(((a[0], a[1]), (b[0], b[1])) for a, b in data["links"])
        return cls(**{**data, "routers": routers, "links": links})
