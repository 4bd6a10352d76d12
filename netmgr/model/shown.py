"""What the devices answered to one read-only command. docs/reference/json.md shows it."""

from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.names import Target

ShowStatus = Literal["ok", "refused", "unreachable", "error"]

#: From the best to the worst. ``refused``: the platform has no such read-only command, so the device was not asked.
STATUSES: tuple[ShowStatus, ...] = ("ok", "refused", "unreachable", "error")


class ShownDevice(Frozen):
    """One device. ``output`` is what it answered, secrets hidden; ``error`` one line where it did not."""

    device: str
    status: ShowStatus
    output: str = ""
    error: str | None = None


class Shown(Frozen):
    """The document that ``show`` prints."""

    client: str
    target: Target
    command: str
    devices: tuple[ShownDevice, ...]

    @property
    def worst(self) -> ShowStatus:
        """The worst device's status."""
        return max((device.status for device in self.devices), key=STATUSES.index)
