"""A report as files: each format of it, and a file for each table of it as CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from netmgr.document.locale import Words
from netmgr.document.table_csv import table_csv
from netmgr.model.digest import sha256_hex
from netmgr.model.issued_report import Format
from netmgr.ports.reports import ReportDesk
from netmgr.report.chapters.table import tables
from netmgr.report.document import text
from netmgr.report.html import html
from netmgr.report.markdown import markdown
from netmgr.report.report import Report

FORMATS: Final[tuple[Format, ...]] = get_args(Format)


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file. ``name`` is what it is called where it is given out."""

    name: str
    format: Format
    data: bytes
    digest: str


def artefacts(
    report: Report, words: Words, formats: Sequence[Format], desk: ReportDesk, *, stem: str
) -> tuple[Artefact, ...]:
    """The report in these formats. ``stem`` is what the files' names begin with. Raises DocumentError."""
    return tuple(
        Artefact(f"{stem}{name}.{format_}", format_, data, sha256_hex(data))
        for format_ in FORMATS
        if format_ in formats
        for name, data in _files(report, words, format_, desk)
    )


def _files(report: Report, words: Words, format_: Format, desk: ReportDesk) -> Iterator[tuple[str, bytes]]:
    match format_:
        case "html":
            yield "", html(report, words, desk.templates).encode()
        case "pdf":
            page = html(report, words, desk.templates)
            yield "", desk.typesetter.pdf(page, report.period.local(report.until).date())
        case "md":
            yield "", markdown(report, words).encode()
        case "json":
            yield "", text(report).encode()
        case "csv":
            for section in report.sections:
                for table in tables(section):
                    # With a mark that spreadsheets take for "this is UTF-8".
                    yield f"-{table.key}", table_csv(table).encode("utf-8-sig")
