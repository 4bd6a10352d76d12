"""Where it is written what runs by itself."""

from typing import Protocol

from netmgr.model.schedule import Planned


class Schedule(Protocol):
    """What is planned for the clients."""

    def check(self) -> None:
        """Raises InputError with every problem of what is planned for all; a client's own are its inventory's."""

    def planned(self, client: str) -> tuple[Planned, ...]:
        """The client's jobs, by name. Raises InputError with every problem."""
