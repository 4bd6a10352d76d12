"""One network-wide change: wave by wave commit with a timer on each device and check; decide, finish, read back.

Nothing is sent before the service log holds the intent; the decision is in the log before the first confirm. With
``atomic: network`` nothing is confirmed before the last wave's checks pass; with ``atomic: wave`` each wave is decided
by itself. What was confirmed and cannot stay alone is compensated. Whatever happens, each device ends with one outcome,
judged by the configuration that it reads back.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

from netmgr.change.checks import Hearing, Requirements, judge
from netmgr.change.outcome import change_outcome, mixture
from netmgr.change.readback import management
from netmgr.change.timing import SHORTEST_PAUSE, pause, reserve
from netmgr.errors import DeviceError, LeaseLost, Refused, StoreError
from netmgr.model.change import (
    CheckResult,
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
from netmgr.workflows.account import Account
from netmgr.workflows.checking import Suite
from netmgr.workflows.finishing import finish, said_of_themselves
from netmgr.workflows.runtime import Runtime

#: Seconds that a device may take to tell of its neighbors right after its commit. The change may have cut the way to
#: it; then the new login, not this question, has to find that out.
FIRST_LISTEN = 1.0


Compensate = Callable[[list[list[str]], set[str]], DeployResult]
"""Brings the devices of these waves back; of the other devices nothing is known. A change of its own."""


class Transaction:
    """A change in progress. ``run`` takes it from the loaded candidates to its end; every method is one phase.

    ``waves`` are the devices in the order of their commits, ``needed`` the adjacencies that must hold after each wave,
    ``suite`` what else must. ``candidates`` are loaded already; they are loaded again where a connection is lost before
    its device's wave; those of ``merged`` as what differs. ``compensate`` makes a change of its own that brings
    devices, in waves, back to before this one.
    ``timerless`` devices have no timer of their own: what is left of their order's seconds is for the checks.
    """

    def __init__(
        self,
        runtime: Runtime,
        session: FleetSession,
        lease: Lease,
        *,
        orders: Mapping[str, CommitOrder],
        waves: Sequence[Sequence[str]],
        needed: Sequence[Requirements],
        candidates: Mapping[str, str],
        merged: frozenset[str] = frozenset(),
        others: tuple[DeviceResult, ...],
        hide: Callable[[str, str], str],
        plan: str | None,
        started: float,
        suite: Suite,
        action: str = "deploy",
        atomic: Literal["network", "wave"] = "network",
        compensate: Compensate | None = None,
        timerless: Collection[str] = (),
    ) -> None:
        self.runtime, self.session, self.lease = runtime, session, lease
        self.waves, self.needed, self.candidates = [set(wave) for wave in waves], needed, candidates
        self.suite, self.merged = suite, merged
        self.account = Account(orders, hide)
        self.plan, self.action, self.others, self.started = plan, action, others, started
        self.change = next(iter(orders.values())).change
        self.atomic, self.compensate, self._timerless = atomic, compensate, frozenset(timerless)
        self.compensation: DeployResult | None = None
        self.checks: tuple[CheckResult, ...] = ()
        self._confirmed: set[str] = set()
        self.refused: list[Refusal] = []
        self._lost: set[str] = set()
        """Devices of later waves whose connection, and with it their candidate, is gone."""

    # -- from candidates to a decision ------------------------------------------------------------------------------

    def run(self, *, hold: bool) -> DeployResult:
        """Commit and check each wave, decide, finish. The intent is in the log and the candidates are loaded."""
        try:
            return self._run(hold=hold)
        except LeaseLost as lost:
            return self._left_to_others(lost)

    def _run(self, *, hold: bool) -> DeployResult:
        for unit in self._units():
            passed = all(self.commit(number) and self.check(number, last=unit[-1]) for number in unit)
            self._still_ours()
            decision = self._decide(("hold" if hold else "confirm") if passed else "abort", unit)
            if decision == "hold":
                return self.result(held=True)
            if not self.finish(decision, unit):
                break
        self._leave_alone()
        if self.compensate and (waves := self._alone()):
            self._take_back(waves, self.compensate)
        self._still_ours()
        return self.result()

    def _units(self) -> list[list[int]]:
        """The waves that are decided together."""
        numbers = list(range(1, len(self.waves) + 1))
        return [numbers] if self.atomic == "network" else [[number] for number in numbers]

    def _decide(self, decision: Decision, unit: Sequence[int]) -> Decision:
        """The decision, durable before it is carried out; one that cannot be is an abort."""
        wave = unit[0] if self.atomic == "wave" and len(self.waves) > 1 else None
        try:
            change_log.decision(self.runtime, self.change, decision, self.action, wave=wave)
        except StoreError as error:
            decision = "abort"
            self.refused.append(
                Refusal(
                    gate="log", reason=str(error), remedy="make the store writable, then run `netmgr recover`"
                )
            )
        return decision

    def commit(self, number: int) -> bool:
        """Commit a wave with its timers. False when a device refused or an interruption came in."""
        account, wave = self.account, self.waves[number - 1]
        if self.runtime.interrupted():
            account.errors.update(dict.fromkeys(wave, f"interrupted before the commit{self._of(number)}"))
            return False
        if not self._still_ours():
            why = f"the lease cannot be renewed before the commit{self._of(number)}"
            account.errors.update(dict.fromkeys(wave, why))
            return False
        self._load_again(wave & self._lost)
        orders = account.only(wave)
        seconds = max(order.seconds for order in orders.values())
        self.runtime.progress(
            f"commit{self._of(number)}: {len(orders)} devices, {self._armed(wave, seconds)}"
        )
        account.enter("commit", wave)
        begun = self.runtime.clock.monotonic()
        account.committed |= wave  # whatever comes now, these may have been touched
        answers = self.session.commit(orders)
        account.arm(wave, begun=begun, answered=self.runtime.clock.monotonic())
        account.note(answers)
        account.answered |= {name for name, answer in answers.items() if isinstance(answer, CommitState)}
        # A lost connection is no refusal yet: the change may have moved the path, so the new login decides.
        return not any(
            (isinstance(answer, DeviceError) and answer.kind != "unreachable") or _ended(answer)
            for answer in answers.values()
        )

    def check(self, number: int, *, last: int) -> bool:
        """Wait until every check passes; False at the limit, at an interruption, or when a device went back.

        Everything that is not decided yet is read; who was committed last logs in anew, and all of them after the
        ``last`` wave before the decision.
        """
        account, clock, hearing = self.account, self.runtime.clock, Hearing()
        needed, undecided = self.needed[number - 1], account.committed - set(account.ends)
        account.enter("check", undecided)
        begun, limit = clock.monotonic(), self._limit(undecided, waves=last - number + 1)
        # Neighbors send hellos while everybody logs in anew and reads back: what grows from now on was heard.
        self._listen(hearing, self.waves[number - 1] & account.answered, within=FIRST_LISTEN)
        unproved = undecided if number == last else set(self.waves[number - 1])
        asked = {key[0] for key in (*needed.required, *needed.pending)}
        while True:
            self._still_ours()
            logins = self.session.relogin(unproved)
            unproved = {name for name, answer in logins.items() if isinstance(answer, DeviceError)}
            states = self.session.commit_state(account.only(undecided - unproved))
            proved = management(account.only(undecided), logins, states)
            seen, unread = self._listen(hearing, asked - unproved)
            silent = hearing.silent(needed.standing)
            # A connection that broke since its login proves nothing: that device logs in again.
            broken = {name for name, state in states.items() if isinstance(state, DeviceError)} | set(unread)
            unread |= dict.fromkeys(unproved, "no new login")
            adjacencies = judge(needed, seen, unread=unread, silent=silent)
            later = set(account.orders) - account.committed
            left = limit - clock.monotonic()
            looked = self.suite.look(self.session, waiting=later, unread=unproved, left=left)
            self.checks = (*proved, *adjacencies, *looked)
            unproved |= broken
            self._lost |= unproved - account.committed
            failing = [check for check in self.checks if check.stops]
            self.runtime.progress(
                f"check{self._of(number)}: {len(self.checks) - len(failing)} of {len(self.checks)} hold"
            )
            if not failing and self.suite.settled:
                return True
            if any(_ended(state) for state in states.values()):
                return False
            left = limit - clock.monotonic()
            if self.runtime.interrupted() or left < SHORTEST_PAUSE or self.suite.given_up:
                account.blame(failing)
                # Where nothing but a warning was still to be looked at, the checks that decide have passed.
                return not failing and not self.runtime.interrupted()
            clock.sleep(min(pause(clock.monotonic() - begun), left))

    def _limit(self, devices: set[str], *, waves: int) -> float:
        """Until when a wave's checks may wait: its share of what is left until the first timer, less the reserve."""
        account, now = self.account, self.runtime.clock.monotonic()
        return now + (account.expiry(devices) - reserve(len(account.orders)) / 2 - now) / waves

    def _load_again(self, devices: set[str]) -> None:
        """New logins and candidates for devices whose connection broke; what fails is seen at their commit."""
        if devices:
            logins = self.session.relogin(devices)
            alive = {name for name in devices if not isinstance(logins[name], DeviceError)}
            self.session.load({name: self.candidates[name] for name in alive}, merged=self.merged)
            self._lost -= alive

    def _leave_alone(self) -> None:
        """The devices of waves that were never begun: their candidates are forgotten, nothing else was theirs."""
        account = self.account
        untouched = set(account.orders) - account.committed
        if untouched:
            self.session.discard(untouched - self._lost)
            why = "left alone: an earlier wave did not pass"
            account.errors.update({name: why for name in untouched if name not in account.errors})

    def _of(self, number: int) -> str:
        """Which wave, where there are several."""
        return f" wave {number} of {len(self.waves)}" if len(self.waves) > 1 else ""

    def _armed(self, wave: set[str], seconds: int) -> str:
        """Which devices of a wave bring themselves back."""
        without = wave & self._timerless
        if not without:
            return f"each with a timer of {seconds} s"
        named = ", ".join(sorted(without))
        return f"a timer of {seconds} s, none on {named}" if wave - without else "no timer on any"

    def _listen(
        self, hearing: Hearing, devices: set[str], *, within: float | None = None
    ) -> tuple[dict[str, tuple[AdjacencyState, ...]], dict[str, str]]:
        """Every adjacency that the devices know, taken in; and what kept a device from answering."""
        begun = self.runtime.clock.monotonic()
        seen, unread = _split(self.session.adjacencies(devices, within=within))
        hearing.listen(begun, seen, until=self.runtime.clock.monotonic())
        return seen, unread

    def resume(self, errors: Mapping[str, DeviceError]) -> None:
        """Take up a change that another process began: any device may have been committed, timers may still run."""
        now = self.runtime.clock.monotonic()
        self.account.arm(self.account.orders, begun=now, answered=now)
        self.account.note(errors)

    def conclude(self, words: Sequence[Decision]) -> DeployResult:
        """Carry out what was decided of each wave by another process; nothing is compensated."""
        try:
            word: Decision
            for word in ("abort", "confirm"):
                unit = [number for number, said in enumerate(words, 1) if said == word]
                if unit:
                    self.finish(word, unit)
            self._still_ours()
            return self.result()
        except LeaseLost as lost:
            return self._left_to_others(lost)

    # -- from a decision to the end ---------------------------------------------------------------------------------

    def finish(self, decision: Decision, unit: Sequence[int]) -> bool:
        """Carry the decision out on these waves. Whether all of them are confirmed and read as planned."""
        account, waves = self.account, [self.waves[number - 1] for number in unit]
        self.runtime.progress(f"decision{self._of(unit[0]) if len(unit) == 1 else ''}: {decision}")
        finish(self.runtime, self.session, account, decision, waves, ours=self._still_ours)
        self._confirmed |= set().union(*waves) if decision == "confirm" else set()
        outcomes = account.outcomes()
        return decision == "confirm" and all(outcomes[name] == "applied" for wave in waves for name in wave)

    def _alone(self) -> list[list[str]]:
        """Who was confirmed and must go back, for others did not come along; those confirmed last come first.

        Nobody while a confirmed device cannot be read: then it is not known which way is back to one network.
        """
        outcomes = self.account.outcomes()
        if all(word == "applied" for word in outcomes.values()):
            return []
        if any(outcomes[name] == "in_doubt" for name in self._confirmed):
            return []
        applied = {name for name in self._confirmed if outcomes[name] == "applied"}
        return [sorted(wave & applied) for wave in reversed(self.waves) if wave & applied]

    def _take_back(self, waves: list[list[str]], compensate: Compensate) -> None:
        doubtful = {name for name, word in self.account.outcomes().items() if word == "in_doubt"}
        try:
            self.compensation = compensate(waves, doubtful)
        except LeaseLost:
            raise
        except Refused as error:
            self.refused.append(Refusal(gate=error.gate, reason=error.reason, remedy=error.remedy))
        except StoreError as error:
            remedy = f"make the store writable, then run `netmgr recover -c {self.runtime.client}`"
            self.refused.append(Refusal(gate="log", reason=str(error), remedy=remedy))
        else:
            self._read_again(self.compensation)

    def _read_again(self, compensation: DeployResult) -> None:
        """What the compensated devices read now, whatever was said of them."""
        account = self.account
        for device in compensation.devices:
            account.phase[device.device] = "compensation"
            taken_back = f"taken back by change {compensation.change}"
            account.errors[device.device] = device.error or taken_back
            account.ends.pop(device.device, None)
        names = [device.device for device in compensation.devices if device.outcome != "in_doubt"]
        answers = dict(self.session.commit_state(account.only(names)))
        lost = {name for name, answer in answers.items() if isinstance(answer, DeviceError)}
        answers |= said_of_themselves(self.session, account, lost)
        account.ends |= {name: answer for name, answer in answers.items() if isinstance(answer, CommitState)}

    def _left_to_others(self, lost: LeaseLost) -> DeployResult:
        """Nothing is sent or logged any more: whoever took over ends what is pending, or its timer brings it back."""
        account = self.account
        self.refused.append(Refusal(gate=lost.gate, reason=lost.reason, remedy=lost.remedy))
        why = "left to whoever took over, or to the device's timer"
        account.errors.update(dict.fromkeys(account.committed, why))
        return self._document(
            {name: "in_doubt" if name in account.committed else "refused" for name in account.orders}
        )

    def result(self, *, held: bool = False) -> DeployResult:
        """Each device's outcome by its digest; logged, then returned."""
        result = self._document({} if held else self.account.outcomes(), held=held)
        return result if held else change_log.results(self.runtime, result, self.action)

    def _document(self, outcomes: Mapping[str, DeviceOutcome], *, held: bool = False) -> DeployResult:
        account = self.account
        elapsed = round(self.runtime.clock.monotonic() - self.started, 3)
        devices = tuple(
            DeviceResult(
                device=name,
                outcome=outcome,
                phase=account.phase[name],
                seconds=elapsed,
                error=account.told(name, outcome),
            )
            for name, outcome in outcomes.items()
        )
        outcome = change_outcome(outcomes.values(), beside=(d.outcome for d in self.others), held=held)
        return DeployResult(
            change=self.change,
            plan=self.plan,
            client=self.runtime.client,
            target=self.runtime.target,
            outcome=outcome,
            seconds=elapsed,
            devices=() if held else tuple(sorted((*devices, *self.others), key=lambda device: device.device)),
            checks=self.checks,
            refused=tuple(self.refused),
            split=mixture(outcomes),
            compensation=self.compensation.change if self.compensation else None,
        )

    def _still_ours(self) -> bool:
        """Be heard of. False where the lease cannot be asked; raises LeaseLost where somebody else has taken over."""
        try:
            self.lease.ensure()
        except StoreError:
            return False
        return True


def _ended(answer: object) -> bool:
    """Whether the device says that its commit is over already, before anybody decided."""
    return isinstance(answer, CommitState) and answer.state != "pending"


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
