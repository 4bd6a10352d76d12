"""What the lab boots: the client's devices with their cables, and a configuration for the ``external`` ones."""

from collections.abc import Mapping

from netmgr.errors import LabError
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from netmgr.platforms.form import PlatformForm
from netmgr.ports.inventory import Inventories
from netmgr.ports.templates import Templates


def lab_network(
    inventories: Inventories,
    templates: Templates,
    forms: Mapping[str, PlatformForm],
    client: str,
    *,
    overlay: Mapping[str, object] | None,
) -> LabNetwork:
    """The client's inventory as a lab. Devices start empty; ``external`` ones with what the links say of them.

    Raises InputError, RenderError, and LabError for a platform that the lab cannot boot.
    """
    inventory = inventories.load(client, overlay=overlay)
    intent = resolve(inventory, forms)
    unknown = [device for device in inventory.devices if device.platform != "frr"]
    if unknown:
        raise LabError(
            f"{unknown[0].name}: the lab boots frr devices, not {unknown[0].platform}; give it another platform"
        )
    external = frozenset(device.name for device in intent.devices if device.lifecycle == "external")
    renderer = Renderer(
        templates.sources(frozenset(d.platform for d in intent.devices if d.name in external))
    )
    mtu = {
        (end.device, end.interface): link.mtu
        for link in inventory.links
        for end in link.endpoints
        if link.mtu
    }
    nodes = tuple(
        LabNode(
            device=device.name,
            platform=device.platform,
            interfaces=tuple(
                LabInterface(name=interface.name, mtu=interface.mtu or mtu.get((device.name, interface.name)))
                for interface in device.interfaces
                if interface.name not in (forms[device.platform].loopback, MANAGEMENT)
            ),
            startup=renderer.render(device) if device.name in external else "",
        )
        for device in intent.devices
    )
    links = tuple(
        LabLink(a=(a.device, a.interface), b=(b.device, b.interface))
        for a, b in (link.endpoints for link in inventory.links)
    )
    return LabNetwork(client=client, nodes=nodes, links=links)


#: The lab's own management interface, addressed from outside the routing daemons.
MANAGEMENT = "eth0"
