"""Template sources."""

from typing import Protocol

from netmgr.model.template import Sources


class Templates(Protocol):
    """The workspace's templates, and what a client has in place of some of them."""

    def sources(self, client: str, platforms: frozenset[str]) -> Sources:
        """Every template of the platforms, by the name that ``include`` and ``extends`` take.

        A client's own file has the workspace's name; the workspace's is then ``workspace/<name>``, so that the client's
        may extend it. No other client's file is among them. Raises InputError for a platform without templates, an
        unreadable file, and a client's file that stands in place of nothing.
        """


class Revision(Protocol):
    """The workspace's place in version control."""

    def state(self) -> tuple[str, bool] | None:
        """(commit, whether files differ from it), or None outside version control."""
