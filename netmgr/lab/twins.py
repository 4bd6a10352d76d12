"""Twins: labs beside the clients' own, each in a directory of its own, gone with whoever booted them.

``BASE/<random>`` (0700) is locked (flock) for as long as its twin is wanted. The kernel frees the lock with the process
and ends the twin with it, so that a directory nobody has locked is what a killed process left.
"""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_network
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.frr.pings import Pings
from netmgr.lab.kit import LabKit
from netmgr.lab.mixed import MixedLab
from netmgr.model.lab import LabNetwork
from netmgr.model.rehearsal import LoopbackPair
from netmgr.ports.progress import Progress

#: Seconds within which a console command must have answered.
_ANSWER_LIMIT = 30.0
_ROUTES = "ip -j -4 route show; printf '\\n/\\n'; ip -j -6 route show"
_DEFAULTS = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class LabTwin:
    """See ``netmgr.ports.lab.Twin``. ``directory`` is private, and goes with the twin; ``real`` devices are of it."""

    client: str
    directory: Path
    lab: MixedLab
    real: frozenset[str]

    def forwarding(self) -> Mapping[str, frozenset[str]]:
        """Real devices are asked all at once, on their consoles."""
        asked = {
            device: subprocess.Popen(
                self.lab.console(self.client, device, ["sh", "-c", _ROUTES]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for device in self.real
        }
        found = self.lab.emulated.forwarding(self.client)
        for device, process in asked.items():
            with process:
                try:
                    out, _ = process.communicate(timeout=_ANSWER_LIMIT)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise LabError(f"{device}: its console says nothing for {_ANSWER_LIMIT:g} s") from None
            found[device] = prefixes(out.decode("ascii", "replace"))
        return found

    @contextlib.contextmanager
    def probing(self, pairs: Sequence[LoopbackPair], interval: float) -> Iterator[Pings]:
        """One ``ping`` for each pair, on its source's console."""
        with tempfile.TemporaryDirectory(prefix="probes-", dir=self.directory) as outputs:
            pings = Pings(Path(outputs), interval)
            try:
                for pair in pairs:
                    pings.start(pair, partial(self.lab.console, self.client, pair.source))
                yield pings
            finally:
                pings.stop()


class LabTwins:
    """See ``netmgr.ports.lab.Twins``. Twins live below ``base``."""

    def __init__(self, base: Path, kit: LabKit) -> None:
        self._base, self._kit = base.absolute(), kit

    @contextlib.contextmanager
    def boot(self, network: LabNetwork, progress: Progress) -> Iterator[LabTwin]:
        """Ends with this process too, however it ends."""
        with self._directory() as directory:
            lab = MixedLab(directory / "lab", directory / "emulated", self._kit)
            with lab.passing(network, progress) as real:
                yield LabTwin(network.client, directory, lab, real)

    @contextlib.contextmanager
    def _directory(self) -> Iterator[Path]:
        try:
            self._base.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self._base, wait=True):
                self._remove_leftovers()
                directory = Path(tempfile.mkdtemp(dir=self._base))  # mode 0700
                lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise LabError(
                f"{self._base}: {error.strerror}; a twin needs a place for its logs there"
            ) from error
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)
            os.close(lock)

    def _remove_leftovers(self) -> None:
        """What nobody has locked: its processes have ended with whoever started them, or end now."""
        for left in self._base.iterdir():
            with contextlib.suppress(BlockingIOError), _locked(left, wait=False):
                for state in (left / "lab").glob("*/supervisor.json"):
                    FrrLab(left / "lab", self._kit).down(state.parent.name)
                shutil.rmtree(left)


@contextlib.contextmanager
def _locked(directory: Path, *, wait: bool) -> Iterator[None]:
    """Hold a directory's lock. Raises BlockingIOError where another process has it and nobody is to wait."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def prefixes(text: str) -> frozenset[str]:
    """The prefixes in the outputs of ``ip -j -4 route`` and ``ip -j -6 route``, a slash between; no link-local ones.

    iproute2 writes a host's route without its length, and the default route as a word.
    """
    found = set()
    for default, routes in zip(_DEFAULTS, text.split("\n/\n"), strict=False):
        for route in json.loads(routes.strip() or "[]"):
            network = ip_network(default if route["dst"] == "default" else route["dst"])
            if not network.is_link_local and not network.is_multicast:
                found.add(str(network))
    return frozenset(found)
