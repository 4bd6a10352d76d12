"""Issuing a report: its files are kept by their digests, then it is logged; from then on it is never made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from netmgr.errors import Refused, StoreError, Superseded, UsageError
from netmgr.model.audience import Audience
from netmgr.model.client import Client
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Entry, Facts, rfc3339
from netmgr.model.inventory import Inventory
from netmgr.model.issued_report import ACTION, KIND, Format, IssuedReport, KeptFile
from netmgr.model.record import Since
from netmgr.report.chapters.table import report as composed
from netmgr.report.material import Material
from netmgr.report.period import Period
from netmgr.report.revision import LateEntry
from netmgr.workflows.agreement import in_force
from netmgr.workflows.report import ReportRequest, asked_period, locale_of, period_facts
from netmgr.workflows.report_artefacts import Artefact, artefacts
from netmgr.workflows.report_history import read_history
from netmgr.workflows.report_late import corrections_in, issued_reports, late_since, of_period
from netmgr.workflows.report_service import read_service
from netmgr.workflows.report_window import Window
from netmgr.workflows.runtime import Runtime

ATTEMPTS: Final = 10
FORMATS: Final[tuple[Format, ...]] = ("html", "pdf")
"""What is issued where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A revision with its files, of which ``chosen`` tells what each is. ``new`` is false where it was there already.

    ``problems`` are the sections that are missing in it.
    """

    report: IssuedReport
    entry: Entry
    chosen: tuple[KeptFile, ...]
    files: tuple[Artefact, ...]
    new: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Made:
    report: IssuedReport
    problems: tuple[str, ...]


def issue(
    runtime: Runtime,
    request: ReportRequest,
    audiences: Sequence[Audience] = (),
    *,
    asked: Period | None = None,
) -> Issued:
    """The period's report, issued; the one that is there already, where nothing came since that tells of the period.

    The audiences are those of the agreement that was in force when the period ended, where none are named. Raises
    UsageError for a period or locale that cannot be and for the lab, Refused(period) before it is over, Refused(log)
    where the log cannot be written or does not verify, DocumentError where a PDF cannot be made.
    """
    runtime.require("desk")
    if runtime.target != "network":
        raise UsageError("a report of the lab is never issued; leave --lab out, or make a draft")
    inventory = runtime.inventories.load(runtime.client)
    asked = asked or asked_period(runtime, request, inventory.client)
    if asked.end > runtime.clock.now():
        raise Refused(
            "period",
            f"{asked.label} is over at {rfc3339(asked.end)}",
            "issue it then; `netmgr report` makes a draft until now",
        )
    made: _Made | None = None
    for attempt in range(ATTEMPTS):
        newest = next(runtime.log.entries(runtime.client, kind=KIND, newest_first=True, limit=1), None)
        revisions = of_period(issued_reports(runtime), asked)
        cut = _begun(runtime)
        late = _late(runtime, asked, revisions, cut)
        if revisions and not late:
            entry, report = revisions[-1]
            return _given(runtime, report, entry)
        before = revisions[-1][1] if revisions else None
        if cut is None:
            _append(runtime, "intent", period_facts(asked), None)
            continue
        if made is None or made.report.since != (before.cut if before else None):
            made = _make(runtime, inventory, asked, request, audiences, cut, before, late)
        try:
            entry = _append(
                runtime,
                "result",
                made.report.model_dump(mode="json", by_alias=True, exclude_none=True),
                Since((KIND,), newest.seq if newest else 0),
            )
        except Superseded:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        return _given(runtime, made.report, entry, new=True, problems=made.problems)
    raise AssertionError("the last attempt returns or raises")


def issued(runtime: Runtime) -> tuple[tuple[Entry, IssuedReport], ...]:
    """Every report that was issued, oldest first."""
    runtime.require("read")
    return issued_reports(runtime)


def show(
    runtime: Runtime,
    request: ReportRequest,
    *,
    revision: int | None = None,
    audience: Audience | None = None,
) -> Issued:
    """A report as it was issued, the newest revision where none is named, for one audience or all.

    Raises UsageError where there is none.
    """
    runtime.require("read")
    client = runtime.inventories.load(runtime.client).client
    asked = asked_period(runtime, request, client)
    found = of_period(issued_reports(runtime), asked)
    chosen = [each for each in found if revision in (None, each[1].revision)]
    if not chosen:
        which = asked.label if revision is None or not found else f"revision {revision} of {asked.label}"
        raise UsageError(
            f"no report of {which} was issued to {runtime.client}; `netmgr report list` shows what was"
        )
    entry, report = chosen[-1]
    if audience is not None and audience not in report.audiences:
        raise UsageError(f"that report was issued for {' and '.join(report.audiences)} only")
    return _given(runtime, report, entry, audience=audience)


def _given(
    runtime: Runtime,
    report: IssuedReport,
    entry: Entry,
    *,
    audience: Audience | None = None,
    new: bool = False,
    problems: tuple[str, ...] = (),
) -> Issued:
    chosen = tuple(file for file in report.files if audience in (None, file.audience))
    return Issued(report, entry, chosen, files_of(runtime, chosen), new, problems)


def files_of(runtime: Runtime, files: Sequence[KeptFile]) -> tuple[Artefact, ...]:
    """Files as they are kept. Raises StoreError for one that is gone, or is not what was issued."""
    desk = runtime.open_desk()
    found = []
    for file in files:
        data = desk.read(runtime.client, file.kept)
        if sha256_hex(data) != file.digest:
            raise StoreError(
                f"{file.kept}: it is not what was issued; bring it back from a backup, as its digest says"
            )
        found.append(Artefact(file.name, file.format, data, file.digest))
    return tuple(found)


def _begun(runtime: Runtime) -> Entry | None:
    """The cut that this command has made: a repeated one goes on with it."""
    own = runtime.log.entries(runtime.client, kind=KIND, request=runtime.request)
    return next((entry for entry in own if (entry.action, entry.phase) == (ACTION, "intent")), None)


def _late(
    runtime: Runtime, asked: Period, revisions: Sequence[tuple[Entry, IssuedReport]], cut: Entry | None
) -> tuple[LateEntry, ...]:
    if not revisions:
        return ()
    head = runtime.log.head(runtime.client)
    until = cut.seq if cut else head.seq if head else 0
    return late_since(runtime, asked, revisions[-1][1].cut, until)


def _make(
    runtime: Runtime,
    inventory: Inventory,
    asked: Period,
    request: ReportRequest,
    audiences: Sequence[Audience],
    cut: Entry,
    before: IssuedReport | None,
    late: tuple[LateEntry, ...],
) -> _Made:
    """Make the files, and keep them: durable before the log names them."""
    desk, client = runtime.open_desk(), inventory.client
    words = desk.words(locale_of(client, request.locale), asked.zone)
    revision = before.revision + 1 if before else 1
    runtime.progress(f"report: {asked.label}, revision {revision}, up to entry {cut.seq}")
    window = Window.over(runtime, asked, cut)
    history = read_history(
        runtime, desk.signer, inventory, asked, window, cut, locale=words.language, verify=request.verify
    )
    if history.proof.problems:
        raise Refused(
            "log",
            "the log does not verify",
            f"`netmgr log verify -c {runtime.client}` says why; a draft can be made",
        )
    service, corrections = read_service(runtime, history, window, cut), corrections_in(runtime, asked, cut)
    plugged, files, problems = runtime.open_sections(), list[KeptFile](), dict[str, None]()
    for audience in audiences or _agreed(runtime, asked):
        material = Material(
            history,
            service,
            audience,
            revised=before.revision if before else None,
            late=late,
            corrections=corrections,
        )
        made = composed(material, words, plugged, names=desk.names, revision=revision)
        problems |= dict.fromkeys(made.problems)
        stem = _stem(client, asked, revision, audience, words.language)
        for each in artefacts(made.report, words, request.formats, desk, stem=stem):
            kept = KeptFile(
                name=each.name,
                format=each.format,
                audience=audience,
                digest=each.digest,
                size=len(each.data),
            )
            desk.keep(runtime.client, kept.kept, each.data)
            files.append(kept)
    return _Made(
        IssuedReport.model_validate(
            {
                **period_facts(asked),
                "revision": revision,
                "locale": words.language,
                "cut": cut.seq,
                "since": before.cut if before else None,
                "verified": None if history.proof.problems is None else True,
                "checkpoint": history.proof.checkpoint.document(),
                "files": [file.model_dump() for file in files],
            }
        ),
        tuple(problems),
    )


def _agreed(runtime: Runtime, asked: Period) -> tuple[Audience, ...]:
    agreement = in_force(runtime, asked.end - timedelta(microseconds=1))
    return agreement.reports.audiences if agreement else ("manager",)


def _stem(client: Client, asked: Period, revision: int, audience: Audience, language: str) -> str:
    other = [language] if language != locale_of(client, None) else []
    return "-".join([client.id, asked.label, f"r{revision}", audience, *other])


def _append(runtime: Runtime, phase: str, facts: Facts, since: Since | None) -> Entry:
    word = "issued" if phase == "result" else None
    draft = runtime.draft(
        kind=KIND,
        action=ACTION,
        phase="result" if word else "intent",
        outcome=word,
        visibility="client",
        facts=facts,
    )
    try:
        (entry,) = runtime.log.append(runtime.client, [draft], since=since)
    except Superseded:
        raise
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: a report that is not logged is not issued"
        ) from error
    return entry
