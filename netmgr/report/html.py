"""A report as one HTML file: its own page around the document's blocks (netmgr/document/html.py)."""

from collections.abc import Mapping

from netmgr.document.html import environment
from netmgr.report.report import Report
from netmgr.report.wording import in_english


def html(report: Report, templates: Mapping[str, str]) -> str:
    """The page. ``templates`` are the files of netmgr/report/templates and netmgr/document/templates by name."""
    made = environment(templates, in_english(report.period))
    return made.get_template("report.html.j2").render(report=report)
