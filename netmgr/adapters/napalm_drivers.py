"""NAPALM without the drivers that nobody asked for.

The package imports all of its own at once, with the libraries of four vendors: 0.25 s of CPU before the first login.
Python's own lazy loader runs such a module when something in it is first looked at.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

_DRIVERS = ("eos", "ios", "iosxr", "iosxr_netconf", "junos", "nxos", "nxos_ssh", "pyIOSXR", "nxapi_plumbing")


class _OnDemand(MetaPathFinder):
    """Finds NAPALM's own drivers, to be loaded when they are used."""

    names = frozenset(f"napalm.{name}" for name in _DRIVERS)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's specification with a lazy loader; None for every other module."""
        if fullname not in self.names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


_FINDER = _OnDemand()


def load_drivers_on_demand() -> None:
    """From now on, in this process, where NAPALM has not been imported yet."""
    if "napalm" not in sys.modules and _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
