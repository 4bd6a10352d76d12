"""Rendering without devices: what the inventory intends, with secrets as references."""

from collections.abc import Mapping

from netmgr.errors import UsageError
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.selection import Selection
from netmgr.platforms.form import PlatformForm
from netmgr.ports.inventory import Inventories
from netmgr.ports.templates import Templates


def rendered(
    inventories: Inventories,
    templates: Templates,
    forms: Mapping[str, PlatformForm],
    client: str,
    selection: Selection,
    *,
    overlay: Mapping[str, object] | None,
) -> Mapping[str, str]:
    """Device → configuration of the selected devices that are rendered. Raises InputError, RenderError, UsageError."""
    inventory = inventories.load(client, overlay=overlay)
    intent = resolve(inventory, forms)
    unmatched = selection.unmatched(inventory.devices)
    if unmatched:
        raise UsageError(f"no device of {client} matches {', '.join(unmatched)}")
    wanted = {
        device.name
        for device in inventory.devices
        if selection.selects(device) and device.lifecycle != "external" and forms[device.platform].driver
    }
    platforms = frozenset(d.platform for d in intent.devices if d.name in wanted)
    renderer = Renderer(templates.sources(client, platforms))
    return {device.name: renderer.render(device) for device in intent.devices if device.name in wanted}
