"""Backups for people: tables of devices and versions, texts with their secrets hidden."""

import click
from rich.text import Text

from netmgr.cli.view_diff import Style, print_diff, shown_diff
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.backup import BackupCheck, BackupDiff, BackupList, BackupRun, BackupStatus, ShownVersion

_COLOURS: dict[BackupStatus, str] = {
    "unchanged": "green",
    "stored": "green",
    "quarantined": "bold red",
    "unreachable": "red",
    "error": "bold red",
}
_DIGITS = 12  # of a commit's hash


def show_run(made: BackupRun, *, output: str) -> None:
    """What is new or wrong, a row each; what is unchanged is counted."""
    if output == "json":
        print_json("backup", made.model_dump(mode="json"))
        return
    rows = table("STATUS", "DEVICE", "VERSION", "LINES", "", right=frozenset({"LINES"}))
    for device in made.devices:
        if device.status != "unchanged":
            said = device.error or "; ".join(finding.detail for finding in device.findings)
            rows.add_row(
                Text(device.status, _COLOURS[device.status]),
                device.device,
                (device.version or "")[:_DIGITS],
                "" if device.lines is None else str(device.lines),
                printable(said.removeprefix(f"{device.device}: ")),
            )
    if rows.row_count:
        print_table(rows)
    out = console()
    reasons: dict[str, list[str]] = {}
    for name, reason in made.left_out.items():
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        out.print(Text(f"not backed up: {', '.join(names)} ({reason})", "dim"))
    for copy in made.copies:
        said = printable(copy.error) if copy.error else "up to date"
        out.print(Text(f"second copy of {copy.set}: {said}", "red" if copy.error else "dim"))
    if made.expired:
        out.print(Text(f"{made.expired} commits were older than is promised, and are gone", "dim"))
    counts = [f"{count} {status}" for status, count in made.counts.items() if count]
    text = Text(", ".join(counts) or "no devices", _COLOURS[made.worst])
    out.print(text.append(f" in {made.seconds:.1f} s"))


def show_list(found: BackupList, *, output: str) -> None:
    """A row for each version."""
    if output == "json":
        print_json("backups", found.model_dump(mode="json"))
        return
    rows = table("DEVICE", "VERSION", "TAKEN", "LINES", "STATUS", right=frozenset({"LINES"}))
    for version in found.versions:
        why = "; ".join(finding.detail for finding in version.findings)
        rows.add_row(
            version.device,
            version.version[:_DIGITS],
            version.taken,
            str(version.lines),
            Text(f"quarantined: {printable(why)}", "bold red") if why else Text("good", "green"),
        )
    if rows.row_count:
        print_table(rows)
    if found.without:
        console().print(Text(f"without a good version: {', '.join(found.without)}", "yellow"))


def show_version(found: ShownVersion, *, output: str) -> None:
    """The text alone on standard output."""
    if output == "json":
        print_json("backup-version", found.model_dump(mode="json"))
        return
    click.echo(
        f"{found.device} at {found.version[:_DIGITS]}, taken {found.taken}: {found.document}", err=True
    )
    click.echo(printable(found.text.rstrip("\n")))


def show_diff(made: BackupDiff, *, output: str, style: Style) -> None:
    """As plans and audits show differences."""
    if output == "json":
        print_json("backup-diff", made.model_dump(mode="json"))
        return
    click.echo(f"{made.device}: {made.old[:_DIGITS]} → {made.new[:_DIGITS]}", err=True)
    if not made.diff:
        click.echo("no difference in the running configuration", err=True)
        return
    rendered = shown_diff(made.diff, style) if style == "context" else made.diff
    print_diff(console(), rendered if isinstance(rendered, str) else made.diff, style)


def show_check(made: BackupCheck, *, output: str) -> None:
    """Problems first, one line that says it all last."""
    if output == "json":
        print_json("backup-check", made.model_dump(mode="json"))
        return
    out = console()
    for problem in made.problems:
        where = " at ".join(filter(None, (problem.device, (problem.version or "")[:_DIGITS])))
        out.print(Text(printable(f"{where}: {problem.what}".removeprefix(": ")), "red"))
    for note in made.notes:
        out.print(Text(f"note: {note}", "dim"))
    out.print(
        Text(
            f"{made.versions} versions, {made.documents} documents, {made.logged} named by the log: "
            + (f"{len(made.problems)} problems" if made.problems else "all as they were kept"),
            "red" if made.problems else "green",
        )
    )
