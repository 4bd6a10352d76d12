"""What the network shall be: one device's inventory after merging, link data and defaults, platform-neutral.

Templates read exactly these names; the checks derive the adjacencies to expect from them.
"""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.interface import Dhcp
from netmgr.model.names import Lifecycle, SecretRef
from netmgr.model.policy_intent import Family, ListReference, PoliciesIntent
from netmgr.model.system_intent import SystemIntent

Protocol = Literal["ospf", "ospf3", "bgp"]
"""What makes adjacencies: OSPFv2, OSPFv3, BGP."""


class OspfAuthenticationIntent(Frozen):
    """How OSPF's messages are signed; ``algorithm`` is OSPFv3's, OSPFv2 has MD5 alone."""

    key_id: int
    key: SecretRef
    algorithm: Literal["md5", "hmac-sha-256"]


class OspfInterfaceIntent(Frozen):
    """OSPF on one interface. Intervals in seconds; None leaves the platform's default."""

    area: int
    cost: int | None = None
    network_type: Literal["point-to-point", "broadcast"] | None = None
    hello_interval: int | None = None
    dead_interval: int | None = None
    priority: int | None = None
    passive: bool = False
    bfd: bool = False
    by_network: bool = False
    """The process's networks put the interface into its area."""
    authentication: OspfAuthenticationIntent | None = None


InterfaceKind = Literal["ethernet", "loopback", "svi", "lag", "subinterface", "management", "tunnel"]


class SwitchportIntent(Frozen):
    """What an interface switches. ``vlans`` of a trunk are numbers and ranges, as ``10`` and ``20-29``, in order and
    without overlap; none: all.
    """

    mode: Literal["access", "trunk"]
    access_vlan: int | None = None
    vlans: tuple[str, ...] = ()
    native_vlan: int | None = None


class InterfaceIntent(Frozen):
    """One interface. ``ospf`` is OSPFv2, ``ospf3`` OSPFv3; ``peer`` is (device, interface) at the link's other end.

    ``kind`` is what the platform's form takes the name for, None where it has no opinion. Where nothing decides, an
    interface neither switches nor routes. ``vlan`` is an SVI's VLAN or a subinterface's tag, ``parent`` the interface
    that the subinterface is of. ``lag`` is the aggregate that the interface is a member of.
    """

    name: str
    description: str | None = None
    enabled: bool = True
    mtu: int | None = None
    ipv4: tuple[IPv4Interface, ...] = ()
    ipv6: tuple[IPv6Interface, ...] = ()
    ospf: OspfInterfaceIntent | None = None
    ospf3: OspfInterfaceIntent | None = None
    peer: tuple[str, str] | None = None
    vrf: str | None = None
    kind: InterfaceKind | None = None
    parent: str | None = None
    vlan: int | None = None
    switchport: SwitchportIntent | None = None
    never_switches: bool = False
    """The data says so: ``mode: routed``."""
    dhcp: Dhcp | None = None
    anycast: tuple[IPv4Interface | IPv6Interface, ...] = ()
    lag: str | None = None
    lag_mode: Literal["active", "passive", "on"] | None = None
    acl_in: tuple[ListReference, ...] = ()
    """Packet filters, one of each family at most."""
    acl_out: tuple[ListReference, ...] = ()

    @property
    def routed(self) -> bool:
        """Whether the interface routes: it has addresses or a VRF, or the data says so."""
        return self.never_switches or bool(self.ipv4 or self.ipv6 or self.dhcp or self.anycast or self.vrf)


class VlanIntent(Frozen):
    """One VLAN."""

    id: int
    name: str | None = None


class RedistributionIntent(Frozen):
    """Routes of ``source`` told to a protocol, if ``policy`` (a route map) lets them pass."""

    source: Literal["connected", "static", "ospf", "bgp"]
    policy: str | None = None
    metric: int | None = None
    metric_type: Literal[1, 2] | None = None


class OspfNetworkIntent(Frozen):
    """A prefix whose interfaces are in an area."""

    prefix: IPv4Network
    area: int


class OspfAreaIntent(Frozen):
    """An area that is not like the others."""

    area: int
    type: Literal["stub", "nssa"]
    no_summary: bool = False


class OspfIntent(Frozen):
    """The device's OSPF process: OSPFv2 and OSPFv3 have one each. ``process`` is its number, where those have one.

    ``networks`` are OSPFv2's. ``passive_default``: interfaces are passive unless they say otherwise; what each one
    is stands there too.
    """

    process: int = 1
    router_id: IPv4Address | None
    """None: the device's own choice."""
    reference_bandwidth: int | None = None
    """In Mbit/s."""
    originate_default: bool = False
    originate_always: bool = False
    maximum_paths: int | None = None
    passive_default: bool = False
    networks: tuple[OspfNetworkIntent, ...] = ()
    areas: tuple[OspfAreaIntent, ...] = ()
    redistribute: tuple[RedistributionIntent, ...] = ()


class BgpPeerIntent(Frozen):
    """What a neighbor and a peer group have in common; each also has a ``name``. Timers in seconds.

    ``peer_as`` of a group is None where each neighbor says its own.
    """

    is_group: bool = False
    peer_as: int | None = None
    as_of_group: bool = False
    """The AS number is the group's."""
    peer_group: str | None = None
    enabled: bool = True
    description: str | None = None
    auth_password: SecretRef | None = None
    keepalive_interval: int | None = None
    hold_time: int | None = None
    connect_retry: int | None = None
    local_address: str | None = None
    """An address of the device, or the interface whose address it is."""
    ebgp_multihop: int | None = None
    ttl_security: int | None = None
    local_as: int | None = None
    bfd: bool | None = None
    passive: bool | None = None


class BgpPeerGroupIntent(BgpPeerIntent):
    """What the neighbors of a group have in common."""

    name: str
    is_group: bool = True


class BgpNeighborIntent(BgpPeerIntent):
    """One BGP session. ``device`` names the other end where it is in the inventory.

    Of a neighbor in a group, what the group says already is left out; but ``peer_as`` always holds.
    """

    address: IPv4Address | IPv6Address
    peer_as: int
    device: str | None = None

    @property
    def name(self) -> str:
        """What the configuration calls the neighbor: its address."""
        return str(self.address)


class BgpActivationIntent(Frozen):
    """What one neighbor or peer group exchanges in one address family. ``name`` is its address or name.

    ``activate`` is False for a neighbor that is active by its group. Policies are route maps.
    """

    name: str
    activate: bool = True
    import_policy: str | None = None
    export_policy: str | None = None
    next_hop_self: bool = False
    route_reflector_client: bool = False
    send_community: Literal["none", "standard", "extended", "both"] | None = None
    max_prefixes: int | None = None
    soft_reconfiguration: bool = False
    send_default_route: bool = False
    weight: int | None = None
    allowas_in: int | None = None
    remove_private_as: bool = False
    as_override: bool = False


class BgpFamilyIntent(Frozen):
    """One address family, unicast: what is announced by itself, and what is exchanged with whom."""

    name: Family
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    redistribute: tuple[RedistributionIntent, ...] = ()
    neighbors: tuple[BgpActivationIntent, ...] = ()


class ConfederationIntent(Frozen):
    """The AS that a confederation is to others, and its other members' AS numbers, in order."""

    identifier: int
    members: tuple[int, ...] = ()


class BgpDistanceIntent(Frozen):
    """How BGP's routes rank among others."""

    external: int
    internal: int
    local: int


class BgpIntent(Frozen):
    """The device's BGP speaker in one VRF. No neighbor is active in a family that does not name it.

    ``cluster_id``, ``confederation``, ``distance`` and ``log_neighbor_changes`` stand in the default VRF alone.
    """

    asn: int
    router_id: IPv4Address | None
    """None: the device's own choice, or in a VRF that of the default one."""
    cluster_id: IPv4Address | None = None
    ebgp_requires_policy: bool = True
    default_ipv4_unicast: bool = False
    confederation: ConfederationIntent | None = None
    distance: BgpDistanceIntent | None = None
    log_neighbor_changes: bool | None = None
    maximum_paths: int | None = None
    maximum_paths_ibgp: int | None = None
    peer_groups: tuple[BgpPeerGroupIntent, ...] = ()
    neighbors: tuple[BgpNeighborIntent, ...] = ()
    families: tuple[BgpFamilyIntent, ...] = ()


class StaticRouteIntent(Frozen):
    """One static route: to a next hop, out of an interface, or discarded."""

    prefix: IPv4Network | IPv6Network
    next_hop: IPv4Address | IPv6Address | None = None
    interface: str | None = None
    discard: bool = False
    preference: int | None = None
    name: str | None = None
    tag: int | None = None


class ForwardingIntent(Frozen):
    """Whether packets are routed."""

    ipv4: bool = True
    ipv6: bool = False


class VrfIntent(Frozen):
    """One VRF beside the default one: what it takes and gives, its static routes, OSPF processes and BGP."""

    name: str
    description: str | None = None
    route_distinguisher: str | None = None
    import_targets: tuple[str, ...] = ()
    export_targets: tuple[str, ...] = ()
    import_policy: str | None = None
    export_policy: str | None = None
    families: tuple[Family, ...] = ("ipv4",)
    forwarding: ForwardingIntent = ForwardingIntent()
    static_routes: tuple[StaticRouteIntent, ...] = ()
    ospf: OspfIntent | None = None
    ospf3: OspfIntent | None = None
    bgp: BgpIntent | None = None


class ExtraConfig(Frozen):
    """Verbatim lines; ``section`` are the lines that open their section, none for the end of the file."""

    section: tuple[str, ...]
    lines: tuple[str, ...]


class DeviceIntent(Frozen):
    """Everything that a template may say about one device."""

    name: str
    platform: str
    lifecycle: Lifecycle
    role: str | None = None
    site: str | None = None
    system: SystemIntent = SystemIntent()
    forwarding: ForwardingIntent = ForwardingIntent()
    vlans: tuple[VlanIntent, ...] = ()
    interfaces: tuple[InterfaceIntent, ...] = ()
    ospf: OspfIntent | None = None
    ospf3: OspfIntent | None = None
    bgp: BgpIntent | None = None
    static_routes: tuple[StaticRouteIntent, ...] = ()
    policies: PoliciesIntent = PoliciesIntent()
    vrfs: tuple[VrfIntent, ...] = ()
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
