"""One network-wide change: commit everywhere with a timer on each device, check, decide, finish, read back.

Nothing is sent before the service log holds the intent; the decision is in the log before the first confirm. Whatever
happens, each device ends with one outcome, judged by the configuration that it reads back.
"""

from collections.abc import Callable, Iterable, Mapping

from netmgr.change.checks import Hearing, Requirements, judge
from netmgr.change.outcome import change_outcome, device_outcome
from netmgr.change.timing import GRACE, SHORTEST_PAUSE, pause, reserve
from netmgr.errors import DeviceError, LeaseLost, StoreError
from netmgr.model.change import (
    CheckResult,
    CheckStatus,
    CommitOrder,
    CommitState,
    Decision,
    DeployResult,
    DeviceOutcome,
    DeviceResult,
    Refusal,
)
from netmgr.model.state import AdjacencyState
from netmgr.ports.fleet import Answers, FleetSession
from netmgr.ports.locks import Lease
from netmgr.workflows import change_log
from netmgr.workflows.runtime import Runtime

#: Seconds that a device may take to tell of its neighbors right after its commit. The change may have cut the way to
#: it; then the new login, not this question, has to find that out.
FIRST_LISTEN = 1.0


class Transaction:
    """A change in progress. ``run`` takes it from the loaded candidates to its end; every method is one phase."""

    def __init__(
        self,
        runtime: Runtime,
        session: FleetSession,
        lease: Lease,
        *,
        orders: Mapping[str, CommitOrder],
        needed: Requirements,
        others: tuple[DeviceResult, ...],
        hide: Callable[[str], str],
        plan: str | None,
        started: float,
        action: str = "deploy",
    ) -> None:
        self.runtime, self.session, self.lease = runtime, session, lease
        self.orders, self.needed, self.plan, self.action = dict(orders), needed, plan, action
        self.change = next(iter(orders.values())).change
        self.others, self.hide, self.started = others, hide, started
        self.phase: dict[str, str] = dict.fromkeys(orders, "load")
        self.errors: dict[str, str] = {}
        self.committed: set[str] = set()
        self._answered: set[str] = set()
        self.deadline = self.check_until = runtime.clock.monotonic()
        self.checks: tuple[CheckResult, ...] = ()
        self.refused: list[Refusal] = []

    # -- from candidates to a decision ------------------------------------------------------------------------------

    def run(self, *, hold: bool) -> DeployResult:
        """Commit, check, decide, finish. The intent is in the log and the candidates are loaded."""
        try:
            return self._run(hold=hold)
        except LeaseLost as lost:
            return self._left_to_others(lost)

    def _run(self, *, hold: bool) -> DeployResult:
        decision: Decision = "abort"
        if self.commit() and self.check():
            decision = "hold" if hold else "confirm"
        self._still_ours()
        try:
            change_log.decision(self.runtime, self.change, decision, self.action)
        except StoreError as error:
            decision = "abort"
            self.refused.append(
                Refusal(
                    gate="log", reason=str(error), remedy="make the store writable, then run `netmgr recover`"
                )
            )
        if decision == "hold":
            return self.result({}, held=True)
        return self.finish(decision)

    def commit(self) -> bool:
        """Commit everywhere with the timer. False when a device refused or an interruption came in."""
        if self.runtime.interrupted():
            self.errors.update(dict.fromkeys(self.orders, "interrupted before the commit"))
            return False
        if not self._still_ours():
            self.errors.update(dict.fromkeys(self.orders, "the lease cannot be renewed before the commit"))
            return False
        seconds = max(order.seconds for order in self.orders.values())
        self.runtime.progress(f"commit: {len(self.orders)} devices, each with a timer of {seconds} s")
        self._enter("commit", self.orders)
        self.committed = set(self.orders)
        begun = self.runtime.clock.monotonic()
        answers = self.session.commit(self.orders)
        self.deadline = self.runtime.clock.monotonic() + seconds
        self.check_until = begun + seconds - reserve(len(self.orders)) / 2
        self._note(answers)
        self._answered = {name for name, answer in answers.items() if isinstance(answer, CommitState)}
        # A lost connection is no refusal yet: the change may have moved the path, so the new login decides.
        return not any(
            (isinstance(answer, DeviceError) and answer.kind != "unreachable") or self._ended(answer)
            for answer in answers.values()
        )

    def check(self) -> bool:
        """Wait until every check passes; False at the limit, at an interruption, or when a device went back."""
        self._enter("check", self.orders)
        clock, hearing = self.runtime.clock, Hearing()
        begun = clock.monotonic()
        # Neighbors send hellos while everybody logs in anew and reads back: what grows from now on was heard.
        self._listen(hearing, self._answered, within=FIRST_LISTEN)
        unproved = set(self.orders)
        while True:
            self._still_ours()
            logins = self.session.relogin(unproved)
            unproved = {name for name, answer in logins.items() if isinstance(answer, DeviceError)}
            states = self.session.commit_state(_only(self.orders, set(self.orders) - unproved))
            management = self._management(logins, states)
            watched = {key[0] for key in (*self.needed.required, *self.needed.pending)} - unproved
            seen, unread = self._listen(hearing, watched)
            silent = hearing.silent(self.needed.standing)
            unread |= dict.fromkeys(unproved, "no new login")
            adjacencies = judge(self.needed, seen, unread=unread, silent=silent)
            self.checks = (*management, *adjacencies)
            # A connection that broke since its login proves nothing: that device logs in again.
            unproved |= {name for name, state in states.items() if isinstance(state, DeviceError)}
            failing = [check for check in self.checks if check.status == "failed"]
            self.runtime.progress(f"check: {len(self.checks) - len(failing)} of {len(self.checks)} hold")
            if not failing:
                return True
            if any(self._ended(state) for state in states.values()):
                return False
            left = self.check_until - clock.monotonic()
            if self.runtime.interrupted() or left < SHORTEST_PAUSE:
                self._blame(failing)
                return False
            clock.sleep(min(pause(clock.monotonic() - begun), left))

    def _listen(
        self, hearing: Hearing, devices: set[str], *, within: float | None = None
    ) -> tuple[dict[str, tuple[AdjacencyState, ...]], dict[str, str]]:
        """Every adjacency that the devices know, taken in; and what kept a device from answering."""
        begun = self.runtime.clock.monotonic()
        seen, unread = _split(self.session.adjacencies(devices, within=within))
        hearing.listen(begun, seen, until=self.runtime.clock.monotonic())
        return seen, unread

    def _management(self, logins: Answers[None], states: Answers[CommitState]) -> tuple[CheckResult, ...]:
        """A new login everywhere, and the configuration read back over it equals the plan."""
        results = []
        for name, order in sorted(self.orders.items()):
            state = states.get(name)
            if state is None:
                login = logins[name]
                detail = login.message if login is not None else "no answer"
                results.append(CheckResult(name="management", device=name, status="failed", detail=detail))
                continue
            results.append(CheckResult(name="management", device=name, status="passed", detail="new login"))
            fault = _fault(state, order)
            status: CheckStatus = "failed" if fault else "passed"
            results.append(
                CheckResult(name="read_back", device=name, status=status, detail=fault or "as planned")
            )
        return tuple(results)

    def resume(self, errors: Mapping[str, DeviceError]) -> None:
        """Take up a change that another process began: any device may have been committed, timers may still run."""
        self.committed = set(self.orders)
        self.deadline = self.runtime.clock.monotonic() + max(order.seconds for order in self.orders.values())
        self._note(errors)

    # -- from a decision to the end ---------------------------------------------------------------------------------

    def finish(self, decision: Decision) -> DeployResult:
        """Carry the decision out on every device and judge the end by what is read."""
        confirm = decision == "confirm"
        self.runtime.progress(f"decision: {decision}")
        self._enter("confirm" if confirm else "rollback", self.committed)
        operation = self.session.confirm if confirm else self.session.abort
        open_orders = _only(self.orders, self.committed)
        ends: dict[str, CommitState] = {}
        begun, until = self.runtime.clock.monotonic(), self.deadline + GRACE
        while open_orders:
            # An abort is never wrong. A confirm that is not known to be in time is not sent: the timers bring it back.
            send = operation if self._still_ours() or not confirm else self.session.commit_state
            answers = send(open_orders)
            lost = {name for name, answer in answers.items() if isinstance(answer, DeviceError)}
            if lost:
                # What the device says of itself decides, over a new login where the old one is gone.
                logins = self.session.relogin(lost)
                alive = {name for name in lost if not isinstance(logins[name], DeviceError)}
                answers = {**answers, **self.session.commit_state(_only(open_orders, alive))}
            self._note(answers)
            ends |= {
                name: answer
                for name, answer in answers.items()
                if isinstance(answer, CommitState) and answer.state != "pending"
            }
            open_orders = _only(open_orders, set(open_orders) - set(ends))
            if open_orders and self.runtime.clock.monotonic() > until:
                break
            if open_orders:
                self.runtime.progress(f"{decision}: waiting for {', '.join(sorted(open_orders))}")
                self.runtime.clock.sleep(pause(self.runtime.clock.monotonic() - begun))
        self._still_ours()
        return self.result(ends, held=False)

    def _left_to_others(self, lost: LeaseLost) -> DeployResult:
        """Nothing is sent or logged any more: whoever took over ends what is pending, or its timer brings it back."""
        self.refused.append(Refusal(gate=lost.gate, reason=lost.reason, remedy=lost.remedy))
        self.errors.update(
            dict.fromkeys(self.committed, "left to whoever took over, or to the device's timer")
        )
        elapsed = self.runtime.clock.monotonic() - self.started
        devices = tuple(
            DeviceResult(
                device=name,
                outcome="in_doubt" if name in self.committed else "refused",
                phase=self.phase[name],
                seconds=round(elapsed, 3),
                error=self.errors.get(name),
            )
            for name in self.orders
        )
        return self._document(devices, elapsed)

    def result(self, ends: Mapping[str, CommitState], *, held: bool) -> DeployResult:
        """Each device's outcome by its digest; logged, then returned."""
        outcomes: dict[str, DeviceOutcome] = {}
        if not held:
            for name, order in self.orders.items():
                end = ends.get(name)
                outcomes[name] = (
                    "refused"
                    if name not in self.committed
                    else device_outcome(
                        running=end.running if end else None,
                        before=order.expected,
                        after=order.after,
                        # A device that knows nothing of the commit was never changed by it.
                        committed=end is None or end.state != "unknown",
                    )
                )
        elapsed = self.runtime.clock.monotonic() - self.started
        devices = tuple(
            DeviceResult(
                device=name,
                outcome=outcome,
                phase=self.phase[name],
                seconds=round(elapsed, 3),
                error=None if outcome == "applied" else self.errors.get(name),
            )
            for name, outcome in outcomes.items()
        )
        result = self._document(devices, elapsed, held=held)
        return result if held else change_log.results(self.runtime, result, self.action)

    def _document(
        self, devices: tuple[DeviceResult, ...], elapsed: float, *, held: bool = False
    ) -> DeployResult:
        if not held:
            devices = tuple(sorted((*devices, *self.others), key=lambda device: device.device))
        return DeployResult(
            change=self.change,
            plan=self.plan,
            client=self.runtime.client,
            target=self.runtime.target,
            outcome=change_outcome((device.outcome for device in devices), held=held),
            seconds=round(elapsed, 3),
            devices=devices,
            checks=self.checks,
            refused=tuple(self.refused),
        )

    def _still_ours(self) -> bool:
        """Be heard of. False where the lease cannot be asked; raises LeaseLost where somebody else has taken over."""
        try:
            self.lease.ensure()
        except StoreError:
            return False
        return True

    # -- bookkeeping ------------------------------------------------------------------------------------------------

    def _enter(self, phase: str, devices: Iterable[str]) -> None:
        self.phase.update(dict.fromkeys(devices, phase))

    def _note(self, answers: Mapping[str, object]) -> None:
        for name, answer in answers.items():
            if isinstance(answer, DeviceError):
                self.errors[name] = self.hide(str(answer))
            elif isinstance(answer, CommitState) and answer.detail:
                # Why it went back was known before the device says that it was told to.
                self.errors.setdefault(name, self.hide(f"{name}: {self.phase[name]}: {answer.detail}"))

    def _blame(self, failing: list[CheckResult]) -> None:
        for check in failing:
            self.errors.setdefault(check.device, f"{check.device}: check: {check.name}: {check.detail}")

    @staticmethod
    def _ended(answer: object) -> bool:
        """Whether the device says that its commit is over already, before anybody decided."""
        return isinstance(answer, CommitState) and answer.state != "pending"


def _fault(state: CommitState | DeviceError, order: CommitOrder) -> str | None:
    """What keeps a device from being pending with exactly the planned configuration."""
    if isinstance(state, DeviceError):
        return state.message
    if state.state != "pending":
        return state.state
    return None if state.running == order.after else "the configuration read back is not the planned one"


def _only(orders: Mapping[str, CommitOrder], names: set[str]) -> dict[str, CommitOrder]:
    return {name: order for name, order in orders.items() if name in names}


def _split(
    answers: Answers[tuple[AdjacencyState, ...]],
) -> tuple[dict[str, tuple[AdjacencyState, ...]], dict[str, str]]:
    """Answers and errors apart."""
    good: dict[str, tuple[AdjacencyState, ...]] = {}
    bad: dict[str, str] = {}
    for name, answer in answers.items():
        if isinstance(answer, DeviceError):
            bad[name] = answer.message
        else:
            good[name] = answer
    return good, bad
