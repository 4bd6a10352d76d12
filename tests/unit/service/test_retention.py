"""Which bodies are due, by what their entries are: books outlive the texts of the day's work."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from netmgr.model.agreement_terms import Kept
from netmgr.model.entry import Body
from netmgr.service.retention import Retention, due_bodies
from tests.unit.log.drafts import NOON, draft, sealed

KEPT = dict.fromkeys(get_args(Kept), timedelta(days=10))
LATER = NOON + timedelta(days=11)


def entry(kind, action="x"):
    body = Body(b"text", "text/plain")
    return sealed(draft(kind=kind, action=action, body=body))[0].entry


@pytest.mark.parametrize(
    ("kind", "while_it_runs", "after"),
    [
        ("change", "texts", "texts"),
        ("ticket", "tickets", "tickets"),
        ("time", "tickets", "tickets"),
        ("contact", None, "personal"),
        ("invoice", None, "documents"),
        ("payment", None, "documents"),
        ("report", None, "documents"),
    ],
)
def test_what_takes_a_body_away(kind, while_it_runs, after):
    def rule(closes):
        return [due.rule for due in due_bodies([entry(kind)], Retention(KEPT, closes), LATER)]

    assert rule(None) == ([while_it_runs] if while_it_runs else [])
    assert rule(NOON) == [after]
    assert rule(datetime(2026, 12, 3, 13, tzinfo=UTC)) == ([while_it_runs] if while_it_runs else [])
