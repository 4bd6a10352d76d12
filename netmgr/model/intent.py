"""What the network shall be: one device's inventory after merging, link data and defaults, platform-neutral.

Templates read exactly these names; the checks derive the adjacencies to expect from them.
"""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.names import Lifecycle, SecretRef

Protocol = Literal["ospf", "ospf3", "bgp"]
"""What makes adjacencies: OSPFv2, OSPFv3, BGP."""
Family = Literal["ipv4", "ipv6"]
"""An address family."""


class OspfInterfaceIntent(Frozen):
    """OSPF on one interface. Intervals in seconds; None leaves the platform's default."""

    area: int
    cost: int | None = None
    network_type: Literal["point-to-point", "broadcast"] | None = None
    hello_interval: int | None = None
    dead_interval: int | None = None
    passive: bool = False


class InterfaceIntent(Frozen):
    """One interface. ``ospf`` is OSPFv2, ``ospf3`` OSPFv3; ``peer`` is (device, interface) at the link's other end."""

    name: str
    description: str | None = None
    enabled: bool = True
    mtu: int | None = None
    ipv4: tuple[IPv4Interface, ...] = ()
    ipv6: tuple[IPv6Interface, ...] = ()
    ospf: OspfInterfaceIntent | None = None
    ospf3: OspfInterfaceIntent | None = None
    peer: tuple[str, str] | None = None


class OspfIntent(Frozen):
    """The device's OSPF process: OSPFv2 and OSPFv3 have one each."""

    router_id: IPv4Address


class BgpNeighborIntent(Frozen):
    """One BGP session. ``device`` names the other end where it is in the inventory. Timers in seconds."""

    address: IPv4Address | IPv6Address
    peer_as: int
    description: str | None = None
    device: str | None = None
    auth_password: SecretRef | None = None
    keepalive_interval: int | None = None
    hold_time: int | None = None
    connect_retry: int | None = None


class BgpActivationIntent(Frozen):
    """What one neighbor exchanges in one address family. ``name`` is its address."""

    name: str


class BgpFamilyIntent(Frozen):
    """One address family, unicast: what is announced by itself, and the neighbors that are active in it."""

    name: Family
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    neighbors: tuple[BgpActivationIntent, ...] = ()


class BgpIntent(Frozen):
    """The device's BGP speaker. No neighbor is active in a family that does not name it."""

    asn: int
    router_id: IPv4Address
    ebgp_requires_policy: bool = True
    neighbors: tuple[BgpNeighborIntent, ...] = ()
    families: tuple[BgpFamilyIntent, ...] = ()


class StaticRouteIntent(Frozen):
    """One static route: to a next hop, out of an interface, or discarded."""

    prefix: IPv4Network | IPv6Network
    next_hop: IPv4Address | IPv6Address | None = None
    interface: str | None = None
    discard: bool = False
    preference: int | None = None


class ExtraConfig(Frozen):
    """Verbatim lines; ``section`` is the line that opens their section, None for the end of the file."""

    section: str | None
    lines: tuple[str, ...]


class DeviceIntent(Frozen):
    """Everything that a template may say about one device."""

    name: str
    platform: str
    lifecycle: Lifecycle
    role: str | None = None
    site: str | None = None
    syslog_level: str | None = None
    interfaces: tuple[InterfaceIntent, ...] = ()
    ospf: OspfIntent | None = None
    ospf3: OspfIntent | None = None
    bgp: BgpIntent | None = None
    static_routes: tuple[StaticRouteIntent, ...] = ()
    extra_config: tuple[ExtraConfig, ...] = ()


class Adjacency(Frozen):
    """A routing adjacency as one end sees it.

    ``peer`` is the session's key on the device: the BGP neighbor's address, or the interface of OSPF (OSPFv2) and
    ospf3 (OSPFv3). ``other`` is the
    device at the other end where the inventory knows it.
    """

    device: str
    protocol: Protocol
    peer: str
    other: str | None = None


class NetworkIntent(Frozen):
    """One client's network. Devices in inventory order; ``warnings`` are for people (RFC 8212, host features)."""

    client: str
    devices: tuple[DeviceIntent, ...]
    warnings: tuple[str, ...] = ()
