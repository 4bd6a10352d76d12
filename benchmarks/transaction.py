"""A change in one wave, and what of it is not the routers' work: `python -m benchmarks.transaction [ROUTERS [ROUNDS]]`.

The run is what a user waits for after saying yes: from then to the result, in this process. A router is at work from
the moment a question is sent to it until its answer is there, a login counted as one question. Overhead is the share of
the run in which no router is at work: netmgr reads, judges, encrypts, logs, or waits for a next look. As threads of one
process share an interpreter, a part of netmgr's own CPU hides while other routers work; so the most that the overhead
can be is shown too, as if nothing that this process computes were done at the same time as a router's work.
"""

import dataclasses
import io
import os
import statistics
import sys
import time
from contextlib import redirect_stderr
from dataclasses import dataclass

from benchmarks.at_work import LOGIN, ORDERS, recorded
from benchmarks.commit import by_netmiko
from benchmarks.figures import Contender, Work, here
from benchmarks.routers import CLIENT, Ring, new_description, routers
from netmgr.adapters.settings_yaml import load_settings
from netmgr.cli.progress import TerminalProgress
from netmgr.model.change import Plan
from netmgr.model.selection import Selection
from netmgr.ports.clock import Clock
from netmgr.wiring import Wiring
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest

LIMIT = 15  # percent
LOGINS = 2  # to each router: one for the run, a new one as proof of management


@dataclass(frozen=True)
class Run:
    """One change, in seconds."""

    wall: float
    cpu: float
    """Of this process."""
    routers: float
    """CPU of the lab's processes."""
    working: float
    """Wall time in which some router was at work."""
    committing: float
    """Of that, on an order of the commit."""
    waiting: float
    """Wall time of pauses between two looks at the network."""

    @property
    def overhead(self) -> float:
        """Percent of the run in which no router was at work."""
        return 100 * (1 - self.working / self.wall)

    @property
    def at_most(self) -> float:
        """The same, and all CPU of this process, whenever it was spent."""
        return min(100.0, self.overhead + 100 * self.cpu / self.wall)


class Slept:
    """A clock that knows how long it was waited on."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.seconds = clock, 0.0
        self.now, self.monotonic, self.new_id = clock.now, clock.monotonic, clock.new_id

    def sleep(self, seconds: float) -> None:
        """Wait."""
        begun = time.perf_counter()
        self._clock.sleep(seconds)
        self.seconds += time.perf_counter() - begun


def change(ring: Ring) -> Run:
    """Deploy another description. SystemExit unless that is one wave, and two logins to each router by its own log."""
    ring.intend(new_description())
    wiring = Wiring(ring.workspace, load_settings(ring.workspace))
    runtime = wiring.runtime(
        client=CLIENT,
        target="lab",
        actor=wiring.actor(os.getuid()),
        request=wiring.clock.new_id(),
        progress=TerminalProgress(),
        interrupted=lambda: False,
    )
    clock = Slept(runtime.clock)
    runtime = dataclasses.replace(runtime, clock=clock)
    logins = ring.logins()
    start = cpu = routers_cpu = 0.0

    def yes(plan: Plan) -> bool:
        if len(plan.waves) != 1 or len(plan.changed) != ring.count:
            raise SystemExit(f"{len(plan.changed)} of {ring.count} routers in {len(plan.waves)} waves")
        nonlocal start, cpu, routers_cpu
        routers_cpu, cpu, start = ring.cpu(), time.process_time(), time.perf_counter()
        return True

    with wiring.service_log, recorded() as record, redirect_stderr(io.StringIO()):
        result = deploy(runtime, Selection(), DeployRequest(), given=None, approve=yes)
        end, spent = time.perf_counter(), time.process_time() - cpu
    if result.outcome != "applied":
        raise SystemExit(f"netmgr deploy: {result.outcome}: {result.refused}")
    new = {name: count - logins[name] for name, count in ring.logins().items()}
    if set(new.values()) != {LOGINS} or record.count(LOGIN) != LOGINS * ring.count:
        raise SystemExit(f"not {LOGINS} logins to each router: {new}")
    return Run(
        wall=end - start,
        cpu=spent,
        routers=ring.cpu() - routers_cpu,
        working=record.time(start, end),
        committing=record.time(start, end, ORDERS),
        waiting=clock.seconds,
    )


def measured(count: int = 50, rounds: int = 5) -> list[Work]:
    """Rounds of every contender, one after the other on the same routers."""
    net = Contender(
        "netmgr, from the yes to the end",
        "state before, snapshots, intent, load, commit with timers, new logins, read back, every adjacency heard from, "
        "decision, confirm and save, outcomes logged",
    )
    working = Contender(
        "of it, a router is at work", "some router has not answered yet: an order, a login, a question"
    )
    committing = Contender(
        "of that, on the commit", "some router judges its candidate, applies it, or confirms and saves it"
    )
    waiting = Contender("of it, waiting", "between two looks at neighbors that are not heard from yet")
    nornir = Contender(
        "Nornir and netmiko", "push and save in one login; no net, nothing read back; Python's start left out"
    )
    floor = Contender("OpenSSH, `vtysh -f`", "floor: push only, not saved, nothing read back")
    share = Contender("no router at work", f"this is compared with {LIMIT} %")
    most = Contender(
        "no router at work, and all CPU of netmgr",
        "the most that it can be: as if nothing were computed while a router works",
    )
    strict = Contender(
        "no router on its commit",
        "the strictest reading: new logins, reading back and listening to neighbors are counted as overhead too",
    )
    run = Work(
        f"Change one line on each of {count} real routers in one wave",
        "wall s",
        "one login to each router for the run and one as proof of management (counted in the logs of sshd)",
        [net, working, committing, waiting, nornir, floor],
        devices=count,
    )
    with routers(count) as ring:
        by_netmiko(ring)  # imports
        runs = []
        for _ in range(rounds):
            one = change(ring)
            runs.append(one)
            net.add(one.wall, one.cpu)
            for contender, value in (
                (working, one.working),
                (committing, one.committing),
                (waiting, one.waiting),
                (share, one.overhead),
                (most, one.at_most),
                (strict, 100 * (1 - one.committing / one.wall)),
            ):
                contender.add(value)
            nornir.add(*here(lambda: by_netmiko(ring)))
            text = f"interface lo\n description {new_description()}\nexit\n"
            floor.add(*here(lambda text=text: ring.by_ssh("vtysh -f /dev/stdin", text)))
    of_routers = statistics.median(one.routers for one in runs)
    run.note = (
        f"The routers share the station's cores and took {of_routers:.1f} s of CPU for netmgr's change."
    )
    overhead = Work(
        f"Overhead of the transaction: {count} real routers in one wave",
        "% of the run",
        f"≤ {LIMIT} % of the run",
        [share, most, strict],
    )
    return [run, overhead]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
