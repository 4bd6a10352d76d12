"""What an audit looks for besides the inventory: the rules of config/policies that only audits read."""

from netmgr.model.base import Frozen
from netmgr.model.compliance import Rule


class AuditPolicy(Frozen):
    """What holds for one client, or all that there is."""

    rules: tuple[Rule, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """The clients that an entry names."""
        return frozenset(client for rule in self.rules for client in rule.demands.clients)
