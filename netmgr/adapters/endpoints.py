"""Inventory devices → endpoints: from the lab's status, or from client.yaml's access and the hosts' own settings."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from netmgr.adapters.ssh_config import HostSettings, SshConfig, read_ssh_config
from netmgr.errors import InputError, LabError
from netmgr.model.client import jump_parts
from netmgr.model.endpoint import Endpoint, Hop, Way
from netmgr.model.inventory import ConnectionOptions, Device, Inventory
from netmgr.model.lab import LabDevice
from netmgr.model.names import SECRET_REFERENCE
from netmgr.platforms.form import PlatformForm
from netmgr.ports.lab import Lab
from netmgr.ports.secrets import Secrets

#: The connection whose ``connection_options`` are taken: Nornir's name for NAPALM's.
CONNECTION = "napalm"
#: Driver options that ``access`` decides: who is trusted and who logs in is said in one place.
_DECIDED = frozenset(
    {"port", "known_hosts", "sock", "pkey", "key_file", "passphrase", "allow_agent", "use_keys"}
)
#: Longest way through jump hosts, so that an ssh_config that leads in a circle ends.
_LONGEST_WAY = 8


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
            password=_lab_password(booted[device.name]),
        )
        for device in devices
    )


def _lab_password(device: LabDevice) -> str | None:
    if device.password_file is None:
        return None
    try:
        return Path(device.password_file).read_text("ascii")
    except OSError as error:
        raise LabError(
            f"{device.device}: {error.strerror}: {error.filename}; is the lab still up?"
        ) from error


def known_hosts_file(inventory: Inventory, workspace: Path) -> Path:
    """Where the client's host keys are."""
    named = inventory.client.access.known_hosts or f".netmgr/known_hosts/{inventory.client.id}"
    return workspace / Path(named).expanduser()


class _Credentials(TypedDict, total=False):
    """The fields of a Login that hold its credentials."""

    password: str | None
    private_key: str | None
    key_file: str | None
    use_agent: bool


class NetworkAccess:
    """One client's way into its network. ``login`` is the user where nothing else names one."""

    def __init__(
        self,
        secrets: Secrets,
        inventory: Inventory,
        *,
        workspace: Path,
        login: str,
        forms: Mapping[str, PlatformForm],
    ) -> None:
        self._secrets, self._inventory, self._workspace, self._forms = secrets, inventory, workspace, forms
        self._access = inventory.client.access
        self._login = login
        self._known_hosts = str(known_hosts_file(inventory, workspace))

    def endpoints(self, devices: Iterable[Device]) -> tuple[Endpoint, ...]:
        """The client's devices. Raises SecretError, and InputError for an ssh_config that cannot be honoured."""
        return tuple(self._endpoint(device) for device in devices)

    def _endpoint(self, device: Device) -> Endpoint:
        own = device.connection_options.get(CONNECTION) or ConnectionOptions()
        written = own.hostname or device.hostname or device.name
        settings = self._config.of(written)
        options = own.extras.get("optional_args")
        timeout = own.extras.get("timeout")
        jump = self._access.jump or settings.jump
        return Endpoint(
            device=device.name,
            platform=device.platform,
            hostname=settings.hostname,
            port=own.port or device.port or self._port(device.platform, settings),
            username=own.username or device.username or self._user(settings),
            known_hosts=self._known_hosts,
            **self._credentials(own.password or device.password, settings),
            jump=self._way(jump, settings.hostname),
            options=self._options(options) if isinstance(options, Mapping) else {},
            timeout=timeout if isinstance(timeout, int) and timeout > 0 else None,
        )

    def _port(self, platform: str, settings: HostSettings) -> int:
        """ssh_config speaks of SSH's port alone."""
        usual = self._forms[platform].port
        return settings.port or usual if usual == 22 else usual

    def _way(self, jump: tuple[str, ...], to: str) -> Way:
        """The jump hosts in order. The first may have a ProxyJump of its own in ssh_config, as with ssh."""
        hops: list[Hop] = []
        names = list(jump)
        while not self._access.jump and names and (before := self._config.of(_host(names[0])).jump):
            if _host(names[0]) in map(_host, before):  # `Host *` speaks of the jump host too
                break
            names[:0] = before
            if len(names) > _LONGEST_WAY:
                why = f"the jump hosts to {to} lead in a circle, or are more than {_LONGEST_WAY}"
                raise InputError([f"{self._access.ssh_config}:1: {why}"])
        for name in names:
            user, written, port = jump_parts(name) or (None, name, None)
            settings = self._config.of(written)
            hops.append(
                Hop(
                    name=name.rpartition("@")[2],
                    hostname=settings.hostname,
                    port=port or settings.port or 22,
                    username=user or self._user(settings),
                    known_hosts=self._known_hosts,
                    **self._credentials(None, settings),
                )
            )
        return tuple(hops)

    def _user(self, settings: HostSettings) -> str:
        return self._access.user or settings.user or self._login

    def _credentials(self, own: str | None, settings: HostSettings) -> _Credentials:
        """The device's own secret, else the client's: a private key or a password; else the agent's keys."""
        shared = self._access.credentials if self._access.credentials != "agent" else None
        reference = own or shared
        if reference is None:
            return {"key_file": settings.key_file, "use_agent": True}
        value = self._secrets.credential(self._inventory.client.id, reference)
        key_file = None if own else settings.key_file
        if value.startswith("-----BEGIN "):
            return {"private_key": value, "key_file": key_file}
        return {"password": value, "key_file": key_file}

    def _options(self, options: Mapping[str, object]) -> dict[str, object]:
        return {
            key: self._secrets.resolve(self._inventory.client.id, value)
            if isinstance(value, str) and SECRET_REFERENCE.fullmatch(value)
            else value
            for key, value in options.items()
            if key not in _DECIDED
        }

    @cached_property
    def _config(self) -> SshConfig:
        name = self._access.ssh_config
        if name is None:
            return SshConfig("", "ssh_config")
        path = self._workspace / Path(name).expanduser()
        return read_ssh_config(path, name, self._inventory.origins.at("client", "access", "ssh_config"))


def _host(jump: str) -> str:
    parts = jump_parts(jump)
    return parts[1] if parts else jump
