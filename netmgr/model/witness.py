"""Who keeps checkpoints of a service log elsewhere, as client.yaml and config/netmgr.yaml name them."""

from typing import Self

from pydantic import model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import Email, Text
from netmgr.model.git_remote import GitPlace


class WitnessPlace(Frozen):
    """One of three: a ``directory``, a ``git`` remote, a mailbox (``mail``)."""

    directory: Text | None = None
    """Absolute, or from the workspace."""
    git: GitPlace | None = None
    mail: Email | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(place is not None for place in (self.directory, self.git, self.mail)) != 1:
            raise ValueError(
                "a witness is a directory, a git remote or a mail address; write one of the three"
            )
        return self
