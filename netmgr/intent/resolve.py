"""Inventory → intent: link data, defaults and names of the platform become what each device shall be."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Interface, IPv6Interface
from typing import TypeVar

from netmgr.errors import InputError
from netmgr.intent.addressing import is_point_to_point
from netmgr.intent.features import Form, form_problems
from netmgr.intent.policies import policies_intent
from netmgr.intent.routing_warnings import routing_warnings
from netmgr.intent.sessions import Holders, bgp_intent, holders, redistributed
from netmgr.intent.wiring import OspfOn, Wired, is_passive, wire
from netmgr.model.addresses import interface_address
from netmgr.model.checked import Checked
from netmgr.model.device import ExtraSection
from netmgr.model.intent import (
    DeviceIntent,
    ExtraConfig,
    InterfaceIntent,
    NetworkIntent,
    OspfAuthenticationIntent,
    OspfIntent,
    OspfInterfaceIntent,
    StaticRouteIntent,
    VrfIntent,
)
from netmgr.model.inventory import Inventory
from netmgr.model.ordering import by_value, natural
from netmgr.model.routing import StaticRoute

A = TypeVar("A", IPv4Interface, IPv6Interface)


def resolve(inventory: Inventory, forms: Mapping[str, Form]) -> NetworkIntent:
    """What the network shall be. ``forms`` maps platform → form.

    ``inventory`` is a checked one, as ``Inventories.load`` gives it. Raises InputError for platforms without a form and
    features that a platform does not have.
    """
    errors, warnings = form_problems(inventory, forms)
    if errors:
        raise InputError([str(problem) for problem in sorted(errors)])
    wired = wire(inventory)
    warnings += routing_warnings(inventory, wired)
    held = holders(wired)
    return NetworkIntent(
        client=inventory.client.id,
        devices=tuple(_device(one, forms[one.device.platform].loopback, held) for one in wired),
        warnings=tuple(str(problem) for problem in sorted(dict.fromkeys(warnings))),
    )


def checked(inventory: Inventory, forms: Mapping[str, Form]) -> Checked:
    """The verdict on an inventory that ``Inventories.load`` gave. Raises InputError as ``resolve`` does."""
    return Checked(
        client=inventory.client.id,
        devices=len(inventory.devices),
        links=len(inventory.links),
        digest=inventory.digest,
        warnings=resolve(inventory, forms).warnings,
    )


def _device(one: Wired, loopback: str | None, held: Holders) -> DeviceIntent:
    device, data = one.device, one.device.data
    interfaces = tuple(_interfaces(one, loopback))
    ospf, ospf3 = _processes(one, interfaces, None)
    return DeviceIntent(
        name=device.name,
        platform=device.platform,
        lifecycle=device.lifecycle,
        role=device.role,
        site=device.site,
        syslog_level=data.system.syslog.level,
        interfaces=interfaces,
        ospf=ospf,
        ospf3=ospf3,
        bgp=bgp_intent(one, held),
        static_routes=_static_routes(data.static_routes, None),
        policies=policies_intent(data),
        vrfs=tuple(_vrf(one, name, interfaces) for name in sorted(data.vrfs, key=natural)),
        extra_config=_extra(data.extra_config),
    )


def _vrf(one: Wired, name: str, interfaces: tuple[InterfaceIntent, ...]) -> VrfIntent:
    ospf, ospf3 = _processes(one, interfaces, name)
    routes = _static_routes(one.device.data.static_routes, name)
    return VrfIntent(name=name, static_routes=routes, ospf=ospf, ospf3=ospf3)


def _processes(
    one: Wired, interfaces: tuple[InterfaceIntent, ...], vrf: str | None
) -> tuple[OspfIntent | None, OspfIntent | None]:
    """OSPFv2 and OSPFv3 of one VRF (None: the default one), each where an interface in it runs it."""
    data = one.device.data.ospf
    router_id = one.router_id(data.router_id)
    if router_id is None:
        return None, None
    process = OspfIntent(
        router_id=router_id,
        reference_bandwidth=data.reference_bandwidth,
        originate_default=data.originate_default,
        redistribute=redistributed(data.redistribute),
    )
    here = [interface for interface in interfaces if interface.vrf == vrf]
    return (
        process if any(interface.ospf for interface in here) else None,
        process if any(interface.ospf3 for interface in here) else None,
    )


def _static_routes(routes: tuple[StaticRoute, ...], vrf: str | None) -> tuple[StaticRouteIntent, ...]:
    return tuple(
        StaticRouteIntent(
            prefix=route.prefix,
            next_hop=route.next_hop,
            interface=route.interface,
            discard=route.discard,
            preference=route.preference,
        )
        for route in sorted(
            (route for route in routes if route.vrf == vrf),
            key=lambda r: (
                *by_value(r.prefix.network_address),
                r.prefix.prefixlen,
                str(r.next_hop),
                str(r.interface),
            ),
        )
    )


def _interfaces(one: Wired, loopback: str | None) -> Iterator[InterfaceIntent]:
    """Every interface that has settings, a link or the loopback, in natural order.

    OSPFv2 runs where an interface in an area has IPv4 addresses, OSPFv3 where it has IPv6 ones.
    """
    addresses = [interface_address(str(address)) for address in one.device.data.loopback] if loopback else []
    names = {*one.interfaces, loopback} if loopback and addresses else {*one.interfaces}
    for name in sorted(names, key=natural):
        own, attachment, on = one.settings(name), one.attachments.get(name), one.ospf.get(name)
        here = addresses if name == loopback else []
        ospf = _ospf(one, name, on) if on else None
        if name == loopback and addresses and ospf is None:
            ospf = _loopback_ospf(one, loopback)
        ipv4 = _once(*(a for a in here if isinstance(a, IPv4Interface)), *one.ipv4(name))
        ipv6 = _once(*(a for a in here if isinstance(a, IPv6Interface)), *one.ipv6(name))
        described = own.description or (attachment.link.description if attachment else None)
        yield InterfaceIntent(
            name=name,
            description=described or (f"to {attachment.peer}" if attachment else None),
            enabled=own.enabled is not False,
            mtu=one.mtu(name),
            ipv4=ipv4,
            ipv6=ipv6,
            ospf=ospf if ipv4 or not ipv6 else None,
            ospf3=ospf if ipv6 else None,
            peer=(attachment.peer.device, attachment.peer.interface) if attachment else None,
            vrf=own.vrf,
        )


def _once(*addresses: A) -> tuple[A, ...]:
    return tuple(dict.fromkeys(addresses))


def _ospf(one: Wired, name: str, on: OspfOn) -> OspfInterfaceIntent:
    """OSPF on an interface: its own settings, else its link's, else the device's.

    A dead interval that is not given is four times a given hello interval (RFC 2328, C.3).
    """
    defaults, own = one.device.data.ospf, on.settings
    passive = is_passive(one, name, on)
    hello, dead = own.hello_interval, own.dead_interval
    if not passive:
        hello = hello if hello is not None else defaults.hello_interval
        dead = dead if dead is not None else defaults.dead_interval
    if hello is not None and dead is None:
        dead = min(4 * hello, 65535)
    signed = own.authentication or defaults.authentication
    network_type = own.network_type
    if network_type is None and on.link and any(is_point_to_point(subnet) for subnet in on.link.subnet):
        network_type = "point-to-point"
    return OspfInterfaceIntent(
        area=on.area,
        cost=own.cost if own.cost is not None or not on.link or not on.link.ospf else on.link.ospf.cost,
        network_type=network_type,
        hello_interval=hello,
        dead_interval=dead,
        passive=passive,
        authentication=OspfAuthenticationIntent(**signed.model_dump()) if signed and not passive else None,
    )


def _loopback_ospf(one: Wired, loopback: str) -> OspfInterfaceIntent | None:
    """The loopback is advertised in the area of the device's links: the backbone where it is one of several."""
    areas = {on.area for name, on in one.ospf.items() if name != loopback and one.settings(name).vrf is None}
    return OspfInterfaceIntent(area=min(areas)) if areas else None


def _extra(sections: tuple[ExtraSection, ...]) -> tuple[ExtraConfig, ...]:
    """Verbatim lines, those of one section together, in the order in which the sections are first named."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for section in sections:
        lines.setdefault(section.section, []).extend(section.lines)
    return tuple(ExtraConfig(section=section, lines=tuple(content)) for section, content in lines.items())
