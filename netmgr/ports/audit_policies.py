"""Where an audit's own policies come from."""

from typing import Protocol

from netmgr.model.audit_policy import AuditPolicy
from netmgr.model.inventory import Inventory


class AuditPolicies(Protocol):
    """The audit policies of the workspace."""

    def every(self) -> AuditPolicy:
        """All of them. Raises InputError with every problem of every file, as ``file:line: what; what to do``."""

    def of(self, inventory: Inventory) -> AuditPolicy:
        """Those made for the inventory's client.

        Raises InputError as ``every`` does, and where one that names the client speaks of a device, role or site that
        it does not have.
        """
