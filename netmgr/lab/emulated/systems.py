"""The operating systems that the lab emulates. Each is imported when a device of it boots.

Packages bring emulations of their platforms with entry points of the group ``netmgr.emulations``: the name is the
platform's, the value an ``OperatingSystem``.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from netmgr.errors import LabError
from netmgr.lab.emulated.engine import OperatingSystem

GROUP = "netmgr.emulations"
#: Platform → the module that has ``SYSTEM``, its ``OperatingSystem``.
_OWN = {
    "eos": "netmgr.lab.emulated.eos.system",
    "ios": "netmgr.lab.emulated.ios.system",
    "junos": "netmgr.lab.emulated.junos.system",
}


def emulated_platforms() -> frozenset[str]:
    """The platforms that there is an emulation of, netmgr's own and other packages'. Nothing is imported."""
    return frozenset(_OWN) | {point.name for point in entry_points(group=GROUP)}


@cache
def system(platform: str) -> OperatingSystem:
    """The emulation of a platform of ``emulated_platforms``; of netmgr's own platforms it is netmgr's own.

    Raises LabError where another package's cannot be used.
    """
    if platform in _OWN:
        found: OperatingSystem = import_module(_OWN[platform]).SYSTEM
        return found
    point = next(iter(entry_points(group=GROUP, name=platform)))
    try:
        made = point.load()
    except Exception as error:
        raise LabError(
            f"platform {platform}: its emulation {point.value} cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(made, OperatingSystem):
        raise LabError(
            f"platform {platform}: {point.value} is a {type(made).__name__}, not an OperatingSystem"
        )
    return made
