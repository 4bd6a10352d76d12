"""The lab's nouns: what to boot, and what is there. A lab is one client's network twinned on this machine."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal

from pydantic import Field

from netmgr.model.base import Frozen
from netmgr.model.digest import sha256_hex
from netmgr.model.names import Identifier


class LabInterface(Frozen):
    """One data interface. It exists and is up from boot, with a link or without."""

    name: str
    mtu: int | None = Field(default=None, ge=68, le=65535)
    """Bytes; ``None`` is the platform's default (1500)."""
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()
    """What a host boots with. A router has none here: its addresses are part of its configuration."""
    enabled: bool = True
    """False: down from boot. Hosts only, as above."""


class LabRoute(Frozen):
    """One static route of a host: to a next hop, out of an interface, or, with neither, discarded."""

    prefix: IPv4Network | IPv6Network
    next_hop: IPv4Address | IPv6Address | None = None
    interface: str | None = None
    metric: int | None = None


class LabNode(Frozen):
    """One device to boot."""

    device: Identifier
    platform: str
    interfaces: tuple[LabInterface, ...] = ()
    routes: tuple[LabRoute, ...] = ()
    """Platform ``linux`` only: a router's routes are part of its configuration."""
    startup: str = Field(default="", repr=False)
    """Configuration lines that the device boots with, beyond those of a fresh installation. May hold secrets."""
    daemons: tuple[str, ...] = ("bgpd", "ospfd", "ospf6d")
    """FRR daemons to run besides zebra, staticd and watchfrr, which always run. Platform ``frr`` only."""
    lldp: bool = False
    """Whether lldpd runs: neighbors on all interfaces see the device and the port's name (IEEE 802.1AB)."""
    own_root: bool = False
    """Platform ``linux`` only: whether the host has a Debian of its own, and sees nothing of this machine's files."""


class LabLink(Frozen):
    """A cable between two (device, interface) ends."""

    a: tuple[Identifier, str]
    b: tuple[Identifier, str]


class LabNetwork(Frozen):
    """Everything that one lab boots."""

    client: Identifier
    nodes: tuple[LabNode, ...]
    links: tuple[LabLink, ...] = ()

    def without_configurations(self) -> "LabNetwork":
        """The same network, of which everything may be written down: configurations hold secrets."""
        nodes = tuple(node.model_copy(update={"startup": ""}) for node in self.nodes)
        return self.model_copy(update={"nodes": nodes})

    def with_own_roots(self, own: bool) -> "LabNetwork":
        """The same network, whose hosts have a Debian of their own if ``own``."""
        nodes = tuple(
            node.model_copy(update={"own_root": True}) if node.platform == "linux" else node
            for node in self.nodes
        )
        return self.model_copy(update={"nodes": nodes}) if own else self

    @property
    def configurations(self) -> str:
        """SHA-256 of what the devices boot with."""
        return sha256_hex(repr([(node.device, node.startup) for node in self.nodes]))


class LabDevice(Frozen):
    """How a booted device is reached: SSH to ``address``:``port`` as ``user`` with the key ``identity``."""

    device: str
    platform: str
    kind: Literal["real", "emulated"]
    address: str
    port: int
    user: str
    identity: str
    """Path of the private key's file."""
    known_hosts: str
    """Path of the file that holds the device's host key under ``[address]:port``."""
    password_file: str | None = None
    """Path of the file with the password, where the device takes one."""
    certificates: str | None = None
    """Path of the file with the certificates that are trusted over HTTPS."""
    ready: bool
    """Its daemons and its management login answered just now."""


class LabStatus(Frozen):
    """A running lab. Devices are in the network's order."""

    client: str
    devices: tuple[LabDevice, ...]
