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
    DateValue,
    Description,
    InterfaceName,
    Items,
    LoopbackValue,
    Name,
    OneOrMore,
    RouterId,
    Vlan,
    at_least_one,
)
from netmgr.model.interface import Interface, VlanData
from netmgr.model.names import Identifier, Lifecycle, OneLine
from netmgr.model.policy import Acl, AsPathRule, CommunityRule, PrefixRule, RouteStatement
from netmgr.model.routing import Bgp, BgpInstance, Ospf, OspfProcess, StaticRoute
from netmgr.model.system import System
from netmgr.model.vpn import RouteDistinguisher, RouteTarget


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


class VrfOspf(Frozen):
    """OSPF in a VRF: its process, where the platform numbers them, and its router id."""

    process: OspfProcess | None = None
    router_id: RouterId | None = None


class Forwarding(Frozen):
    """Whether packets are routed; absent: IPv4 always, IPv6 where an interface or a static route has it."""

    ipv4: bool | None = None
    ipv6: bool | None = None


class Vrf(Frozen):
    """One VRF (OpenConfig: a network instance). Targets and policies say which routes it takes from others and gives
    to them (RFC 4364); ``families`` are those that are used in it where nothing is said.
    """

    description: Description | None = None
    route_distinguisher: RouteDistinguisher | None = None
    import_targets: OneOrMore[RouteTarget] = ()
    export_targets: OneOrMore[RouteTarget] = ()
    import_policy: Name | None = None
    export_policy: Name | None = None
    families: Items[Literal["ipv4", "ipv6"]] = ()
    forwarding: Forwarding = Field(default_factory=Forwarding)
    ospf: VrfOspf = Field(default_factory=VrfOspf)
    bgp: BgpInstance = Field(default_factory=BgpInstance)


_LITERAL_SECRET = re.compile(
    r"\b(?:password|secret|(?<!authentication-)md5(?! key )"
    r"|hash-algo \S+ key|authentication-key(?! \d+ (?:type|value) )|key-string|snmp-server community)"
    r"\s+(?:(?:[0-9]|sha256|sha512)\s+)?+(?!\"?secret://)\S",
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
    forwarding: Forwarding = Field(default_factory=Forwarding)
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
