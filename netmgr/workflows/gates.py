"""Judging a plan by the gates: what they ask for is read here, what they say is pure."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from netmgr.change.gates import BREAKABLE, Case, refusals, warnings
from netmgr.change.gates_approval import approval_refusals, needs_approval, objection
from netmgr.change.gates_rehearsal import rehearsal_refusals
from netmgr.errors import UsageError
from netmgr.model.canonical import WORD
from netmgr.model.change import PlannedDevice, Refusal
from netmgr.service.agreement_gates import GATE as AGREEMENT
from netmgr.service.agreement_gates import Judgement
from netmgr.service.hours_used import GATE as HOURS
from netmgr.service.hours_used import HoursJudgement
from netmgr.service.notice import notice_refusals
from netmgr.workflows.agreement import in_force
from netmgr.workflows.agreement import judgement as agreement_judgement
from netmgr.workflows.approving import given_approvals
from netmgr.workflows.emergency import is_emergency
from netmgr.workflows.notice import given_notices
from netmgr.workflows.planning import Prepared
from netmgr.workflows.rehearsed import attached
from netmgr.workflows.runtime import Runtime
from netmgr.workflows.time import judged as judged_hours


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """What the engineer asked for. ``max_fail`` devices may be left out before the commit.

    ``gates`` lets windows and approvals bind the lab too, ``break_glass`` says why they are passed. ``at`` is the time
    that a plan is judged for (None: now); without a zone it is the client's.
    """

    reason: str | None = None
    ticket: str | None = None
    confirm_in: int | None = None
    canary: int | None = None
    takeover: frozenset[str] = frozenset()
    max_fail: int = 0
    hold: bool = False
    dry_run: bool = False
    gates: bool = False
    break_glass: str | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for a ticket that the log could not hold: better now than with the change half done."""
        if self.ticket is not None and not re.fullmatch(WORD, self.ticket):
            raise UsageError(
                f"--ticket {self.ticket!r}: an id is visible ASCII without spaces, quotes and backslashes"
            )

    @property
    def why(self) -> str | None:
        """The reason for the log, with that of breaking the glass."""
        if self.break_glass is None:
            return self.reason
        return "\n".join(filter(None, (self.reason, f"break-glass: {self.break_glass}")))


def judged(
    runtime: Runtime,
    prepared: Prepared,
    request: DeployRequest,
    *,
    undoes: str | None = None,
    restores: Mapping[str, str] | None = None,
) -> Prepared:
    """The plan with everything that a deploy would refuse, as of ``request.at`` or now.

    ``undoes`` is the change that it rolls back, ``restores`` are the versions that it restores. Raises InputError for
    policies that are wrong, UsageError for a time that the client's clocks do not show.
    """
    at = _moment(request.at, prepared.inventory.client.timezone) if request.at else runtime.clock.now()
    plan = prepared.plan
    changed = {device.device for device in plan.changed}
    devices = [device for device in prepared.inventory.devices if device.name in changed]
    forms = {device.name: runtime.forms[device.platform] for device in devices}
    timely = not request.dry_run and (runtime.target == "network" or request.gates)
    why = needs_approval(runtime.policy.approval, plan, prepared.inventory.by_name()) if timely else ()
    approvals = given_approvals(runtime, prepared.given) if why and prepared.given else ()
    back = undoes is not None or restores is not None
    rehearsal = attached(runtime, plan) if plan.changed and not back else None
    timerless = [device for device in devices if not forms[device.name].commit_confirm]
    agreed = agreement_judgement(runtime, devices, at) if timely and devices and not back else Judgement()
    hours = judged_hours(runtime, request.ticket, at) if timely and devices and not back else HoursJudgement()
    case = Case(
        plan=plan,
        policy=runtime.policy,
        inventory=prepared.inventory,
        forms=forms,
        running={name: prepared.readings[name].running for name in changed},
        intended={name: prepared.intended[name].config for name in changed},
        secrets=prepared.secrets,
        addresses={e.device: e.hostname for e in runtime.endpoints(timerless)} if timerless else {},
        at=at,
        timely=timely,
        ticket=request.ticket,
        takeover=request.takeover,
        approval=approval_refusals(
            why,
            prepared.given or plan,
            approvals,
            saved=bool(prepared.given),
            again=_again(runtime.client, plan.id, undoes, restores),
            deploys=runtime.actor.id,
            at=at,
        ),
        # What brings a change back is not made to wait for a twin.
        rehearsal=rehearsal_refusals(runtime.policy.rehearsal, plan, rehearsal)
        if timely and not back
        else (),
        agreement=agreed.refusals,
        hours=hours.refusals,
        notice=_notice(runtime, prepared, request, at) if timely and plan.changed and not back else (),
    )
    found = refusals(case)
    breakable = BREAKABLE | {AGREEMENT, HOURS} if agreed.breakable else BREAKABLE
    passed = tuple(each for each in found if request.break_glass and each.gate in breakable)
    warned = warnings(case)
    made = plan.model_copy(
        update={
            "devices": tuple(_warned(device, warned.get(device.device)) for device in plan.devices),
            "refused": tuple(each for each in found if each not in passed),
            "warnings": (*plan.warnings, *agreed.warnings, *hours.warnings),
            "at": at.isoformat(timespec="seconds"),
            "rehearsal": rehearsal,
        }
    )
    holds = (
        a.by
        for a in approvals
        if objection(a, prepared.given or plan, deploys=runtime.actor.id, at=at) is None
    )
    return dataclasses.replace(prepared, plan=made, passed=passed, approved_by=next(holds, None))


def _notice(
    runtime: Runtime, prepared: Prepared, request: DeployRequest, at: datetime
) -> tuple[Refusal, ...]:
    """What the agreement in force then says of telling the client beforehand; in an emergency it is afterwards."""
    agreement = in_force(runtime, at)
    if agreement is None or agreement.notice is None or is_emergency(runtime, agreement, request.ticket):
        return ()
    return notice_refusals(agreement, given_notices(runtime), prepared.given or prepared.plan, at)


def _again(client: str, plan: str, undoes: str | None, restores: Mapping[str, str] | None) -> str | None:
    """The command that carries the plan out once it is approved; None for a deploy."""
    if undoes is not None:
        return f"netmgr rollback {undoes} -c {client} --plan {plan}"
    if restores is not None:
        words = " ".join(f"{device} {commit[:12]}" for device, commit in restores.items())
        return f"netmgr restore {words} -c {client} --plan {plan}"
    return None


def _warned(device: PlannedDevice, warning: str | None) -> PlannedDevice:
    if warning is None or warning in device.warnings:
        return device
    return device.model_copy(update={"warnings": (*device.warnings, warning)})


def _moment(at: datetime, zone: str) -> datetime:
    """``at`` as a moment; without a zone of its own it is what clocks show in ``zone``."""
    if at.tzinfo is not None:
        return at
    here = ZoneInfo(zone)
    moments = {at.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1)}
    if len(moments) > 1:
        shown = any(m.astimezone(here).replace(tzinfo=None) == at for m in moments)
        often = "twice" if shown else "never"
        raise UsageError(
            f"--at {at.isoformat()}: clocks in {zone} show that {often}; add the offset, such as +01:00"
        )
    return moments.pop()
