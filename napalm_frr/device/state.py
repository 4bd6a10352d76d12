"""What the router's operating system says of its state: the kernel's tables, load, memory, sensors. Read only."""

from __future__ import annotations

import os
import time

from .frr import one_line
from .system import RouterError, read, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

KERNEL_LIMIT = 30.0  # seconds
LOAD_INTERVAL = 0.25  # seconds between the two looks at the processors
HWMON = "/sys/class/hwmon"
_SENSORS = ("fan", "temp", "power")
TABLES = {
    "links": ("ip", "-d", "-s", "-j", "link", "show"),
    "addresses": ("ip", "-j", "address", "show"),
    "arp": ("ip", "-4", "-s", "-j", "neighbor", "show"),
    "ndp": ("ip", "-6", "-s", "-j", "neighbor", "show"),
}


def kernel_tables(names: Sequence[str]) -> dict[str, str]:
    """The kernel's tables by name, as iproute2's JSON. Raises ``RouterError`` for one that cannot be read."""
    tables = {}
    for name in names:
        shown = run(TABLES[name], KERNEL_LIMIT)
        if shown.status != 0:
            raise RouterError(f"{' '.join(TABLES[name])}: {shown.err.strip()}")
        tables[name] = shown.out.strip() or "[]"  # older versions print nothing for an empty table
    return tables


def lldp_neighbors() -> str:
    """What lldpd has heard, as lldpcli's JSON. Raises ``RouterError`` where lldpd is missing or does not run."""
    shown = run(("lldpcli", "-f", "json0", "show", "neighbors", "details"), KERNEL_LIMIT)
    if shown.status != 0:
        raise RouterError(f"lldpd does not answer: {one_line(shown.err + shown.out)}")
    return shown.out


def environment() -> dict[str, Any]:
    """Jiffies (busy and all) of each processor at two moments, memory in KiB, and the sensors of Linux's hwmon."""
    before = _processors()
    time.sleep(LOAD_INTERVAL)
    memory = (read("/proc/meminfo") or b"").decode("ascii", "replace").splitlines()
    return {
        "processors": [before, _processors()],
        "memory": {line.split(":")[0]: int(line.split()[1]) for line in memory[:3]},
        "sensors": sensors(HWMON),
    }


def sensors(where: str) -> dict[str, dict[str, str]]:
    """Each chip's values as the kernel names them, like temp1_input (Linux, hwmon/sysfs-interface)."""
    chips = {}
    for chip in sorted(os.listdir(where)) if os.path.isdir(where) else ():
        names = sorted(os.listdir(f"{where}/{chip}"))
        values = {name: _value(f"{where}/{chip}/{name}") for name in names if name.startswith(_SENSORS)}
        chips[f"{chip} {_value(f'{where}/{chip}/name')}".strip()] = values
    return chips


def _value(path: str) -> str:
    try:
        return (read(path) or b"").decode("utf-8", "replace").strip()
    except OSError:  # a directory, or a sensor that does not answer now
        return ""


def _processors() -> dict[str, list[int]]:
    """Jiffies by processor: busy and all (proc_stat(5); the time of guests is part of the user's already)."""
    found = {}
    for line in (read("/proc/stat") or b"").decode("ascii", "replace").splitlines():
        name, _, rest = line.partition(" ")
        if name.startswith("cpu") and name != "cpu":
            times = [int(word) for word in rest.split()[:8]]
            found[name[3:]] = [sum(times) - times[3] - times[4], sum(times)]
    return found
