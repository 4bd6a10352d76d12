"""Twins of clients' networks on this machine."""

from collections.abc import Sequence
from typing import Protocol

from netmgr.model.lab import LabNetwork, LabStatus
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
