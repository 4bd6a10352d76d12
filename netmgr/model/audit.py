"""An audit: how each device's configuration stands to what the inventory intends. docs/reference/json.md shows it."""

from collections.abc import Mapping
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.change import CheckStatus
from netmgr.model.names import Target

AuditStatus = Literal["compliant", "drifted", "unreachable", "error"]
Severity = Literal["info", "warning", "error"]

#: From the best to the worst: an audit as a whole is as bad as its worst device.
STATUSES: tuple[AuditStatus, ...] = ("compliant", "drifted", "unreachable", "error")


class Finding(Frozen):
    """One thing that a reader should know of a device. ``check`` is one of those in docs/reference/json.md."""

    check: str
    status: CheckStatus
    severity: Severity
    detail: str


class AuditedDevice(Frozen):
    """One device. ``diff`` is a redacted unified diff from running to intended; ``added`` and ``removed`` its lines."""

    device: str
    status: AuditStatus
    diff: str = ""
    added: int = 0
    removed: int = 0
    findings: tuple[Finding, ...] = ()
    running: str | None = None
    """Digest of the canonical running configuration; None where it was not read."""


class Audit(Frozen):
    """The document that ``audit`` prints. ``time`` is when it ended, ``seconds`` how long it took."""

    client: str
    target: Target
    time: str
    seconds: float
    devices: tuple[AuditedDevice, ...]
    left_out: Mapping[str, str] = {}
    """Device → why it was selected and not audited."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many devices have each status; every status is there."""
        return {status: sum(d.status == status for d in self.devices) for status in STATUSES}

    @property
    def worst(self) -> AuditStatus:
        """The worst device's status; compliant where there is none."""
        return max((d.status for d in self.devices), key=STATUSES.index, default="compliant")
