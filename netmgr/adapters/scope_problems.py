"""What is wrong with the clients, devices, roles, sites and platforms that something in config/ names."""

from collections.abc import Collection, Iterator, Mapping

from netmgr.model.inventory import Inventory
from netmgr.model.origins import LocatedDict, Problem, locate
from netmgr.model.scope import EVERY, Scope, fits
from netmgr.model.suggest import did_you_mean


def unknown_clients(
    name: str, scope: Scope, written: LocatedDict, known: Collection[str]
) -> Iterator[Problem]:
    """Clients that there are not."""
    for index, client in enumerate(scope.clients):
        if client != EVERY and client not in known:
            origin = locate(written, ("clients", index), written.origin)
            yield Problem(origin, f"{name}: no client {client}; {did_you_mean(client, known)}")


def unknown_platforms(
    name: str, platforms: Collection[str], written: LocatedDict, known: Collection[str]
) -> Iterator[Problem]:
    """Platforms that there are not."""
    for index, platform in enumerate(platforms):
        if platform not in known:
            origin = locate(written, ("platforms", index), written.origin)
            yield Problem(origin, f"{name}: no platform {platform}; {did_you_mean(platform, known)}")


def strangers(
    name: str, scope: Scope, written: LocatedDict | None, inventory: Inventory
) -> Iterator[Problem]:
    """Devices, roles and sites that the client does not have, where the scope names the client."""
    client = inventory.client.id
    if client not in scope.clients or written is None:
        return
    devices = inventory.devices
    names = [device.name for device in devices]
    known: Mapping[str, Collection[str]] = {
        "roles": {device.role for device in devices if device.role},
        "sites": {device.site for device in devices if device.site},
    }
    for key in ("devices", "loopbacks"):
        for index, glob in enumerate(getattr(scope, key, ())):
            if not any(fits(device, (glob,)) for device in names):
                origin = locate(written, (key, index), written.origin)
                yield Problem(
                    origin, f"{name}: no device of {client} matches {glob}; {did_you_mean(glob, names)}"
                )
    for key, words in known.items():
        for index, word in enumerate(getattr(scope, key)):
            if word not in words:
                origin = locate(written, (key, index), written.origin)
                yield Problem(
                    origin, f"{name}: {client} has no {key[:-1]} {word}; {did_you_mean(word, sorted(words))}"
                )
