"""Audits for people: a table, each diff once with the devices that have it, one last line that says it all."""

from collections.abc import Iterator

from rich.text import Text

from netmgr.cli.view_diff import Style, print_diff
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.audit import Audit, AuditedDevice, Finding

_COLOURS = {"compliant": "green", "drifted": "yellow", "unreachable": "red", "error": "bold red"}
_SEVERITIES = {"info": "dim", "warning": "yellow", "error": "red"}


def show_audit(audit: Audit, *, output: str, style: Style = "unified") -> None:
    """Devices without findings are only counted, and so are those that have nothing but notes."""
    if output == "json":
        print_json("audit", audit.model_dump(mode="json"))
        return
    out = console()
    diffs: dict[str, list[str]] = {}
    for device in audit.devices:
        if device.diff:
            diffs.setdefault(device.diff, []).append(device.device)
    for diff, names in diffs.items():
        out.print(Text(", ".join(names), "bold"))
        print_diff(out, diff, style)
    rows = table("DEVICE", "STATUS", "+", "-", "FINDINGS", right=frozenset({"+", "-"}))
    for device in audit.devices:
        if device.status != "compliant" or any(f.severity != "info" for f in device.findings):
            changed = (str(device.added), str(device.removed)) if device.diff else ("", "")
            status = Text(device.status, _COLOURS[device.status])
            rows.add_row(device.device, status, *changed, Text("\n").join(_findings(device)))
    if rows.row_count:
        print_table(rows)
    for note, devices in _notes(audit).items():
        out.print(Text(f"note: {', '.join(devices)}: {printable(note)}", "dim"))
    out.print(_last_line(audit))


def _findings(device: AuditedDevice) -> Iterator[Text]:
    """What the diff does not show already."""
    for finding in device.findings:
        if finding.severity != "info" and finding.check != "configuration":
            yield Text(f"{finding.check}: {printable(finding.detail)}", _SEVERITIES[finding.severity])


def _notes(audit: Audit) -> dict[str, list[str]]:
    """Note → the devices that have it."""
    found: dict[str, list[str]] = {}
    for device in audit.devices:
        for finding in device.findings:
            if finding.severity == "info":
                found.setdefault(finding.detail, []).append(device.device)
    return found


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
