"""Audits for people: a table, each diff once with the devices that have it, one last line that says it all."""

from rich.text import Text

from netmgr.cli.view_diff import Style, print_diff, shown_diff
from netmgr.cli.view_drift import changed_last
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.audit import Audit, AuditPart, AuditStatus, Finding, Severity

_COLOURS: dict[AuditStatus, str] = {
    "compliant": "green",
    "drifted": "yellow",
    "unreachable": "red",
    "error": "bold red",
}
_SEVERITIES: dict[Severity, str] = {"info": "dim", "warning": "yellow", "error": "red"}


def show_audit(audit: Audit, *, output: str, style: Style = "unified") -> None:
    """Equal diffs and equal rows are shown once, with their devices; what is compliant without a warning is counted."""
    if output == "json":
        print_json("audit", audit.model_dump(mode="json"))
        return
    out = console()
    for shown, names in _diffs(audit, style).values() if "configuration" in audit.parts else ():
        out.print(Text(", ".join(names), "bold"))
        print_diff(out, shown, style)
    rows = table("STATUS", "+", "-", "DEVICES", "FINDINGS", right=frozenset({"+", "-"}))
    for (status, added, removed, findings), names in _alike(audit).items():
        told = Text("\n").join(Text(text, _SEVERITIES[severity]) for severity, text in findings)
        rows.add_row(Text(status, _COLOURS[status]), added, removed, ", ".join(names), told)
    if rows.row_count:
        print_table(rows)
    reasons: dict[str, list[str]] = {}
    for device, reason in audit.left_out.items():
        reasons.setdefault(reason, []).append(device)
    for reason, left_out in reasons.items():
        out.print(Text(f"not audited: {', '.join(left_out)} ({reason})", "dim"))
    for since, devices in _unchanged(audit).items():
        out.print(Text(f"not read, unchanged since {since}: {', '.join(devices)}", "dim"))
    for one in audit.devices:
        if one.changed_by:
            out.print(Text(f"{one.device}: {changed_last(one.changed_by)}", "dim"))
    for note, devices in _notes(audit).items():
        out.print(Text(f"note: {', '.join(devices)}: {printable(note)}", "dim"))
    for part in audit.parts:
        if part != "configuration" and (held := _held(audit, part)):
            out.print(Text(f"{part}: {held}"))
    out.print(_last_line(audit))


def _diffs(audit: Audit, style: Style) -> dict[str, tuple[str, list[str]]]:
    """Each diff once with the devices that have it: in context, those whose changed lines are the same."""
    found: dict[str, tuple[str, list[str]]] = {}
    for device in audit.devices:
        if device.diff:
            rendered = shown_diff(device.diff, style) if style == "context" else None
            key = rendered.plain if isinstance(rendered, Text) else device.diff
            found.setdefault(key, (device.diff, []))[1].append(device.device)
    return found


_Row = tuple[AuditStatus, str, str, tuple[tuple[Severity, str], ...]]


def _alike(audit: Audit) -> dict[_Row, list[str]]:
    """What is to be said → the devices of which it is; those that are compliant without a warning are left out."""
    found: dict[_Row, list[str]] = {}
    for device in audit.devices:
        findings = tuple(
            (finding.severity, _said(device.device, finding))
            for finding in device.findings
            if finding.severity != "info" and finding.check != "configuration"
        )
        if device.status != "compliant" or findings:
            changed = (str(device.added), str(device.removed)) if device.diff else ("", "")
            found.setdefault((device.status, *changed, findings), []).append(device.device)
    return found


def _said(device: str, finding: Finding) -> str:
    """A finding without the device's name, which stands beside it."""
    detail = printable(finding.detail).removeprefix(f"{device}: ")
    return detail if finding.check == "read" else f"{finding.check}: {detail}"


def _notes(audit: Audit) -> dict[str, list[str]]:
    """Note → the devices that have it."""
    found: dict[str, list[str]] = {}
    for device in audit.devices:
        for finding in device.findings:
            if finding.severity == "info":
                found.setdefault(finding.detail, []).append(device.device)
    return found


def _unchanged(audit: Audit) -> dict[str, list[str]]:
    """When devices were read last that this audit did not read → their names."""
    found: dict[str, list[str]] = {}
    for device in audit.devices:
        if device.unchanged_since:
            found.setdefault(device.unchanged_since, []).append(device.device)
    return found


def _held(audit: Audit, part: AuditPart) -> str:
    """How much of a part was looked at, each thing counted for each device."""
    passed = sum(one.part == part for device in audit.devices for one in device.passed)
    findings = [finding for device in audit.devices for finding in device.findings if finding.part == part]
    failed = sum(finding.status == "failed" for finding in findings)
    let_be = sum(finding.check == "ignored" and finding.status != "failed" for finding in findings)
    unknown = sum(finding.status in ("not_measured", "pending") for finding in findings) - let_be
    failed -= sum(finding.check == "ignored" and finding.status == "failed" for finding in findings)
    counts = {"hold": passed, "do not": failed, "let be": let_be, "not measured": unknown}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _last_line(audit: Audit) -> Text:
    counts = [f"{count} {status}" for status, count in audit.counts.items() if count]
    warned = sum(any(map(_warns, d.findings)) for d in audit.devices if d.status == "compliant")
    text = Text(", ".join(counts) or "no devices", _COLOURS[audit.worst])
    text.append(f" in {audit.seconds:.1f} s")
    if warned:
        text.append(f" ({warned} compliant with warnings)", "yellow")
    return text


def _warns(finding: Finding) -> bool:
    return finding.severity == "warning"
