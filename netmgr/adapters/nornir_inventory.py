"""A client's inventory as plain Nornir's objects, for scripts that netmgr has no command for.

Nornir objects leave this module and go to somebody else's Nornir; netmgr's own work never sees them (nornir_fleet).
"""

from collections.abc import Callable, Mapping
from typing import Any

from nornir.core.inventory import (
    ConnectionOptions,
    Defaults,
    Group,
    Groups,
    Host,
    Hosts,
    Inventory,
    ParentGroups,
)

from netmgr.intent.export import links, merged_data, plain
from netmgr.intent.wiring import Wired, wire
from netmgr.model import inventory as model
from netmgr.model.names import SECRET_REFERENCE
from netmgr.model.reach import Reach

Resolve = Callable[[str], str]
"""A secret's reference → the secret."""

#: netmiko's own names for platforms that it does not know by NAPALM's.
_NETMIKO = {"frr": "linux"}


class LazyHost(Host):
    """A host whose password is resolved when it is asked for, kept in memory only, and left out of ``dict()``."""

    __slots__ = ("_password", "_resolve")

    def __init__(self, *, password: str | None, resolve: Resolve, **attributes: Any) -> None:
        self._resolve = resolve
        super().__init__(password=password, **attributes)

    @property
    def password(self) -> str | None:
        """The secret itself, or None where there is none. Raises SecretError."""
        if self._password is None or not SECRET_REFERENCE.fullmatch(self._password):
            return self._password
        return self._resolve(self._password)

    @password.setter
    def password(self, value: str | None) -> None:
        self._password = value

    def dict(self) -> dict[str, Any]:
        """The host as plain values; of a secret, its reference."""
        name = self._password
        resolve, self._resolve = self._resolve, lambda reference: reference
        try:
            return {**super().dict(), "password": name}
        finally:
            self._resolve = resolve


def nornir_inventory(inventory: model.Inventory, reach: Mapping[str, Reach], resolve: Resolve) -> Inventory:
    """The devices that ``reach`` names, their data merged already: groups tell who belongs together, and hold no data.

    Raises SecretError for a secret in ``connection_options``' extras that cannot be resolved.
    """
    chosen = [one for one in wire(inventory) if one.device.name in reach]
    groups = Groups({name: Group(name=name) for one in chosen for name in one.device.groups})
    hosts = {
        one.device.name: _host(inventory, one, reach[one.device.name], groups, resolve) for one in chosen
    }
    return Inventory(hosts=Hosts(hosts), groups=groups, defaults=Defaults())


def _host(inventory: model.Inventory, one: Wired, reach: Reach, groups: Groups, resolve: Resolve) -> LazyHost:
    device = one.device
    return LazyHost(
        name=device.name,
        hostname=reach.hostname,
        port=reach.port,
        username=reach.username,
        password=reach.password,
        resolve=resolve,
        platform=device.platform,
        groups=ParentGroups(groups[name] for name in device.groups),
        data={
            **merged_data(inventory, device.name),
            "client": inventory.client.id,
            "uid": device.uid,
            "lifecycle": device.lifecycle,
            "links": links(one),
        },
        connection_options=_connections(inventory, device, reach, resolve),
    )


def _connections(
    inventory: model.Inventory, device: model.Device, reach: Reach, resolve: Resolve
) -> dict[str, ConnectionOptions]:
    """NAPALM and Netmiko with host keys verified, and what the inventory says of these and other connections."""
    agent = reach.password is None and reach.key_file is None
    ours: dict[str, tuple[str | None, dict[str, Any]]] = {
        "napalm": (
            None,
            {
                "optional_args": {
                    "known_hosts": reach.known_hosts,
                    "key_file": reach.key_file,
                    "allow_agent": agent,
                    "port": reach.port,
                }
            },
        ),
        "netmiko": (
            _NETMIKO.get(device.platform),
            {
                "ssh_strict": True,
                "system_host_keys": False,
                "alt_host_keys": True,
                "alt_key_file": reach.known_hosts,
                "use_keys": reach.key_file is not None,
                "key_file": reach.key_file,
                "allow_agent": agent,
                "ssh_config_file": reach.ssh_config,
            },
        ),
    }
    made = {}
    for name in (*ours, *(other for other in device.connection_options if other not in ours)):
        written = device.connection_options.get(name) or model.ConnectionOptions()
        platform, extras = ours.get(name, (None, {}))
        more = (
            plain(inventory.origins.tree("devices", device.name, "connection_options", name, "extras")) or {}
        )
        # In the lab, access comes from the lab alone.
        own = (
            {} if reach.key_file else {key: getattr(written, key) for key in ("hostname", "port", "username")}
        )
        password = None if reach.key_file or not written.password else resolve(written.password)
        made[name] = ConnectionOptions(
            **own,
            password=password,
            platform=written.platform or platform,
            extras=_joined(extras, _resolved(more, resolve)),
        )
    return made


def _joined(ours: dict[str, Any], theirs: Any) -> dict[str, Any]:
    """The inventory's options where netmgr has none of its own: who is trusted is said in client.yaml."""
    inner = {key: value for key, value in theirs.items() if isinstance(value, dict) and key in ours}
    return {**theirs, **ours, **{key: {**value, **ours[key]} for key, value in inner.items()}}


def _resolved(value: object, resolve: Resolve) -> object:
    if isinstance(value, dict):
        return {key: _resolved(item, resolve) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, resolve) for item in value]
    return resolve(value) if isinstance(value, str) and SECRET_REFERENCE.fullmatch(value) else value
