"""What a workspace would lose with its machine, and the second place that has it too."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from netmgr.model.archive import LogEnd

Row = Mapping[str, Any]
"""Column → value."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; of a link, ``data`` is where it leads."""

    name: str
    data: bytes
    mode: int = 0o600
    kind: Literal["file", "link", "directory"] = "file"


@dataclass(frozen=True, slots=True)
class Written:
    """An archive in the second place."""

    name: str
    size: int
    digest: str
    """SHA-256 in hexadecimal."""


class HeldStore(Protocol):
    """The whole store as it was at one moment, all clients: only netmgr's own backup sees it so."""

    @property
    def revision(self) -> str:
        """Its schema's."""

    def ends(self) -> Sequence[LogEnd]:
        """The newest entry of every chain."""

    def tables(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Every table's rows, some hundreds at a time."""


class StoreCopy(Protocol):
    """A store's way out of a machine, and into another. Every method raises StoreError when the store fails."""

    def held(self) -> AbstractContextManager[HeldStore]:
        """The store held still; others go on writing."""

    def fill(self, revision: str, tables: Iterable[tuple[str, Sequence[Row]]]) -> None:
        """Make an empty store this one, its identity too; all or nothing. No series of numbers goes on by itself.

        Raises StoreError where it is not empty, and for a revision that this program does not know.
        """


class WorkspaceCopy(Protocol):
    """The files of a workspace, without its store and what can be made again."""

    def members(self) -> Iterator[Member]:
        """Every file and link, and a bundle of every git repository."""

    def unpack(self, members: Iterable[Member]) -> int:
        """Make them again in an empty directory; how many files.

        Raises StoreError for a name that leads out of it, and for a bundle that git does not take.
        """


class Archives(Protocol):
    """Encrypted archives in the second place. Every method raises StoreError when the place fails."""

    def write(self, name: str, members: Iterable[Member]) -> Written:
        """Encrypt to every recipient; durable when it returns, and not there at all where it raises."""

    def names(self) -> Sequence[str]:
        """Those that are there, oldest first."""

    def written(self, name: str) -> Written:
        """Size and digest of one, read anew."""

    def prune(self, keep: int) -> Sequence[str]:
        """Delete all but the newest ``keep``; which."""


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """What a backup of the workspace is made of, and where it goes. ``keep`` archives stay."""

    store: StoreCopy
    workspace: WorkspaceCopy
    archives: Archives
    keep: int


Opened = Callable[[], AbstractContextManager[Iterator[Member]]]
"""An archive's members in their order. Raises StoreError for one that is altered, cut off or for other identities."""
