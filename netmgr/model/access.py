"""Who acts, and how that was proved."""

from typing import Literal

from netmgr.model.base import Frozen

Auth = Literal["claimed", "os", "key", "service"]


class Actor(Frozen):
    """An opaque id (never a name) from config/people.yaml, or ``uid-N`` where people.yaml does not know the login."""

    id: str
    auth: Auth
    on: str
    """The host that the command ran on."""
