"""Pictures of a client's network. Contacts no device."""

from collections.abc import Collection, Mapping

from netmgr.diagram.mermaid import mermaid
from netmgr.diagram.network import network
from netmgr.diagram.svg import svg
from netmgr.errors import UsageError
from netmgr.model.selection import Selection
from netmgr.ports.inventory import Inventories

#: Format → (the file's extension, what draws it).
FORMATS = {"svg": ("svg", svg), "mermaid": ("mmd", mermaid)}


def graph(
    inventories: Inventories,
    client: str,
    selection: Selection,
    formats: Collection[str],
    *,
    overlay: Mapping[str, object] | None,
) -> dict[str, str]:
    """File name → text: the selected devices and the links between them, in each of ``formats``.

    Raises InputError, and UsageError for a name that fits no device.
    """
    inventory = inventories.load(client, overlay=overlay)
    unmatched = selection.unmatched(inventory.devices)
    if unmatched:
        raise UsageError(f"no device of {client} matches {', '.join(unmatched)}")
    chosen = network(inventory, {d.name for d in inventory.devices if selection.selects(d)})
    return {f"{client}.{FORMATS[name][0]}": FORMATS[name][1](chosen) for name in formats}
