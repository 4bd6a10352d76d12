"""Making a report: fix the cut in the log, read the period up to it, render, log what was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Entry, Facts, Phase, rfc3339
from netmgr.model.inventory import Inventory
from netmgr.ports.store import Signer
from netmgr.ports.typesetter import Typesetter
from netmgr.report.chapters.table import report as composed
from netmgr.report.document import text
from netmgr.report.html import html
from netmgr.report.markdown import markdown
from netmgr.report.material import Material
from netmgr.report.period import Period, period, period_before
from netmgr.report.report import Report
from netmgr.report.wording import in_english
from netmgr.workflows.report_history import read_history
from netmgr.workflows.report_service import read_service
from netmgr.workflows.runtime import Runtime

Format = Literal["html", "md", "json", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "md", "json", "pdf")
_DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the engineer asked for: a month or two days, in which formats; ``cut`` makes an earlier report again."""

    formats: tuple[Format, ...]
    month: str | None = None
    first: str | None = None
    last: str | None = None
    cut: int | None = None
    verify: bool = True


@dataclass(frozen=True, slots=True)
class Artefact:
    """One rendered report. ``name`` is that of its file."""

    name: str
    format: Format
    data: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class MadeReport:
    """What was made. ``holds`` is whether the log verified, None where it was not asked to."""

    report: Report
    artefacts: tuple[Artefact, ...]
    holds: bool | None


def make_report(
    runtime: Runtime,
    signer: Signer,
    templates: Mapping[str, str],
    typesetter: Typesetter,
    request: ReportRequest,
) -> MadeReport:
    """A draft of the period's report.

    The cut is an entry of its own, made for the report, so that "until" is a time that the log knows: the report is
    a function of (client, period, cut), and a second one with the same cut has the same bytes. What was made is
    logged after the cut, before any of it leaves. Raises UsageError for a period or cut that cannot be, Refused(log)
    where the log cannot be written, DocumentError where a PDF cannot be made.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    asked = period(
        request.month,
        request.first,
        request.last,
        zone=inventory.client.timezone,
        now=runtime.clock.now(),
    )
    return _made(runtime, signer, templates, typesetter, request, inventory, asked)


def scheduled_report(
    runtime: Runtime, due: datetime, *, formats: tuple[Format, ...], days: int | None = None
) -> str:
    """The draft of the time before ``due`` (see ``period_before``), kept at the runtime's desk; the outcome in a word.

    It is kept before it is logged as made: a run that was cut short makes the same bytes again. Raises StoreError where
    the log does not verify, once the report that says so is made.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    desk = runtime.open_desk()
    made = _made(
        runtime,
        desk.signer,
        desk.templates,
        desk.typesetter,
        ReportRequest(formats=formats),
        inventory,
        period_before(due, zone=inventory.client.timezone, days=days),
        keep=lambda artefact: desk.keep(runtime.client, artefact.name, artefact.data),
    )
    if made.holds is False:
        raise StoreError(f"the log does not verify; `netmgr log verify -c {runtime.client}` says why")
    return _DRAFT


def _made(
    runtime: Runtime,
    signer: Signer,
    templates: Mapping[str, str],
    typesetter: Typesetter,
    request: ReportRequest,
    inventory: Inventory,
    asked: Period,
    keep: Callable[[Artefact], None] = lambda _: None,
) -> MadeReport:
    cut = _cut(runtime, asked, request.cut)
    runtime.progress(f"report: {asked.label} up to entry {cut.seq}")
    history = read_history(runtime, signer, inventory, asked, cut, verify=request.verify)
    report = composed(Material(history, read_service(runtime, history, cut), "technical"), in_english(asked))
    artefacts = tuple(_artefact(report, format_, templates, typesetter) for format_ in request.formats)
    for artefact in artefacts:
        keep(artefact)
    digests: dict[str, str] = {artefact.format: artefact.digest for artefact in artefacts}
    _append(runtime, "result", {**_facts(asked), "cut": cut.seq, "digests": digests})
    problems = history.proof.problems
    return MadeReport(report, artefacts, None if problems is None else not problems)


def _cut(runtime: Runtime, asked: Period, seq: int | None) -> Entry:
    """The entry that the report reads up to: an earlier one by its seq, that of a repeated command, or a new one."""
    if seq is None:
        earlier = runtime.log.entries(runtime.client, request=runtime.request, kind="report", limit=1)
        cut = next(earlier, None)
        if cut is None:
            cut = _append(runtime, "intent", _facts(asked))
        return cut
    cut = next(runtime.log.entries(runtime.client, after=seq - 1, until=seq, limit=1), None)
    if cut is None:
        raise UsageError(f"--cut {seq}: the log of {runtime.client} has no entry {seq}")
    if cut.time < rfc3339(asked.start):
        raise UsageError(f"--cut {seq}: that entry was recorded at {cut.time}, before {asked.label} began")
    return cut


def _append(runtime: Runtime, phase: Phase, facts: Facts) -> Entry:
    """What was read for whom is evidence too: a report that cannot be logged is not made."""
    try:
        (entry,) = runtime.log.append(
            runtime.client, [runtime.draft(kind="report", action=_DRAFT, phase=phase, facts=facts)]
        )
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what is reported is logged"
        ) from error
    return entry


def _facts(asked: Period) -> dict[str, str]:
    return {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "timezone": asked.zone}


def _artefact(
    report: Report, format_: Format, templates: Mapping[str, str], typesetter: Typesetter
) -> Artefact:
    render: Mapping[Format, Callable[[], bytes]] = {
        "html": lambda: html(report, templates).encode(),
        "md": lambda: markdown(report).encode(),
        "json": lambda: text(report).encode(),
        "pdf": lambda: typesetter.pdf(html(report, templates), report.period.local(report.until).date()),
    }
    data = render[format_]()
    lab = "-lab" if report.target == "lab" else ""
    return Artefact(f"{report.client}-{report.period.label}{lab}.{format_}", format_, data, sha256_hex(data))
