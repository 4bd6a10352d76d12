"""Inventory devices → how other programs reach them, in the lab or in the network."""

from collections.abc import Iterable
from pathlib import Path

from netmgr.adapters.endpoints import known_hosts_file, lab_endpoints
from netmgr.model.inventory import Device, Inventory
from netmgr.model.reach import Reach
from netmgr.ports.lab import Lab


def lab_reach(lab: Lab, client: str, devices: Iterable[Device]) -> tuple[Reach, ...]:
    """The devices as the running lab offers them. Raises LabError where it is not up."""
    return tuple(
        Reach(
            device=end.device,
            hostname=end.hostname,
            port=end.port,
            username=end.username,
            known_hosts=end.known_hosts,
            key_file=end.key_file,
        )
        for end in lab_endpoints(lab, client, devices)
    )


def network_reach(inventory: Inventory, devices: Iterable[Device], *, workspace: Path) -> tuple[Reach, ...]:
    """The devices as client.yaml and the hosts' own settings say; relative files are the workspace's."""
    access = inventory.client.access
    shared = access.credentials if access.credentials != "agent" else None
    return tuple(
        Reach(
            device=device.name,
            hostname=device.hostname,
            port=device.port or 22,
            username=device.username or access.user,
            known_hosts=str(known_hosts_file(inventory, workspace)),
            jump=access.jump,
            ssh_config=str(workspace / Path(access.ssh_config).expanduser()) if access.ssh_config else None,
            password=device.password or shared,
        )
        for device in devices
    )
