"""Probes of a twin: one ``ping`` for each pair of loopbacks, its lines read from a file as they come.

iputils' format with ``-D`` and ``-O``, as Debian 12 and Ubuntu 24.04 print it::

    [1700000000.123456] 64 bytes from 10.1.255.5: icmp_seq=12 ttl=63 time=0.051 ms
    [1700000000.173456] no answer yet for icmp_seq=13
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from netmgr.model.rehearsal import LoopbackPair, Loss

#: Seconds since the last answer after which a pair counts as silent; replies of a busy machine are late.
_SILENT = 1.0
_REPLY = re.compile(r"^\[(\d+\.\d+)\] \d+ bytes from .* icmp_seq=(\d+) ", re.ASCII | re.MULTILINE)
#: Seconds that a ping may take to end; it has nothing to do but to print.
_END_LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class _Ping:
    pair: LoopbackPair
    output: Path
    process: subprocess.Popen[bytes]
    started: float


class Pings:
    """See ``netmgr.ports.lab.Probing``. ``directory`` takes what each ping prints."""

    def __init__(self, directory: Path, interval: float) -> None:
        self._directory, self._interval = directory, interval
        self._pings: list[_Ping] = []

    def start(self, pair: LoopbackPair, console: Callable[[Sequence[str]], list[str]]) -> None:
        """Begin to probe a pair; ``console`` gives the words that run a command on its source."""
        family = "-6" if ":" in pair.destination_address else "-4"
        argv = [
            *("ping", family, "-n", "-D", "-O", "-W", "1", "-i", f"{self._interval:g}"),
            *("-I", pair.source_address, pair.destination_address),
        ]
        path = self._directory / str(len(self._pings))
        with path.open("wb") as output:
            process = subprocess.Popen(
                console(argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._pings.append(_Ping(pair, path, process, time.time()))

    def stop(self) -> None:
        """End them all."""
        for ping in self._pings:
            if ping.process.poll() is None:  # nsenter waits for its ping: both are in the session
                os.killpg(ping.process.pid, signal.SIGINT)
        for ping in self._pings:
            try:
                ping.process.wait(_END_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(ping.process.pid, signal.SIGKILL)
                ping.process.wait()

    def losses(self) -> tuple[Loss, ...]:
        """From the lines that are there now."""
        now = time.time()
        return tuple(
            measured(
                ping.pair,
                replies(ping.output.read_text("utf-8", "replace")),
                start=ping.started,
                end=now,
                interval=self._interval,
            )
            for ping in self._pings
        )


def replies(text: str) -> list[tuple[int, float]]:
    """The answered requests' numbers and when the answers came (Unix time), by number; a late answer is an answer."""
    return sorted({int(number): float(at) for at, number in _REPLY.findall(text)}.items())


def measured(
    pair: LoopbackPair,
    answered: Iterable[tuple[int, float]],
    *,
    start: float,
    end: float,
    interval: float,
) -> Loss:
    """The time between answers where a request between them had none, each request standing for its ``interval``."""
    gaps, last_number, last = [], 0, start
    for number, at in answered:
        if number > last_number + 1:
            gaps.append(max(at - last - interval, interval))
        last_number, last = number, max(at, last)
    silent = end - last > _SILENT
    if silent:
        gaps.append(end - last)
    return Loss(
        pair=pair, seconds=round(sum(gaps), 3), longest=round(max(gaps, default=0.0), 3), replied=not silent
    )
