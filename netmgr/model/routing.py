"""Routing protocols and static routes as data (OpenConfig's words). Times are in seconds."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    AddressKey,
    AddressValue,
    AreaId,
    Asn,
    Description,
    InterfaceName,
    Items,
    LocalAddress,
    Name,
    NetworkValue,
    OspfCost,
    OwnDescription,
    RouterId,
    Seconds,
    Tag,
)
from netmgr.model.names import SecretRef

MaximumPaths = Annotated[int, Field(ge=1, le=256)]


class Redistribution(Frozen):
    """Routes of one source told to another protocol; ``policy`` is a route map that they pass. ``metric_type`` is
    OSPF's: whether the way to the router counts (1) or not (2).
    """

    policy: Name | None = None
    metric: Annotated[int, Field(ge=0, le=4294967295)] | None = None
    metric_type: Literal[1, 2] | None = None


class OspfAuthentication(Frozen):
    """How OSPF's messages are signed: MD5 in OSPFv2 (RFC 2328, D.3), ``algorithm`` in OSPFv3 (RFC 7166)."""

    key_id: Annotated[int, Field(ge=1, le=255)] = 1
    key: SecretRef
    algorithm: Literal["md5", "hmac-sha-256"] = "hmac-sha-256"


class OspfInterface(Frozen):
    """OSPF on one interface."""

    cost: OspfCost | None = None
    network_type: Literal["point-to-point", "broadcast"] | None = None
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None
    priority: Annotated[int, Field(ge=0, le=255)] | None = None
    passive: bool | None = None
    bfd: bool | None = None
    authentication: OspfAuthentication | None = None


class OspfArea(Frozen):
    """The device's interfaces in one area. ``networks`` puts all IPv4 interfaces in it whose addresses they hold;
    ``no_summary`` keeps the routes of other areas out of a stub or not so stubby one.
    """

    interfaces: Mapping[InterfaceName, OspfInterface] = {}
    networks: Items[NetworkValue] = ()
    type: Literal["normal", "stub", "nssa"] = "normal"
    no_summary: bool = False

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.no_summary and self.type == "normal":
            raise ValueError("no_summary is for a stub or nssa area; write its type")
        if any(network.version == 6 for network in self.networks):
            raise ValueError("networks are IPv4's (OSPFv2); name IPv6 interfaces under interfaces")
        return self


OspfProcess = Annotated[int, Field(ge=1, le=65535)]


class Ospf(Frozen):
    """OSPF. Intervals and authentication are defaults for all of the device's interfaces; ``passive`` ones send no
    hellos: those listed, or with ``passive_default`` all that do not say otherwise. ``reference_bandwidth`` is in
    Mbit/s, ``process`` the number of the process where the platform numbers them.
    """

    process: OspfProcess | None = None
    router_id: RouterId | None = None
    automatic_router_id: bool = False
    areas: Mapping[AreaId, OspfArea] = {}
    passive: Items[InterfaceName] = ()
    passive_default: bool = False
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None
    authentication: OspfAuthentication | None = None
    reference_bandwidth: Annotated[int, Field(ge=1, le=4294967)] | None = None
    originate_default: bool = False
    originate_always: bool = False
    maximum_paths: MaximumPaths | None = None
    redistribute: Mapping[Literal["connected", "static", "bgp"], Redistribution] = {}


def _hold_time(value: object) -> object:
    if isinstance(value, int) and value in (1, 2):
        raise ValueError("must be 0, or 3 or more (RFC 4271, 4.2)")
    return value


HoldTime = Annotated[int, Field(ge=0, le=65535), BeforeValidator(_hold_time)]
SendCommunity = Literal["none", "standard", "extended", "both", "all"]


class BgpExchange(Frozen):
    """What is exchanged with a neighbor in one address family. Policies are route maps. ``weight`` is the device's own
    preference, ``allowas_in`` how often the device's AS may stand in a path.
    """

    import_policy: Name | None = None
    export_policy: Name | None = None
    next_hop_self: bool | None = None
    route_reflector_client: bool | None = None
    send_community: SendCommunity | None = None
    max_prefixes: Annotated[int, Field(ge=1, le=4294967295)] | None = None
    soft_reconfiguration: bool | None = None
    send_default_route: bool | None = None
    weight: Annotated[int, Field(ge=0, le=65535)] | None = None
    allowas_in: Annotated[int, Field(ge=1, le=10)] | None = None
    remove_private_as: bool | None = None
    as_override: bool | None = None


AfiSafi = Literal["ipv4_unicast", "ipv6_unicast"]


class BgpPeer(BgpExchange):
    """What a neighbor and a peer group may say. ``afi_safis`` names the families that are active, else the address
    does; what stands there is stronger than what stands beside it. ``local_address``: an address or an interface.
    ``ttl_security``: how many hops away the neighbor may be (RFC 5082). ``passive``: waits for the neighbor's call.
    """

    peer_as: Asn | None = None
    description: Description | None = None
    auth_password: SecretRef | None = None
    keepalive_interval: Seconds | None = None
    hold_time: HoldTime | None = None
    connect_retry: Seconds | None = None
    local_address: LocalAddress | None = None
    ebgp_multihop: Annotated[int, Field(ge=2, le=255)] | None = None
    ttl_security: Annotated[int, Field(ge=1, le=254)] | None = None
    local_as: Asn | None = None
    bfd: bool | None = None
    passive: bool | None = None
    afi_safis: Mapping[AfiSafi, BgpExchange] = {}


class BgpNeighbor(BgpPeer):
    """One BGP session. ``peer_as`` may come from the peer group, or from the link that joins the two devices."""

    description: OwnDescription | None = None
    peer_group: Name | None = None
    enabled: bool = True


class BgpInstance(Frozen):
    """BGP in one VRF, in the device's AS. The timers are defaults for all of its neighbors."""

    router_id: RouterId | None = None
    peer_groups: Mapping[Name, BgpPeer] = {}
    neighbors: Mapping[AddressKey, BgpNeighbor] = {}
    networks: Items[NetworkValue] = ()
    redistribute: Mapping[Literal["connected", "static", "ospf"], Redistribution] = {}
    keepalive_interval: Seconds | None = None
    hold_time: HoldTime | None = None
    connect_retry: Seconds | None = None
    maximum_paths: MaximumPaths | None = None
    maximum_paths_ibgp: MaximumPaths | None = None


class Confederation(Frozen):
    """The AS that a confederation is to others, and its other members (RFC 5065); ``bgp.asn`` is the device's own."""

    identifier: Asn
    members: Items[Asn] = ()


Distance = Annotated[int, Field(ge=1, le=255)]


class BgpDistance(Frozen):
    """How BGP's routes rank among others, the lower the better: from outside, from inside, the device's own."""

    external: Distance
    internal: Distance
    local: Distance


class Bgp(BgpInstance):
    """BGP. ``default_ipv4_unicast``: neighbors are active in IPv4 without being told so.

    ``automatic_router_id``: the device chooses it, here as in OSPF.
    """

    asn: Asn | None = None
    automatic_router_id: bool = False
    cluster_id: RouterId | None = None
    ebgp_requires_policy: bool = True
    confederation: Confederation | None = None
    distance: BgpDistance | None = None
    log_neighbor_changes: bool | None = None
    default_ipv4_unicast: bool = False


class StaticRoute(Frozen):
    """One static route: to a next hop, out of an interface, or discarded. ``preference``: the lower wins; ``tag`` is
    for policies to see.
    """

    prefix: NetworkValue
    next_hop: AddressValue | None = None
    interface: InterfaceName | None = None
    discard: bool = False
    preference: Annotated[int, Field(ge=1, le=255)] | None = None
    name: Name | None = None
    tag: Tag | None = None
    vrf: Name | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.next_hop is not None) + (self.interface is not None) + self.discard != 1:
            raise ValueError("a static route needs exactly one of next_hop, interface and discard: true")
        if self.next_hop and self.next_hop.version != self.prefix.version:
            raise ValueError(f"next_hop {self.next_hop} and prefix {self.prefix} are not of one family")
        return self
