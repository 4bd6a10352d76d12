"""A client's files → its Inventory, or every problem in them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from netmgr.adapters.inventory_layers import canonical, read_devices
from netmgr.adapters.inventory_topology import read_topology
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.intent.checks import inventory_problems
from netmgr.intent.features import Form, form_problems
from netmgr.intent.wiring import wire
from netmgr.model.client import Client
from netmgr.model.digest import sha256_hex
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.inventory import Inventory
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import LocatedDict, Origin, Origins, Problem
from netmgr.model.suggest import did_you_mean

#: File → whether a client must have it. Agreement and assets are read elsewhere.
FILES = {
    "client.yaml": True,
    "hosts.yaml": True,
    "groups.yaml": False,
    "defaults.yaml": False,
    "topology.yaml": False,
}


def check_client_id(client: str, *, known: tuple[str, ...] | None = None) -> None:
    """Raises InputError where ``client`` is no client's id, or none of the ``known`` ones."""
    where = f"inventory/{shown(client)[1:-1]}:1"
    if len(client) > 63 or not re.fullmatch(ID_PATTERN, client):
        raise InputError([f"{where}: {shown(client)} is not a client's id; {ID_FORM}"])
    if known is not None and client not in known:
        raise InputError([f"{where}: no such client; {did_you_mean(client, known)}"])


def assemble(
    client: str,
    files: Mapping[str, bytes | Problem],
    *,
    forms: Mapping[str, Form],
    overlay: Mapping[str, object] | None = None,
) -> Inventory:
    """The inventory that a client's files hold: file name → content, or why it cannot be had.

    ``overlay`` is device data that is merged last on every device. Raises InputError with every problem, sorted by file
    and line, each once.
    """
    problems: list[Problem] = []
    raw = {
        name: _read(f"inventory/{client}/{name}", files.get(name), needed, problems)
        for name, needed in FILES.items()
    }
    problems += [content for content in files.values() if isinstance(content, Problem)]
    known = _client(client, raw["client.yaml"], problems)
    read = read_devices(
        raw["hosts.yaml"], raw["groups.yaml"], raw["defaults.yaml"], _layer(overlay), problems
    )
    topology = read_topology(raw["topology.yaml"], problems)
    devices = LocatedDict(Origin(f"inventory/{client}/hosts.yaml", 1))
    for name, data in read.raw.items():
        devices.put(name, data, data.origin)
    parts: dict[str, object] = {**topology.written, "client": raw["client.yaml"], "devices": devices}
    inventory = Inventory(
        client=known or Client(id=client),
        devices=read.devices,
        links=topology.links,
        redundancy=topology.redundancy,
        entry=topology.entry,
        digest="",
        origins=Origins(parts, devices.origin),
    )
    if raw["hosts.yaml"] is not None:
        wired = wire(inventory)
        problems += inventory_problems(inventory, wired, broken=read.broken, sites_known=known is not None)
        problems += form_problems(inventory, wired, forms)
    if problems:
        raise InputError([str(problem) for problem in sorted(set(problems))])
    digests = {device.name: device.digest for device in read.devices}
    return replace(inventory, digest=sha256_hex(canonical({**parts, "devices": digests})))


def _read(
    path: str, content: bytes | Problem | None, needed: bool, problems: list[Problem]
) -> LocatedDict | None:
    """A file's mapping: an empty one where the file may be absent and is, None where it cannot be read."""
    if isinstance(content, bytes):
        return parse(content, path, problems)
    if content is None and not needed:
        return LocatedDict(Origin(path, 1))
    if content is None:
        problems.append(Problem(Origin(path, 1), "the file is missing; write it"))
    return None


def _client(name: str, written: LocatedDict | None, problems: list[Problem]) -> Client | None:
    client = validated(Client, written, problems, written.origin) if written is not None else None
    if written is not None and client is not None and client.id != name:
        message = f"id {client.id!r} is not the directory's name; write id: {name}, or rename the directory"
        problems.append(Problem(written.at["id"], message))
    return client


def _layer(overlay: Mapping[str, object] | None) -> LocatedDict | None:
    """Device data from the settings, as a layer."""
    if overlay is None:
        return None
    data = overlay if isinstance(overlay, LocatedDict) else _located(overlay, Origin("config/netmgr.yaml", 1))
    layer = LocatedDict(data.origin)
    layer.put("data", data, data.origin)
    return layer


def _located(data: Mapping[str, object], origin: Origin) -> LocatedDict:
    """Data that was read without positions, all of it at ``origin``."""
    mapping = LocatedDict(origin)
    for key, value in data.items():
        mapping.put(key, _located(value, origin) if isinstance(value, Mapping) else value, origin)
    return mapping
