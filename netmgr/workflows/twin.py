"""What is done on a twin, whatever for."""

from collections.abc import Iterable

from netmgr.errors import DeviceError, LabError
from netmgr.ports.fleet import FleetSession
from netmgr.ports.progress import Progress


class OnTheTwin:
    """Says of every line that it is about the twin: nobody should take its commits for the network's."""

    def __init__(self, told: Progress) -> None:
        self._told = told

    def __call__(self, message: str) -> None:
        """See ``Progress``."""
        self._told(f"twin: {message}")

    def step(self, done: int, total: int) -> None:
        """See ``Progress``."""
        self._told.step(done, total)


def logged_in(session: FleetSession, devices: Iterable[str]) -> list[str]:
    """A booted router answers: one that does not is a defect of the twin, and named."""
    logins = session.connect(devices)
    for answer in logins.values():
        if isinstance(answer, DeviceError):
            raise LabError(f"the twin cannot be logged in to: {answer}")
    return list(logins)
