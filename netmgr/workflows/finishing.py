"""Carrying a decision out: repeated until every device says how its commit ended, or its timer has surely ended."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from netmgr.change.timing import GRACE, pause
from netmgr.errors import DeviceError
from netmgr.model.change import CommitOrder, CommitState, Decision
from netmgr.ports.fleet import Answers, FleetSession
from netmgr.workflows.account import Account
from netmgr.workflows.runtime import Runtime


def finish(
    runtime: Runtime,
    session: FleetSession,
    account: Account,
    decision: Decision,
    waves: Sequence[set[str]],
    *,
    ours: Callable[[], bool],
) -> None:
    """Confirm these waves, or take them back; the account knows how each device ended, where it could be read.

    ``ours`` says whether the right to write is surely still there.
    """
    confirm, clock = decision == "confirm", runtime.clock
    left = set().union(*waves) & account.committed
    account.enter("confirm" if confirm else "rollback", left)
    begun = clock.monotonic()
    while left:
        # Back in the opposite order, so that what a wave spared is spared again; confirmed all at once.
        groups = [left] if confirm else [left & wave for wave in reversed(waves) if left & wave]
        answers: dict[str, CommitState | DeviceError] = {}
        for group in groups:
            answers |= _send(session, decision, account.only(group), ours=ours())
        answers |= said_of_themselves(session, account, _lost(answers))
        account.note(answers)
        account.ends |= {
            name: answer
            for name, answer in answers.items()
            if isinstance(answer, CommitState) and answer.state != "pending"
        }
        left -= set(account.ends)
        if left and clock.monotonic() > account.deadline(left) + GRACE:
            break
        if left:
            runtime.progress(f"{decision}: waiting for {', '.join(sorted(left))}")
            clock.sleep(pause(clock.monotonic() - begun))


def said_of_themselves(session: FleetSession, account: Account, names: Iterable[str]) -> Answers[CommitState]:
    """What devices whose connection is gone say of their commits, over new logins; nothing of those that stay away."""
    lost = set(names)
    if not lost:
        return {}
    logins = session.relogin(lost)
    return session.commit_state(account.only(n for n in lost if not isinstance(logins[n], DeviceError)))


def _lost(answers: Mapping[str, object]) -> set[str]:
    return {name for name, answer in answers.items() if isinstance(answer, DeviceError)}


def _send(
    session: FleetSession, decision: Decision, orders: Mapping[str, CommitOrder], *, ours: bool
) -> Answers[CommitState]:
    # An abort is never wrong. A confirm that is not known to be in time is not sent: the timers bring it back.
    if decision == "abort":
        return session.abort(orders)
    return session.confirm(orders) if ours else session.commit_state(orders)
