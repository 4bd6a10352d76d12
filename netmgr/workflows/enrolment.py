"""Enrolling host keys: a person compares a fingerprint and says yes; only then the key is trusted, and logged."""

from collections.abc import Callable, Iterable

from netmgr.errors import DeviceError, Refused, StoreError, UsageError
from netmgr.model.endpoint import Endpoint
from netmgr.model.entry import Draft
from netmgr.model.host_key import Door, EnrolledKey, KeyReport, doors
from netmgr.model.selection import Selection
from netmgr.ports.host_keys import HostKeys
from netmgr.workflows.runtime import Runtime

Approve = Callable[[Door, KeyReport], bool]
"""Asked for each key that would be put on record."""

#: Devices that exist and are ours to talk to.
CONTACTED = frozenset({"active", "maintenance"})


def known_doors(runtime: Runtime, selection: Selection) -> tuple[Door, ...]:
    """The selected devices that may be contacted, and their jump hosts.

    Raises what the inventory and secrets raise, and UsageError for names that no device has.
    """
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    devices = [d for d in inventory.devices if selection.selects(d) and d.lifecycle in CONTACTED]
    return doors(tuple(end for end in runtime.endpoints(devices) if not runtime.forms[end.platform].https))


def over_https(runtime: Runtime, selection: Selection) -> tuple[Endpoint, ...]:
    """The selected devices that prove themselves by a certificate: there is no host key to put on record."""
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    devices = [
        device
        for device in inventory.devices
        if selection.selects(device)
        and device.lifecycle in CONTACTED
        and runtime.forms[device.platform].https
    ]
    return runtime.endpoints(devices)


def enrol(
    runtime: Runtime, keys: HostKeys, names: Iterable[str], approve: Approve
) -> tuple[EnrolledKey, ...]:
    """Put the keys of the named devices and jump hosts on record, those nearest first. What is known stays as it is.

    Raises UsageError for a name that is none, Refused for a changed key, without the right to change the client, where
    it is not approved, or where it could not be logged, and DeviceError for one that cannot be asked: what was enrolled
    before it stays.
    """
    runtime.require("change")
    wanted = set(names)
    every = known_doors(runtime, Selection())
    if https := sorted(wanted & {end.device for end in over_https(runtime, Selection())}):
        raise UsageError(
            f"{', '.join(https)} is spoken to over HTTPS and has a certificate instead of a host key; put that of the "
            "authority that signed it, or its own, beside the file of known host keys, with .pem behind its name"
        )
    if unknown := sorted(wanted - {door.name for door in every}):
        known = ", ".join(dict.fromkeys(door.name for door in every))
        raise UsageError(f"{runtime.client} has no device or jump host {', '.join(unknown)}; it has {known}")
    _append(runtime, [])
    enrolled = []
    for door in every:
        if door.name in wanted:
            report = keys.look([door])[door]
            if isinstance(report, DeviceError):
                raise report
            if report.status != "known":
                enrolled.append(_enrol_one(runtime, keys, door, report, approve))
    return tuple(enrolled)


def changed(door: Door, report: KeyReport) -> Refused:
    """Why a key that differs from the one on record is not replaced."""
    return Refused(
        "host_key",
        f"{door.name} offers {report.offered}, on record is {report.recorded} ({report.record})",
        "find out why it changed; if the new one is right, delete that line, then enrol it",
    )


def _enrol_one(
    runtime: Runtime, keys: HostKeys, door: Door, report: KeyReport, approve: Approve
) -> EnrolledKey:
    if report.status == "changed":
        raise changed(door, report)
    if not approve(door, report):
        raise Refused(
            "approval", f"the host key of {door.name} was not approved", "compare it, then answer yes"
        )
    keys.record(door, report)
    made = EnrolledKey(
        name=door.name,
        host=report.known_as,
        key_type=report.offered.key_type,
        fingerprint=report.offered.fingerprint,
    )
    draft = runtime.draft(
        kind="access",
        action="enrol-host-key",
        phase="result",
        outcome="enrolled",
        device=door.name if door.is_device else None,
        facts=made.model_dump(include={"host", "key_type", "fingerprint"}),
    )
    _append(runtime, [draft])
    return made


def _append(runtime: Runtime, drafts: list[Draft]) -> None:
    """All or none; nothing at all tries whether the log could be written."""
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        raise Refused("log", str(error), "make the service log writable: whom we trust is logged") from error
