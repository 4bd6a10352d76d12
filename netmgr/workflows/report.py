"""Making a report: fix the cut in the log, read the period up to it, render, log what was made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netmgr.document.locale import LOCALES
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.audience import Audience
from netmgr.model.client import Client
from netmgr.model.entry import Entry, Facts, Phase, rfc3339
from netmgr.model.inventory import Inventory
from netmgr.model.issued_report import Format
from netmgr.model.schedule import ReportJob
from netmgr.report.chapters.table import report as composed
from netmgr.report.material import Material
from netmgr.report.period import Period, period, period_before
from netmgr.report.report import Report
from netmgr.workflows.report_artefacts import Artefact, artefacts
from netmgr.workflows.report_history import read_history
from netmgr.workflows.report_late import corrections_in
from netmgr.workflows.report_service import read_service
from netmgr.workflows.report_window import Window
from netmgr.workflows.runtime import Runtime

_DRAFT: Final = "draft"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What the engineer asked for: a month, a quarter or two days, in which formats, for whom, in which language.

    ``locale`` is the client's where it is not said; ``cut`` makes an earlier report again.
    """

    formats: tuple[Format, ...]
    month: str | None = None
    first: str | None = None
    last: str | None = None
    quarter: str | None = None
    locale: str | None = None
    audience: Audience = "technical"
    cut: int | None = None
    verify: bool = True


@dataclass(frozen=True, slots=True)
class MadeReport:
    """What was made. ``holds`` is whether the log verified, None where it was not asked to.

    ``problems`` are the sections that are missing, a line for each.
    """

    report: Report
    artefacts: tuple[Artefact, ...]
    holds: bool | None
    problems: tuple[str, ...] = ()


def make_report(runtime: Runtime, request: ReportRequest) -> MadeReport:
    """A draft of the period's report.

    The cut is an entry of its own, made for the report, so that "until" is a time that the log knows: the report is
    a function of (client, period, cut), and a second one with the same cut has the same bytes. What was made is
    logged after the cut, before any of it leaves. Raises UsageError for a period, cut or locale that cannot be,
    Refused(log) where the log cannot be written, DocumentError where a PDF cannot be made.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    return _made(runtime, request, inventory, asked_period(runtime, request, inventory.client))


def scheduled_report(runtime: Runtime, job: ReportJob, due: datetime) -> str:
    """The draft of the time before ``due`` (see ``period_before``), kept at the runtime's desk; the outcome in a word.

    It is kept before it is logged as made: a run that was cut short makes the same bytes again. Raises StoreError where
    the log does not verify, once the report that says so is made.
    """
    runtime.require("read")
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    desk = runtime.open_desk()
    made = _made(
        runtime,
        ReportRequest(formats=job.formats, locale=job.locale),
        inventory,
        period_before(due, zone=inventory.client.timezone, days=job.days, every=job.every),
        keep=lambda artefact: desk.keep(runtime.client, artefact.name, artefact.data),
    )
    if made.holds is False:
        raise StoreError(f"the log does not verify; `netmgr log verify -c {runtime.client}` says why")
    return _DRAFT


def asked_period(runtime: Runtime, request: ReportRequest, client: Client) -> Period:
    """The period that the request names, on the client's clocks. Raises UsageError."""
    return period(
        request.month,
        request.first,
        request.last,
        quarter=request.quarter,
        zone=client.timezone,
        now=runtime.clock.now(),
    )


def locale_of(client: Client, asked: str | None) -> str:
    """The language of a client's reports: what was asked for, the client's own, or English where there are no texts."""
    return asked or (client.locale if client.locale in LOCALES else "en")


def _made(
    runtime: Runtime,
    request: ReportRequest,
    inventory: Inventory,
    asked: Period,
    keep: Callable[[Artefact], None] = lambda _: None,
) -> MadeReport:
    desk, client = runtime.open_desk(), inventory.client
    words = desk.words(locale_of(client, request.locale), asked.zone)
    cut = _cut(runtime, asked, request.cut)
    runtime.progress(f"report: {asked.label} up to entry {cut.seq}")
    window = Window.over(runtime, asked, cut)
    history = read_history(
        runtime, desk.signer, inventory, asked, window, cut, locale=words.language, verify=request.verify
    )
    material = Material(
        history,
        read_service(runtime, history, window, cut),
        request.audience,
        corrections=corrections_in(runtime, asked, cut),
    )
    made = composed(material, words, runtime.open_sections(), names=desk.names)
    files = artefacts(made.report, words, request.formats, desk, stem=_stem(made.report, client))
    for artefact in files:
        keep(artefact)
    digests: dict[str, str] = {
        artefact.format if artefact.format != "csv" else artefact.name: artefact.digest for artefact in files
    }
    _append(runtime, "result", {**period_facts(asked), "cut": cut.seq, "digests": digests})
    problems = history.proof.problems
    return MadeReport(made.report, files, None if problems is None else not problems, made.problems)


def _stem(report: Report, client: Client) -> str:
    """What is not the rule is in the name: the lab, managers, another language than the client's."""
    parts = [
        report.client,
        report.period.label,
        *(["lab"] if report.target == "lab" else []),
        *([report.audience] if report.audience != "technical" else []),
        *([report.language] if report.language != locale_of(client, None) else []),
    ]
    return "-".join(parts)


def _cut(runtime: Runtime, asked: Period, seq: int | None) -> Entry:
    """The entry that the report reads up to: an earlier one by its seq, that of a repeated command, or a new one."""
    if seq is None:
        earlier = runtime.log.entries(runtime.client, request=runtime.request, kind="report", limit=1)
        cut = next(earlier, None)
        if cut is None:
            cut = _append(runtime, "intent", period_facts(asked))
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


def period_facts(asked: Period) -> dict[str, str]:
    """A period as the log has it."""
    return {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "timezone": asked.zone}
