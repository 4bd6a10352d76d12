"""A self-test: what was looked at, how it stands, and what to do. docs/reference/json.md shows it."""

from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.host_key import EnrolledKey
from netmgr.model.names import Target

CheckState = Literal["ok", "warning", "failed", "not_measured"]
Area = Literal[
    "installation", "lab", "workspace", "secrets", "store", "clock", "changes", "notifications", "access"
]


class Check(Frozen):
    """One thing. ``name`` is what was looked at; ``remedy`` says what to do where it is not ``ok``."""

    area: Area
    name: str
    status: CheckState
    detail: str
    remedy: str = ""


class Checkup(Frozen):
    """The document that ``doctor`` prints. ``client`` is None where none was named: then no device is contacted."""

    client: str | None
    target: Target
    checks: tuple[Check, ...]
    enrolled: tuple[EnrolledKey, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether nothing failed; warnings are for people."""
        return all(check.status != "failed" for check in self.checks)
