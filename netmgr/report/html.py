"""A report as one HTML file: its own page around the document's blocks (netmgr/document/html.py)."""

from collections.abc import Mapping

from netmgr.document.html import rendered
from netmgr.document.locale import Words
from netmgr.report.report import Report
from netmgr.report.wording import titled


def html(report: Report, words: Words, templates: Mapping[str, str]) -> str:
    """The page. ``templates`` are the files of netmgr/report/templates and netmgr/document/templates by name."""
    return rendered("report.html.j2", templates, words, report=report, title=titled(report.period, words))
