"""Who keeps checkpoints elsewhere: what makes a rewritten or cut off log visible to others than its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from netmgr.model.checkpoint import Checkpoint
from netmgr.ports.store import Signer


class Witness(Protocol):
    """One place that is not the owner's alone."""

    @property
    def kind(self) -> str:
        """``directory``, ``git`` or ``mail``."""

    def keep(self, checkpoint: Checkpoint) -> None:
        """Return when the witness has it. Raises StoreError, in one line, when that is not known."""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Whom a client's checkpoints go to, and what signs them."""

    signer: Signer
    all: Sequence[Witness] = ()
