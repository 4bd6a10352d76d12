"""The machine that netmgr runs on, as the self-test sees it."""

from collections.abc import Iterable
from typing import Protocol

from netmgr.model.base import Frozen


class Requirement(Frozen):
    """A Python package that netmgr needs. ``installed`` is its version, None where it is missing."""

    name: str
    wanted: str
    installed: str | None
    fits: bool


class Exposed(Frozen):
    """A private file or directory that others can read; ``mode`` is the one that it should have, in octal."""

    path: str
    mode: str


class Machine(Protocol):
    """Answers questions, and changes nothing."""

    def python(self) -> str:
        """Python's version."""

    def requirements(self) -> Iterable[Requirement]:
        """The packages that netmgr's own metadata asks for; nothing where it is not installed as a package."""

    def program(self, name: str) -> str | None:
        """The first line of the program's ``--version``; None where it is not there or does not run."""

    def lab_kit(self) -> str:
        """What the lab would run. Raises LabError, which says what is missing and how to get it."""

    def namespaces(self) -> None:
        """Raises LabError where this user may not make a lab's namespaces."""

    def exposed(self) -> Iterable[Exposed]:
        """What of the workspace's private files is not private."""

    def free(self) -> int:
        """Bytes that this user may still write where netmgr keeps its state."""

    def synchronised(self) -> bool | None:
        """Whether the kernel says that its clock is kept by NTP; None where it says nothing."""

    def agent_keys(self) -> int | None:
        """How many keys the SSH agent holds; None without an agent."""

    def stale_labs(self) -> Iterable[str]:
        """Clients whose lab left files behind and does not run."""
