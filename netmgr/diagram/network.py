"""What a picture shows: devices, the places where they stand, and the links between them, as words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from netmgr.model.inventory import Device, Inventory, Link
from netmgr.model.names import Lifecycle

Kind = Literal["ospf", "bgp", "both", "none"]
"""What runs over a link."""


@dataclass(frozen=True, slots=True)
class Node:
    """One device: its name, the smaller lines below it, and everything that is known (``details``)."""

    name: str
    lines: tuple[str, ...]
    role: str | None
    lifecycle: Lifecycle
    place: str | None
    details: str


@dataclass(frozen=True, slots=True)
class Cable:
    """One link: the devices and interfaces at its ends, and the lines of its label."""

    ends: tuple[str, str]
    ports: tuple[str, str]
    label: tuple[str, ...]
    kind: Kind
    details: str


@dataclass(frozen=True, slots=True)
class Place:
    """A site. ``position`` is (longitude, latitude) in decimal degrees where both are known."""

    id: str
    title: str
    position: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Network:
    """Everything in the picture, in the inventory's order. ``places`` are those where one of the nodes stands."""

    title: str
    summary: str
    nodes: tuple[Node, ...]
    cables: tuple[Cable, ...]
    places: tuple[Place, ...]


def network(inventory: Inventory, devices: Collection[str]) -> Network:
    """The part of the inventory that ``devices`` names, with the links between them."""
    chosen = [device for device in inventory.devices if device.name in devices]
    links = [link for link in inventory.links if all(end.device in devices for end in link.endpoints)]
    used = {device.site for device in chosen}
    places = tuple(
        Place(
            id=name,
            title=site.name or name,
            position=(float(site.longitude), float(site.latitude))
            if site.longitude is not None and site.latitude is not None
            else None,
        )
        for name, site in inventory.client.sites.items()
        if name in used
    )
    areas = len({link.ospf.area for link in links if link.ospf}) > 1
    client = inventory.client
    counts = ((len(chosen), "device"), (len(links), "link"), (len(places), "site"))
    return Network(
        title=client.names.get(client.locale) or client.id,
        summary=", ".join(f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts),
        nodes=tuple(_node(device) for device in chosen),
        cables=tuple(_cable(link, areas=areas) for link in links),
        places=places,
    )


def _node(device: Device) -> Node:
    asn, loopback = device.data.bgp.asn, [str(address) for address in device.data.loopback]
    numbered = (f"AS {asn}",) if asn is not None else ()
    facts = [
        device.name,
        device.platform,
        device.role or "",
        *numbered,
        *loopback,
        "" if device.lifecycle == "active" else device.lifecycle,
    ]
    return Node(
        name=device.name,
        lines=(*numbered, *loopback[:1]),
        role=device.role,
        lifecycle=device.lifecycle,
        place=device.site,
        details=", ".join(fact for fact in facts if fact),
    )


def _cable(link: Link, *, areas: bool) -> Cable:
    a, b = link.endpoints
    label = tuple(str(subnet) for subnet in link.subnet)
    if link.ospf and areas:
        label += (f"area {link.ospf.area}",)
    kind: Kind = "both" if link.ospf and link.bgp else "ospf" if link.ospf else "bgp" if link.bgp else "none"
    facts = [f"{a} to {b}", *label, link.description or ""]
    return Cable(
        ends=(a.device, b.device),
        ports=(a.interface, b.interface),
        label=label,
        kind=kind,
        details=", ".join(fact for fact in facts if fact),
    )
