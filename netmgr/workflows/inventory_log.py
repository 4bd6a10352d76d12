"""``inventory`` entries: what is looked after, from when; billing counts from them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from netmgr.errors import InputError, Refused, StoreError
from netmgr.model.asset import Asset
from netmgr.model.canonical import canonical
from netmgr.model.device import Service
from netmgr.model.digest import sha256_hex
from netmgr.model.inventory import Device, Inventory
from netmgr.workflows.runtime import Runtime


def note_inventory(runtime: Runtime, inventory: Inventory) -> None:
    """Append an entry when the inventory or assets.yaml is another: what was added, removed, changed.

    Raises Refused(log) where the log cannot be written.
    """
    now = {device.uid or device.name: device.digest for device in inventory.devices}
    try:
        entries = runtime.log.entries(runtime.client, kind="inventory", newest_first=True)
        last = next((entry.facts for entry in entries if entry.target == runtime.target), None)
        others = _assets(runtime, last)
        if last is not None and last["digest"] == inventory.digest and not others.changed:
            return
        before: dict[str, Any] = dict(last["devices"]) if last else {}
        # What fees ask of a device is told when it is new or another: entries of thousands of devices stay small.
        told = before if last and "described" in last else {}
        facts = {
            "digest": inventory.digest,
            "devices": now,
            **_compared(before, now),
            "described": {
                device.uid: _described(device)
                for device in inventory.devices
                if told.get(device.uid) != device.digest
            },
            **others.facts,
        }
        draft = runtime.draft(kind="inventory", action="record", phase="result", facts=facts)
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused(
            "log", str(error), "the service log must be writable before anything is planned"
        ) from error


class _Others(NamedTuple):
    """What the entry says of assets, and whether that is another than before."""

    facts: Mapping[str, Any]
    changed: bool


def _assets(runtime: Runtime, last: Mapping[str, Any] | None) -> _Others:
    """Where assets.yaml has mistakes everything stays as it was: they keep nobody from changing devices."""
    said: Mapping[str, Any] | None = last.get("assets") if last else None
    before: Mapping[str, str] = said["all"] if said else {}
    if runtime.target != "network":
        return _Others({}, changed=False)
    try:
        found = runtime.open_office().agreements.assets(runtime.client).assets
    except InputError as error:
        runtime.progress(f"{error.problems[0]}; until that is mended, assets count as they did")
        kept = {"all": before, **_compared(before, before), "described": {}}
        return _Others({"assets": kept} if said else {}, changed=False)
    now = {asset.uid or name: _digest(name, asset) for name, asset in found.items()}
    facts = {
        "all": now,
        **_compared(before, now),
        "described": {
            uid: _asset(name, asset)
            for name, asset in found.items()
            if before.get(uid := asset.uid or name) != now[uid]
        },
    }
    return _Others({"assets": facts} if now or said else {}, changed=before != now)


def _compared(before: Mapping[str, str], now: Mapping[str, str]) -> Mapping[str, list[str]]:
    return {
        "added": sorted(now.keys() - before.keys()),
        "removed": sorted(before.keys() - now.keys()),
        "changed": sorted(uid for uid in now.keys() & before.keys() if now[uid] != before[uid]),
    }


def _digest(name: str, asset: Asset) -> str:
    return sha256_hex(canonical([name, asset.model_dump(mode="json", by_alias=True)]))


def _described(device: Device) -> Mapping[str, Any]:
    service = device.data.service or Service()
    return _said(
        service,
        name=device.name,
        role=device.role,
        site=device.site,
        lifecycle=device.lifecycle,
    )


def _asset(name: str, asset: Asset) -> Mapping[str, Any]:
    return _said(
        asset.service,
        name=name,
        kind=asset.kind,
        site=asset.site,
        in_scope=None if asset.in_scope else False,
    )


def _said(service: Service, **what: str | bool | None) -> Mapping[str, Any]:
    said = {
        **what,
        "from": service.from_.isoformat() if service.from_ else None,
        "to": service.to.isoformat() if service.to else None,
    }
    return {key: value for key, value in said.items() if value is not None}
