"""Who is looked after, and what the inventory gained and lost."""

from netmgr.document.block import Column, Section, Table
from netmgr.document.locale import Words
from netmgr.report.material import Material


def devices(material: Material, _words: Words) -> Section:
    """Who is looked after, how each device stood at the end, and what the inventory gained and lost."""
    history = material.history
    table = Table(
        "devices",
        "Devices looked after, as they stood at the end",
        (
            Column("device", "Device", "word", wide=True),
            Column("state", "State", "outcome"),
            Column("audited", "Last audit", "time", absent="never"),
            Column("status", "Found", "outcome"),
        ),
        tuple((d.device, d.state, d.audited, d.status) for d in history.devices),
        "The log names no device: nothing was planned, deployed or audited yet.",
    )
    edits = Table(
        "inventory",
        "Changes to the inventory",
        (
            Column("time", "Recorded", "time"),
            Column("actor", "By", "word"),
            Column("added", "Added", "names"),
            Column("removed", "Removed", "names"),
            Column("changed", "Edited", "names", wide=True),
        ),
        tuple((e.time, e.actor, e.added, e.removed, e.changed) for e in history.inventory),
        "The inventory was not changed.",
    )
    return Section("devices", "Devices", (table, edits))
