"""An archive of all that a workspace would lose with its machine: what it holds, and up to where."""

from typing import Final, Literal

from pydantic import Field

from netmgr.model.base import Frozen

SCHEMA: Final = "netmgr.state/1"


class LogEnd(Frozen):
    """The newest entry of one chain when the archive was made."""

    client: str
    stream: str
    seq: int
    hash: str


class Manifest(Frozen):
    """What comes first in an archive. ``revision`` is that of the store's schema, ``store`` its identity."""

    schema_: Literal["netmgr.state/1"] = Field(default=SCHEMA, alias="schema")
    made: str
    """RFC 3339, UTC: when the store was held still. Everything else was read after that."""
    netmgr: str
    store: str
    revision: str
    logs: tuple[LogEnd, ...]


class Repository(Frozen):
    """A git repository of the workspace, kept as a bundle; ``head`` is what its HEAD names, a branch or a commit."""

    path: str
    head: str
    bare: bool
    remotes: dict[str, str] = Field(default_factory=dict)
    """Name → URL. Nothing else of its configuration is kept: it may name programs to run."""


class ArchivedLog(Frozen):
    """One chain of an archive, read and proved. ``behind`` counts the entries that the workspace has since."""

    client: str
    stream: str
    seq: int
    problems: tuple[str, ...] = ()
    behind: int | None = None


class CheckedArchive(Frozen):
    """An archive in the second place. ``logs`` are there if it could be opened."""

    name: str
    size: int
    digest: str
    """SHA-256 of the file."""
    made: str
    opened: bool
    logs: tuple[ArchivedLog, ...] = ()
    files: int = 0
    repositories: int = 0


class RestoredLog(Frozen):
    """One chain in a restored workspace: it goes on after ``seq``; ``last`` is the last entry known to be lost."""

    client: str
    stream: str
    seq: int
    last: int | None = None
    entry: int
    """The seq of the entry that says so."""
    problems: tuple[str, ...] = ()
