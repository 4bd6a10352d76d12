"""Levels that a ticket missed → those that an invoice credits, each once (pure)."""

from collections.abc import Iterator
from typing import NamedTuple

from netmgr.model.bill import Billed
from netmgr.model.billing import Miss
from netmgr.model.record import Document
from netmgr.service.verdict import Judge, judged


class Missed(NamedTuple):
    """``late``: it was missed in a period that was billed already."""

    miss: Miss
    late: bool


def missed(
    document: Document, judge: Judge, begin: int, end: int, billed: Billed, *, billed_until: int
) -> Iterator[Missed]:
    """What a ticket missed in [``begin``, ``end``), and no invoice has (``verdict.judged`` says what that is).

    What became known later, of a period before ``billed_until`` that was billed without it, is ``late``. Raises
    ValueError as ``ticket_clock`` does.
    """
    found = judged(document, judge, begin, end)
    for one in found.verdicts if found else ():
        decided = one.missed
        if decided is None or any((one.level, seq) in billed.missed for seq in decided.evidence):
            continue
        late = not one.counts
        if late and begin > billed_until:
            continue
        miss = Miss(
            level=one.level,
            priority=decided.priority,
            judged=int(document["opened"]),
            evidence=decided.evidence,
        )
        yield Missed(miss, late)
