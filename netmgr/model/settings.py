"""config/netmgr.yaml: the workspace's settings, each with its default."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from netmgr.model.base import Frozen
from netmgr.model.lease import SECONDS


class LabSettings(Frozen):
    """The lab. ``overlay`` is device data merged last when the target is the lab (short timers, mostly)."""

    overlay: Any = None
    """Kept as it was read, so that each value still knows its line; checked as device data by the adapter."""
    lldp: bool = False
    """Whether the lab's devices run lldpd (IEEE 802.1AB)."""


class DeploySettings(Frozen):
    """Changes. ``workers`` devices are spoken to at a time; ``timeout`` is for one answer, in seconds.

    ``lease`` is how long, in seconds, a command that writes may be silent before another may take over.
    """

    workers: int = Field(default=50, ge=1, le=1000)
    timeout: int = Field(default=15, ge=1, le=3600)
    lease: int = Field(default=SECONDS, ge=1, le=86_400)


class Settings(Frozen):
    """The whole file."""

    store: Annotated[str, StringConstraints(pattern=r"^sqlite:///.")] | None = None
    """Where the service log lives: ``sqlite:///PATH``; None is ``.netmgr/store.db`` in the workspace."""
    deploy: DeploySettings = DeploySettings()
    lab: LabSettings = LabSettings()
