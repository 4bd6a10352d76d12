"""Which of a client's devices a command means."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Protocol

from netmgr.model.base import Frozen


class Placed(Protocol):
    """What a device must tell to be selected by name, role or site."""

    @property
    def name(self) -> str:
        """Its id."""

    @property
    def role(self) -> str | None:
        """What it is for."""

    @property
    def site(self) -> str | None:
        """Where it stands."""


class Selectable(Placed, Protocol):
    """What a device must tell to be selected by any of its attributes."""

    @property
    def platform(self) -> str:
        """Its platform's name."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The inventory groups that it names."""


class Selection(Frozen):
    """Names and globs (any of them), and attributes (all of them). Empty selects everything."""

    names: tuple[str, ...] = ()
    role: str | None = None
    site: str | None = None
    platform: str | None = None
    group: str | None = None

    def unmatched(self, devices: Iterable[Selectable]) -> tuple[str, ...]:
        """The given names and globs that fit no device: almost always a typing error."""
        known = [device.name for device in devices]
        return tuple(p for p in self.names if not any(fnmatchcase(name, p) for name in known))

    def selects(self, device: Selectable) -> bool:
        """Whether ``device`` is meant."""
        return (
            (not self.names or any(fnmatchcase(device.name, pattern) for pattern in self.names))
            and self.role in (None, device.role)
            and self.site in (None, device.site)
            and self.platform in (None, device.platform)
            and (self.group is None or self.group in device.groups)
        )
