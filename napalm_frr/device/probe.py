"""Packets that a router sends to see whether and how somebody is reached: ping and traceroute. No shell, no names."""

from __future__ import annotations

import os
import signal
import time

from .system import ENVIRONMENT, RouterError, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PING_INTERVAL = 0.2  # seconds between two requests
TRACE_QUERIES = 3
SWEPT_AT_ONCE = 32  # destinations of a sweep that are asked at a time
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


def sweep(request: dict[str, Any]) -> dict[str, Any]:
    """Which of many destinations answer within so many seconds: one reply is enough. A ping of its own for each.

    What a ping says is not looked at, only how it ended (iputils: 0 for a reply). Raises ``RouterError`` without ping.
    """
    seconds = int(request["seconds"])
    left, replied = list(enumerate(request["pings"])), set()
    children: dict[int, int] = {}
    until = time.monotonic() + seconds * (len(left) / SWEPT_AT_ONCE + 1) + _GRACE
    try:
        while left or children:
            while left and len(children) < SWEPT_AT_ONCE:
                number, (destination, source) = left.pop(0)
                children[_one_ping(destination, source, seconds)] = number
            child, status = os.waitpid(-1, os.WNOHANG)
            if child in children:
                number = children.pop(child)
                if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
                    replied.add(number)
            elif time.monotonic() > until:
                raise RouterError("ping does not end")
            else:
                time.sleep(0.005)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return {"replied": sorted(replied)}


def _one_ping(destination: str, source: str, seconds: int) -> int:
    """Start a ping that ends at the first reply, or after so many seconds; the process's number."""
    command = ["ping", "-n", "-q", "-i", str(PING_INTERVAL), "-c", "1", "-w", str(seconds)]
    command += ["-I", source] if source else []
    nothing = [(os.POSIX_SPAWN_OPEN, end, os.devnull, os.O_RDWR, 0) for end in (0, 1, 2)]
    try:
        return os.posix_spawnp(
            "ping", [*command, "--", destination], ENVIRONMENT, file_actions=nothing, setsigmask=()
        )
    except FileNotFoundError:
        raise RouterError("cannot run ping") from None
