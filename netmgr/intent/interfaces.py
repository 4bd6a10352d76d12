"""Interfaces: from data, links and the platform's names to what each one shall be."""

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv6Interface
from typing import TypeVar

from netmgr.intent.addressing import is_point_to_point
from netmgr.intent.features import Form
from netmgr.intent.wiring import OspfOn, Wired, is_passive
from netmgr.model.addresses import interface_address
from netmgr.model.device import DeviceData
from netmgr.model.intent import (
    InterfaceIntent,
    OspfAuthenticationIntent,
    OspfInterfaceIntent,
    SwitchportIntent,
)
from netmgr.model.interface import Interface, vlan_bounds
from netmgr.model.ordering import natural
from netmgr.model.policy_intent import ListReference

A = TypeVar("A", IPv4Interface, IPv6Interface)


def interfaces_intent(one: Wired, form: Form) -> Iterator[InterfaceIntent]:
    """Every interface that has settings, a link or the loopback, in natural order.

    OSPFv2 runs where an interface in an area has IPv4 addresses, OSPFv3 where it has IPv6 ones.
    """
    loopback = form.loopback
    addresses = [interface_address(str(address)) for address in one.device.data.loopback] if loopback else []
    names = {*one.interfaces, loopback} if loopback and addresses else {*one.interfaces}
    for name in sorted(names, key=natural):
        own, attachment, on = one.settings(name), one.attachments.get(name), one.ospf.get(name)
        here = addresses if name == loopback else []
        ospf = _ospf(one, name, on, alone=name == loopback) if on else None
        if name == loopback and addresses and ospf is None:
            ospf = _loopback_ospf(one, loopback)
        ipv4 = _once(*(a for a in here if isinstance(a, IPv4Interface)), *one.ipv4(name))
        ipv6 = _once(*(a for a in here if isinstance(a, IPv6Interface)), *one.ipv6(name))
        described = own.description
        if described is None and attachment:
            described = attachment.link.description or f"to {attachment.peer}"
        named = form.named(name)
        yield InterfaceIntent(
            name=name,
            description=described or None,
            enabled=own.enabled is not False,
            mtu=one.mtu(name),
            ipv4=ipv4,
            ipv6=ipv6,
            ospf=ospf if ipv4 or not ipv6 else None,
            ospf3=ospf if ipv6 else None,
            peer=(attachment.peer.device, attachment.peer.interface) if attachment else None,
            vrf=own.vrf,
            kind=named.kind if named else None,
            parent=named.parent if named else None,
            vlan=own.vlan_id if own.vlan_id is not None or not named else named.vlan,
            switchport=switchport(own),
            never_switches=own.mode == "routed",
            dhcp=own.dhcp,
            anycast=own.anycast,
            lag=own.lag,
            lag_mode=(own.lag_mode or "active") if own.lag else None,
            acl_in=_references(one.device.data, own.acl_in),
            acl_out=_references(one.device.data, own.acl_out),
        )


def switchport(own: Interface) -> SwitchportIntent | None:
    """What an interface switches, None for one that does not."""
    if own.mode not in ("access", "trunk"):
        return None
    if own.mode == "access":
        return SwitchportIntent(mode="access", access_vlan=own.access_vlan)
    vlans = {v for item in own.trunk_vlans for v in range(vlan_bounds(item)[0], vlan_bounds(item)[1] + 1)}
    return SwitchportIntent(mode="trunk", vlans=tuple(_ranges(sorted(vlans))), native_vlan=own.native_vlan)


def _ranges(numbers: list[int]) -> Iterator[str]:
    """``1, 2, 3, 7`` → ``1-3``, ``7``."""
    for position, number in enumerate(numbers):
        if position == 0 or number != numbers[position - 1] + 1:
            first = number
        if position == len(numbers) - 1 or numbers[position + 1] != number + 1:
            yield str(first) if first == number else f"{first}-{number}"


def _references(data: DeviceData, names: tuple[str, ...]) -> tuple[ListReference, ...]:
    return tuple(ListReference(name=name, family=data.acls[name].type) for name in names)


def _once(*addresses: A) -> tuple[A, ...]:
    return tuple(dict.fromkeys(addresses))


def _ospf(one: Wired, name: str, on: OspfOn, *, alone: bool) -> OspfInterfaceIntent:
    """OSPF on an interface: its own settings, else its link's, else the device's. Where it can have no neighbors
    (``alone``: the loopback; or it is passive), what the device says of messages to neighbors does not concern it.

    A dead interval that is not given is four times a given hello interval (RFC 2328, C.3).
    """
    defaults, own = one.device.data.ospf, on.settings
    passive = is_passive(one, name, on)
    hello, dead, signed = own.hello_interval, own.dead_interval, own.authentication
    if not passive and not alone:
        hello = hello if hello is not None else defaults.hello_interval
        dead = dead if dead is not None else defaults.dead_interval
        signed = signed or defaults.authentication
    if hello is not None and dead is None:
        dead = min(4 * hello, 65535)
    network_type = own.network_type
    if network_type is None and on.link and any(is_point_to_point(subnet) for subnet in on.link.subnet):
        network_type = "point-to-point"
    return OspfInterfaceIntent(
        area=on.area,
        cost=own.cost if own.cost is not None or not on.link or not on.link.ospf else on.link.ospf.cost,
        network_type=network_type,
        hello_interval=hello,
        dead_interval=dead,
        priority=own.priority,
        passive=passive,
        bfd=own.bfd is True,
        by_network=on.by_network,
        authentication=OspfAuthenticationIntent(**signed.model_dump()) if signed and not passive else None,
    )


def _loopback_ospf(one: Wired, loopback: str) -> OspfInterfaceIntent | None:
    """The loopback is advertised in the area of the device's links: the backbone where it is one of several."""
    areas = {on.area for name, on in one.ospf.items() if name != loopback and one.settings(name).vrf is None}
    addresses = (interface_address(str(address)) for address in one.device.data.loopback)
    listed = one.area_of(address for address in addresses if isinstance(address, IPv4Interface))
    if listed is not None:
        return OspfInterfaceIntent(area=listed, by_network=True)
    return OspfInterfaceIntent(area=min(areas)) if areas else None
