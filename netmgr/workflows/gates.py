"""Judging a plan by the gates: what they ask for is read here, what they say is pure."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from netmgr.change.gates import Case, refusals, warnings
from netmgr.errors import UsageError
from netmgr.model.change import PlannedDevice
from netmgr.workflows.planning import Prepared
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class DeployRequest:
    """What the engineer asked for. ``max_fail`` devices may be left out before the commit.

    ``gates`` lets windows and approvals bind the lab too. ``at`` is the time that a plan is judged for (None: now);
    without a zone it is the client's.
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
    at: datetime | None = None


def judged(runtime: Runtime, prepared: Prepared, request: DeployRequest) -> Prepared:
    """The plan with everything that a deploy would refuse, as of ``request.at`` or now.

    Raises InputError for policies that are wrong, UsageError for a time that the client's clocks do not show.
    """
    at = _moment(request.at, prepared.inventory.client.timezone) if request.at else runtime.clock.now()
    plan = prepared.plan
    changed = {device.device for device in plan.changed}
    devices = [device for device in prepared.inventory.devices if device.name in changed]
    forms = {device.name: runtime.forms[device.platform] for device in devices}
    timerless = [device for device in devices if not forms[device.name].commit_confirm]
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
        timely=not request.dry_run and (runtime.target == "network" or request.gates),
        ticket=request.ticket,
        takeover=request.takeover,
    )
    warned = warnings(case)
    made = plan.model_copy(
        update={
            "devices": tuple(_warned(device, warned.get(device.device)) for device in plan.devices),
            "refused": refusals(case),
            "at": at.isoformat(timespec="seconds"),
        }
    )
    return dataclasses.replace(prepared, plan=made)


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
