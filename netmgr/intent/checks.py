"""What must hold between the parts of an inventory: references, addresses, routing. Every problem, not the first."""

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from netmgr.intent.device_checks import device_problems
from netmgr.intent.link_checks import link_problems, membership_problems, subnet_problems
from netmgr.intent.wiring import Wired
from netmgr.model.addresses import Address
from netmgr.model.inventory import Inventory
from netmgr.model.ordering import natural
from netmgr.model.origins import Origin, Problem


def inventory_problems(
    inventory: Inventory, wired: tuple[Wired, ...], *, broken: Collection[str] = (), sites_known: bool = True
) -> Iterator[Problem]:
    """Problems of an inventory whose parts are right by themselves. ``wired`` are its devices.

    ``broken`` names devices that exist but could not be read: what depends on them is not judged. ``sites_known`` is
    False where client.yaml could not be read.
    """
    known = dict.fromkeys(sorted((*(device.name for device in inventory.devices), *broken), key=natural))
    yield from link_problems(inventory, known)
    yield from subnet_problems(inventory)
    yield from membership_problems(inventory, known)
    yield from _backup_sets(inventory, known)
    yield from _twin_addresses(inventory, wired)
    yield from _twins(inventory, wired)
    for one in wired:
        yield from device_problems(inventory, one, sites_known=sites_known)


def _backup_sets(inventory: Inventory, known: Collection[str]) -> Iterator[Problem]:
    """A set of nobody would promise something and keep nothing."""
    for name, each in inventory.client.backup_sets.items():
        path = ("client", "backup_sets", name)
        for index, pattern in enumerate(each.devices):
            if not any(fnmatchcase(device, pattern) for device in known):
                origin = inventory.origins.at(*path, "devices", index)
                yield Problem(origin, f"backup set {name}: no device matches {pattern!r}; correct it")
        if each.site is not None and each.site not in inventory.client.sites:
            yield Problem(
                inventory.origins.at(*path, "site"),
                f"backup set {name}: site {each.site} is not in client.yaml; add it there, or correct it",
            )


def _twin_addresses(inventory: Inventory, wired: tuple[Wired, ...]) -> Iterator[Problem]:
    """No address stands on two interfaces, unless these are in different VRFs."""
    holders: dict[tuple[Address, str | None], tuple[str, str, Origin]] = {}
    for one in wired:
        for where, address, origin in _addresses(inventory, one):
            vrf = one.settings(where).vrf
            first = holders.setdefault((address, vrf), (one.device.name, where, origin))
            if first[:2] != (one.device.name, where):
                yield Problem(
                    origin,
                    f"{one.device.name} {where}: address {address} is also on {first[0]} {first[1]} ({first[2]}); "
                    "give each its own",
                )


def _addresses(inventory: Inventory, one: Wired) -> Iterator[tuple[str, Address, Origin]]:
    """(interface or ``loopback``, address, origin) for everything that the device shall answer to."""
    at, name = inventory.origins.at, one.device.name
    for index, loopback in enumerate(one.device.data.loopback):
        yield "loopback", loopback, at("devices", name, "data", "loopback", index)
    for interface in one.interfaces:
        settings, path = one.settings(interface), ("devices", name, "data", "interfaces", interface)
        for index, ipv4 in enumerate(settings.ipv4):
            yield interface, ipv4.ip, at(*path, "ipv4", index)
        for index, ipv6 in enumerate(settings.ipv6):
            yield interface, ipv6.ip, at(*path, "ipv6", index)
        attachment = one.attachments.get(interface)
        if attachment:
            for address, _ in attachment.addresses:
                if address not in settings.ipv4 and address not in settings.ipv6:
                    yield interface, address.ip, at("links", attachment.index, "subnet")


def _twins(inventory: Inventory, wired: tuple[Wired, ...]) -> Iterator[Problem]:
    """No two devices share a uid or an OSPF router id."""
    at = inventory.origins.at
    uids: dict[str, str] = {}
    routers: dict[object, tuple[str, bool]] = {}
    for one in wired:
        name = one.device.name
        first = uids.setdefault(one.device.uid, name)
        if first != name:
            yield Problem(
                at("devices", name, "data", "uid"),
                f"{name}: uid {one.device.uid} is also {first}'s; make it unique",
            )
        configured = one.device.data.ospf.router_id
        router_id = one.router_id(configured)
        if not one.ospf or not router_id:
            continue
        first, first_configured = routers.setdefault(router_id, (name, configured is not None))
        # Where neither is configured the two share a loopback, which is reported as such.
        if first != name and (configured or first_configured):
            at_fault, other = (name, first) if configured else (first, name)
            yield Problem(
                at("devices", at_fault, "data", "ospf", "router_id"),
                f"{at_fault}: OSPF router id {router_id} is also {other}'s; make it unique",
            )
