"""Handing over all that is kept of a client: the files that are the client's, and the pack that they leave in."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from netmgr.ports.store import Signer


class Piece(NamedTuple):
    """A file of a pack. ``chunks`` are ``size`` bytes together, and are taken once, before the next piece is."""

    name: str
    size: int
    chunks: Iterable[bytes]


class Handover(Protocol):
    """Of one workspace. Every method raises StoreError where something cannot be read or written."""

    @property
    def signer(self) -> Signer:
        """Signs the checkpoint that goes with a log."""

    @property
    def verifier(self) -> Piece:
        """The program that verifies the log without netmgr."""

    @property
    def excerpt_verifier(self) -> Piece:
        """The one that verifies a log of which some entries are hidden; needs the other one beside it."""

    def inventory(self, client: str) -> Iterator[Piece]:
        """The files of the client's own directory, as they are; nothing that a link leads to."""

    def written(self, path: str, recipient: str, pieces: Iterable[Piece]) -> AbstractContextManager[int]:
        """A new file ``path`` of all pieces, encrypted to an age key as it is written; how many bytes it has.

        It has its name, durably, once the context is left without an error, and is gone after one. Raises UsageError
        for what is no age key, and where there is such a file.
        """
