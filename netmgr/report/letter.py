"""The letter that a report goes with."""

from collections.abc import Iterator, Mapping
from typing import Final

from netmgr.document.locale import Words
from netmgr.model.audience import Audience
from netmgr.model.issued_report import Format, IssuedReport
from netmgr.model.letter import Enclosure, Letter
from netmgr.report.period import Period
from netmgr.report.wording import titled

_TYPES: Final[Mapping[Format, str]] = {
    "html": "text/html",
    "pdf": "application/pdf",
    "md": "text/markdown",
    "json": "application/json",
    "csv": "text/csv",
}


def letter(
    report: IssuedReport, audience: Audience, words: Words, *, name: str, key: str | None, more: bool
) -> Letter:
    """The report of this audience with its files. A technical one needs the reader's age ``key``.

    ``more`` says that there is a technical report for this reader, which is not sent for want of a key.
    """
    if audience == "technical" and key is None:
        raise ValueError("a technical report is not sent unencrypted")
    key = key if audience == "technical" else None
    files = tuple(file for file in report.files if file.audience == audience)
    period = titled(Period(report.from_, report.to, report.timezone), words)
    subject = words.text("{name}: network report, {period}", name=name, period=period)
    if report.revision > 1:
        subject = words.text(
            "{name}: network report, {period} (revision {number})",
            name=name,
            period=period,
            number=str(report.revision),
        )
    paragraphs = [
        *_told(report, words, period, key=key, more=more),
        "\n".join(f"{file.name}\n  {file.digest}" for file in files),
    ]
    return Letter(
        subject,
        "\n\n".join(paragraphs) + "\n",
        tuple(Enclosure(file.name, file.kept, file.digest, _TYPES[file.format], key) for file in files),
    )


def _told(report: IssuedReport, words: Words, period: str, *, key: str | None, more: bool) -> Iterator[str]:
    yield words.text("Attached is the report on your network for {period}.", period=period)
    if report.revision > 1:
        yield words.text(
            "It is revision {number} and takes the place of the one before; it names every entry that came late.",
            number=str(report.revision),
        )
    if key is not None:
        yield words.text(
            "The files are encrypted for your key; {command} opens them.", command="`age --decrypt`"
        )
    if more:
        yield words.text(
            "The technical report is not sent unencrypted. Ask us for it, or tell us your public {program} key.",
            program="age",
        )
    yield words.text(
        "The report carries our signature under the service log. Please keep it: with it you can check the log later."
    )
    yield words.text("The files, each with its {algorithm} digest:", algorithm="SHA-256")
