"""``inventory`` entries: what is looked after, from when; billing counts from them."""

from collections.abc import Mapping
from typing import Any

from netmgr.errors import Refused, StoreError
from netmgr.model.device import Service
from netmgr.model.inventory import Device, Inventory
from netmgr.workflows.runtime import Runtime


def note_inventory(runtime: Runtime, inventory: Inventory) -> None:
    """Append an entry when the inventory's digest is new: which devices were added, removed, changed.

    Raises Refused(log) where the log cannot be written.
    """
    now = {device.uid or device.name: device.digest for device in inventory.devices}
    try:
        entries = runtime.log.entries(runtime.client, kind="inventory", newest_first=True)
        last = next((entry.facts for entry in entries if entry.target == runtime.target), None)
        if last is not None and last["digest"] == inventory.digest:
            return
        before: dict[str, Any] = dict(last["devices"]) if last else {}
        facts = {
            "digest": inventory.digest,
            "devices": now,
            "added": sorted(now.keys() - before.keys()),
            "removed": sorted(before.keys() - now.keys()),
            "changed": sorted(uid for uid in now.keys() & before.keys() if now[uid] != before[uid]),
        }
        # What fees ask of a device is told when it is new or another: entries of thousands of devices stay small.
        told = before if last and "described" in last else {}
        facts["described"] = {
            device.uid: _described(device)
            for device in inventory.devices
            if told.get(device.uid) != device.digest
        }
        draft = runtime.draft(kind="inventory", action="record", phase="result", facts=facts)
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused(
            "log", str(error), "the service log must be writable before anything is planned"
        ) from error


def _described(device: Device) -> Mapping[str, str]:
    service = device.data.service or Service()
    said = {
        "name": device.name,
        "role": device.role,
        "site": device.site,
        "lifecycle": device.lifecycle,
        "from": service.from_.isoformat() if service.from_ else None,
        "to": service.to.isoformat() if service.to else None,
    }
    return {key: value for key, value in said.items() if value is not None}
