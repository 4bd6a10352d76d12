"""What an audit found and nothing has put right."""

from netmgr.document.block import Column, Section, Table
from netmgr.document.locale import Words
from netmgr.report.history import History, Waived
from netmgr.report.material import Material
from netmgr.report.wording import seconds_between


def drift(material: Material, _words: Words) -> Section:
    """What an audit found and nothing has put right."""
    history = material.history
    rows = tuple(
        (
            device.device,
            device.drift.since,
            seconds_between(device.drift.since, history.until),
            device.drift.seen,
            device.drift.added,
            device.drift.removed,
            _waived(device.drift.waived),
        )
        for device in history.devices
        if device.drift is not None
    )
    table = Table(
        "drift",
        "Devices that do not run what is intended for them",
        (
            Column("device", "Device", "word", wide=True),
            Column("since", "Found first", "time"),
            Column("age", "Open for", "age"),
            Column("seen", "Found last", "time"),
            Column("added", "Lines missing on the device", "count", absent="not recorded"),
            Column("removed", "Lines it should not have", "count", absent="not recorded"),
            Column("waived", "Waived", wide=True, absent="no"),
        ),
        rows,
        _no_drift(history),
    )
    return Section("drift", "Open drift", (table,))


def _waived(waived: Waived | None) -> str | None:
    if waived is None:
        return None
    reason = waived.reason or "its reason was erased"
    return f"until {waived.until} by {waived.actor} (log entry {waived.seq}): {reason}"


def _no_drift(history: History) -> str:
    if all(device.audited is None for device in history.devices):
        return "Not measured: no device was ever audited."
    return "No drift is open on any device that could be audited."
