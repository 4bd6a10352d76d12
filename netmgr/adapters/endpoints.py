"""Inventory devices → endpoints: from the lab's status, or from client.yaml's access and the hosts' own settings."""

from collections.abc import Iterable
from pathlib import Path

from netmgr.errors import LabError
from netmgr.model.client import Access
from netmgr.model.endpoint import Endpoint
from netmgr.model.inventory import Device
from netmgr.ports.lab import Lab
from netmgr.ports.secrets import Secrets


def lab_endpoints(lab: Lab, client: str, devices: Iterable[Device]) -> tuple[Endpoint, ...]:
    """The devices as the running lab offers them; client.yaml plays no part. Raises LabError where it is not up."""
    status = lab.status(client)
    if status is None:
        raise LabError(f"the lab of {client} is not up; run `netmgr lab up -c {client}`")
    booted = {device.device: device for device in status.devices}
    missing = sorted(device.name for device in devices if device.name not in booted)
    if missing:
        raise LabError(
            f"the lab of {client} was booted without {', '.join(missing)}; run `netmgr lab down -c {client}`, then up"
        )
    return tuple(
        Endpoint(
            device=device.name,
            platform=device.platform,
            hostname=booted[device.name].address,
            port=booted[device.name].port,
            username=booted[device.name].user,
            known_hosts=booted[device.name].known_hosts,
            key_file=booted[device.name].identity,
        )
        for device in devices
    )


def network_endpoints(
    secrets: Secrets, client: str, access: Access, devices: Iterable[Device], *, workspace: Path, login: str
) -> tuple[Endpoint, ...]:
    """The client's devices; ``login`` is the user where neither the host nor client.yaml names one.

    Raises SecretError.
    """
    default_user = access.user or login
    known_hosts = access.known_hosts or f".netmgr/known_hosts/{client}"
    hosts_file = workspace / Path(known_hosts).expanduser()
    result = []
    for device in devices:
        reference = device.password or (access.credentials if access.credentials != "agent" else None)
        result.append(
            Endpoint(
                device=device.name,
                platform=device.platform,
                hostname=device.hostname or device.name,
                port=device.port or 22,
                username=device.username or default_user,
                known_hosts=str(hosts_file),
                password=secrets.resolve(client, reference) if reference else None,
                use_agent=reference is None,
            )
        )
    return tuple(result)
