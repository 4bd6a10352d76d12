"""Waivers beside what an audit found: drift that somebody lets be is still drift, and says who does. Pure functions."""

from datetime import date

from netmgr.model.audit import AuditedDevice, Finding
from netmgr.model.digest import sha256_hex
from netmgr.model.drift import Waiver


def waived(device: AuditedDevice, waiver: Waiver | None, today: date) -> AuditedDevice:
    """The device with what its waiver says. It holds for the very drift that it was given for, until its last day."""
    if waiver is None or device.status != "drifted" or waiver.diff != sha256_hex(device.diff):
        return device
    over = waiver.expired(today)
    who = f"{waiver.reason} ({waiver.by})"
    detail = (
        f"the waiver ended on {waiver.until}: {who}; accept, revert or waive the drift"
        if over
        else f"waived until {waiver.until}: {who}"
    )
    finding = Finding(
        check="waived",
        status="failed" if over else "not_measured",
        severity="warning" if over else "info",
        detail=detail,
    )
    return device.with_more((finding,), ())
