"""Who keeps checkpoints of a service log elsewhere, as client.yaml and config/netmgr.yaml name them."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import Email

#: What git takes for a remote, and nothing that makes it run a program (ext::) or read an option.
_REMOTE = r"(?:(?:ssh|https|file)://[^\s@:/]*(?:@[^\s@:/]+)?(?::[0-9]+)?/\S*|[\w.-]+@[\w.-]+:[^\s-]\S*|(?:/|\./|\.\./)\S*)"


def _remote(value: str) -> str:
    if not re.fullmatch(_REMOTE, value):
        # Not shown: somebody may have put a password into it.
        raise ValueError(
            "is no git remote without a password; write git@host:path, https://host/path or a directory"
        )
    return value


class WitnessPlace(Frozen):
    """One of three: a ``directory``, a ``git`` remote, a mailbox (``mail``)."""

    directory: Annotated[str, Field(min_length=1)] | None = None
    """Absolute, or from the workspace."""
    git: (
        Annotated[str, AfterValidator(_remote), WithJsonSchema({"type": "string", "pattern": f"^{_REMOTE}$"})]
        | None
    ) = None
    mail: Email | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(place is not None for place in (self.directory, self.git, self.mail)) != 1:
            raise ValueError(
                "a witness is a directory, a git remote or a mail address; write one of the three"
            )
        return self

    @property
    def kind(self) -> str:
        """Which of the three."""
        return "directory" if self.directory else "git" if self.git else "mail"
