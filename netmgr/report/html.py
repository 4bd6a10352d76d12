"""A report as one HTML file that needs nothing else: no script, no font, no picture from anywhere.

Every text is escaped, and a control character shown as what it is. Data is never a template: the templates are the
package's own.
"""

from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from netmgr.model.printable import printable
from netmgr.report.drawing import drawing
from netmgr.report.layout import cells, top
from netmgr.report.section import Report
from netmgr.report.wording import clock, exact, number, shown


def html(report: Report, templates: Mapping[str, str]) -> str:
    """The page. ``templates`` are the files of netmgr/report/templates by name."""
    environment = Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    environment.globals |= {
        "cells": lambda table, row: cells(table, row, report.period),
        "clock": lambda moment: clock(moment, report.period),
        "drawing": drawing,
        "exact": lambda moment: exact(moment, report.period),
        "number": number,
        "shown": lambda fact: shown(fact.value, fact.kind, "", report.period),
        "top": top,
    }
    environment.tests["block"] = lambda block, name: type(block).__name__ == name
    return environment.get_template("report.html.j2").render(report=report)


def _safe(value: Any) -> Any:
    # Markup is what a template's own macro made, and its values have been here already.
    return printable(value) if type(value) is str else value
