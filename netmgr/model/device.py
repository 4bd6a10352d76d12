"""Device data: what ``data:`` in hosts, groups and defaults may say. Names follow OpenConfig's words where they exist.

Every key is optional here, because any layer may leave any key to another; what a device needs in the end is judged
after merging (netmgr/intent). Times are in seconds, MTU in bytes.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    AddressKey,
    AddressValue,
    AreaId,
    Asn,
    DateValue,
    Description,
    Host,
    InterfaceName,
    Ipv4InterfaceValue,
    Ipv6InterfaceValue,
    Items,
    LoopbackValue,
    Mtu,
    Name,
    NetworkValue,
    OneOrMore,
    OspfCost,
    RouterId,
    Seconds,
    Text,
    TimeZone,
    UserName,
    Vlan,
    matching,
)
from netmgr.model.names import Identifier, Lifecycle, OneLine, SecretRef

#: RFC 5424's severities.
SyslogLevel = Literal[
    "emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"
]


class Service(Frozen):
    """From when to when the device is looked after; both days belong to it."""

    from_: DateValue | None = Field(default=None, alias="from")
    to: DateValue | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.from_, self.to)
        return self


def in_order(start: date | None, end: date | None) -> None:
    """Raises ValueError where ``end`` is before ``start``."""
    if start and end and end < start:
        raise ValueError(f"'to' ({end}) is before 'from' ({start}); swap them")


class Syslog(Frozen):
    """Logging: the level that is logged, and where it is sent."""

    level: SyslogLevel | None = None
    servers: Items[Host] = ()


class Snmp(Frozen):
    """SNMP agent."""

    community: SecretRef | None = None
    location: Description | None = None
    contact: Description | None = None


class User(Frozen):
    """A login on the device."""

    password: SecretRef | None = None
    ssh_key: Text | None = None
    role: Name | None = None


def _printed(value: str) -> str:
    if not value.replace("\n", "").isprintable():
        raise ValueError("control characters but line breaks are not allowed in a banner; remove them")
    return value


class System(Frozen):
    """The device as a host."""

    domain: Host | None = None
    dns: Items[AddressValue] = ()
    ntp: Items[Host] = ()
    syslog: Syslog = Field(default_factory=Syslog)
    snmp: Snmp | None = None
    banner: Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printed)] | None = None
    timezone: TimeZone | None = None
    users: Mapping[UserName, User] = {}


class Interface(Frozen):
    """One interface. ``lag`` names the aggregate interface that it is a member of."""

    description: Description | None = None
    ipv4: OneOrMore[Ipv4InterfaceValue] = ()
    ipv6: OneOrMore[Ipv6InterfaceValue] = ()
    mtu: Mtu | None = None
    enabled: bool | None = None
    vrf: Name | None = None
    mode: Literal["access", "trunk"] | None = None
    access_vlan: Vlan | None = None
    trunk_vlans: Items[Vlan] = ()
    lag: InterfaceName | None = None


class VlanData(Frozen):
    """One VLAN."""

    name: Name | None = None


class OspfInterface(Frozen):
    """OSPF on one interface."""

    cost: OspfCost | None = None
    network_type: Literal["point-to-point", "broadcast"] | None = None
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None
    passive: bool | None = None


class OspfArea(Frozen):
    """The device's interfaces in one area."""

    interfaces: Mapping[InterfaceName, OspfInterface] = {}


class Ospf(Frozen):
    """OSPF. The intervals are defaults for all of the device's interfaces; ``passive`` ones send no hellos."""

    router_id: RouterId | None = None
    areas: Mapping[AreaId, OspfArea] = {}
    passive: Items[InterfaceName] = ()
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None


def _hold_time(value: object) -> object:
    if isinstance(value, int) and value in (1, 2):
        raise ValueError("must be 0, or 3 or more (RFC 4271, 4.2)")
    return value


HoldTime = Annotated[int, Field(ge=0, le=65535), BeforeValidator(_hold_time)]


class BgpNeighbor(Frozen):
    """One BGP session. ``peer_as`` may come from the link that joins the two devices."""

    peer_as: Asn | None = None
    description: Description | None = None
    auth_password: SecretRef | None = None
    keepalive_interval: Seconds | None = None
    hold_time: HoldTime | None = None
    connect_retry: Seconds | None = None


class Bgp(Frozen):
    """BGP. The timers are defaults for all of the device's neighbors."""

    asn: Asn | None = None
    router_id: RouterId | None = None
    ebgp_requires_policy: bool = True
    neighbors: Mapping[AddressKey, BgpNeighbor] = {}
    networks: Items[NetworkValue] = ()
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

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.next_hop is not None) + (self.interface is not None) + self.discard != 1:
            raise ValueError("a static route needs exactly one of next_hop, interface and discard: true")
        if self.next_hop and self.next_hop.version != self.prefix.version:
            raise ValueError(f"next_hop {self.next_hop} and prefix {self.prefix} are not of one family")
        return self


class PrefixRule(Frozen):
    """One line of a prefix list; ``ge`` and ``le`` bound the prefix lengths that match."""

    action: Literal["permit", "deny"]
    prefix: NetworkValue
    ge: Annotated[int, Field(ge=0, le=128)] | None = None
    le: Annotated[int, Field(ge=0, le=128)] | None = None

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        length, longest = self.prefix.prefixlen, self.prefix.max_prefixlen
        lower, upper = self.ge if self.ge is not None else length, self.le if self.le is not None else longest
        if not length <= lower <= upper <= longest:
            raise ValueError(f"ge and le must keep {length} ≤ ge ≤ le ≤ {longest}")
        return self


class RouteMatch(Frozen):
    """What a route-map statement looks at; every given condition must hold."""

    prefix_list: Name | None = None
    interface: InterfaceName | None = None
    next_hop: Name | None = None


Community = Annotated[str, matching(r"[0-9]{1,5}:[0-9]{1,5}", "a community", '"64500:100"')]
RouteDistinguisher = Annotated[
    str, matching(r"[0-9.]{1,15}:[0-9]{1,10}", "a route distinguisher", '"64500:1"')
]


class RouteSet(Frozen):
    """What a route-map statement changes."""

    local_pref: Annotated[int, Field(ge=0, le=4294967295)] | None = None
    med: Annotated[int, Field(ge=0, le=4294967295)] | None = None
    next_hop: AddressValue | None = None
    as_path_prepend: Items[Asn] = ()
    community: Items[Community] = ()


class RouteStatement(Frozen):
    """One statement of a route map, in the order of the list."""

    action: Literal["permit", "deny"]
    match: RouteMatch = Field(default_factory=RouteMatch)
    set: RouteSet = Field(default_factory=RouteSet)


_PROTOCOLS = ("tcp", "udp", "icmp", "icmpv6", "ospf", "gre", "esp")


def _protocol(value: object) -> object:
    if value in _PROTOCOLS or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255):
        return value
    raise ValueError(f"must be one of {', '.join(_PROTOCOLS)}, or an IP protocol number 0 to 255")


class AclEntry(Frozen):
    """One entry of an access list, in the order of the list. ``protocol`` is a name or an IP protocol number."""

    action: Literal["accept", "drop", "reject"]
    description: Description | None = None
    protocol: (
        Annotated[
            str | int,
            BeforeValidator(_protocol),
            WithJsonSchema(
                {"anyOf": [{"enum": [*_PROTOCOLS]}, {"type": "integer", "minimum": 0, "maximum": 255}]}
            ),
        ]
        | None
    ) = None
    source_address: NetworkValue | None = None
    destination_address: NetworkValue | None = None
    source_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    destination_port: Annotated[int, Field(ge=0, le=65535)] | None = None


class Acl(Frozen):
    """One access list."""

    type: Literal["ipv4", "ipv6"] = "ipv4"
    entries: Items[AclEntry] = ()


class Vrf(Frozen):
    """One VRF (OpenConfig: a network instance)."""

    description: Description | None = None
    route_distinguisher: RouteDistinguisher | None = None


_LITERAL_SECRET = re.compile(r"\b(?:password|secret|md5)\s+(?:[0-9]\s+)?(?!secret://)\S", re.IGNORECASE)


def _extra_line(line: str) -> str:
    if _LITERAL_SECRET.search(line):
        raise ValueError(
            "a literal secret is not allowed in extra_config; write secret://… where the secret stands"
        )
    return line


ExtraLine = Annotated[OneLine, StringConstraints(max_length=1000), AfterValidator(_extra_line)]


def _lines(value: object) -> object:
    return [line for line in value.split("\n") if line.strip()] if isinstance(value, str) else value


class ExtraSection(Frozen):
    """Verbatim lines; ``section`` is the line that opens their section, None for the end of the configuration."""

    section: ExtraLine | None = None
    lines: Annotated[Items[ExtraLine], BeforeValidator(_lines, json_schema_input_type=str | list[ExtraLine])]


def _sections(value: object) -> object:
    """A block of text, or a list of lines and {section, lines}: each becomes a section."""
    if isinstance(value, str):
        return ({"lines": value},)
    if isinstance(value, (list, tuple)):
        return tuple({"lines": (item,)} if isinstance(item, str) else item for item in value)
    return value


class DeviceData(Frozen):
    """Everything that the inventory says of one device, or one layer of it."""

    uid: Name | None = None
    service: Service | None = None
    site: Identifier | None = None
    role: Name | None = None
    lifecycle: Lifecycle = "active"
    management: Literal["inband", "oob"] | None = None
    loopback: OneOrMore[LoopbackValue] = ()
    system: System = Field(default_factory=System)
    interfaces: Mapping[InterfaceName, Interface] = {}
    vlans: Mapping[Vlan, VlanData] = {}
    ospf: Ospf = Field(default_factory=Ospf)
    bgp: Bgp = Field(default_factory=Bgp)
    static_routes: Items[StaticRoute] = ()
    prefix_lists: Mapping[Name, Items[PrefixRule]] = {}
    route_maps: Mapping[Name, Items[RouteStatement]] = {}
    acls: Mapping[Name, Acl] = {}
    vrfs: Mapping[Name, Vrf] = {}
    extra_config: Annotated[
        Items[ExtraSection],
        BeforeValidator(_sections, json_schema_input_type=str | list[ExtraLine | ExtraSection]),
    ] = ()

    @model_validator(mode="after")
    def _one_loopback_per_family(self) -> Self:
        if len({address.version for address in self.loopback}) < len(self.loopback):
            raise ValueError("loopback holds two addresses of one family; put others under interfaces")
        return self
