"""What a check of a client's inventory found."""

from netmgr.model.base import Frozen


class Checked(Frozen):
    """A client whose inventory is right. ``warnings`` are what is allowed but will not work as it seems to."""

    client: str
    devices: int
    links: int
    digest: str
    warnings: tuple[str, ...]
