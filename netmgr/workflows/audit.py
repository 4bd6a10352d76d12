"""Audit: read the devices, judge each beside what the inventory intends, log what was found. Changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version

from netmgr.audit.attribution import headed
from netmgr.audit.ignoring import Ignoring
from netmgr.audit.judgement import judge
from netmgr.audit.unchanged import basis
from netmgr.audit.verdicts import Verdicts
from netmgr.audit.waiving import waived
from netmgr.errors import Refused, StoreError
from netmgr.intent.features import host_features
from netmgr.model.audit import PARTS, Audit, AuditedDevice, AuditPart, Finding
from netmgr.model.entry import Body, Draft
from netmgr.model.inventory import Inventory
from netmgr.model.names import Lifecycle
from netmgr.model.selection import Selection
from netmgr.workflows.audit_changed import SWEEP, Asked, Reading, ask, only_unchanging
from netmgr.workflows.audit_state import look
from netmgr.workflows.audit_who import last_changes
from netmgr.workflows.drift import given_waivers
from netmgr.workflows.drift import today as client_day
from netmgr.workflows.planning import design
from netmgr.workflows.runtime import Runtime

#: A device under maintenance is checked, though not changed; one that is planned does not exist yet, and an external
#: one is somebody else's.
_AUDITED: frozenset[Lifecycle] = frozenset({"active", "maintenance"})


#: What costs the devices nothing beyond the reading of their configuration.
USUAL: tuple[AuditPart, ...] = ("configuration", "compliance")


def audit(
    runtime: Runtime,
    selection: Selection,
    parts: Collection[AuditPart] = USUAL,
    *,
    reading: Reading = "plain",
    sweep: int = SWEEP,
) -> Audit:
    """Audit the selected devices, with no lock: also while a change is under way.

    With ``reading`` "changed" a device whose change marker is the same as in its newest audit is not read, unless that
    was ``sweep`` hours ago or more; "full" reads all and notes the markers.

    The configuration is always read and compared, as a device's status speaks of it; findings are told of ``parts``.
    A device's failure is its own answer. Raises what ``design`` raises for the inventory, InputError for policies, and
    Refused(log) where the log cannot be written: an audit that nobody can look up later proves nothing.
    """
    runtime.require("read")
    if reading == "changed":
        only_unchanging(parts)
    started = runtime.clock.monotonic()
    _append(runtime, [])
    drawn = design(runtime, selection, lifecycles=_AUDITED, unresolvable="mark")
    policy = runtime.read_audit_policy(drawn.inventory)
    names = [device.name for device in drawn.devices]
    on_host = host_features(drawn.inventory, runtime.forms)
    placed = {device.name: device for device in drawn.devices}
    today = client_day(runtime, drawn.inventory)
    runtime.progress(f"audit: {len(names)} devices")
    rules = {name: [rule for rule in policy.rules if rule.demands.concerns(placed[name])] for name in names}
    ignoring = {
        name: Ignoring([one for one in policy.ignores if one.ignored.concerns(placed[name])], today)
        for name in names
    }
    bases = {
        name: basis(
            drawn.intended[name], rules[name], ignoring[name], on_host.get(name, ()), parts, version("netmgr")
        )
        for name in names
    }
    checks = runtime.read_checks(drawn.inventory) if {"state", "reach"} & set(parts) else ()
    with runtime.fleet.session(runtime.endpoints(drawn.devices)) as session:
        asked = ask(runtime, session, bases, reading=reading, sweep=sweep)
        read = session.observe(name for name in names if name not in asked.kept and name not in asked.failed)
        seen = {
            name: read[name] if name in read else asked.failed[name]
            for name in names
            if name not in asked.kept
        }
        looked = look(
            runtime, session, drawn, seen, parts=parts, versions=policy.versions, checks=checks, today=today
        )
        judged = {
            name: judge(
                drawn.intended[name],
                item,
                form=runtime.forms[drawn.intended[name].platform],
                secrets=drawn.secrets,
                unresolved=drawn.unresolved,
                host_features=on_host.get(name, ()),
                rules=rules[name],
                ignoring=ignoring[name],
            )
            for name, item in seen.items()
        }
        changed_by = last_changes(runtime, session, drawn, judged)
    waivers = given_waivers(runtime)
    devices = []
    for name in names:
        device = asked.kept.get(name) or judged[name].model_copy(update={"changed_by": changed_by.get(name)})
        device = waived(device, waivers.get(name), today)
        more = looked.get(name, Verdicts())
        devices.append(device.with_more(more.findings, more.passed).only(parts))
    made = Audit(
        client=runtime.client,
        target=runtime.target,
        time=runtime.clock.now().isoformat(timespec="seconds"),
        seconds=round(runtime.clock.monotonic() - started, 3),
        devices=tuple(devices),
        left_out=_left_out(runtime, drawn.inventory, selection),
        parts=tuple(part for part in PARTS if part in parts),
    )
    _append(runtime, _drafts(runtime, made, asked))
    return made


def _left_out(runtime: Runtime, inventory: Inventory, selection: Selection) -> dict[str, str]:
    """The selected devices that an audit does not speak of: nobody shall take them for compliant."""
    return {
        device.name: device.lifecycle
        if device.lifecycle not in _AUDITED
        else f"{device.platform}: not configured here"
        for device in inventory.devices
        if selection.selects(device)
        and (device.lifecycle not in _AUDITED or not runtime.forms[device.platform].driver)
    }


def _append(runtime: Runtime, drafts: list[Draft]) -> None:
    """All or none; nothing at all tries whether the log could be written."""
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what is audited is logged"
        ) from error


def _drafts(runtime: Runtime, made: Audit, asked: Asked) -> list[Draft]:
    """Each device's result, then the audit's."""
    milliseconds = round(made.seconds * 1000)

    def result(outcome: str, facts: Mapping[str, object], **fields: object) -> Draft:
        return runtime.draft(
            kind="audit", action="audit", phase="result", outcome=outcome, facts=facts, **fields
        )

    drafts = [
        result(
            device.status,
            _facts(device, made.parts, milliseconds, asked),
            device=device.device,
            body=_body(device),
        )
        for device in made.devices
    ]
    totals = {
        "devices": len(made.devices),
        **made.counts,
        "milliseconds": milliseconds,
        "parts": list(made.parts),
        **_compliance(made.parts, made.devices, asked),
        **({"unchanged": len(asked.kept)} if asked.notes else {}),
    }
    return [*drafts, result(made.worst, totals)]


def _facts(
    device: AuditedDevice, parts: Collection[AuditPart], milliseconds: int, asked: Asked
) -> dict[str, object]:
    facts: dict[str, object] = {
        "added": device.added,
        "removed": device.removed,
        "not_compared": sum(finding.check == "not_compared" for finding in device.findings),
        "findings": [_words(finding) for finding in device.findings],
        "milliseconds": milliseconds,
        "parts": list(parts),
        **(_compliance(parts, [device], asked) if device.running else {}),
        **_software(device, asked),
    }
    if device.running and device.device in asked.notes:
        facts["marker"] = asked.notes[device.device].facts()
    return {"running": device.running, **facts} if device.running else facts


def _software(device: AuditedDevice, asked: Asked) -> dict[str, object]:
    """Whether the device's version is supported, where something is known of its platform; of one not read, as then."""
    if device.device in asked.kept:
        facts = asked.carried[device.device].facts
        return {"software": facts["software"]} if "software" in facts else {}
    found = {finding.status for finding in device.findings if finding.check == "version"}
    found |= {"passed" for one in device.passed if one.check == "version"}
    word = next((word for word in ("failed", "passed", "not_measured") if word in found), None)
    return {"software": word} if word else {}


def _compliance(
    parts: Collection[AuditPart], devices: Collection[AuditedDevice], asked: Asked
) -> dict[str, object]:
    """How many rules hold and how many do not, each counted for each device; of one that was not read, as then."""
    if "compliance" not in parts:
        return {}
    every = tuple(device for device in devices if device.device not in asked.kept)
    counted = [
        asked.carried[device.device].facts["compliance"] for device in devices if device.device in asked.kept
    ]
    passed = sum(one.part == "compliance" for device in every for one in device.passed)
    found = [one for device in every for one in device.findings if one.part == "compliance"]
    failed = sum(one.check == "compliance" for one in found)
    ignored = sum(one.status == "not_measured" for one in found)
    found_now = {"passed": passed, "failed": failed, "ignored": ignored}
    return {"compliance": {word: n + sum(each[word] for each in counted) for word, n in found_now.items()}}


def _words(finding: Finding) -> dict[str, str]:
    words = {"check": finding.check, "status": finding.status, "severity": finding.severity}
    return {**words, "rule": finding.rule} if finding.rule else words


def _body(device: AuditedDevice) -> Body | None:
    if device.status == "drifted":
        return Body(headed(device.diff, device.changed_by).encode(), "text/x-diff")
    errors: Iterable[str] = (finding.detail for finding in device.findings if finding.check == "read")
    error = next(iter(errors), None)
    return Body(error.encode(), "text/plain") if error else None
