"""A report as Markdown: its own head above the document's blocks (netmgr/document/markdown.py)."""

from collections.abc import Iterator

from netmgr.document.markdown import inert, marked
from netmgr.report.period import in_words
from netmgr.report.report import Report
from netmgr.report.wording import in_english


def markdown(report: Report) -> str:
    """The document, with a line feed at its end."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    period, words = report.period, in_english(report.period)
    yield f"# {inert(report.name)}: network report, {inert(period.title)}"
    if report.target == "lab":
        yield "**LAB, NOT YOUR NETWORK.** Everything here happened to a twin in the laboratory."
    if report.draft:
        yield "**Draft, not issued.**"
    span = f"{in_words(period.first)} to {in_words(period.last)}, times in {inert(period.zone)}"
    until = "" if report.complete else f"; the period was not over: until {words.clock(report.until)}"
    cut = f"Cut: entry {words.number(report.cut)} of the service log of {inert(report.client)}."
    yield f"{span}{until}. {cut}"
    for section in report.sections:
        yield f"## {inert(section.title)}"
        for block in section.blocks:
            yield marked(block, words)
