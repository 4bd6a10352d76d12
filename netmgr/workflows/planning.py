"""Planning: inventory → intent → rendered ⊕ running → plan. Reads devices, writes none."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from netmgr.change.checks import Key, waiting
from netmgr.change.plan import make_plan, planned_device, with_pending
from netmgr.errors import DeviceError, InputError, SecretError, UsageError
from netmgr.intent.adjacency import adjacencies, known_adjacencies
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.change import Basis, GitState, Plan, Refusal
from netmgr.model.difference import hide_values, without_secrets
from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.model.intent import Adjacency, NetworkIntent
from netmgr.model.inventory import Device, Inventory
from netmgr.model.names import SECRET_REFERENCE, Lifecycle
from netmgr.model.selection import Selection
from netmgr.model.state import Reading
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.owned import in_part, missing_sections
from netmgr.platforms.settling import settled
from netmgr.ports.checks import Check
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.inventory_log import note_inventory
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Design:
    """What the inventory intends for the selected devices, before any of them was asked."""

    inventory: Inventory
    intent: NetworkIntent
    devices: tuple[Device, ...]
    intended: Mapping[str, Intended]
    secrets: Mapping[str, str] = field(repr=False)
    """Name → value of every secret that stands in ``intended``."""
    unresolved: Mapping[str, str]
    """Name → what stands in ``intended`` for a secret that could not be resolved."""
    templates: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with what it was made from: enough to carry it out."""

    plan: Plan
    inventory: Inventory
    intended: Mapping[str, Intended]
    readings: Mapping[str, Reading]
    expected: tuple[Adjacency, ...]
    known: frozenset[Key]
    sides: Mapping[str, frozenset[tuple[str, str]]]
    """Device → (protocol, peer) of the adjacencies of which the plan changes the device's side; of plans in waves."""
    intent: NetworkIntent
    checks: tuple[Check, ...]
    secrets: Mapping[str, str] = field(repr=False)
    redacting: Mapping[str, Callable[[str], str]] = field(repr=False)
    """Device → its platform's own hiding of secrets in a line."""
    given: Plan | None = None
    """The document that was saved, and perhaps approved, where the plan is carried out of one."""
    passed: tuple[Refusal, ...] = ()
    """What stood against it and is passed by breaking the glass."""
    approved_by: str | None = None

    def hide(self, device: str, text: str) -> str:
        """``text``, which ``device`` may have said, without secrets: this plan's, and those that it runs or gets.

        A configuration that is brought back holds secrets that no inventory names.
        """
        text = hide_values(text, self.secrets)
        if planned := self.intended.get(device):
            running = self.readings[device].running if device in self.readings else ""
            for config in (planned.config, running):
                text = without_secrets(text, config, self.redacting[device])
        return text


def design(
    runtime: Runtime,
    selection: Selection,
    *,
    lifecycles: frozenset[Lifecycle] = frozenset({"active"}),
    unresolvable: Literal["refuse", "mark"] = "refuse",
) -> Design:
    """Load, check, resolve and render the selected devices that are in one of ``lifecycles``.

    What is sent to a device needs every secret: one that cannot be resolved is refused. An audit only compares, and
    has it marked instead: ``<secret:NAME>`` stands in its place. Raises InputError, RenderError, SecretError,
    UsageError.
    """
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    note_inventory(runtime, inventory)
    intent = resolve(inventory, runtime.forms)
    unmatched = selection.unmatched(inventory.devices)
    if unmatched:
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    devices = tuple(
        device
        for device in inventory.devices
        if selection.selects(device)
        and device.lifecycle in lifecycles
        and runtime.forms[device.platform].driver
    )
    platforms = frozenset(device.platform for device in devices)
    sources = runtime.templates.sources(runtime.client, platforms)
    renderer = Renderer(sources)
    by_name = {device.name: device for device in intent.devices}
    secrets: dict[str, str] = {}
    unresolved: dict[str, str] = {}

    def value(reference: re.Match[str]) -> str:
        name = reference[2]
        try:
            secrets[name] = runtime.secrets.resolve(runtime.client, reference[0])
        except SecretError:
            if unresolvable == "refuse":
                raise
            return unresolved.setdefault(name, f"<secret:{name}>")
        return secrets[name]

    intended = {}
    for device in devices:
        candidate = SECRET_REFERENCE.sub(value, renderer.render(by_name[device.name]))
        intended[device.name] = Intended(
            device=device.name,
            platform=device.platform,
            candidate=candidate,
            config=runtime.forms[device.platform].canonical(candidate),
            warnings=tuple(w for w in intent.warnings if f" {device.name}: " in f" {w}"),
            owned=owned_by(device),
            salt=f"{runtime.client}/{device.name}",
        )
    fingerprint = hmac.new(
        runtime.fingerprint_key, repr(sorted(secrets.items())).encode(), "sha256"
    ).hexdigest()
    return Design(
        inventory=inventory,
        intent=intent,
        devices=devices,
        intended=intended,
        secrets=secrets,
        unresolved=unresolved,
        templates=sha256_hex(repr(sorted((p, sorted(files.items())) for p, files in sources.items()))),
        fingerprint=fingerprint,
    )


def prepare(
    runtime: Runtime,
    session: FleetSession,
    drawn: Design,
    *,
    confirm_in: int | None,
    canary: int | None = None,
) -> Prepared:
    """Read the devices and plan. Devices that cannot be read are named in the plan and are no part of it.

    The plan is not judged yet: netmgr/workflows/gates.py says what would refuse it.
    """
    checks = runtime.read_checks(drawn.inventory)
    names = [device.name for device in drawn.devices]
    runtime.progress(f"read: {len(names)} devices")
    logins = session.connect(names)
    answers = session.read([name for name in names if not isinstance(logins[name], DeviceError)])
    readings = {name: answer for name, answer in answers.items() if not isinstance(answer, DeviceError)}
    errors = {
        name: str(answer) for name, answer in {**logins, **answers}.items() if isinstance(answer, DeviceError)
    }
    intended = {
        name: targeted(item, readings[name].running, runtime.forms[item.platform], drawn.secrets)
        if name in readings
        else item
        for name, item in drawn.intended.items()
    }
    planned = tuple(
        planned_device(
            intended[name],
            readings[name],
            form=runtime.forms[intended[name].platform],
            secrets={**drawn.secrets, **intended[name].stored},
            owned=is_owned(runtime, name),
        )
        for name in names
        if name in readings
    )
    plan = make_plan(
        id=runtime.clock.new_id(),
        created=runtime.clock.now().isoformat(timespec="seconds"),
        author=runtime.actor.id,
        client=runtime.client,
        target=runtime.target,
        basis=basis(runtime, drawn, readings),
        devices=planned,
        forms={name: runtime.forms[item.platform] for name, item in intended.items()},
        inventory=drawn.inventory,
        intent=drawn.intent,
        asked=confirm_in,
        canary=canary,
        policy=runtime.policy,
        unreachable=errors,
    )
    expected = adjacencies(drawn.intent)
    sides = _changed_sides(runtime, intended, readings) if len(plan.waves) > 1 else {}
    return Prepared(
        plan=with_pending(plan, waiting(expected, plan.waves, sides)),
        inventory=drawn.inventory,
        intended=intended,
        readings=readings,
        expected=expected,
        sides=sides,
        known=known_adjacencies(drawn.intent),
        intent=drawn.intent,
        checks=checks,
        secrets={
            **drawn.secrets,
            **{where: value for item in intended.values() for where, value in item.stored.items()},
        },
        redacting={name: runtime.forms[item.platform].redact for name, item in intended.items()},
    )


def basis(runtime: Runtime, drawn: Design, readings: Mapping[str, Reading]) -> Basis:
    """What the plan is bound to."""
    git = runtime.revision.state()
    return Basis(
        target=runtime.target,
        store=runtime.log.identity,
        git=GitState(commit=git[0], dirty=git[1]) if git else None,
        inventory=drawn.inventory.digest,
        templates=drawn.templates,
        secrets=drawn.fingerprint,
        running={name: reading.digest for name, reading in readings.items()},
    )


def _changed_sides(
    runtime: Runtime, intended: Mapping[str, Intended], readings: Mapping[str, Reading]
) -> dict[str, frozenset[tuple[str, str]]]:
    return {
        name: runtime.forms[item.platform].changed_sides(readings[name].running, item.config)
        for name, item in intended.items()
        if name in readings and readings[name].running != item.config
    }


def owned_by(device: Device) -> frozenset[str] | None:
    """The features of the device that are netmgr's; None where all of it is."""
    return None if device.data.owned_sections is None else frozenset(device.data.owned_sections)


def targeted(intended: Intended, running: str, form: PlatformForm, secrets: Mapping[str, str]) -> Intended:
    """What the device shall run, as far as it is ours, with secrets as the device keeps them.

    Raises InputError where owned lines stand in a section that the device lacks and that is not ours to make.
    """
    target = in_part(intended, running, form)
    if missing := missing_sections(target, running, form):
        sections, name = ", ".join(" / ".join(path) for path in missing), intended.device
        raise InputError(
            [f"{name}: owned_sections: the device lacks {sections}; own it too, or make it on the device"]
        )
    return settled(target, running, form, secrets=secrets)


def is_owned(runtime: Runtime, device: str) -> bool:
    """Whether netmgr deployed or adopted the device before, so that it read as intended."""
    return any(
        entry.outcome in outcomes and entry.target == runtime.target
        for kind, outcomes in (("change", ("applied", "unchanged")), ("adopt", ("adopted",)))
        for entry in runtime.log.entries(runtime.client, kind=kind, device=device, newest_first=True)
        if kind == "change" or entry.facts.get("source") == "device"
    )
