"""A report as one HTML file: its own page around the document's blocks (netmgr/document/html.py)."""

from collections.abc import Mapping

from netmgr.document.html import environment
from netmgr.document.locale import Words
from netmgr.report.report import Report
from netmgr.report.wording import titled


def html(report: Report, words: Words, templates: Mapping[str, str]) -> str:
    """The page. ``templates`` are the files of netmgr/report/templates and netmgr/document/templates by name."""
    page = environment(templates, words).get_template("report.html.j2")
    counted = words.text("Page {page} of {pages}", page="\0", pages="\0").split("\0")
    return page.render(report=report, title=titled(report.period, words), pages=counted)
