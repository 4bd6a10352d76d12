"""``inventory`` entries: what is looked after, from when; billing counts from them."""

from typing import Any

from netmgr.errors import Refused, StoreError
from netmgr.model.inventory import Inventory
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
        draft = runtime.draft(kind="inventory", action="record", phase="result", facts=facts)
        runtime.log.append(runtime.client, [draft])
    except StoreError as error:
        raise Refused(
            "log", str(error), "the service log must be writable before anything is planned"
        ) from error
