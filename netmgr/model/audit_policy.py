"""What an audit looks for besides the inventory: the rules of config/policies that only audits read."""

from collections.abc import Mapping

from netmgr.model.base import Frozen
from netmgr.model.compliance import Rule
from netmgr.model.ignore import IgnorePattern
from netmgr.model.software import Software


class AuditPolicy(Frozen):
    """What holds for one client, or all that there is."""

    rules: tuple[Rule, ...] = ()
    ignores: tuple[IgnorePattern, ...] = ()
    versions: Mapping[str, Software] = {}
    """Platform → what is supported of its software."""

    @property
    def named(self) -> frozenset[str]:
        """The clients that an entry names."""
        scopes = (*(rule.demands for rule in self.rules), *(pattern.ignored for pattern in self.ignores))
        return frozenset(client for scope in scopes for client in scope.clients)
