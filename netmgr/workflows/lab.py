"""What the lab boots: the client's devices with their cables, and what each of them has from the start."""

from collections.abc import Mapping
from typing import Literal

from netmgr.errors import LabError
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.intent import DeviceIntent
from netmgr.model.inventory import Link
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode, LabRoute
from netmgr.platforms.form import PlatformForm
from netmgr.ports.inventory import Inventories
from netmgr.ports.templates import Templates
from netmgr.workflows.running import NetworkNow, every_device, intended, network_now, ours
from netmgr.workflows.runtime import Runtime

#: The lab's own management interface, addressed from outside the routing daemons.
MANAGEMENT = "eth0"
#: What the lab boots as itself. Of the others it emulates those that it can.
_REAL = ("frr", "linux")


def lab_network(
    inventories: Inventories,
    templates: Templates,
    forms: Mapping[str, PlatformForm],
    client: str,
    *,
    overlay: Mapping[str, object] | None,
    lldp: bool = False,
    startups: Mapping[str, str] | None = None,
) -> LabNetwork:
    """The client's inventory as a lab.

    Routers start with what ``startups`` says, and empty without it, ``external`` ones with what the links say of them.
    Hosts start with their addresses and static
    routes: they are never rendered, so nobody else would set them. ``lldp`` has lldpd run on all of them. Raises
    InputError, RenderError, and LabError for a platform that the lab cannot boot.
    """
    inventory = inventories.load(client, overlay=overlay)
    intent = resolve(inventory, forms)
    for device in inventory.devices:
        if device.data.vrfs and device.platform in _REAL:
            raise LabError(
                f"{device.name}: the lab makes no VRFs, which many kernels lack; boot the network without them"
            )
    given = startups or {}
    rendered = {d.name for d in intent.devices if d.lifecycle == "external" and forms[d.platform].driver}
    platforms = frozenset(d.platform for d in intent.devices if d.name in rendered)
    renderer = Renderer(templates.sources(client, platforms))
    mtu = {
        (end.device, end.interface): link.mtu
        for link in inventory.links
        for end in link.endpoints
        if link.mtu
    }
    nodes = tuple(
        _host(device, mtu)
        if device.platform == "linux"
        else LabNode(
            device=device.name,
            platform=device.platform,
            interfaces=_interfaces(device, mtu, forms[device.platform].loopback),
            startup=given[device.name]
            if device.name in given
            else renderer.render(device)
            if device.name in rendered
            else "",
        )
        for device in intent.devices
    )
    nodes = tuple(node.model_copy(update={"lldp": lldp}) for node in nodes)
    return LabNetwork(client=client, nodes=nodes, links=tuple(_cable(link) for link in inventory.links))


def network_from(
    runtime: Runtime, source: Literal["running", "intended"], *, lldp: bool = False
) -> tuple[LabNetwork, NetworkNow]:
    """The client's inventory as a lab that boots with what the runtime's target runs now, or with what is intended.

    Raises what ``lab_network`` does, and where a device cannot be read takes what it may have instead: the second
    answer says so.
    """
    runtime.require("read")
    drawn = every_device(runtime)
    if source == "running":
        with runtime.fleet.session(runtime.endpoints(ours(drawn))) as session:
            now = network_now(runtime, session, drawn)
    else:
        now = intended(runtime, drawn)
    return twin_network(runtime, now, lldp=lldp), now


def twin_network(runtime: Runtime, now: NetworkNow, *, lldp: bool) -> LabNetwork:
    """The lab in which every device boots with its configuration of ``now``. Raises what ``lab_network`` does."""
    return lab_network(
        runtime.inventories,
        runtime.templates,
        runtime.forms,
        runtime.client,
        overlay=runtime.overlay,
        lldp=lldp,
        startups=now.startups(runtime),
    )


def _interfaces(
    device: DeviceIntent, mtu: Mapping[tuple[str, str], int], loopback: str | None
) -> tuple[LabInterface, ...]:
    return tuple(
        LabInterface(name=interface.name, mtu=interface.mtu or mtu.get((device.name, interface.name)))
        for interface in device.interfaces
        if interface.name not in (loopback, MANAGEMENT)
    )


def _host(device: DeviceIntent, mtu: Mapping[tuple[str, str], int]) -> LabNode:
    own = {interface.name: interface for interface in device.interfaces}
    return LabNode(
        device=device.name,
        platform=device.platform,
        interfaces=tuple(
            interface.model_copy(
                update={
                    "addresses": (*own[interface.name].ipv4, *own[interface.name].ipv6),
                    "enabled": own[interface.name].enabled,
                }
            )
            for interface in _interfaces(device, mtu, None)
        ),
        routes=tuple(
            LabRoute(
                prefix=route.prefix,
                next_hop=route.next_hop,
                interface=route.interface,
                metric=route.preference,
            )
            for route in device.static_routes
        ),
        daemons=(),
    )


def _cable(link: Link) -> LabLink:
    a, b = link.endpoints
    return LabLink(a=(a.device, a.interface), b=(b.device, b.interface))
