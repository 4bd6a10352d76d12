"""A device for other programs: its merged data and its links as plain values."""

from collections.abc import Iterator

from netmgr.intent.wiring import Wired
from netmgr.model.inventory import Inventory


def merged_data(inventory: Inventory, device: str) -> dict[str, object]:
    """The device's ``data`` after merging, as it was written."""
    data = plain(inventory.origins.tree("devices", device, "data"))
    return data if isinstance(data, dict) else {}


def links(one: Wired) -> list[dict[str, object]]:
    """The device's link ends, in the order of its interfaces' names."""
    return list(_links(one))


def _links(one: Wired) -> Iterator[dict[str, object]]:
    for name in one.interfaces:
        end = one.attachments.get(name)
        if end:
            yield {
                "interface": name,
                "peer": end.peer.device,
                "peer_interface": end.peer.interface,
                "peer_asn": end.peer_asn,
                "addresses": [str(own) for own, _ in end.addresses],
                "peer_addresses": [str(peer) for _, peer in end.addresses],
                "mtu": end.link.mtu,
                "description": end.link.description,
            }


def plain(value: object) -> object:
    """The same value without origins: dictionaries with text as keys, lists, text, numbers, truth values, None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
