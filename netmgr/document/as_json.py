"""Blocks as JSON, with exact values: what programs read instead of a page (docs/reference/json.md)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from netmgr.document.block import (
    Addressees,
    Block,
    Bullets,
    Chart,
    Clause,
    Definitions,
    FactList,
    Figures,
    Paragraph,
    Section,
    Signatures,
    Table,
    Value,
)
from netmgr.model.entry import rfc3339


def section_json(section: Section) -> dict[str, Any]:
    """A section; ``sections``, ``number`` and ``annex`` are left out where there is nothing to say."""
    found = {
        "key": section.key,
        "title": section.title,
        "number": section.number,
        "annex": section.annex,
        "blocks": [block_json(block) for block in section.blocks],
        "sections": [section_json(below) for below in section.sections],
    }
    return {key: value for key, value in found.items() if value or key in ("key", "title", "blocks")}


def block_json(block: Block) -> dict[str, Any]:
    """A block, with its type."""
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
                "rows": [dict(zip(keys, map(exact_json, row), strict=True)) for row in block.rows],
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
            return {"type": "facts", "facts": {fact.key: exact_json(fact.value) for fact in block.items}}
        case Bullets():
            return {"type": "bullets", "items": list(block.items)}
        case Definitions():
            return {"type": "definitions", "items": [{"term": d.term, "text": d.text} for d in block.items]}
        case Clause():
            return {"type": "clause", **_clause(block)}
        case Addressees():
            return {
                "type": "addressees",
                "items": [{"role": a.role, "name": a.name, "lines": list(a.lines)} for a in block.items],
            }
        case Signatures():
            return {
                "type": "signatures",
                "items": [
                    {"party": s.party, "name": s.name, "lines": {line.label: line.value for line in s.lines}}
                    for s in block.items
                ],
            }


def exact_json(value: Value) -> Any:
    """A value for programs: moments in UTC (RFC 3339), days as ISO 8601 has them, decimals as strings."""
    match value:
        case datetime():
            return rfc3339(value)
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case tuple():
            return list(value)
        case _:
            return value


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "key": clause.key,
        "number": clause.number,
        "text": clause.text,
        "items": [_clause(item) for item in clause.items],
    }
