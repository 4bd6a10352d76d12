"""What a benchmark says: works, and for each the figures of netmgr, its peers and the floor."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Contender:
    """One way of doing a work. ``says`` is what it does and does not do."""

    name: str
    says: str
    values: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Seconds on the station for each round, children included; empty where ``values`` are CPU or a rate."""

    def add(self, value: float, cpu: float | None = None) -> None:
        """Take one round in."""
        self.values.append(value)
        if cpu is not None:
            self.cpu.append(cpu)

    @property
    def median(self) -> float:
        """Of all rounds."""
        return statistics.median(self.values)


@dataclass
class Work:
    """One work: ``unit`` of the values, ``goal`` that netmgr must reach, how many ``devices`` share the CPU."""

    name: str
    unit: str
    goal: str
    contenders: list[Contender]
    devices: int = 0
    note: str = ""

    def table(self) -> str:
        """As Markdown: medians, numbers of rounds, and what each contender does."""
        lines = [f"### {self.name}", "", f"netmgr must reach: {self.goal}. {self.note}".rstrip(), ""]
        cpu = any(contender.cpu for contender in self.contenders)
        per = "CPU ms a device" if self.devices else "CPU s"
        lines += [f"| | {self.unit} |{f' {per} |' if cpu else ''} n | what it does |"]
        lines += [f"|---|---:|{'---:|' if cpu else ''}---:|---|"]
        for one in self.contenders:
            if one.values:
                spent = self._cpu(one) if cpu else ""
                lines.append(f"| {one.name} | {figure(one.median)} |{spent} {len(one.values)} | {one.says} |")
        return "\n".join(lines) + "\n"

    def _cpu(self, one: Contender) -> str:
        if not one.cpu:
            return " |"
        seconds = statistics.median(one.cpu)
        return f" {figure(seconds * 1000 / self.devices if self.devices else seconds)} |"


def figure(value: float) -> str:
    """Three digits that count."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


@dataclass(frozen=True)
class Spent:
    """What a process took: wall and CPU seconds with all its children, and the most memory of one of them in MiB."""

    wall: float
    cpu: float
    memory: float
    out: str


def spend(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    code: int = 0,
) -> Spent:
    """Run a command to its end. SystemExit with what it said, if it does not end with ``code``."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        out = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != code:
        raise SystemExit(f"{' '.join(command)[:200]}: exit {process.returncode}\n{out[-2000:]}")
    return Spent(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out)


def here(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of work in this process, and of the children that it waits for."""
    wall, cpu = time.perf_counter(), _cpu_here()
    work()
    return time.perf_counter() - wall, _cpu_here() - cpu


def _cpu_here() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
