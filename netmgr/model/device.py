"""Device data: what ``data:`` in hosts, groups and defaults may say. Names follow OpenConfig's words where they exist.

Every key is optional here, because any layer may leave any key to another; what a device needs in the end is judged
after merging (netmgr/intent). Times are in seconds, MTU in bytes.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    AddressValue,
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
    OneOrMore,
    Text,
    TimeZone,
    UserName,
    Vlan,
    at_least_one,
    matching,
)
from netmgr.model.names import Identifier, Lifecycle, OneLine, SecretRef
from netmgr.model.policy import Acl, AsPathRule, CommunityRule, PrefixRule, RouteStatement
from netmgr.model.routing import Bgp, Ospf, StaticRoute

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


RouteDistinguisher = Annotated[
    str, matching(r"[0-9.]{1,15}:[0-9]{1,10}", "a route distinguisher", '"64500:1"')
]


class Vrf(Frozen):
    """One VRF (OpenConfig: a network instance)."""

    description: Description | None = None
    route_distinguisher: RouteDistinguisher | None = None


_LITERAL_SECRET = re.compile(
    r"\b(?:password|secret|md5(?! key )|hash-algo \S+ key|authentication-key|key-string|snmp-server community)"
    r"\s+(?:[0-9]\s+)?(?!secret://)\S",
    re.IGNORECASE,
)


def literal_secret(line: str) -> tuple[str, str, str] | None:
    """(what stands before it, a word that a verbatim line must not hold because it is a secret, what follows it)."""
    found = _LITERAL_SECRET.search(line)
    if found is None:
        return None
    before, (word, *_) = line[: found.end() - 1], line[found.end() - 1 :].split(" ")
    return before, word, line[len(before) + len(word) :]


def _extra_line(line: str) -> str:
    if literal_secret(line):
        raise ValueError(
            "a literal secret is not allowed in extra_config; write secret://… where the secret stands"
        )
    return line


ExtraLine = Annotated[OneLine, StringConstraints(max_length=1000), AfterValidator(_extra_line)]


def _lines(value: object) -> object:
    return [line for line in value.split("\n") if line.strip()] if isinstance(value, str) else value


class ExtraSection(Frozen):
    """Verbatim lines; ``section`` are the lines that open their section, from the outside in; none for the end of the
    configuration.
    """

    section: OneOrMore[ExtraLine] = ()
    lines: Annotated[Items[ExtraLine], BeforeValidator(_lines, json_schema_input_type=str | list[ExtraLine])]


def _sections(value: object) -> object:
    """A block of text, or a list of lines and {section, lines}: each becomes a section."""
    if isinstance(value, str):
        return ({"lines": value},)
    if isinstance(value, (list, tuple)):
        return tuple({"lines": (item,)} if isinstance(item, str) else item for item in value)
    return value


def _given(features: tuple[str, ...]) -> tuple[str, ...]:
    if not features:
        raise ValueError("names no feature; name those that are managed, or leave the key out to manage all")
    return features


T = TypeVar("T")
Rules = Annotated[Items[T], AfterValidator(at_least_one)]


class DeviceData(Frozen):
    """Everything that the inventory says of one device, or one layer of it.

    ``owned_sections`` are the features that are managed here; without it the whole configuration is.
    """

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
    prefix_lists: Mapping[Name, Rules[PrefixRule]] = {}
    community_lists: Mapping[Name, Rules[CommunityRule]] = {}
    as_path_lists: Mapping[Name, Rules[AsPathRule]] = {}
    route_maps: Mapping[Name, Rules[RouteStatement]] = {}
    acls: Mapping[Name, Acl] = {}
    vrfs: Mapping[Name, Vrf] = {}
    owned_sections: Annotated[Items[Name], AfterValidator(_given)] | None = None
    extra_config: Annotated[
        Items[ExtraSection],
        BeforeValidator(_sections, json_schema_input_type=str | list[ExtraLine | ExtraSection]),
    ] = ()

    @model_validator(mode="after")
    def _one_loopback_per_family(self) -> Self:
        if len({address.version for address in self.loopback}) < len(self.loopback):
            raise ValueError("loopback holds two addresses of one family; put others under interfaces")
        return self
