"""What tells cheaply whether a device's configuration is another one than before."""

from netmgr.model.base import Frozen


class Marker(Frozen):
    """One device's answer. ``revision`` stands for the configuration: whatever changes that changes it too.

    Where it was made of a time on the device's own clock, it is worth as much as that clock: ``booted`` is when the
    device began to run, in seconds since 1970 by that clock, ``uptime`` for how many seconds it has. A digest of the
    configuration itself needs neither.
    """

    revision: str
    booted: int | None = None
    uptime: int | None = None
