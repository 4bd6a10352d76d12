"""Everything that a deploy would refuse, as one list: each gate names its rule and what would satisfy it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from netmgr.change.gates_calendar import calendar_refusals
from netmgr.change.gates_content import lines_gone, lockout, protected_refusals, share_refusals
from netmgr.model.change import Plan, Refusal
from netmgr.model.change_policy import ChangePolicy
from netmgr.model.difference import redacted
from netmgr.model.inventory import Inventory
from netmgr.platforms.form import PlatformForm

#: What --break-glass passes: never a lock, the log, a protected line, a takeover.
BREAKABLE = frozenset({"freeze", "window", "approval", "notice"})


@dataclass(frozen=True, slots=True)
class Case:
    """A change that is to be judged, with all that the gates ask for.

    ``running`` and ``intended`` are canonical configurations by device, ``addresses`` where each device is managed.
    ``timely`` says whether windows, freezes, notice and approvals bind: they do not bind a lab, or a dry run.
    """

    plan: Plan
    policy: ChangePolicy
    inventory: Inventory
    forms: Mapping[str, PlatformForm]
    running: Mapping[str, str] = field(repr=False)
    intended: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    addresses: Mapping[str, str]
    at: datetime
    timely: bool
    ticket: str | None
    takeover: frozenset[str]
    approval: tuple[Refusal, ...] = ()
    """What stands against it of the second person's approval."""
    rehearsal: tuple[Refusal, ...] = ()
    """What stands against it of having to be rehearsed."""
    agreement: tuple[Refusal, ...] = ()
    """What stands against it of the agreement with the client."""
    notice: tuple[Refusal, ...] = ()
    """What stands against it of having to be told beforehand."""
    hours: tuple[Refusal, ...] = ()
    """What stands against it for want of hours that the fees include."""


def refusals(case: Case) -> tuple[Refusal, ...]:
    """Everything that stands against the change; what no waiting and nobody's word helps comes first."""
    if not case.plan.changed:
        return ()
    return (
        *case.agreement,
        *case.hours,
        *_takeover(case),
        *_content(case),
        *_ticket(case),
        *case.rehearsal,
        *_calendar(case),
        *case.notice,
        *case.approval,
    )


def warnings(case: Case) -> dict[str, str]:
    """Device → what its part of the plan warns of, where the policy only warns."""
    if case.policy.lockout == "refuse":
        return {}
    return dict.fromkeys(_locked_out(case), f"{_LOCKOUT}, and nothing on the device would bring it back")


def _takeover(case: Case) -> tuple[Refusal, ...]:
    """The guard of the first replace: a device that somebody else configured is taken over only by name."""
    return tuple(
        Refusal(
            gate="takeover",
            reason=f"{name} holds configuration that netmgr has neither deployed nor adopted",
            remedy=f"read what the plan deletes there, then add --takeover {name}",
        )
        for name in (device.device for device in case.plan.devices if device.takeover)
        if name not in case.takeover
    )


def _content(case: Case) -> tuple[Refusal, ...]:
    policy, changed = case.policy, case.plan.changed
    found: list[Refusal] = []
    for device in changed if policy.protected else ():
        name = device.device
        form = case.forms[name]
        gone = lines_gone(case.running[name], case.intended[name])
        shown = {line: redacted(line[1], case.secrets, form.redact) for line in gone}
        found += protected_refusals(policy.protected, name, gone, shown)
    active = sum(device.lifecycle == "active" for device in case.inventory.devices)
    lines = {name: _lines(case.forms[name], config) for name, config in case.running.items()}
    found += share_refusals(policy.largest_share, changed, active=active, lines=lines)
    if policy.lockout == "refuse":
        found += [
            Refusal(
                gate="lockout",
                reason=f"{name}: {_LOCKOUT}, and nothing on the device would bring it back",
                remedy="make this part from its console, or let a policy say lockout: warn",
            )
            for name in _locked_out(case)
        ]
    return tuple(found)


def _lines(form: PlatformForm, config: str) -> int:
    return 0 if form.is_empty(config) else config.count("\n")


_LOCKOUT = "changes the way that it is managed through"


def _locked_out(case: Case) -> list[str]:
    return [
        name
        for name in (device.device for device in case.plan.changed)
        if lockout(case.forms[name], case.running[name], case.intended[name], case.addresses.get(name, ""))
    ]


def _ticket(case: Case) -> tuple[Refusal, ...]:
    if case.policy.ticket == "optional" or case.ticket:
        return ()
    return (Refusal(gate="ticket", reason="the policy asks for a ticket", remedy="add --ticket ID"),)


def _calendar(case: Case) -> tuple[Refusal, ...]:
    if not case.timely or case.policy.windows == "ignored":
        return ()
    devices = case.inventory.by_name()
    sites = [devices[device.device].site for device in case.plan.changed]
    return calendar_refusals(case.inventory.client, sites, case.at)
