"""Which clients and devices something in config/ is for: checks, compliance rules, ignore patterns."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated

from netmgr.model.base import Frozen
from netmgr.model.fields import Items, Name, Text, matching
from netmgr.model.selection import Placed, Selectable

EVERY = "*"

ClientPattern = Annotated[
    str, matching(r"\*|[a-z0-9]+(?:-[a-z0-9]+)*", 'a client\'s id, or "*" for all', "acme")
]
Glob = Annotated[str, matching(r"[a-z0-9*?\[\]!-]{1,63}", "a device's name or a glob", "core*")]


class Scope(Frozen):
    """The devices of ``clients`` that fit all of ``devices``, ``roles`` and ``sites``; an empty list takes all."""

    clients: Items[ClientPattern] = (EVERY,)
    devices: Items[Glob] = ()
    roles: Items[Text] = ()
    sites: Items[Text] = ()

    def is_for(self, client: str) -> bool:
        """Whether it is made for this client's network."""
        return bool({EVERY, client} & set(self.clients))

    def selects(self, device: Placed) -> bool:
        """Whether the device is meant."""
        return (
            (not self.devices or fits(device.name, self.devices))
            and (not self.roles or device.role in self.roles)
            and (not self.sites or device.site in self.sites)
        )


class PlatformScope(Scope):
    """A scope of what is written in one platform's words, or several's."""

    platforms: Items[Name] = ()

    def concerns(self, device: Selectable) -> bool:
        """Whether the device is meant, and of one of ``platforms``."""
        return (not self.platforms or device.platform in self.platforms) and self.selects(device)


def fits(name: str, globs: Iterable[str]) -> bool:
    """Whether one of ``globs`` matches."""
    return any(fnmatchcase(name, glob) for glob in globs)
