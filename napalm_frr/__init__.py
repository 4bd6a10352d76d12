"""NAPALM community driver for FRRouting: ``napalm.get_network_driver("frr")``.

Replace, merge, compare, and a commit-confirm that runs on the router itself. The driver is loaded when it is asked
for, so that ``napalm_frr.device``, which needs nothing but Python, can be used without NAPALM.
"""

from typing import Any

__all__ = ["FRRDriver"]


def __getattr__(name: str) -> Any:
    if name == "FRRDriver":
        from napalm_frr.driver import FRRDriver

        return FRRDriver
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What NAPALM's lookup goes through to find the driver's class."""
    return sorted([*globals(), *__all__])
