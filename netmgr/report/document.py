"""A report as JSON: netmgr.report/1, the same sections with exact values (docs/reference/json.md)."""

import json
from datetime import datetime
from typing import Any

from netmgr.model.entry import rfc3339
from netmgr.report.section import Block, Chart, FactList, Figures, Paragraph, Report, Table, Value


def document(report: Report) -> dict[str, Any]:
    """The report as a JSON object."""
    period = report.period
    return {
        "schema": "netmgr.report/1",
        "client": report.client,
        "name": report.name,
        "target": report.target,
        "draft": report.draft,
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
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in report.sections
        ],
    }


def text(report: Report) -> str:
    """The document as it is written to a file."""
    return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"type": "paragraph", "text": block.text, "tone": block.tone}
        case Figures():
            figures = {
                f.key: {"label": f.label, "value": f.value, "detail": f.detail, "tone": f.tone}
                for f in block.items
            }
            return {"type": "figures", "figures": figures}
        case Table():
            keys = [column.key for column in block.columns]
            return {
                "type": "table",
                "key": block.key,
                "caption": block.caption,
                "columns": [{"key": c.key, "title": c.title, "kind": c.kind} for c in block.columns],
                "rows": [dict(zip(keys, map(_value, row), strict=True)) for row in block.rows],
            }
        case Chart():
            return {
                "type": "chart",
                "key": block.key,
                "title": block.title,
                "labels": list(block.labels),
                "series": [{"name": s.name, "tone": s.tone, "values": list(s.values)} for s in block.series],
                "alternative": block.alternative,
            }
        case FactList():
            return {"type": "facts", "facts": {fact.key: _value(fact.value) for fact in block.items}}


def _value(value: Value) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return list(value) if isinstance(value, tuple) else value
