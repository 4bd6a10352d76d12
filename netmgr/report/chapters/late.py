"""What came late: what has changed since the revision before, and what an earlier period's report did not know."""

from collections.abc import Mapping
from typing import Final

from netmgr.document.block import Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.document.wording import outcome
from netmgr.report.material import Material
from netmgr.report.revision import LateEntry
from netmgr.report.wording import word

_KINDS: Final[Mapping[str, str]] = {
    "agreement": msgid("agreement"),
    "backup": msgid("backup"),
    "invoice": msgid("invoice"),
    "mail": msgid("mail"),
    "payment": msgid("payment"),
    "probe": msgid("availability of a day"),
    "ticket": msgid("ticket"),
    "time": msgid("time worked"),
}
_WORDS: Final[Mapping[str, str]] = {
    "accepted": msgid("accepted"),
    "acknowledged": msgid("acknowledged"),
    "added": msgid("taken down"),
    "closed": msgid("closed by the desk"),
    "digest": msgid("measured"),
    "escalated": msgid("escalated"),
    "imported": msgid("imported"),
    "issued": msgid("issued"),
    "linked": msgid("linked"),
    "noted": msgid("noted"),
    "opened": msgid("opened"),
    "resolved": msgid("resolved"),
    "reopened": msgid("opened again"),
    "resumed": msgid("resumed"),
    "signed": msgid("signed"),
    "started": msgid("begun"),
    "stopped": msgid("ended"),
    "suspended": msgid("suspended"),
    "updated": msgid("updated"),
}


def revised(material: Material, words: Words) -> Section | None:
    """Every entry that came after the revision before and tells of the period; None for a first revision."""
    if material.revised is None:
        return None
    number = str(material.revised)
    told = words.text(
        "Revision {number} of this report was issued before these entries were recorded. What they tell is in the "
        "sections below.",
        number=number,
    )
    table = _table(
        "late-entries", words.text("Entries that were recorded since"), material.late, words, named=False
    )
    return Section(
        "revision",
        words.text("Changed since revision {number}", number=number),
        (Paragraph(told, "attention"), table),
    )


def corrected(material: Material, words: Words) -> Section | None:
    """What was recorded in this period of another whose report had been issued; None where there is nothing."""
    if not material.corrections:
        return None
    told = words.text(
        "These entries were recorded in this period and tell of an earlier one, after its report was issued."
    )
    table = _table(
        "corrections", words.text("Corrections, by log entry"), material.corrections, words, named=True
    )
    return Section(
        "corrections", words.text("Corrections to earlier periods"), (Paragraph(told, "attention"), table)
    )


def _table(key: str, caption: str, late: tuple[LateEntry, ...], words: Words, *, named: bool) -> Table:
    return Table(
        key,
        caption,
        (
            Column("seq", words.text("Entry"), "code"),
            *((Column("period", words.text("Period"), "word"),) if named else ()),
            Column("recorded", words.text("Recorded"), "time"),
            Column("happened", words.text("Happened"), "time", absent=words.text("not said")),
            Column("what", words.text("What was recorded"), wide=True),
            Column("ticket", words.text("Ticket"), "word"),
            Column("device", words.text("Device"), "word"),
        ),
        tuple(
            (str(each.seq), *((each.of,) if named else ()), *_row(each, words))
            for each in sorted(late, key=lambda each: each.seq)
        ),
        words.text("None."),
    )


def _row(each: LateEntry, words: Words) -> tuple[Value, ...]:
    kind = word(_KINDS, each.kind, words)
    said = words.text(_WORDS[each.word]) if each.word in _WORDS else outcome(each.word, words)[0]
    return (
        each.recorded,
        each.happened,
        words.text("{kind}: {word}", kind=kind, word=said),
        each.ticket,
        each.device,
    )
