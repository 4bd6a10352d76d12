"""docs/reference/json.md names exactly what the report's document has."""

import re
from datetime import UTC, datetime
from pathlib import Path

from netmgr.document.block import Table
from netmgr.document.locale import english
from netmgr.model.checkpoint import Checkpoint
from netmgr.report.chapters.table import report
from netmgr.report.document import document
from netmgr.report.history import AuditRun, History, Proof
from netmgr.report.material import Material
from netmgr.report.period import period

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def history() -> History:
    """One with an audit: without one, its section has no table."""
    checkpoint = Checkpoint("acme", "main", 1, "0" * 64, "2026-11-28T00:00:00.000000Z", "", "")
    return History(
        client="acme",
        name="Acme",
        target="network",
        period=period("2026-11", None, None, zone="UTC", now=NOW),
        cut=1,
        until=NOW,
        complete=False,
        changes=(),
        audits=(AuditRun(NOW, "p-1", "os", True, {"core1": "compliant"}, 1),),
        devices=(),
        inventory=(),
        proof=Proof(checkpoint, ()),
    )


def test_the_keys_and_the_tables_columns():
    text = (ROOT / "docs/reference/json.md").read_text().split("## netmgr.report/1")[1].split("\n## ")[0]
    keys, blocks = text.split("A block has a `type`")
    made = report(Material(history(), None, "technical"), english()).report
    assert set(
        re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\| ([^|]+) \|", keys, re.MULTILINE)))
    ) == set(document(made))
    described = {
        row[1]: tuple(re.findall(r"`([a-z_]+)`", row[2]))
        for row in re.finditer(
            r"^\| `([a-z]+)` \| ([^|]+) \|$", blocks.split("The tables and their columns:")[1], re.MULTILINE
        )
    }
    tables = [b for section in made.sections for b in section.blocks if isinstance(b, Table)]
    assert described == {t.key: tuple(c.key for c in t.columns) for t in tables}
    sections = re.search(r"the keys are (.*?) \|", keys)[1]
    assert re.findall(r"`([a-z]+)`", sections) == [section.key for section in made.sections]
