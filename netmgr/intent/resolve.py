"""Inventory → intent: link data, defaults and names of the platform become what each device shall be."""

from collections.abc import Mapping
from ipaddress import IPv4Network

from netmgr.errors import InputError
from netmgr.intent.features import Form, form_problems, form_warnings
from netmgr.intent.interfaces import interfaces_intent
from netmgr.intent.policies import policies_intent
from netmgr.intent.routing_warnings import routing_warnings
from netmgr.intent.sessions import Holders, bgp_intent, holders, redistributed
from netmgr.intent.switching_warnings import switching_warnings
from netmgr.intent.system import system_intent
from netmgr.intent.wiring import Wired, wire
from netmgr.model.checked import Checked
from netmgr.model.device import ExtraSection, Forwarding
from netmgr.model.intent import (
    DeviceIntent,
    ExtraConfig,
    ForwardingIntent,
    InterfaceIntent,
    NetworkIntent,
    OspfAreaIntent,
    OspfIntent,
    OspfNetworkIntent,
    StaticRouteIntent,
    VlanIntent,
    VrfIntent,
)
from netmgr.model.inventory import Inventory
from netmgr.model.ordering import by_value, natural
from netmgr.model.policy_intent import Family
from netmgr.model.routing import StaticRoute


def resolve(inventory: Inventory, forms: Mapping[str, Form]) -> NetworkIntent:
    """What the network shall be. ``forms`` maps platform → form.

    ``inventory`` is a checked one, as ``Inventories.load`` gives it. Raises InputError for platforms without a form and
    features that a platform does not have.
    """
    wired = wire(inventory)
    if errors := form_problems(inventory, wired, forms):
        raise InputError([str(problem) for problem in sorted(errors)])
    warnings = [*form_warnings(inventory, wired, forms)]
    warnings += routing_warnings(inventory, wired)
    warnings += switching_warnings(inventory, wired)
    held = holders(wired)
    return NetworkIntent(
        client=inventory.client.id,
        devices=tuple(_device(one, forms[one.device.platform], held) for one in wired),
        warnings=tuple(str(problem) for problem in sorted(dict.fromkeys(warnings))),
    )


def checked(inventory: Inventory, forms: Mapping[str, Form]) -> Checked:
    """The verdict on an inventory that ``Inventories.load`` gave."""
    return Checked(
        client=inventory.client.id,
        devices=len(inventory.devices),
        links=len(inventory.links),
        digest=inventory.digest,
        warnings=resolve(inventory, forms).warnings,
    )


def _device(one: Wired, form: Form, held: Holders) -> DeviceIntent:
    device, data = one.device, one.device.data
    interfaces = tuple(interfaces_intent(one, form))
    ospf, ospf3 = _processes(one, interfaces, None)
    return DeviceIntent(
        name=device.name,
        platform=device.platform,
        lifecycle=device.lifecycle,
        role=device.role,
        site=device.site,
        system=system_intent(one, form.loopback),
        forwarding=_forwarding(data.forwarding, _used(one, interfaces, None)),
        vlans=tuple(VlanIntent(id=number, name=vlan.name) for number, vlan in sorted(data.vlans.items())),
        interfaces=interfaces,
        ospf=ospf,
        ospf3=ospf3,
        bgp=bgp_intent(one.speakers[0], held),
        static_routes=_static_routes(data.static_routes, None),
        policies=policies_intent(data),
        vrfs=tuple(_vrf(one, name, interfaces, held) for name in sorted(data.vrfs, key=natural)),
        extra_config=_extra(data.extra_config),
    )


def _vrf(one: Wired, name: str, interfaces: tuple[InterfaceIntent, ...], held: Holders) -> VrfIntent:
    ospf, ospf3 = _processes(one, interfaces, name)
    data, used = one.device.data.vrfs[name], _used(one, interfaces, name)
    families = data.families or used or ("ipv4",)
    speaker = next(speaker for speaker in one.speakers if speaker.vrf == name)
    return VrfIntent(
        name=name,
        description=data.description,
        route_distinguisher=data.route_distinguisher,
        import_targets=_targets(data.import_targets),
        export_targets=_targets(data.export_targets),
        import_policy=data.import_policy,
        export_policy=data.export_policy,
        families=families,
        forwarding=_forwarding(data.forwarding, used),
        static_routes=_static_routes(one.device.data.static_routes, name),
        ospf=ospf,
        ospf3=ospf3,
        bgp=bgp_intent(speaker, held, families),
    )


def _targets(targets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(targets), key=natural))


def _used(one: Wired, interfaces: tuple[InterfaceIntent, ...], vrf: str | None) -> tuple[Family, ...]:
    """The families that a VRF (None: the default one) has: of its interfaces, static routes and BGP."""
    data = one.device.data
    speaker = next(speaker for speaker in one.speakers if speaker.vrf == vrf)
    versions = {
        address.version for i in interfaces if i.vrf == vrf for address in (*i.ipv4, *i.ipv6, *i.anycast)
    }
    versions |= {route.prefix.version for route in data.static_routes if route.vrf == vrf}
    versions |= {network.version for network in speaker.data.networks}
    versions |= {address.version for address in speaker.neighbors}
    families: tuple[tuple[int, Family], ...] = ((4, "ipv4"), (6, "ipv6"))
    return tuple(family for version, family in families if version in versions)


def _forwarding(data: Forwarding, used: tuple[Family, ...]) -> ForwardingIntent:
    return ForwardingIntent(
        ipv4=data.ipv4 is not False, ipv6="ipv6" in used if data.ipv6 is None else data.ipv6
    )


def _processes(
    one: Wired, interfaces: tuple[InterfaceIntent, ...], vrf: str | None
) -> tuple[OspfIntent | None, OspfIntent | None]:
    """OSPFv2 and OSPFv3 of one VRF (None: the default one), each where an interface in it runs it."""
    data = one.device.data.ospf
    own = data if vrf is None else one.device.data.vrfs[vrf].ospf
    router_id = None if data.automatic_router_id else one.router_id(own.router_id or data.router_id)
    if router_id is None and not data.automatic_router_id:
        return None, None
    here = [interface for interface in interfaces if interface.vrf == vrf]
    process = OspfIntent(
        process=own.process or 1,
        router_id=router_id,
        reference_bandwidth=data.reference_bandwidth,
        originate_default=data.originate_default,
        originate_always=data.originate_always,
        maximum_paths=data.maximum_paths,
        passive_default=data.passive_default,
        networks=_networks(one, here),
        areas=tuple(
            OspfAreaIntent(area=number, type=area.type, no_summary=area.no_summary)
            for number, area in sorted(data.areas.items())
            if area.type != "normal" and any((i.ospf or i.ospf3) and _area(i) == number for i in here)
        ),
        redistribute=redistributed(data.redistribute),
    )
    return (
        process if any(interface.ospf for interface in here) else None,
        process if any(interface.ospf3 for interface in here) else None,
    )


def _area(interface: InterfaceIntent) -> int | None:
    ospf = interface.ospf or interface.ospf3
    return ospf.area if ospf else None


def _networks(one: Wired, here: list[InterfaceIntent]) -> tuple[OspfNetworkIntent, ...]:
    """The networks of all areas that hold an address of the VRF, by address."""
    if not any(content.networks for content in one.device.data.ospf.areas.values()):
        return ()
    addresses = [address.ip for interface in here for address in interface.ipv4]
    found = [
        OspfNetworkIntent(prefix=network, area=area)
        for area, content in one.device.data.ospf.areas.items()
        for network in content.networks
        if isinstance(network, IPv4Network) and any(address in network for address in addresses)
    ]
    return tuple(sorted(found, key=lambda n: (by_value(n.prefix.network_address), n.prefix.prefixlen)))


def _static_routes(routes: tuple[StaticRoute, ...], vrf: str | None) -> tuple[StaticRouteIntent, ...]:
    return tuple(
        StaticRouteIntent(
            prefix=route.prefix,
            next_hop=route.next_hop,
            interface=route.interface,
            discard=route.discard,
            preference=route.preference,
            name=route.name,
            tag=route.tag,
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


def _extra(sections: tuple[ExtraSection, ...]) -> tuple[ExtraConfig, ...]:
    """Verbatim lines, those of one section together where it is first named, unless lines of a section in it or around
    it stand between: the platform may keep their order. Lines of no section stay where they are among sections, too.
    """
    found: list[tuple[tuple[str, ...], list[str]]] = []
    last: dict[tuple[str, ...], tuple[tuple[str, ...], list[str]]] = {}
    for each in sections:
        outermost = each.section[:1]
        before = last.get(outermost) if outermost or not (found and found[-1][0]) else None
        if before and before[0] == each.section:
            before[1].extend(each.lines)
        else:
            last[outermost] = (each.section, list(each.lines))
            found.append(last[outermost])
    return tuple(ExtraConfig(section=section, lines=tuple(content)) for section, content in found)
