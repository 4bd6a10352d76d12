"""Who tells people what the log has news of, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from netmgr.errors import Refused
from netmgr.model.access import Actor
from netmgr.model.permission import Action
from netmgr.ports.clock import Clock
from netmgr.ports.post import Post
from netmgr.ports.store import ServiceLog
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and through which ports."""

    actor: Actor
    request: str
    clock: Clock
    log: ServiceLog
    post: Post
    permitted: Callable[[Action, str], bool]
    """Whether the actor may do this for that client (config/people.yaml)."""
    say: Callable[[str], None] = lambda _: None
    stopped: Callable[[], bool] = lambda: False

    def require_read(self, client: str) -> None:
        """Raise Refused(access) unless the actor may read the client."""
        if not self.permitted("read", client):
            raise Refused(
                "access",
                f"{self.actor.id} may not read {client}",
                "config/people.yaml says who may; ask somebody with the role",
            )


def sender_of(runtime: Runtime) -> Sender:
    """The same ports as another workflow's, for its client."""
    clock = runtime.clock
    return Sender(
        actor=runtime.actor,
        request=runtime.request,
        clock=clock,
        log=runtime.log,
        post=runtime.open_post(),
        permitted=lambda action, client: client == runtime.client and runtime.permitted(action),
        say=runtime.progress,
        stopped=runtime.interrupted,
    )


@dataclass(slots=True)
class Sent:
    """What a pass did for one client. ``too_old``: entries that nobody is told of any more."""

    client: str
    made: int = 0
    sent: int = 0
    deferred: int = 0
    failed: int = 0
    too_old: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """In a word: the worst that came to pass."""
        return (
            "failed" if self.failed else "deferred" if self.deferred else "sent" if self.sent else "nothing"
        )
