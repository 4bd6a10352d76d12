"""One device's audit: its status and its findings, from what was intended and what was read."""

from collections.abc import Iterable, Iterator, Mapping

from netmgr.audit.compliance import comply
from netmgr.audit.ignoring import Ignoring, excepted, without_ignored
from netmgr.audit.unresolved import set_aside
from netmgr.errors import DeviceError, Unreachable
from netmgr.model.audit import AuditedDevice, Finding, Passed
from netmgr.model.compliance import Rule
from netmgr.model.difference import difference, encodable, hide_values, redacted
from netmgr.model.intended import Intended
from netmgr.model.state import InterfaceState, Observation
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.owned import in_part, missing_sections
from netmgr.platforms.settling import settled

_NOTHING = Ignoring()


def judge(
    intended: Intended,
    seen: Observation | DeviceError,
    *,
    form: PlatformForm,
    secrets: Mapping[str, str],
    unresolved: Mapping[str, str],
    host_features: Iterable[str] = (),
    rules: Iterable[Rule] = (),
    ignoring: Ignoring = _NOTHING,
) -> AuditedDevice:
    """The status speaks of the configuration alone; everything else that a reader should know is a finding.

    ``secrets`` is name → value, ``unresolved`` name → placeholder of what stands in ``intended``. ``host_features`` are
    those that the inventory asks for and this device's configuration does not hold. ``rules`` are those of compliance
    that concern the device, as are the patterns of ``ignoring``.
    """
    if isinstance(seen, DeviceError):
        return _unread(intended.device, seen, secrets)
    running = seen.reading.running
    intended = in_part(intended, running, form)
    intended = settled(intended, running, form, secrets=secrets, marks=unresolved.values())
    hidden = {**secrets, **unresolved, **intended.stored}
    compared, lines = set_aside(running, intended.config, unresolved, form.canonical)
    startup, _ = set_aside(seen.startup, intended.config, unresolved, form.canonical)
    compared, wanted, let_be = without_ignored(compared, intended.config, ignoring, form)
    diff = difference(compared, wanted, secrets=hidden, redact=form.redact)
    findings: list[Finding] = []
    if compared != wanted:
        size = f"+{diff.added} -{diff.removed} lines"
        detail = f"reads otherwise than intended ({size}); `netmgr plan` shows how a deploy puts it right"
        findings.append(Finding(check="configuration", status="failed", severity="error", detail=detail))
        findings += [
            Finding(
                check="unmanaged",
                status="failed",
                severity="warning",
                detail=f"nothing in the inventory speaks of: {redacted(line, hidden, form.redact)}",
            )
            for line in _unmanaged(compared, wanted, form)
        ]
    findings += [
        Finding(
            check="not_compared",
            status="not_measured",
            severity="warning",
            detail=f"the secret cannot be resolved here: {line}",
        )
        for line in lines
    ]
    findings += let_be
    findings += _in_part(intended, running, form)
    findings += _pending_or_unsaved(seen, intended.config, startup, drifted=compared != wanted)
    findings += _below_it(seen, form)
    if features := sorted(host_features):
        detail = f"not checked, as the host and not its configuration holds it: {', '.join(features)}"
        findings.append(Finding(check="host_features", status="not_measured", severity="info", detail=detail))
    asked = tuple(rules)
    complies = excepted(
        comply(
            form.paths(running) if asked else (),
            asked,
            hide=lambda line: redacted(line.split("\n", 1)[0], hidden, form.redact),
        ),
        ignoring,
    )
    as_intended = (Passed(part="configuration", check="configuration"),)
    return AuditedDevice(
        device=intended.device,
        status="compliant" if compared == wanted else "drifted",
        diff=diff.text,
        added=diff.added,
        removed=diff.removed,
        findings=(*findings, *complies.findings),
        running=seen.reading.digest,
        passed=(*(as_intended if compared == wanted else ()), *complies.passed),
    )


def _unread(device: str, error: DeviceError, secrets: Mapping[str, str]) -> AuditedDevice:
    finding = Finding(
        check="read", status="failed", severity="error", detail=encodable(hide_values(str(error), secrets))
    )
    status = "unreachable" if isinstance(error, Unreachable) else "error"
    return AuditedDevice.model_validate({"device": device, "status": status, "findings": (finding,)})


def _in_part(intended: Intended, running: str, form: PlatformForm) -> Iterator[Finding]:
    """What a reader should know of a device that is managed in part."""
    if intended.owned is None:
        return
    detail = f"only these are compared: {', '.join(sorted(intended.owned))}"
    yield Finding(check="owned_sections", status="not_measured", severity="info", detail=detail)
    for path in missing_sections(intended, running, form):
        detail = f"the device lacks {' / '.join(path)}, which is not owned and holds owned lines"
        yield Finding(check="owned_sections", status="failed", severity="error", detail=detail)


def _pending_or_unsaved(
    seen: Observation, intended: str, startup: str, *, drifted: bool
) -> Iterator[Finding]:
    """What runs, and would not after a while or after a reboot. ``startup`` is as it is compared with ``intended``."""
    if seen.reading.pending:
        detail = (
            f"commit {seen.reading.pending} is pending: unless somebody confirms it, the device goes back"
        )
        yield Finding(check="pending", status="pending", severity="warning", detail=detail)
    elif seen.startup != seen.reading.running:
        if not seen.startup:
            would = "lose all of it; save it on the device"
        elif not drifted:
            would = "bring another configuration; save it on the device"
        else:
            would = "bring what is intended" if startup == intended else "bring yet another configuration"
        detail = f"what runs is not saved: a reboot would {would}"
        yield Finding(check="startup", status="failed", severity="warning", detail=detail)


def _below_it(seen: Observation, form: PlatformForm) -> Iterator[Finding]:
    """What was set behind the configuration's back."""
    if form.interfaces and seen.interfaces is not None:
        actual = {interface.name: interface for interface in seen.interfaces}
        for wanted in form.interfaces.configured(seen.reading.running):
            for detail in _below(wanted, actual.get(wanted.name)):
                yield Finding(check="kernel", status="failed", severity="warning", detail=detail)


def _below(wanted: InterfaceState, actual: InterfaceState | None) -> Iterator[str]:
    """How an interface differs from what the device's own configuration says of it."""
    name = wanted.name
    if actual is None:
        yield f"{name} is configured and does not exist"
        return
    for address in sorted(actual.addresses - wanted.addresses):
        yield f"{name} has {address}, which its configuration does not know"
    if wanted.enabled and actual.enabled:
        for address in sorted(wanted.addresses - actual.addresses):
            if actual.carrier or ":" not in address:
                yield f"{name} lacks {address}, which its configuration gives it"
    if wanted.enabled != actual.enabled:
        words = {True: "up", False: "down"}
        yield f"{name} is {words[actual.enabled]}, and its configuration says {words[wanted.enabled]}"


def _unmanaged(running: str, intended: str, form: PlatformForm) -> Iterator[str]:
    """Lines and sections at the top level whose subject the intended configuration does not know, each subject once."""
    known = {form.subject(line) for line in intended.splitlines() if not line.startswith(" ")}
    for line in running.splitlines():
        if not line.startswith(" ") and (subject := form.subject(line)) not in known:
            known.add(subject)
            yield line
