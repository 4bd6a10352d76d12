"""What one device shall run."""

from collections.abc import Mapping

from pydantic import Field

from netmgr.model.base import Frozen


class Intended(Frozen):
    """A device's complete configuration, secrets and all.

    ``candidate`` is what is sent, in the order in which it was written; ``config`` its canonical form, on which it
    is compared. ``owned`` are the features whose lines alone are netmgr's; None where all of the configuration is.
    ``salt`` are public names from which salts are made; ``stored`` is name@place → hash of the secret of that name.
    """

    device: str
    platform: str
    candidate: str = Field(repr=False)
    config: str = Field(repr=False)
    warnings: tuple[str, ...] = ()
    owned: frozenset[str] | None = None
    salt: str = ""
    stored: Mapping[str, str] = Field(default={}, repr=False)
