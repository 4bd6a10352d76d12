"""Twins of clients' networks on this machine."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from netmgr.model.lab import LabNetwork, LabStatus
from netmgr.model.rehearsal import LoopbackPair, Loss
from netmgr.ports.progress import Progress


class Lab(Protocol):
    """Boots, shows and removes labs; each client has at most one. Every method raises ``LabError``."""

    def up(self, network: LabNetwork, progress: Progress) -> LabStatus:
        """Boot ``network`` and return when every device is ready; on failure nothing is left running.

        A lab that is up with the same network is left as it is; one with another network is an error. ``progress``
        takes one line for each step.
        """

    def down(self, client: str) -> bool:
        """Remove the client's lab and everything it left behind. False if there was nothing."""

    def status(self, client: str) -> LabStatus | None:
        """The client's lab with each device's readiness as of now; ``None`` if it is not up."""

    def console(self, client: str, device: str, argv: Sequence[str]) -> list[str]:
        """The command that runs ``argv`` on the device's console, independent of its network and of SSH.

        An empty ``argv`` is a login shell. The caller executes the result; its exit code is that of ``argv``.
        """


class Probing(Protocol):
    """Echo requests on their way, between all pairs at once."""

    def losses(self) -> tuple[Loss, ...]:
        """What was measured up to now, a pair each, in the order in which they were asked for; while they are sent."""


class Twin(Protocol):
    """A lab that nobody else knows of; it is there as long as whoever booted it."""

    @property
    def lab(self) -> Lab:
        """Status and console of the twin. Another lab of the same client is not seen here."""

    def forwarding(self) -> Mapping[str, frozenset[str]]:
        """Each device's prefixes in its kernel's own tables: what it forwards, whoever says so."""

    def probing(self, pairs: Sequence[LoopbackPair], interval: float) -> AbstractContextManager[Probing]:
        """Send an echo request between each pair every ``interval`` seconds, while the context lasts."""


class Twins(Protocol):
    """Boots labs beside each client's own. Every method raises ``LabError``."""

    def boot(self, network: LabNetwork, progress: Progress) -> AbstractContextManager[Twin]:
        """A twin, ready, for as long as the context lasts and never longer than this process; then nothing is left.

        What a killed process left behind is removed first.
        """
