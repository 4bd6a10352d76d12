"""Interfaces and VLANs as data: addresses, switching, aggregates, packet filters."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    InterfaceName,
    Ipv4InterfaceValue,
    Ipv6InterfaceValue,
    Items,
    Mtu,
    Name,
    OneOrMore,
    OwnDescription,
    Text,
    Vlan,
    shown,
)


def _vlans(value: int | str) -> int | str:
    if isinstance(value, str) and not re.fullmatch(r"[1-9][0-9]{0,3}-[1-9][0-9]{0,3}", value):
        raise ValueError(f'{shown(value)} is neither a VLAN nor several; write it like 10 or "20-29"')
    first, last = vlan_bounds(value)
    if not 1 <= first <= last <= 4094:
        raise ValueError("VLANs are 1 to 4094, the lower first")
    return value


def vlan_bounds(value: int | str) -> tuple[int, int]:
    """(first, last) of a ``VlanRange``."""
    if isinstance(value, int):
        return value, value
    first, _, last = value.partition("-")
    return int(first), int(last)


DEFAULT_VLAN = 1
"""The VLAN that a switch has without being told (IEEE 802.1Q, 9.6: the default port VLAN)."""

VlanRange = Annotated[int | str, AfterValidator(_vlans)]
"""One VLAN, or several in a row as text: ``20-29``."""


class Dhcp(Frozen):
    """The interface asks for its IPv4 address (RFC 2131); ``vendor_class`` is what it says of itself (option 60)."""

    vendor_class: Text | None = None


class Interface(Frozen):
    """One interface. ``lag`` names the aggregate interface that it is a member of. ``vlan_id`` is the tag of a
    subinterface; ``anycast`` are gateway addresses that several devices share.
    """

    description: OwnDescription | None = None
    ipv4: OneOrMore[Ipv4InterfaceValue] = ()
    ipv6: OneOrMore[Ipv6InterfaceValue] = ()
    dhcp: Dhcp | None = None
    anycast: OneOrMore[Ipv4InterfaceValue | Ipv6InterfaceValue] = ()
    mtu: Mtu | None = None
    enabled: bool | None = None
    vrf: Name | None = None
    mode: Literal["access", "trunk", "routed"] | None = None
    access_vlan: Vlan | None = None
    trunk_vlans: Items[VlanRange] = ()
    native_vlan: Vlan | None = None
    vlan_id: Vlan | None = None
    lag: InterfaceName | None = None
    lag_mode: Literal["active", "passive", "on"] | None = None
    acl_in: OneOrMore[Name] = ()
    acl_out: OneOrMore[Name] = ()


class VlanData(Frozen):
    """One VLAN."""

    name: Name | None = None
