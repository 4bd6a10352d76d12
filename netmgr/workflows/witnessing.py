"""Checkpoints out of the house: signed, handed to every witness, and said in the log."""

from dataclasses import dataclass

from netmgr.errors import StoreError
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Body
from netmgr.workflows.log import checkpoint
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Given:
    """A checkpoint, the kinds of the witnesses that have it, and why others have not."""

    checkpoint: Checkpoint
    kept: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """``given`` to all, to some (``partly``), or ``failed``."""
        return "given" if not self.problems else "partly" if self.kept else "failed"


def give(runtime: Runtime) -> Given:
    """Sign the log's end and hand it out. One witness that fails keeps no other from having it.

    Raises StoreError where nobody is a witness, or the log has no entries.
    """
    runtime.require("read")
    witnesses = runtime.open_witnesses()
    if not witnesses.all:
        raise StoreError(
            f"{runtime.client}: nobody witnesses its log; name witnesses in client.yaml or config/netmgr.yaml"
        )
    issued = checkpoint(runtime.log, witnesses.signer, runtime.clock, runtime.client)
    kept: list[str] = []
    failed: list[str] = []
    problems: list[str] = []
    for witness in witnesses.all:
        try:
            witness.keep(issued)
            kept.append(witness.kind)
        except StoreError as error:
            failed.append(witness.kind)
            problems.append(str(error))
            runtime.progress(f"{runtime.client}: {error}")
    given = Given(issued, tuple(kept), tuple(problems))
    draft = runtime.draft(
        kind="witness",
        action="checkpoint",
        phase="result",
        outcome=given.outcome,
        facts={"failed": failed, "hash": issued.hash, "kept": kept, "until": issued.seq},
        **({"body": Body("\n".join(problems).encode(), "text/plain")} if problems else {}),
    )
    runtime.log.append(runtime.client, [draft])
    return given
