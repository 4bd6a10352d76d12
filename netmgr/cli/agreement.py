"""``netmgr agreement``: what was promised, from when to when, as both have signed it."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from netmgr.cli.agreement_new import new
from netmgr.cli.context import Context
from netmgr.cli.groups import Group
from netmgr.cli.names import devices
from netmgr.cli.options import option
from netmgr.cli.runtime import reading_runtime
from netmgr.errors import Exit, InputError, UsageError

if TYPE_CHECKING:
    from netmgr.model.agreement_scope import ServiceKind
    from netmgr.model.agreement_terms import Language
    from netmgr.workflows.signing import Party

T = TypeVar("T")
LANGUAGES: tuple["Language", ...] = ("en", "zh-CN")
AT = option("--at", metavar="TIME", lingers=False, help="When it happened, where that was earlier.")


@click.group(cls=Group)
def agreement() -> None:
    """The support agreement as data: what is signed counts, agreement.yaml is a working copy."""


agreement.add_command(new)


@agreement.command()
@option("--at", metavar="TIME", lingers=False, help="What is in force then (a day, or RFC 3339).")
@option("--known-at", metavar="TIME", help="As far as was recorded by then.")
@click.pass_obj
def show(context: Context, at: str | None, known_at: str | None) -> int:
    """The version in force, how the agreement stands, and every version that was signed."""
    from netmgr.cli.view_agreement import show_agreement
    from netmgr.workflows.agreement import show as workflow

    with reading_runtime(context, "network") as (runtime, _):
        zone = runtime.inventories.load(runtime.client).client.timezone
        shown = workflow(runtime, at=_time(at, zone), known_at=_time(known_at, zone))
    show_agreement(context.client, shown, output=context.output)
    return Exit.OK


@agreement.command()
@click.pass_obj
def check(context: Context) -> int:
    """Contradictions, gaps, promises that nobody measures, a calendar that is not final. Errors exit 1."""
    from netmgr.cli.view_agreement import show_findings
    from netmgr.workflows.agreement import check as workflow

    with reading_runtime(context, "network") as (runtime, _):
        found = workflow(runtime)
    show_findings(context.client, found, output=context.output)
    return Exit.FAILED if any(each.finding.severity == "error" for each in found) else Exit.OK


@agreement.command()
@option("--device", metavar="NAME", shell_complete=devices, help="Is this device covered?")
@option("--asset", metavar="ID", help="Is this asset covered?")
@option(
    "--service",
    type=click.Choice(["faults", "consulting", "network", "backup", "requests"]),
    help="Is this kind of service covered?",
)
@option("--at", metavar="TIME", lingers=False, help="Then, instead of now.")
@click.pass_obj
def covers(
    context: Context, device: str | None, asset: str | None, service: "ServiceKind | None", at: str | None
) -> int:
    """Whether the agreement in force covers something, and by which clause. Exit 1 where it does not."""
    from netmgr.cli.view_agreement import show_coverage
    from netmgr.workflows.coverage import covers as workflow

    with reading_runtime(context, "network") as (runtime, _):
        zone = runtime.inventories.load(runtime.client).client.timezone
        answers = workflow(runtime, device=device, asset=asset, service=service, at=_time(at, zone))
    show_coverage(context.client, answers, output=context.output)
    return Exit.OK if all(answer.covered for answer in answers) else Exit.FAILED


@agreement.command()
@option("--format", "formats", default="pdf", show_default=True, metavar="LIST", help="pdf, html, md, docx.")
@option("--locale", "locales", metavar="LIST", help="en, zh-CN; all languages of the agreement by default.")
@option("--version", type=click.IntRange(1), metavar="N", help="A version that was signed, again.")
@option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write there instead of here.",
)
@click.pass_obj
def render(context: Context, formats: str, locales: str | None, version: int | None, out: Path | None) -> int:
    """The document that both sign, with its annexes, from agreement.yaml as it is now."""
    from netmgr.adapters.private_files import private_directory, write_durably
    from netmgr.cli.views import print_json
    from netmgr.workflows.agreement_document import render as workflow

    with reading_runtime(context, "network") as (runtime, _):
        known = runtime.open_office().renderers
        made = workflow(
            runtime,
            _listed("--format", formats, known),
            _listed("--locale", locales, LANGUAGES),
            version=version,
        )
    directory = out or Path()
    private_directory(directory)
    files = []
    for each in made:
        path = directory / each.name
        write_durably(path, each.data)
        files.append(
            {"path": str(path), "format": each.format, "locale": each.language, "digest": each.digest}
        )
    if context.output == "json":
        print_json("agreement-files", {"client": context.client, "files": files})
    else:
        click.echo("\n".join(file["path"] for file in files))
    return Exit.OK


@agreement.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option(
    "--by",
    multiple=True,
    metavar="PARTY=NAME",
    help="Who signed: client=NAME and provider=NAME.",
)
@option("--scan", is_flag=True, help="DOCUMENT is a scan of the signed paper, not the file itself.")
@AT
@click.pass_obj
def sign(context: Context, document: Path, by: tuple[str, ...], scan: bool, at: str | None) -> int:
    """Record that both have signed DOCUMENT, the PDF of agreement.yaml: as it is now, it holds from its day on."""
    from netmgr.cli.view_agreement import show_signed
    from netmgr.workflows.signing import sign as workflow

    signatures = _signatures(by)
    try:
        content = document.read_bytes()
    except OSError as error:
        raise InputError([f"{document}:1: cannot be read ({error.strerror}); make it readable"]) from None
    with reading_runtime(context, "network") as (runtime, _):
        zone = runtime.inventories.load(runtime.client).client.timezone
        signed = workflow(runtime, content, signatures, at=_time(at, zone), scan=scan)
    show_signed(context.client, signed, output=context.output)
    return Exit.OK


@agreement.command()
@option("--effective", required=True, metavar="DAY", help="From which day on it holds.")
@option(
    "--summary",
    required=True,
    multiple=True,
    metavar="[LOCALE=]TEXT",
    help="What it changes; for several languages, once for each: en=…, zh-CN=….",
)
@click.pass_obj
def amend(context: Context, effective: str, summary: tuple[str, ...]) -> int:
    """Begin the next version in agreement.yaml. Nothing changes before it is edited, rendered and signed."""
    from netmgr.workflows.agreement import amend as workflow

    with reading_runtime(context, "network") as (runtime, _):
        path = workflow(runtime, effective=_day("--effective", effective), summary=_wording(summary))
    click.echo(path)
    click.echo("edit it, then: netmgr agreement check, render, sign", err=True)
    return Exit.OK


@agreement.command()
@option("--notice", required=True, metavar="DAY", help="The day on which notice was given.")
@option("--from", "begins", metavar="DAY", help="When work stops, if not at the end of the notice.")
@click.pass_obj
def suspend(context: Context, notice: str, begins: str | None) -> int:
    """Decide that work stops until the client has paid, as the agreement says. New changes are refused from then on."""
    from netmgr.workflows.agreement import suspend as workflow

    with reading_runtime(context, "network") as (runtime, _):
        starts = workflow(
            runtime,
            notice=_day("--notice", notice),
            begins=_day("--from", begins) if begins is not None else None,
        )
    click.echo(f"{context.client}: suspended from {starts.isoformat()} on", err=True)
    return Exit.OK


@agreement.command()
@AT
@click.pass_obj
def resume(context: Context, at: str | None) -> int:
    """End a suspension."""
    from netmgr.workflows.agreement import resume as workflow

    with reading_runtime(context, "network") as (runtime, _):
        zone = runtime.inventories.load(runtime.client).client.timezone
        workflow(runtime, at=_time(at, zone))
    click.echo(f"{context.client}: resumed", err=True)
    return Exit.OK


def _time(text: str | None, zone: str) -> datetime | None:
    from netmgr.workflows.agreement import moment

    return None if text is None else moment(text, zone)


def _day(option_name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option_name} {text}: not a day; write it like 2027-01-31") from None


def _listed(option_name: str, text: str | None, known: Iterable[T]) -> tuple[T, ...]:
    """Words that commas separate, in the order of ``known``. Raises UsageError for another."""
    asked = {part.strip() for part in text.split(",")} if text is not None else set()
    names = {str(each): each for each in known}
    if asked - set(names):
        raise UsageError(f"{option_name} {text}: choose from {', '.join(names)}, separated by commas")
    return tuple(each for name, each in names.items() if name in asked)


def _signatures(by: tuple[str, ...]) -> "dict[Party, str]":
    found: dict[Party, str] = {}
    for each in by:
        party, equals, name = each.partition("=")
        if party not in ("client", "provider") or not equals or not name.strip():
            raise UsageError(f"--by {each}: write --by client=NAME --by provider=NAME")
        found["client" if party == "client" else "provider"] = name.strip()
    if len(found) < 2:
        raise UsageError("an agreement has two signatures; write --by client=NAME --by provider=NAME")
    return found


def _wording(summary: tuple[str, ...]) -> str | dict[str, str]:
    parts = [each.partition("=") for each in summary]
    if len(summary) == 1 and parts[0][0] not in ("en", "zh-CN"):
        return summary[0]
    found = {language: text for language, equals, text in parts if equals and language in ("en", "zh-CN")}
    if len(found) < len(summary):
        raise UsageError("--summary: write TEXT, or en=TEXT and zh-CN=TEXT")
    return found
