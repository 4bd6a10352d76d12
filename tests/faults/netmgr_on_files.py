"""netmgr's own command line in a real workspace, with devices that are files: ``python netmgr_on_files.py ARGUMENT…``.

The environment says where the devices are, which descriptor hears what netmgr may call done, and what goes wrong:

    FAULTS_DEVICES       the devices' directory
    FAULTS_ACKNOWLEDGED  a descriptor: a line for each entry, plan and snapshot whose writing has returned
    FAULTS_DIE_AT        PHASE: killed at the first device that reaches it
    FAULTS_AHEAD         seconds that this machine's clocks are ahead of the others'
    FAULTS_JUMPS         seconds that the wall clock is ahead, another number each time that it is asked: 0,3600,-60
"""

import dataclasses
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import netmgr.wiring
from netmgr.adapters.fleet_memory import MemoryDevice
from netmgr.adapters.system_clock import SystemClock
from netmgr.cli import main
from netmgr.model.endpoint import Endpoint
from netmgr.model.inventory import Device
from netmgr.model.state import AdjacencyState
from netmgr.platforms import FORMS
from netmgr.workflows.runtime import Runtime
from tests.faults.file_fleet import FileFleet

Say = Callable[[str], None]


class AheadClock(SystemClock):
    """A clock that is ahead of others, and passes by whatever time somebody would wait."""

    def __init__(self, ahead: float = 0.0, jumps: Iterable[float] = (0.0,)) -> None:
        self.ahead, self._jumps = ahead, cycle(jumps)

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.ahead + next(self._jumps))

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds


class Announced:
    """A port, whose method ``method`` is said to be done once it has returned."""

    def __init__(self, port: Any, method: str, said: Callable[..., str], say: Say) -> None:
        self._port, self._method, self._said, self._say = port, method, said, say

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        if name != self._method:
            return real

        def announced(*arguments: Any, **named: Any) -> Any:
            answer = real(*arguments, **named)
            if line := self._said(arguments, answer):
                self._say(line)
            return answer

        return announced


def link(fleet: FileFleet, device: MemoryDevice) -> tuple[AdjacencyState, ...]:
    """BGP between the two ends of 10.0.0.0/31, up where each names the other's AS number."""
    asked = re.search(r"^ neighbor (10\.0\.0\.[01]) remote-as (\d+)$", device.running, re.MULTILINE)
    if not asked:
        return ()
    own = "10.0.0.1" if asked[1] == "10.0.0.0" else "10.0.0.0"
    theirs = fleet.device({"10.0.0.0": "r1", "10.0.0.1": "r2"}[asked[1]]).running
    named = re.search(rf"^ neighbor {re.escape(own)} remote-as (\d+)$", theirs, re.MULTILINE)
    up = f"router bgp {asked[2]}\n" in theirs and bool(named) and f"router bgp {named[1]}\n" in device.running
    detail = "Established" if up else "Active"
    return (AdjacencyState(protocol="bgp", peer=asked[1], up=up, detail=detail),)


def fleet_in(directory: Path, clock: SystemClock, die_at: str = "") -> FileFleet:
    """The devices in a directory."""

    def meet(phase: str, _device: str) -> None:
        if phase == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    fleet = FileFleet(directory, clock, FORMS["frr"].canonical, meet)
    fleet.adjacencies = link
    return fleet


def endpoints(devices: Iterable[Device]) -> tuple[Endpoint, ...]:
    """Endpoints of devices that need no address."""
    return tuple(
        Endpoint(device=d.name, platform="frr", hostname="", port=0, username="", known_hosts="")
        for d in devices
    )


def on_files(environment: Mapping[str, str], arguments: list[str]) -> int:
    """Run one command; its exit code."""
    jumps = [float(seconds) for seconds in environment.get("FAULTS_JUMPS", "0").split(",")]
    clock = AheadClock(float(environment.get("FAULTS_AHEAD", "0")), jumps)
    fleet = fleet_in(Path(environment["FAULTS_DEVICES"]), clock, environment.get("FAULTS_DIE_AT", ""))
    descriptor = int(environment.get("FAULTS_ACKNOWLEDGED", "-1"))

    def say(line: str) -> None:
        if descriptor >= 0:
            os.write(descriptor, f"{line}\n".encode())

    real, opened = netmgr.wiring.Wiring.runtime, []

    def runtime(self: netmgr.wiring.Wiring, **named: Any) -> Runtime:
        made = real(self, **named)
        opened.append(made.log)
        return dataclasses.replace(
            made,
            fleet=fleet,
            endpoints=endpoints,
            log=Announced(
                made.log,
                "append",
                lambda _, entries: "\n".join(f"entry {entry.seq} {entry.hash}" for entry in entries),
                say,
            ),
            plans=Announced(made.plans, "save", lambda given, _: f"plan {given[1]}", say),
            snapshots=Announced(made.snapshots, "put", lambda _, digest: f"snapshot {digest}", say),
        )

    before = netmgr.wiring.Wiring.runtime, netmgr.wiring.SystemClock
    netmgr.wiring.Wiring.runtime, netmgr.wiring.SystemClock = runtime, lambda: clock
    try:
        return main.run(arguments)
    finally:
        netmgr.wiring.Wiring.runtime, netmgr.wiring.SystemClock = before
        for log in opened:
            # Python does so at its exit, but sometimes only: every run shall end with the same calls.
            log.close()


if __name__ == "__main__":
    sys.exit(on_files(os.environ, sys.argv[1:]))
