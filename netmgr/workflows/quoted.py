"""What a device says of a change that another command began: without the secrets that it may quote."""

from collections.abc import Callable, Iterable, Mapping

from netmgr.errors import NetmgrError
from netmgr.model.difference import hide_values, without_secrets
from netmgr.model.inventory import Device
from netmgr.model.selection import Selection
from netmgr.workflows.planning import design
from netmgr.workflows.runtime import Runtime


def hiding(
    runtime: Runtime, devices: Iterable[Device], snapshots: Mapping[str, str]
) -> Callable[[str, str], str]:
    """(device, text) → the text without secrets of what is intended and of the snapshot from before the change.

    Looked up once somebody says something, and as far as they can be had: nothing that is broken here keeps a change
    from being finished.
    """
    platforms = {device.name: device.platform for device in devices}
    known: list[Mapping[str, str]] = []

    def secrets() -> Mapping[str, str]:
        if not known:
            try:
                known.append(design(runtime, Selection(names=tuple(platforms)), unresolvable="mark").secrets)
            except NetmgrError:
                known.append({})
        return known[0]

    def hide(device: str, text: str) -> str:
        text = hide_values(text, secrets())
        try:
            config = runtime.snapshots.get(runtime.client, snapshots[device])
        except NetmgrError:
            return text
        redact = runtime.forms[platforms[device]].redact
        return without_secrets(text, config.decode("utf-8", "surrogateescape"), redact)

    return hide
