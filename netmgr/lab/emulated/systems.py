"""The operating systems that the lab emulates. Each is imported when a device of it boots."""

from importlib import import_module

from netmgr.lab.emulated.engine import OperatingSystem

#: Platform → the module that has ``SYSTEM``, its ``OperatingSystem``.
SYSTEMS = {
    "eos": "netmgr.lab.emulated.eos.system",
    "ios": "netmgr.lab.emulated.ios.system",
    "junos": "netmgr.lab.emulated.junos.system",
}


def system(platform: str) -> OperatingSystem:
    """The emulation of a platform. Raises KeyError for one that there is none of."""
    found: OperatingSystem = import_module(SYSTEMS[platform]).SYSTEM
    return found
