"""Compensation: what a change had confirmed goes back to its snapshots, as a change of its own; nobody is asked.

It has an intent in the log that names the change, timers, checks and a decision like every other; what was confirmed
last goes back first. Gates do not hold it up: the promise that they let through was all or nothing.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from netmgr.change.checks import Requirements, requirements
from netmgr.change.plan import planned_device
from netmgr.change.timing import strictest, timers
from netmgr.errors import DeviceError
from netmgr.model.change import DeployResult, Plan, PlannedDevice, WaveReason
from netmgr.model.intended import Intended
from netmgr.model.intent import Adjacency
from netmgr.model.state import Reading
from netmgr.platforms.owned import in_part
from netmgr.workflows.change import Before, Change
from netmgr.workflows.checking import Suite
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.planning import Prepared


class Compensation(Change):
    """The change that takes ``original`` back, which found the state ``before``.

    What ``doubtful`` devices run is not known, so nothing is asked of adjacencies with them.
    """

    def __init__(
        self, original: Change, prepared: Prepared, before: Before, doubtful: Collection[str]
    ) -> None:
        super().__init__(
            # Who asked to stop asked for exactly this.
            dataclasses.replace(original.runtime, interrupted=lambda: False),
            original.session,
            original.lease,
            prepared,
            DeployRequest(
                reason=f"takes back change {original.id}",
                ticket=original.request.ticket,
                max_fail=len(original.orders),
            ),
            action="compensation",
            started=original.runtime.clock.monotonic(),
            of=original.id,
            answers=original.id,
        )
        self._before, self._doubtful = before, {*doubtful, *prepared.plan.unreachable}

    def make(self) -> DeployResult:
        """Carry it out, where there is anything to bring back."""
        plan = self.prepared.plan
        return self.carry_out() if plan.changed else self._stop(plan.unreachable, "compare")

    def _suite(self) -> Suite:
        """None: what the checks compare with would be the state that is to go."""
        return Suite.of_nothing(self.runtime)

    def compensation(self, _before: Before) -> None:
        """What cannot be taken back stays as it is, and is named."""

    def _requirements(self, waves: tuple[tuple[str, ...], ...], before: Before) -> tuple[Requirements, ...]:
        """What was up before the original change, as far as both ends are back."""
        prepared = self.prepared
        expected = [a for a in prepared.expected if not {a.device, a.other} & self._doubtful]
        needed = requirements(
            expected=expected,
            # Nothing else is asked for, whatever the configurations say.
            known=frozenset((a.device, a.protocol, a.peer) for a in prepared.expected),
            waves=waves,
            sides=prepared.sides,
            configured={
                name: self.runtime.forms[item.platform].configured(item.config)
                for name, item in prepared.intended.items()
            },
            before=self._before,
            now=before,
        )
        # Whose other end is not known can be asked for only when everybody is back.
        known = {(a.device, a.protocol, a.peer) for a in expected if a.other}
        return (
            *(
                part.model_copy(update={"required": part.required & known, "standing": part.standing & known})
                for part in needed[:-1]
            ),
            *needed[-1:],
        )


def compensate(
    change: Change, waves: Sequence[Sequence[str]], before: Before, *, doubtful: Collection[str]
) -> DeployResult:
    """Bring the devices of ``waves``, in this order, back to what they ran before ``change``."""
    runtime, names = change.runtime, [name for wave in waves for name in wave]
    runtime.progress(f"compensation: {len(names)} devices go back, those that were confirmed last first")
    readings, errors = _read(change, names)
    intended = {name: _snapshot(change, name, reading) for name, reading in readings.items()}
    devices = tuple(
        planned_device(
            intended[name],
            reading,
            form=runtime.forms[intended[name].platform],
            secrets=change.prepared.secrets,
            owned=True,
        )
        for name, reading in readings.items()
    )
    plan = _plan(change, devices, waves, readings, errors)
    runtime.plans.save(runtime.client, plan.id, plan.model_dump_json(indent=2).encode() + b"\n")
    prepared = dataclasses.replace(
        change.prepared,
        plan=plan,
        approved_by=None,
        intended=intended,
        readings=readings,
        expected=_expected(change, before),
        known=frozenset(),
        sides={
            name: runtime.forms[item.platform].changed_sides(readings[name].running, item.config)
            for name, item in intended.items()
        },
    )
    return Compensation(change, prepared, before, doubtful).make()


def _read(change: Change, names: Sequence[str]) -> tuple[dict[str, Reading], dict[str, str]]:
    """What the devices run, over new logins where the connections are gone; and why not."""
    answers = dict(change.session.read(names))
    lost = [name for name, answer in answers.items() if isinstance(answer, DeviceError)]
    if lost:
        logins = change.session.relogin(lost)
        answers |= {name: error for name, error in logins.items() if isinstance(error, DeviceError)}
        answers |= change.session.read([n for n in lost if not isinstance(logins[n], DeviceError)])
    readings = {name: answer for name, answer in answers.items() if not isinstance(answer, DeviceError)}
    return readings, {
        name: str(answer) for name, answer in answers.items() if isinstance(answer, DeviceError)
    }


def _snapshot(change: Change, name: str, now: Reading) -> Intended:
    """What the device ran before the change, as far as it is ours."""
    before, meant = change.prepared.readings[name].running, change.prepared.intended[name]
    snapshot = meant.model_copy(update={"candidate": before, "config": before, "warnings": ()})
    return in_part(snapshot, now.running, change.runtime.forms[meant.platform])


def _expected(change: Change, before: Before) -> tuple[Adjacency, ...]:
    """The adjacencies that were up before the change, with the other end where the inventory knows it."""
    others = {(a.device, a.protocol, a.peer): a.other for a in change.prepared.expected}
    return tuple(
        Adjacency(
            device=device,
            protocol=state.protocol,
            peer=state.peer,
            other=others.get((device, state.protocol, state.peer)),
        )
        for device, states in before.items()
        for state in states
        if state.up
    )


def _plan(
    change: Change,
    devices: tuple[PlannedDevice, ...],
    waves: Sequence[Sequence[str]],
    readings: Mapping[str, Reading],
    errors: Mapping[str, str],
) -> Plan:
    original, runtime = change.prepared.plan, change.runtime
    changed = {device.device for device in devices if device.action != "none"}
    kept = tuple(tuple(name for name in wave if name in changed) for wave in waves)
    kept = tuple(wave for wave in kept if wave)
    forms = {name: runtime.forms[item.platform] for name, item in change.prepared.intended.items()}
    limits = [strictest(limit for n in wave if (limit := forms[n].commit_confirm)) for wave in kept]
    armed = timers([len(wave) for wave in kept], original.asked, limits, original.atomic)
    return original.model_copy(
        update={
            "id": runtime.clock.new_id(),
            "created": runtime.clock.now().isoformat(timespec="seconds"),
            "basis": original.basis.model_copy(
                update={"running": {n: r.digest for n, r in readings.items()}}
            ),
            "atomic": armed.atomic,
            "atomic_reason": armed.reason,
            "confirm_in": max((timer.seconds for timer in armed.waves), default=original.confirm_in),
            "devices": tuple(
                device.model_copy(
                    update={"wave": next((n for n, w in enumerate(kept, 1) if device.device in w), None)}
                )
                for device in devices
            ),
            "waves": kept,
            "why": tuple(
                WaveReason(
                    wave=number, reason="confirmed last, so back first" if number == 1 else "in its turn"
                )
                for number in range(1, len(kept) + 1)
            ),
            "timers": armed.waves,
            "refused": (),
            "limit": tuple(sorted(name for wave in waves for name in wave)),
            "unreachable": errors,
        }
    )
