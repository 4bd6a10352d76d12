"""Reports as files, and the lists of them, for people and programs."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netmgr.cli.views import print_json

if TYPE_CHECKING:
    from netmgr.workflows.report import MadeReport
    from netmgr.workflows.report_artefacts import Artefact


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
