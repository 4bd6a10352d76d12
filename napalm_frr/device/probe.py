"""Packets that a router sends to see whether and how somebody is reached: ping and traceroute. No shell, no names."""

from __future__ import annotations

from .system import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PING_INTERVAL = 0.2  # seconds between two requests
TRACE_QUERIES = 3
_GRACE = 10.0  # seconds beyond what the probes may take by themselves


def ping(request: dict[str, Any]) -> dict[str, Any]:
    """Run iputils' ping. What it is given stands where an option cannot: behind one that takes a value, or last."""
    command = ["ping", "-n", "-i", str(PING_INTERVAL), "-c", str(int(request["count"]))]
    command += [
        "-W",
        str(int(request["timeout"])),
        "-t",
        str(int(request["ttl"])),
        "-s",
        str(int(request["size"])),
    ]
    for origin in request["origins"]:  # an interface, an address
        command += ["-I", origin]
    done = run([*command, "--", request["destination"]], float(request["seconds"]) + _GRACE)
    return {"status": done.status, "out": done.out, "err": done.err}


def traceroute(request: dict[str, Any]) -> dict[str, Any]:
    """Run traceroute, in the same way. Addresses are not looked up: a router's resolver may be out of reach."""
    command = ["traceroute", "-n", "-q", str(TRACE_QUERIES), "-w", str(int(request["timeout"]))]
    command += ["-m", str(int(request["ttl"]))]
    for option, origin in request["origins"]:  # -i an interface, -s an address
        command += [{"interface": "-i", "address": "-s"}[option], origin]
    done = run([*command, "--", request["destination"]], float(request["seconds"]) + _GRACE)
    return {"status": done.status, "out": done.out, "err": done.err}
