"""Carrying a plan out: gates, state before, snapshots, intent, load, transaction. Shared by deploy and rollback."""

from collections.abc import Callable, Container, Mapping

from netmgr.change.checks import Requirements, requirements
from netmgr.change.outcome import change_outcome
from netmgr.errors import DeviceError, Refused
from netmgr.model.change import ChangeOutcome, CommitOrder, DeployResult, DeviceResult, Plan
from netmgr.model.state import AdjacencyState
from netmgr.ports.fleet import FleetSession
from netmgr.ports.locks import Lease
from netmgr.workflows import change_log
from netmgr.workflows.checking import Suite
from netmgr.workflows.gates import DeployRequest, judged
from netmgr.workflows.planning import Prepared
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.transaction import Compensate, Transaction

#: The actions that begin something new.
GATED = frozenset({"deploy", "rollback", "restore"})

Before = Mapping[str, tuple[AdjacencyState, ...]]
"""Device → its adjacencies before the change."""

Approve = Callable[[Plan], bool]
"""Shown the plan; says whether to go on. The CLI asks, the workflow decides what happens then."""


class Change:
    """One change from its plan to its end."""

    def __init__(
        self,
        runtime: Runtime,
        session: FleetSession,
        lease: Lease,
        prepared: Prepared,
        request: DeployRequest,
        *,
        action: str,
        started: float,
        of: str | None = None,
        answers: str | None = None,
        restored: Mapping[str, str] | None = None,
    ) -> None:
        self.runtime, self.session, self.prepared, self.request = runtime, session, prepared, request
        self.action, self.started, self.of, self.lease = action, started, of, lease
        self.answers, self.restored = answers, restored
        self.id = runtime.clock.new_id()
        self.orders = {
            device.device: self._order(device.device, device.after, lease) for device in prepared.plan.changed
        }

    def _order(self, device: str, after: str, lease: Lease) -> CommitOrder:
        return CommitOrder(
            change=self.id,
            commit=self.runtime.clock.new_id(),
            epoch=lease.epoch,
            expected=self.prepared.readings[device].digest,
            after=after,
            seconds=self.prepared.plan.timer_of(device).seconds,
            message=self.request.reason or f"netmgr {self.action} {self.id}",
        )

    def run(self, approve: Approve) -> DeployResult:
        """Raises Refused where a gate refuses before anything was touched."""
        plan, unreachable = self._judged(), dict(self.prepared.plan.unreachable)
        if len(unreachable) > self.request.max_fail:
            return self._stop(unreachable, "connect")
        if not plan.changed:
            return self._stop(unreachable, "compare")
        for passed in self.prepared.passed:
            self.runtime.progress(f"break-glass passes {passed.gate}: {passed.reason}")
        if not approve(plan):
            raise Refused("approval", "the plan was not approved", "nothing was changed")
        # The question may have stood open for an hour: the gates are those of now. What was refused when the plan was
        # shown was not asked about, so it stays refused.
        if refused := plan.refused or self._judged().refused:
            first, *others = (Refused(each.gate, each.reason, each.remedy) for each in refused)
            raise first.also(others)
        if self.request.hold and plan.atomic == "wave" and len(plan.waves) > 1:
            remedy = "deploy without --hold, or make the plan atomic: network"
            raise Refused("hold", "each wave of this plan is confirmed before the next one begins", remedy)
        if self.request.hold and plan.timerless:
            why = f"no timer on {', '.join(plan.timerless)}: what is held there would never go back by itself"
            raise Refused("hold", why, "deploy without --hold")
        return self.carry_out()

    def carry_out(self) -> DeployResult:
        """From the state before to the end; every gate is behind."""
        plan, unreachable = self.prepared.plan, dict(self.prepared.plan.unreachable)
        suite, before = self._suite(), self._state_before()
        suite.before(self.session)
        if not self.request.dry_run:
            self._log_intent()
        self.runtime.progress(f"load: {len(self.orders)} devices")
        candidates = {name: self.prepared.intended[name].candidate for name in self.orders}
        merged = frozenset(device.device for device in plan.changed if device.action == "merge")
        loaded = self.session.load(candidates, merged=merged)
        hide = self.prepared.hide
        rejected = {
            name: hide(name, str(answer))
            for name, answer in loaded.items()
            if isinstance(answer, DeviceError)
        }
        left_out = {**unreachable, **rejected}
        if self.request.dry_run or len(left_out) > self.request.max_fail or len(rejected) == len(self.orders):
            self.session.discard(set(self.orders) - set(rejected))
            return self._stop(left_out, "load")
        waves = self._waves(rejected)
        transaction = Transaction(
            self.runtime,
            self.session,
            self.lease,
            orders={name: order for name, order in self.orders.items() if name not in rejected},
            waves=waves,
            needed=self._requirements(waves, before),
            candidates=candidates,
            merged=merged,
            others=(*self._unchanged(), *self._failed(left_out, "load")),
            hide=hide,
            plan=plan.id,
            started=self.started,
            suite=suite,
            action=self.action,
            atomic=plan.atomic,
            compensate=self.compensation(before),
            timerless=plan.timerless,
        )
        return transaction.run(hold=self.request.hold)

    def _judged(self) -> Plan:
        """The plan with what refuses it now. Gates judge new changes: what brings one to its end passes them."""
        if self.action in GATED:
            self.prepared = judged(
                self.runtime, self.prepared, self.request, undoes=self.of, restores=self.restored
            )
        return self.prepared.plan

    def _suite(self) -> Suite:
        """The checks of config/checks."""
        return Suite.of(self.runtime, self.prepared)

    def compensation(self, before: Before) -> Compensate | None:
        """How devices that were confirmed are brought back."""
        from netmgr.workflows.compensation import compensate

        return lambda waves, doubtful: compensate(self, waves, before, doubtful=doubtful)

    def _waves(self, left_out: Container[str]) -> tuple[tuple[str, ...], ...]:
        """The plan's waves without what is left out."""
        kept = (tuple(name for name in wave if name not in left_out) for wave in self.prepared.plan.waves)
        return tuple(wave for wave in kept if wave)

    def _state_before(self) -> Before:
        """Every adjacency that the devices know before anything is touched."""
        self.runtime.progress("state before: adjacencies")
        answers = self.session.adjacencies(self.prepared.readings)
        return {name: answer for name, answer in answers.items() if not isinstance(answer, DeviceError)}

    def _requirements(self, waves: tuple[tuple[str, ...], ...], before: Before) -> tuple[Requirements, ...]:
        """What must hold after each wave, from the intent and from the state before."""
        prepared = self.prepared
        return requirements(
            expected=[a for a in prepared.expected if a.device in prepared.readings],
            known=prepared.known,
            waves=waves,
            sides=prepared.sides,
            configured={
                name: self.runtime.forms[item.platform].configured(item.config)
                for name, item in prepared.intended.items()
            },
            before=before,
        )

    def _log_intent(self) -> None:
        """Snapshots first: the intent names them. From here on the change has an end in the log, or will get it."""
        self.lease.ensure()
        snapshots = {
            name: self.runtime.snapshots.put(
                self.runtime.client, self.prepared.readings[name].running.encode("utf-8", "surrogateescape")
            )
            for name in self.orders
        }
        change_log.intent(
            self.runtime,
            action=self.action,
            plan=self.prepared.plan,
            orders=self.orders,
            snapshots=snapshots,
            reason=self.request.why,
            ticket=self.request.ticket,
            of=self.of,
            passed=None if self.request.break_glass is None else [each.gate for each in self.prepared.passed],
            approved_by=self.prepared.approved_by,
            answers=self.answers,
            restored=self.restored,
        )

    def _stop(self, failed: Mapping[str, str], phase: str) -> DeployResult:
        """The end of a change before any commit: nothing was touched. A dry run is not logged."""
        why = "dry run" if self.request.dry_run else "left alone: the change stopped before any commit"
        devices = [
            *self._unchanged(),
            *self._failed(failed, phase),
            *(self._result(name, "refused", phase, why) for name in self.orders if name not in failed),
        ]
        outcome: ChangeOutcome = change_outcome((), beside=(device.outcome for device in devices))
        if self.request.dry_run:
            outcome = "failed" if failed else "unchanged"
        result = DeployResult(
            change=None if self.request.dry_run else self.id,
            plan=self.prepared.plan.id,
            client=self.runtime.client,
            target=self.runtime.target,
            outcome=outcome,
            seconds=round(self.runtime.clock.monotonic() - self.started, 3),
            devices=tuple(sorted(devices, key=lambda device: device.device)),
        )
        if self.request.dry_run:
            return result
        begun = phase == "load"
        return change_log.results(
            self.runtime,
            result,
            self.action,
            reason=None if begun else self.request.why,
            ticket=None if begun else self.request.ticket,
        )

    def _unchanged(self) -> list[DeviceResult]:
        return [
            self._result(device.device, "unchanged", "compare")
            for device in self.prepared.plan.devices
            if device.action == "none"
        ]

    def _failed(self, failed: Mapping[str, str], phase: str) -> list[DeviceResult]:
        unreachable = self.prepared.plan.unreachable
        return [
            self._result(name, "failed", "connect" if name in unreachable else phase, error)
            for name, error in failed.items()
        ]

    def _result(self, device: str, outcome: str, phase: str, error: str | None = None) -> DeviceResult:
        seconds = round(self.runtime.clock.monotonic() - self.started, 3)
        return DeviceResult.model_validate(
            {"device": device, "outcome": outcome, "phase": phase, "seconds": seconds, "error": error}
        )
