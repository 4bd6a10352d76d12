"""A host's own network settings. A router's are its configuration, and none of the lab's business."""

from collections.abc import Iterator

from netmgr.model.lab import LabNode, LabRoute


def host_addressing(node: LabNode) -> Iterator[str]:
    """The ``ip -batch`` commands that give a host the addresses and routes of the inventory."""
    for interface in node.interfaces:
        for address in interface.addresses:
            # Without duplicate address detection, during which an IPv6 address cannot be used (RFC 4862, 5.4).
            yield f"address add {address} dev {interface.name}{' nodad' if address.version == 6 else ''}"
    for route in node.routes:
        metric = f" metric {route.metric}" if route.metric is not None else ""
        yield f"route add {_towards(route)}{metric}"
    for interface in node.interfaces:
        if not interface.enabled:
            yield f"link set {interface.name} down"


def _towards(route: LabRoute) -> str:
    via = f" via {route.next_hop}" if route.next_hop is not None else ""
    out = f" dev {route.interface}" if route.interface is not None else ""
    return f"{route.prefix}{via}{out}" if via or out else f"blackhole {route.prefix}"
