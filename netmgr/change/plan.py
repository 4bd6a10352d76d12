"""Making a plan: running ⊕ intended → what would change, and in which guarantee."""

from collections.abc import Mapping

from netmgr.change.links import changed_ends, changed_links
from netmgr.change.timing import CHECKS_LIMIT, reserve, strictest, timers
from netmgr.change.topology import Topology
from netmgr.change.waves import parts_of, plan_waves
from netmgr.model.change import Basis, Plan, PlannedDevice
from netmgr.model.change_policy import ChangePolicy
from netmgr.model.difference import difference, hide_values
from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.model.intent import NetworkIntent
from netmgr.model.inventory import Inventory
from netmgr.model.names import Target
from netmgr.model.state import Reading
from netmgr.platforms.form import PlatformForm


def planned_device(
    intended: Intended, reading: Reading, *, form: PlatformForm, secrets: Mapping[str, str], owned: bool
) -> PlannedDevice:
    """One device's part. ``owned`` says that netmgr deployed or adopted the device before."""
    diff = difference(reading.running, intended.config, secrets=secrets, redact=form.redact)
    changes = reading.running != intended.config
    warnings = list(intended.warnings)
    if changes and not form.commit_confirm:
        warnings.append(
            "no device-side timer: nothing rescues the device if the change cuts its management or netmgr is killed"
        )
    if intended.owned is not None:
        warnings.append(f"only {', '.join(sorted(intended.owned))}: all else stays as it is on the device")
        if changes and form.remediation:
            hazards = form.remediation(reading.running, intended.config).hazards
            warnings += (hide_values(form.redact(hazard), secrets) for hazard in hazards)
    if reading.pending:
        warnings.append(f"commit {reading.pending} is pending on the device")
    return PlannedDevice(
        device=intended.device,
        action="none" if not changes else "replace" if intended.owned is None else "merge",
        strategy="commit_confirm" if form.commit_confirm else "snapshot",
        diff=diff.text,
        added=diff.added,
        removed=diff.removed,
        wave=None,
        warnings=tuple(warnings),
        after=sha256_hex(intended.config),
        takeover=changes and not owned and intended.owned is None and not form.is_empty(reading.running),
        ends=changed_ends(form.link_data(reading.running), form.link_data(intended.config))
        if changes
        else frozenset(),
    )


def make_plan(
    *,
    id: str,  # noqa: A002 - the document's key
    created: str,
    author: str,
    client: str,
    target: Target,
    basis: Basis,
    devices: tuple[PlannedDevice, ...],
    forms: Mapping[str, PlatformForm],
    inventory: Inventory,
    intent: NetworkIntent,
    asked: int | None,
    canary: int | None,
    policy: ChangePolicy,
    unreachable: Mapping[str, str],
) -> Plan:
    """Put the devices together. ``forms`` gives each device's form.

    What would refuse a deploy of it is judged later (netmgr/change/gates.py). Raises UsageError for an impossible timer
    or canary.
    """
    changes = {device.device: device.ends for device in devices if device.action != "none"}
    waves, why = plan_waves(
        Topology.of(inventory),
        tuple(changes),
        together=changed_links(intent, changes),
        parts=parts_of(policy.waves, inventory.devices),
        largest=policy.waves.largest,
        canary=canary,
    )
    number = {name: wave for wave, names in enumerate(waves, start=1) for name in names}
    armed = timers(
        [len(wave) for wave in waves],
        asked,
        [strictest(limit for name in wave if (limit := forms[name].commit_confirm)) for wave in waves],
        policy.atomic,
    )
    return Plan(
        id=id,
        client=client,
        target=target,
        created=created,
        author=author,
        basis=basis,
        atomic=armed.atomic,
        confirm_in=max((timer.seconds for timer in armed.waves), default=asked or reserve(0) + CHECKS_LIMIT),
        devices=tuple(device.model_copy(update={"wave": number.get(device.device)}) for device in devices),
        waves=waves,
        why=why,
        timers=armed.waves,
        atomic_reason=armed.reason,
        asked=asked,
        canary=canary,
        limit=tuple(sorted({*(d.device for d in devices), *unreachable})),
        unreachable=unreachable,
    )


def with_pending(plan: Plan, pending: Mapping[str, tuple[str, ...]]) -> Plan:
    """The plan, whose devices name the adjacencies that wait for a later wave."""
    devices = (d.model_copy(update={"pending": pending.get(d.device, ())}) for d in plan.devices)
    return plan.model_copy(update={"devices": tuple(devices)})


def stale(planned: Basis, now: Basis) -> list[str]:
    """What has changed since the plan was made, in words; empty when the plan still holds."""
    reasons = []
    if planned.target != now.target:
        reasons.append(f"the plan is for the {planned.target}, not the {now.target}")
    if planned.store != now.store:
        reasons.append("the plan was made against another store")
    if planned.inventory != now.inventory:
        reasons.append("the inventory has changed")
    if planned.templates != now.templates:
        reasons.append("the templates have changed")
    if planned.secrets != now.secrets:
        reasons.append("a secret has changed")
    if planned.git != now.git:
        reasons.append("the workspace's git state has changed")
    drifted = sorted(name for name, digest in planned.running.items() if now.running.get(name) != digest)
    if drifted:
        reasons.append(f"the running configuration has changed on {', '.join(drifted)}")
    return reasons
