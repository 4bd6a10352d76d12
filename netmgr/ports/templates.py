"""Template sources."""

from collections.abc import Mapping
from typing import Protocol


class Templates(Protocol):
    """The workspace's templates."""

    def sources(self, platforms: frozenset[str]) -> Mapping[str, Mapping[str, str]]:
        """Platform → file name → source. Raises InputError for a platform without templates or an unreadable file."""


class Revision(Protocol):
    """The workspace's place in version control."""

    def state(self) -> tuple[str, bool] | None:
        """(commit, whether files differ from it), or None outside version control."""
