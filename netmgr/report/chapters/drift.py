"""What an audit found and nothing has put right."""

from datetime import date

from netmgr.document.block import Column, Section, Table
from netmgr.document.locale import Words
from netmgr.report.history import History, Waived
from netmgr.report.material import Material
from netmgr.report.wording import seconds_between


def drift(material: Material, words: Words) -> Section:
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
            _waived(device.drift.waived, material, words),
        )
        for device in history.devices
        if device.drift is not None
    )
    table = Table(
        "drift",
        words.text("Devices that do not run what is intended for them"),
        (
            Column("device", words.text("Device"), "word", wide=True),
            Column("since", words.text("Found first"), "time"),
            Column("age", words.text("Open for"), "age"),
            Column("seen", words.text("Found last"), "time"),
            Column(
                "added", words.text("Lines missing on the device"), "count", absent=words.text("not recorded")
            ),
            Column(
                "removed", words.text("Lines it should not have"), "count", absent=words.text("not recorded")
            ),
            Column("waived", words.text("Waived"), wide=True, absent=words.text("no")),
        ),
        rows,
        _no_drift(history, words),
    )
    return Section("drift", words.text("Open drift"), (table,))


def _waived(waived: Waived | None, material: Material, words: Words) -> str | None:
    if waived is None:
        return None
    reason = waived.reason or words.text("its reason was erased")
    until, seq = _day(waived.until, words), str(waived.seq)
    if material.audience == "manager":
        return words.text("until {day} (log entry {seq}): {reason}", day=until, seq=seq, reason=reason)
    return words.text(
        "until {day} by {person} (log entry {seq}): {reason}",
        day=until,
        person=waived.actor,
        seq=seq,
        reason=reason,
    )


def _day(text: str, words: Words) -> str:
    try:
        return words.day(date.fromisoformat(text))
    except ValueError:
        return text


def _no_drift(history: History, words: Words) -> str:
    if all(device.audited is None for device in history.devices):
        return words.text("Not measured: no device was ever audited.")
    return words.text("No drift is open on any device that could be audited.")
