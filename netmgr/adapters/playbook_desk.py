"""All that runs of playbooks need, out of a workspace's wiring."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from netmgr.model.inventory import Device, Inventory
from netmgr.model.names import Target
from netmgr.model.reach import Reach
from netmgr.model.settings import Settings
from netmgr.ports.playbooks import PlaybookDesk


class Workspace(Protocol):
    """What is asked of the wiring."""

    workspace: Path
    settings: Settings

    def reach(self, inventory: Inventory, target: Target, devices: Iterable[Device]) -> tuple[Reach, ...]:
        """How other programs reach the devices."""


def playbook_desk(wiring: Workspace, target: Target) -> PlaybookDesk:
    """The workspace's playbooks, played on ``target``."""
    from netmgr.adapters.ansible_play import AnsiblePlayer
    from netmgr.adapters.playbook_files import DIRECTORY, PlaybookFiles

    said = wiring.settings.playbooks
    return PlaybookDesk(
        playbooks=PlaybookFiles(wiring.workspace),
        player=AnsiblePlayer(
            wiring.workspace / DIRECTORY, forks=said.forks, timeout=wiring.settings.deploy.timeout
        ),
        reach=lambda inventory, devices: wiring.reach(inventory, target, devices),
        local=frozenset(said.local),
    )
