"""An audit: how each device's configuration stands to what the inventory intends. docs/reference/json.md shows it."""

from collections.abc import Collection, Mapping
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.change import CheckStatus
from netmgr.model.last_change import LastChange
from netmgr.model.names import Target

AuditStatus = Literal["compliant", "drifted", "unreachable", "error"]
Severity = Literal["info", "warning", "error"]
AuditPart = Literal["configuration", "compliance", "state", "reach"]

PARTS: tuple[AuditPart, ...] = ("configuration", "compliance", "state", "reach")

#: From the best to the worst: an audit as a whole is as bad as its worst device.
STATUSES: tuple[AuditStatus, ...] = ("compliant", "drifted", "unreachable", "error")


class Finding(Frozen):
    """One thing that a reader should know of a device. ``check`` is one of those in docs/reference/json.md."""

    check: str
    status: CheckStatus
    severity: Severity
    detail: str
    part: AuditPart = "configuration"
    rule: str | None = None
    """The rule's name, or the check's in config/checks."""
    reference: str | None = None
    """Who says that it must be so."""


class Passed(Frozen):
    """One thing that was looked at and holds."""

    part: AuditPart
    check: str
    rule: str | None = None


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
    passed: tuple[Passed, ...] = ()
    unchanged_since: str | None = None
    """When it was read last, where this audit did not: its change marker is the same as then."""
    changed_by: LastChange | None = None
    """Who changed it last, where it drifted and says so."""

    @property
    def let_be(self) -> bool:
        """Whether somebody lets its drift be."""
        return any(f.check == "waived" and f.status != "failed" for f in self.findings)

    def with_more(self, findings: tuple[Finding, ...], passed: tuple[Passed, ...]) -> "AuditedDevice":
        """What was found otherwise than in the configuration besides."""
        return self.model_copy(
            update={"findings": (*self.findings, *findings), "passed": (*self.passed, *passed)}
        )

    def only(self, parts: Collection[AuditPart]) -> "AuditedDevice":
        """What belongs to these parts; that a device could not be read belongs to every one."""
        return self.model_copy(
            update={
                "findings": tuple(f for f in self.findings if f.part in parts or f.check == "read"),
                "passed": tuple(one for one in self.passed if one.part in parts),
            }
        )


class Audit(Frozen):
    """The document that ``audit`` prints. ``time`` is when it ended, ``seconds`` how long it took."""

    client: str
    target: Target
    time: str
    seconds: float
    devices: tuple[AuditedDevice, ...]
    left_out: Mapping[str, str] = {}
    """Device → why it was selected and not audited."""
    parts: tuple[AuditPart, ...] = ("configuration",)
    """What was looked at. A device's status speaks of its configuration, whether that is among them or not."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many devices have each status; every status is there."""
        return {status: sum(d.status == status for d in self.devices) for status in STATUSES}

    @property
    def worst(self) -> AuditStatus:
        """The worst device's status; compliant where there is none."""
        return max((d.status for d in self.devices), key=STATUSES.index, default="compliant")

    @property
    def amiss(self) -> bool:
        """Whether something of the parts that were looked at is not as it must be: a drift, or an error found."""
        drifted = "configuration" in self.parts and any(
            d.status == "drifted" and not d.let_be for d in self.devices
        )
        return drifted or any(
            finding.part != "configuration" and finding.status == "failed" and finding.severity == "error"
            for device in self.devices
            for finding in device.findings
        )
