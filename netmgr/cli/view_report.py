"""Reports as files, and the lists of them, for people and programs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmgr.cli.views import print_json, print_table, table

if TYPE_CHECKING:
    from netmgr.model.entry import Entry
    from netmgr.model.issued_report import IssuedReport
    from netmgr.workflows.report import MadeReport
    from netmgr.workflows.report_artefacts import Artefact
    from netmgr.workflows.report_issue import Issued


def write(artefacts: "Iterable[Artefact]", out: Path | None) -> list[dict[str, str]]:
    """Write them into a directory, for their owner alone; what was written."""
    from netmgr.adapters.private_files import private_directory, write_durably

    directory = out or Path()
    private_directory(directory)
    written = []
    for artefact in artefacts:
        path = directory / artefact.name
        write_durably(path, artefact.data)
        written.append({"path": str(path), "format": artefact.format, "digest": artefact.digest})
    return written


def show_files(made: "MadeReport", files: list[dict[str, str]], *, output: str) -> None:
    """What was made, and where it is."""
    if output != "json":
        click.echo("\n".join(file["path"] for file in files))
        return
    report = made.report
    document: dict[str, Any] = {
        "client": report.client,
        "target": report.target,
        "draft": report.draft,
        "audience": report.audience,
        "locale": report.language,
        "cut": report.cut,
        "complete": report.complete,
        "verified": made.holds,
        "missing": list(made.problems),
        "files": files,
    }
    print_json("report-files", document)


def show_issued(client: str, done: "Issued", files: list[dict[str, str]], *, output: str) -> None:
    """An issued report, and where its files are."""
    if output != "json":
        click.echo("\n".join(file["path"] for file in files))
        return
    document = {"client": client, **_report(done.entry, done.report), "new": done.new}
    document["missing"] = list(done.problems)
    document["files"] = [
        {**file, "audience": each.audience} for file, each in zip(files, done.chosen, strict=True)
    ]
    print_json("report-issued", document)


def show_list(client: str, found: "Sequence[tuple[Entry, IssuedReport]]", *, output: str) -> None:
    """Every report that was issued."""
    if output == "json":
        reports = [
            {
                **_report(entry, report),
                "files": [file.model_dump() for file in report.files],
            }
            for entry, report in found
        ]
        print_json("report-list", {"client": client, "reports": reports})
        return
    if not found:
        click.echo(f"no report was issued to {client}", err=True)
        return
    rows = [
        (
            f"{report.from_}",
            f"{report.to}",
            str(report.revision),
            ", ".join(report.audiences),
            ", ".join(report.formats),
            entry.time[:16].replace("T", " "),
            str(report.cut),
        )
        for entry, report in found
    ]
    made = table("From", "To", "Revision", "For", "Formats", "Issued (UTC)", "Cut")
    for row in rows:
        made.add_row(*row)
    print_table(made)


def _report(entry: "Entry", report: "IssuedReport") -> dict[str, Any]:
    return {
        "period": {
            "from": report.from_.isoformat(),
            "to": report.to.isoformat(),
            "timezone": report.timezone,
        },
        "revision": report.revision,
        "locale": report.locale,
        "cut": report.cut,
        "since": report.since,
        "verified": report.verified,
        "issued": entry.time,
        "seq": entry.seq,
        "checkpoint": dict(report.checkpoint),
    }
