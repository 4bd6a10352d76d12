"""A git remote as witness: what was pushed there, its owner cannot take back quietly."""

from netmgr.adapters.git_repository import GitRepository
from netmgr.adapters.witness_files import SUFFIX, line_of
from netmgr.model.checkpoint import Checkpoint
from netmgr.ports.clock import Clock


class GitWitness:
    """See ``netmgr.ports.witness.Witness``: a branch for each client, a commit for each checkpoint.

    ``repository`` is ours, for this remote. A remote that has more, or other, commits than ours refuses the push: it is
    never forced.
    """

    kind = "git"

    def __init__(self, repository: GitRepository, remote: str, clock: Clock) -> None:
        self._repository, self._remote, self._clock = repository, remote, clock

    def keep(self, checkpoint: Checkpoint) -> None:
        """Commit, then push the client's branch alone."""
        branch, name = checkpoint.client, f"{checkpoint.client}{SUFFIX}"
        with self._repository.writing():
            head = self._repository.head(branch)
            known = self._repository.contents([f"{head}:{name}"]) if head else {}
            self._repository.commit(
                branch,
                {name: known.get(f"{head}:{name}", b"") + line_of(checkpoint)},
                removed=(),
                message=f"{checkpoint.client}: seq {checkpoint.seq}",
                seconds=int(self._clock.now().timestamp()),
            )
            self._repository.push(self._remote, branch)
