"""Ansible's inventory plug-in for netmgr's runs: the document comes out of memory, no text in it is a template."""

from typing import Any

from ansible.plugins.inventory import BaseInventoryPlugin

from netmgr.adapters.ansible_plugins.guard import install
from netmgr.adapters.ansible_plugins.handover import document, redactor

DOCUMENTATION = """
name: netmgr_handover
short_description: One client's devices for one run
description: What netmgr hands over in memory.
"""


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc] # Ansible has no types
    """See ``document``. It is the first of netmgr's code to run in Ansible, so it sets the limits too."""

    NAME = "netmgr_handover"
    trusted_by_default = False  # Ansible's own word for: text of this inventory is never rendered

    def verify_file(self, path: str) -> bool:
        """Every source is ours: no other is given."""
        return bool(path)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the groups and hosts."""
        super().parse(inventory, loader, path, cache)
        given = document()
        install(local=given["local"], roots=given["roots"], scratch=given["scratch"], redactor=redactor())
        groups = dict(given["inventory"])
        for host, variables in groups.pop("_meta")["hostvars"].items():
            inventory.add_host(host)
            variables["netmgr"]["scratch"] = given["scratch"]
            for name, value in variables.items():
                inventory.set_variable(host, name, value)
        for group, said in groups.items():
            inventory.add_group(group)
            for host in said.get("hosts", ()):
                inventory.add_child(group, host)
