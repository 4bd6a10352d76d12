"""A kind of entry of which records are kept, for tests of records."""

from netmgr.model.record import Folded, Projection
from tests.unit.log.drafts import draft


def _fold(document, entry):
    before = document or {"seqs": []}
    return Folded(
        number=int(entry.ticket[2:]),
        state=entry.outcome or "open",
        document={"seqs": [*before["seqs"], entry.seq], "by": entry.actor, "last": entry.hash},
    )


CASES = {"case": Projection(key=lambda entry: entry.ticket, fold=_fold)}
NEWER = {"case": Projection(key=lambda entry: entry.ticket, fold=_fold, version=2)}


def case(number, state=None, **fields):
    return draft(kind="case", action="step", ticket=f"T-{number}", outcome=state, **fields)
