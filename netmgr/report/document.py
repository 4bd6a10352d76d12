"""A report as JSON: netmgr.report/1, the same sections with exact values (docs/reference/json.md)."""

import json
from typing import Any

from netmgr.document.as_json import section_json
from netmgr.model.entry import rfc3339
from netmgr.report.report import Report


def document(report: Report) -> dict[str, Any]:
    """The report as a JSON object."""
    period = report.period
    return {
        "schema": "netmgr.report/1",
        "client": report.client,
        "name": report.name,
        "target": report.target,
        "locale": report.language,
        "audience": report.audience,
        "draft": report.draft,
        "revision": report.revision,
        "period": {
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "timezone": period.zone,
            "start": rfc3339(period.start),
            "end": rfc3339(period.end),
        },
        "cut": report.cut,
        "until": rfc3339(report.until),
        "complete": report.complete,
        "sections": [section_json(section) for section in report.sections],
    }


def text(report: Report) -> str:
    """The document as it is written to a file."""
    return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"
