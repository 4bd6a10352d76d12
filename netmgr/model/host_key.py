"""SSH host keys: what a server offers, beside what is on record."""

from dataclasses import dataclass
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.endpoint import Endpoint, Login, Way


@dataclass(frozen=True, slots=True)
class Door:
    """An SSH server that proves itself by a host key: a device, or a jump host. ``way`` leads to it."""

    name: str
    login: Login
    way: Way

    @property
    def is_device(self) -> bool:
        """Whether it is a device, not a jump host."""
        return isinstance(self.login, Endpoint)


def doors(endpoints: tuple[Endpoint, ...]) -> tuple[Door, ...]:
    """Every jump host and device once, each after those on the way to it."""
    hops = dict.fromkeys(e.jump[:length] for e in endpoints for length in range(1, len(e.jump) + 1))
    found = [Door(way[-1].name, way[-1], way[:-1]) for way in hops]
    found += [Door(endpoint.device, endpoint, endpoint.jump) for endpoint in endpoints]
    return tuple(sorted(found, key=lambda door: len(door.way)))


class HostKey(Frozen):
    """A public key. ``fingerprint`` is ``SHA256:…`` as ssh-keygen prints it, ``blob`` the key in base64."""

    key_type: str
    fingerprint: str
    blob: str

    def __str__(self) -> str:
        return f"{self.key_type} {self.fingerprint}"


class KeyReport(Frozen):
    """What a server offers. ``known_as`` is its name in known_hosts, ``record`` the file, with the line that counts."""

    status: Literal["known", "unknown", "changed"]
    known_as: str
    offered: HostKey
    record: str
    recorded: str | None = None
    """Type and fingerprint of the key on record where another one is offered."""


class EnrolledKey(Frozen):
    """A host key that was put on record. ``host`` is the name in known_hosts."""

    name: str
    host: str
    key_type: str
    fingerprint: str
