"""Nornir's inventory plug-in ``netmgr``: a client of a workspace, for plain Nornir scripts (docs/how-to/nornir.md)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netmgr.adapters.settings_yaml import load_settings
from netmgr.wiring import Wiring
from netmgr.workflows.ansible import contacted

if TYPE_CHECKING:
    from nornir.core.inventory import Inventory


class NetmgrInventory:
    """Entry point ``netmgr`` of ``nornir.plugins.inventory``. ``lab`` aims at the client's lab, which must be up.

    ``workspace`` is the directory that holds config/netmgr.yaml.
    """

    def __init__(self, client: str, workspace: str = ".", lab: bool = False) -> None:
        self._client, self._lab = client, lab
        self._workspace = Path(workspace).expanduser().absolute()

    def load(self) -> Inventory:
        """The client's devices but the external ones, as of now.

        Raises InputError with every problem of the client's files, and LabError where the lab is not up.
        """
        from netmgr.adapters.nornir_inventory import nornir_inventory

        settings = load_settings(self._workspace)
        wiring = Wiring(self._workspace, settings)
        inventory = wiring.inventories.load(self._client, overlay=settings.lab.overlay if self._lab else None)
        reach = wiring.reach(inventory, "lab" if self._lab else "network", contacted(inventory))
        return nornir_inventory(
            inventory, {r.device: r for r in reach}, partial(wiring.secrets.resolve, self._client)
        )
