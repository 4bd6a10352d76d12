"""Who is looked after, and what the inventory gained and lost."""

from netmgr.document.block import Column, Section, Table
from netmgr.document.locale import Words
from netmgr.report.material import Material


def devices(material: Material, words: Words) -> Section:
    """Who is looked after, how each device stood at the end, and what the inventory gained and lost."""
    history = material.history
    table = Table(
        "devices",
        words.text("Devices looked after, as they stood at the end"),
        (
            Column("device", words.text("Device"), "word", wide=True),
            Column("state", words.text("State"), "outcome"),
            Column("audited", words.text("Last audit"), "time", absent=words.text("never")),
            Column("status", words.text("Found"), "outcome"),
        ),
        tuple((d.device, d.state, d.audited, d.status) for d in history.devices),
        words.text("The log names no device: nothing was planned, deployed or audited yet."),
    )
    edits = Table(
        "inventory",
        words.text("Changes to the inventory"),
        (
            Column("time", words.text("Recorded"), "time"),
            Column("actor", words.text("By"), "word"),
            Column("added", words.text("Added"), "names"),
            Column("removed", words.text("Removed"), "names"),
            Column("changed", words.text("Edited"), "names", wide=True),
        ),
        tuple((e.time, e.actor, e.added, e.removed, e.changed) for e in history.inventory),
        words.text("The inventory was not changed."),
    )
    return Section("devices", words.text("Devices"), (table, edits))
