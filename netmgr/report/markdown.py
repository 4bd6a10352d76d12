"""A report as Markdown: its own head above the document's blocks (netmgr/document/markdown.py)."""

from collections.abc import Iterator

from netmgr.document.locale import Words
from netmgr.document.markdown import inert, marked
from netmgr.report.report import Report
from netmgr.report.wording import days, titled


def markdown(report: Report, words: Words) -> str:
    """The document, with a line feed at its end."""
    return "\n\n".join(_blocks(report, words)) + "\n"


def _blocks(report: Report, words: Words) -> Iterator[str]:
    period = report.period
    title = words.text("{name}: network report, {period}", name=report.name, period=titled(period, words))
    yield f"# {inert(title)}"
    if report.target == "lab":
        where = words.text("Everything here happened to a twin in the laboratory.")
        yield f"**{words.text('LAB, NOT YOUR NETWORK.')}** {where}"
    if report.draft:
        yield f"**{words.text('Draft, not issued.')}**"
    else:
        yield inert(words.text("Issued, revision {number}.", number=str(report.revision)))
    yield inert(
        words.text("{days}, times in {zone}.", days=days(period, words), zone=period.zone)
        if report.complete
        else words.text(
            "{days}, times in {zone}; the period was not over: until {moment}.",
            days=days(period, words),
            zone=period.zone,
            moment=words.clock(report.until),
        )
    )
    yield inert(
        words.text("Cut: entry {seq} of the service log of {client}.", seq=report.cut, client=report.client)
    )
    for section in report.sections:
        yield f"## {inert(section.title)}"
        for block in section.blocks:
            yield marked(block, words)
