"""What a configuration makes of a device, whatever its syntax: the nouns from which the lab's state is derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

Address = IPv4Address | IPv6Address
InterfaceAddress = IPv4Interface | IPv6Interface
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class OspfView:
    """OSPF on one interface. ``hello`` and ``dead`` in seconds; ``network`` as RFC 2328 names it."""

    area: IPv4Address
    hello: int = 10
    dead: int = 40
    network: str = "broadcast"
    passive: bool = False
    cost: int = 10


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """One interface, physical or not. Cables end at physical ones, by their ``name``.

    ``parent`` and ``tag`` are a subinterface's port and 802.1Q tag. A bridged port carries ``tagged`` VLANs and one
    ``untagged``. ``svi`` is the VLAN whose address this interface holds. ``member_of`` is the bundle that a port is in;
    a ``suspended`` one carries nothing, since it is not like its bundle. ``mtu`` in bytes.
    """

    name: str
    enabled: bool = True
    description: str = ""
    addresses: tuple[InterfaceAddress, ...] = ()
    mtu: int = 1500
    parent: str | None = None
    tag: int | None = None
    bridged: bool = False
    untagged: int | None = None
    tagged: frozenset[int] = frozenset()
    svi: int | None = None
    member_of: str | None = None
    suspended: bool = False
    loopback: bool = False
    vrf: str = "default"
    ospf: OspfView | None = None
    ospf3: OspfView | None = None


@dataclass(frozen=True, slots=True)
class NeighborView:
    """One BGP session as one end wants it. ``source`` is an address or the name of an interface."""

    address: Address
    remote_as: int
    enabled: bool = True
    password: str | None = None
    source: str | None = None
    description: str = ""
    vrf: str = "default"
    families: frozenset[int] = frozenset({4, 6})


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A route that somebody wrote down."""

    prefix: Network
    next_hop: Address | None = None
    vrf: str = "default"


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device. ``asn`` is None without BGP; router ids are those configured, or what the device would choose."""

    hostname: str
    interfaces: Mapping[str, InterfaceView] = field(default_factory=dict)
    asn: int | None = None
    router_id: str = "0.0.0.0"  # noqa: S104 - a router id, not an address to listen on
    neighbors: tuple[NeighborView, ...] = ()
    networks: tuple[Network, ...] = ()
    ospf_router_id: str = "0.0.0.0"  # noqa: S104 - as above
    static: tuple[StaticRoute, ...] = ()
    lldp: bool = True
