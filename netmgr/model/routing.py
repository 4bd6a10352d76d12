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
    RouterId,
    Seconds,
)
from netmgr.model.names import SecretRef


class Redistribution(Frozen):
    """Routes of one source told to another protocol; ``policy`` is a route map that they pass."""

    policy: Name | None = None


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
    passive: bool | None = None
    authentication: OspfAuthentication | None = None


class OspfArea(Frozen):
    """The device's interfaces in one area."""

    interfaces: Mapping[InterfaceName, OspfInterface] = {}


class Ospf(Frozen):
    """OSPF. Intervals and authentication are defaults for all of the device's interfaces; ``passive`` ones send no
    hellos. ``reference_bandwidth`` is in Mbit/s.
    """

    router_id: RouterId | None = None
    areas: Mapping[AreaId, OspfArea] = {}
    passive: Items[InterfaceName] = ()
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None
    authentication: OspfAuthentication | None = None
    reference_bandwidth: Annotated[int, Field(ge=1, le=4294967)] | None = None
    originate_default: bool = False
    redistribute: Mapping[Literal["connected", "static", "bgp"], Redistribution] = {}


def _hold_time(value: object) -> object:
    if isinstance(value, int) and value in (1, 2):
        raise ValueError("must be 0, or 3 or more (RFC 4271, 4.2)")
    return value


HoldTime = Annotated[int, Field(ge=0, le=65535), BeforeValidator(_hold_time)]
SendCommunity = Literal["none", "standard", "extended", "both", "all"]


class BgpExchange(Frozen):
    """What is exchanged with a neighbor in one address family. Policies are route maps."""

    import_policy: Name | None = None
    export_policy: Name | None = None
    next_hop_self: bool | None = None
    route_reflector_client: bool | None = None
    send_community: SendCommunity | None = None
    max_prefixes: Annotated[int, Field(ge=1, le=4294967295)] | None = None
    soft_reconfiguration: bool | None = None
    send_default_route: bool | None = None


AfiSafi = Literal["ipv4_unicast", "ipv6_unicast"]


class BgpPeer(BgpExchange):
    """What a neighbor and a peer group may say. ``afi_safis`` names the families that are active, else the address
    does; what stands there is stronger than what stands beside it. ``local_address``: an address or an interface.
    """

    peer_as: Asn | None = None
    description: Description | None = None
    auth_password: SecretRef | None = None
    keepalive_interval: Seconds | None = None
    hold_time: HoldTime | None = None
    connect_retry: Seconds | None = None
    local_address: LocalAddress | None = None
    ebgp_multihop: Annotated[int, Field(ge=2, le=255)] | None = None
    afi_safis: Mapping[AfiSafi, BgpExchange] = {}


class BgpNeighbor(BgpPeer):
    """One BGP session. ``peer_as`` may come from the peer group, or from the link that joins the two devices."""

    peer_group: Name | None = None
    enabled: bool = True


class Bgp(Frozen):
    """BGP. The timers are defaults for all of the device's neighbors."""

    asn: Asn | None = None
    router_id: RouterId | None = None
    cluster_id: RouterId | None = None
    ebgp_requires_policy: bool = True
    peer_groups: Mapping[Name, BgpPeer] = {}
    neighbors: Mapping[AddressKey, BgpNeighbor] = {}
    networks: Items[NetworkValue] = ()
    redistribute: Mapping[Literal["connected", "static", "ospf"], Redistribution] = {}
    keepalive_interval: Seconds | None = None
    hold_time: HoldTime | None = None
    connect_retry: Seconds | None = None


class StaticRoute(Frozen):
    """One static route: to a next hop, out of an interface, or discarded. ``preference``: the lower wins."""

    prefix: NetworkValue
    next_hop: AddressValue | None = None
    interface: InterfaceName | None = None
    discard: bool = False
    preference: Annotated[int, Field(ge=1, le=255)] | None = None
    vrf: Name | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.next_hop is not None) + (self.interface is not None) + self.discard != 1:
            raise ValueError("a static route needs exactly one of next_hop, interface and discard: true")
        if self.next_hop and self.next_hop.version != self.prefix.version:
            raise ValueError(f"next_hop {self.next_hop} and prefix {self.prefix} are not of one family")
        return self
