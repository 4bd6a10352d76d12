"""Who changed a device's configuration last, as far as the device says so itself (docs/reference/json.md)."""

from typing import Literal

from netmgr.model.base import Frozen

Attribution = Literal["header", "commits"]
"""Where a device says it: above its running configuration, or in the history of its commits."""


class LastChange(Frozen):
    """The last change of one device's configuration, in the device's own words. It need not be what drifted.

    ``when`` is by the device's own clock. ``comment`` is what the user said of it, where the device keeps that.
    """

    user: str
    when: str
    source: Attribution
    comment: str = ""
