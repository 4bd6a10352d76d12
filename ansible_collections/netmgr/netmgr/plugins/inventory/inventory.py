"""Ansible's inventory plug-in ``netmgr.netmgr.inventory``: a client of a netmgr workspace, as its files say now."""

import json
import os
import subprocess
import sys

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

DOCUMENTATION = """
name: inventory
short_description: One client of a netmgr workspace
description:
  - Asks C(netmgr inventory ansible), and so needs no service and gives what the files say at that moment.
  - No text of the inventory is a template, and no secret is in it.
options:
  plugin:
    description: The name of this plug-in.
    required: true
    choices: [netmgr.netmgr.inventory]
  client:
    description: The client's id.
    required: true
  workspace:
    description: The workspace's directory. Without it, the nearest one at or above this file.
    type: path
  lab:
    description: Whether to reach the client's lab instead of its network.
    type: bool
    default: false
  command:
    description: The program netmgr. Without it, the one beside the Python that runs Ansible, else that on the path.
    type: path
"""
EXAMPLES = """
# office.netmgr.yaml
plugin: netmgr.netmgr.inventory
client: office
"""
_SUFFIXES = ("netmgr.yaml", "netmgr.yml")


class InventoryModule(BaseInventoryPlugin):
    """The plug-in."""

    NAME = "netmgr.netmgr.inventory"
    trusted_by_default = False  # no text of this inventory is ever rendered

    def verify_file(self, path):
        """Files named netmgr.yaml, or so at their end."""
        return super().verify_file(path) and path.endswith(_SUFFIXES)

    def parse(self, inventory, loader, path, cache=True):
        """Add the client's groups and hosts."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        groups = _plain(self._asked(os.path.dirname(os.path.abspath(path))))
        for host, variables in groups.pop("_meta")["hostvars"].items():
            inventory.add_host(host)
            for name, value in variables.items():
                inventory.set_variable(host, name, value)
        for group, said in groups.items():
            inventory.add_group(group)
            for host in said.get("hosts", ()):
                inventory.add_child(group, host)

    def _asked(self, directory):
        beside = os.path.join(os.path.dirname(sys.executable), "netmgr")
        command = self.get_option("command") or (beside if os.path.exists(beside) else "netmgr")
        words = [command, "inventory", "ansible", "--list", "--client", self.get_option("client")]
        if workspace := self.get_option("workspace"):
            words += ["--workspace", os.path.join(directory, workspace)]
        words.append("--lab" if self.get_option("lab") else "--network")
        try:
            done = subprocess.run(
                words, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise AnsibleParserError(f"{command} cannot be run: {error.strerror}") from error
        if done.returncode:
            raise AnsibleParserError(done.stderr.strip() or f"{command} ended with code {done.returncode}")
        return json.loads(done.stdout)


def _plain(value):
    """The document without the marks of an inventory script for text that is no template: here none is."""
    if isinstance(value, dict):
        if value.keys() == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
