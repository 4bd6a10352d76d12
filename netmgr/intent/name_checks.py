"""Interfaces by what their names say of them: SVIs have a VLAN, members an aggregate, subinterfaces a tag."""

from collections.abc import Iterator

from netmgr.intent.wiring import Wired
from netmgr.model.fields import shown
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.platforms.form import InterfaceNames, NamedInterface

#: Kinds that can switch.
_SWITCHES = ("ethernet", "lag")


def name_problems(
    inventory: Inventory,
    one: Wired,
    known: tuple[InterfaceNames, ...],
    named: dict[str, NamedInterface | None],
) -> Iterator[Problem]:
    """Problems of one device's interfaces. ``known`` are the platform's names, ``named`` what they say of each
    interface; a platform without names has no opinion.
    """
    device, data = one.device.name, one.device.data
    if not known:
        return

    def problem(message: str, interface: str, *key: str) -> Problem:
        end = one.attachments.get(interface)
        path = ("devices", device, "data", "interfaces", interface, *key)
        origin = (
            inventory.origins.at("links", end.index) if end and interface not in data.interfaces else None
        )
        return Problem(origin or inventory.origins.at(*path), f"{device}: {message}")

    tags: dict[tuple[str, int], str] = {}
    for name, what in named.items():
        own = one.settings(name)
        if what is None:
            examples = ", ".join(names.example for names in known)
            yield problem(
                f"{shown(name)} is no interface of platform {one.device.platform}; write it like {examples}",
                name,
            )
            continue
        if what.kind == "svi" and what.vlan is not None and what.vlan not in (*data.vlans, 1):
            yield problem(
                f"{name} is the interface of VLAN {what.vlan}, which is not declared; write it under vlans",
                name,
            )
        if own.mode in ("access", "trunk") and what.kind not in _SWITCHES:
            yield problem(f"{name}: mode: {own.mode} is for ports and aggregates; remove it", name, "mode")
        if own.vlan_id is not None and what.kind != "subinterface":
            yield problem(f"{name}: vlan_id is for subinterfaces; remove it", name, "vlan_id")
        if what.kind == "subinterface" and what.parent is not None:
            if own.vlan_id is None:
                yield problem(f"{name}: a subinterface needs its tag; write vlan_id", name)
                continue
            first = tags.setdefault((what.parent, own.vlan_id), name)
            if first != name:
                yield problem(
                    f"{name}: vlan_id {own.vlan_id} is also {first}'s; give each its own", name, "vlan_id"
                )
        if own.lag is not None:
            aggregate = named.get(own.lag)
            if aggregate is not None and aggregate.kind != "lag":
                example = next((names.example for names in known if names.kind == "lag"), None)
                advice = f"; write it like {example}" if example else ""
                yield problem(f"{name}: {own.lag} is no aggregate{advice}", name, "lag")
            if what.kind != "ethernet":
                yield problem(f"{name}: only ports are members of an aggregate; remove lag", name, "lag")
