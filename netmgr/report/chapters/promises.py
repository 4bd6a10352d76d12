"""From the agreement's clauses to the log: each promise, what was measured of it, and the entries behind that."""

from netmgr.document.block import Block, Column, Paragraph, Section, Table
from netmgr.document.locale import Words
from netmgr.report.evidence import exact, ranges
from netmgr.report.material import Material
from netmgr.report.promises import promises as judged


def promises(material: Material, words: Words) -> Section | None:
    """Every promise of every version in force. Terms, which nobody keeps or misses, are not among them."""
    facts = material.service
    if facts is None:
        return None
    title = words.text("Clause by clause")
    found = judged(facts, material.history, words)
    if not found:
        nothing = words.text("Not measured: no signed agreement was in force, so nothing was promised.")
        return Section("promises", title, (Paragraph(nothing, "unknown"),))
    several = len({promise.versions for promise in found}) > 1
    blocks: list[Block] = [
        Paragraph(
            words.text(
                "Every promise of the signed agreement stands here with what was measured of it, and with the numbers "
                "of the log's entries that show it. What nothing measures, or what is measured by less than is "
                "needed, is not measured; it is never taken for met."
            )
        )
    ]
    blocks.append(
        Table(
            "promises",
            words.text("The agreement's promises"),
            (
                Column("clause", words.text("Clause"), "word"),
                Column(
                    "version", words.text("version"), under="clause" if several else None, exact=not several
                ),
                Column("promise", words.text("What is promised"), wide=True),
                Column("measured", words.text("What was measured")),
                Column("evidence", words.text("log entries"), under="measured"),
                Column("result", words.text("Result"), "outcome"),
                Column("key", "", "code", exact=True),
                Column("entries", words.text("Log entries"), "names", exact=True),
            ),
            tuple(
                (
                    promise.number,
                    ", ".join(map(str, promise.versions)),
                    promise.text,
                    promise.judged.measure,
                    ranges(promise.judged.seqs),
                    promise.judged.result,
                    promise.key,
                    exact(promise.judged.seqs),
                )
                for promise in found
            ),
            words.text("Nothing is promised."),
        )
    )
    return Section("promises", title, tuple(blocks))
