"""The inventory: one client's devices and links after merging, each value still knowing where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, WithJsonSchema, model_validator

from netmgr.model.addresses import Network
from netmgr.model.base import Frozen
from netmgr.model.client import Client
from netmgr.model.device import DeviceData
from netmgr.model.fields import (
    AreaId,
    Description,
    Host,
    InterfaceName,
    Items,
    Mtu,
    Name,
    NetworkValue,
    OneOrMore,
    OspfCost,
    Port,
    UserName,
    shown,
)
from netmgr.model.names import Identifier, Lifecycle, SecretRef
from netmgr.model.origins import Origins


class ConnectionOptions(Frozen):
    """Nornir's connection_options: what one connection plug-in takes instead of the host's own values."""

    hostname: Host | None = None
    port: Port | None = None
    username: UserName | None = None
    password: SecretRef | None = None
    platform: Name | None = None
    extras: Mapping[str, JsonValue] = {}


class Layer(Frozen):
    """What defaults.yaml holds, and a group or a host besides its ``groups``."""

    hostname: Host | None = None
    port: Port | None = None
    username: UserName | None = None
    password: SecretRef | None = None
    platform: Name | None = None
    data: DeviceData = Field(default_factory=DeviceData)
    connection_options: Mapping[Name, ConnectionOptions] = {}


class Groups(Frozen):
    """The groups that a group or a host lists. The first listed wins over the others, as in Nornir."""

    groups: Items[Name] = ()


class Device(Layer):
    """One device after merging. ``groups`` are all that it inherits from, the strongest first."""

    name: Identifier
    hostname: Host
    platform: Name
    groups: tuple[str, ...] = ()
    digest: str = ""
    """SHA-256 over the merged data, in hexadecimal."""

    @property
    def uid(self) -> str:
        """The immutable id: it survives a renaming."""
        return self.data.uid or self.name

    @property
    def lifecycle(self) -> Lifecycle:
        """``active``, ``planned``, ``maintenance`` or ``external``."""
        return self.data.lifecycle

    @property
    def role(self) -> str | None:
        """What the device does in the network."""
        return self.data.role

    @property
    def site(self) -> str | None:
        """Where it stands: a key of the client's sites."""
        return self.data.site


class LinkEnd(Frozen):
    """One end of a link."""

    device: Identifier
    interface: InterfaceName

    def __str__(self) -> str:
        return f"{self.device}:{self.interface}"


def _link_end(value: object) -> object:
    if isinstance(value, LinkEnd):
        return value
    if not isinstance(value, str):
        raise ValueError('must be text; write it like "core1:eth1"')  # noqa: TRY004 - pydantic wants ValueError
    device, colon, interface = value.partition(":")
    if not colon or not device or not interface:
        raise ValueError(f'{shown(value)} is not an end of a link; write it like "core1:eth1"')
    return {"device": device, "interface": interface}


_LINK_END = {
    "type": "string",
    "pattern": r"^[a-z0-9]+(?:-[a-z0-9]+)*:[A-Za-z0-9][A-Za-z0-9._:/-]{0,62}$",
    "description": "one end of the link, such as core1:eth1",
}


class LinkOspf(Frozen):
    """OSPF on both ends of a link."""

    area: AreaId
    cost: OspfCost | None = None


def _subnet(network: Network) -> Network:
    if network.prefixlen == network.max_prefixlen:
        raise ValueError(
            f"{network} has no room for the two ends; write a /{network.max_prefixlen - 1} or larger"
        )
    if network.is_multicast or network.is_loopback or network.network_address.is_unspecified:
        raise ValueError(f"{network} is not a unicast subnet; write one that devices can have addresses in")
    return network


class Link(Frozen):
    """A cable between two devices, with what both ends shall have."""

    endpoints: Annotated[
        Items[Annotated[LinkEnd, BeforeValidator(_link_end), WithJsonSchema(_LINK_END)]],
        Field(min_length=2, max_length=2),
    ]
    subnet: OneOrMore[Annotated[NetworkValue, AfterValidator(_subnet)]] = ()
    ospf: LinkOspf | None = None
    bgp: bool = False
    mtu: Mtu | None = None
    description: Description | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        a, b = self.endpoints
        if a.device == b.device:
            raise ValueError(f"the link joins {a.device} with itself; name two devices")
        families = [network.version for network in self.subnet]
        if len(set(families)) < len(families):
            raise ValueError("subnet holds two prefixes of one family; keep one of each")
        if not families and (self.ospf or self.bgp):
            raise ValueError("ospf and bgp need addresses on the link; write its subnet")
        if 6 in families and self.mtu is not None and self.mtu < 1280:
            raise ValueError(f"mtu {self.mtu} is too small for IPv6; write 1280 or more (RFC 8200, 5)")
        return self


@dataclass(frozen=True, slots=True)
class Inventory:
    """One client's network as it was written, merged and checked. Devices and links are in their files' order."""

    client: Client
    devices: tuple[Device, ...]
    links: tuple[Link, ...]
    redundancy: tuple[tuple[str, ...], ...]
    """Groups of devices that are never changed in the same wave."""
    entry: tuple[str, ...]
    """Where management traffic enters the network."""
    digest: str
    """SHA-256 over everything merged, in hexadecimal: comments and the order of keys do not change it."""
    origins: Origins = field(compare=False, repr=False)

    def by_name(self) -> dict[str, Device]:
        """The devices by their names."""
        return {device.name: device for device in self.devices}
