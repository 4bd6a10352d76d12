"""The contract of records and of optimistic appends: every store is held to it."""

import pytest

from netmgr.errors import Superseded
from netmgr.model.entry import Body
from netmgr.model.record import Folded, Projection, Rebuilt, Since
from tests.unit.log.drafts import draft

CASE = {
    "case": Projection(
        key=lambda entry: entry.ticket or "",
        fold=lambda document, entry: Folded(
            number=int((entry.ticket or "T-0")[2:]),
            state=entry.outcome or "open",
            document={"seqs": [*(document or {"seqs": []})["seqs"], entry.seq], "by": entry.actor},
        ),
    )
}


@pytest.fixture
def log(make):
    return make(projections=CASE)


def case(number, state=None, **fields):
    return draft(kind="case", action="step", ticket=f"T-{number}", outcome=state, **fields)


def told(records):
    return [(record.key, record.state, record.document["seqs"]) for record in records]


def test_a_record_says_what_its_entries_say(log):
    assert log.records.get("acme", "case", "T-1") is None
    log.append("acme", [case(1), draft(), case(2)])
    log.append("acme", [case(1, "done", actor="p-18"), case(1, "closed")])
    record = log.records.get("acme", "case", "T-1")
    assert (record.kind, record.key, record.number, record.state, record.seq) == (
        "case",
        "T-1",
        1,
        "closed",
        5,
    )
    assert record.document == {"by": "p-17", "seqs": [1, 4, 5]}
    assert log.records.get("acme", "case", "T-2").document == {"by": "p-17", "seqs": [3]}


def test_records_come_by_number_and_by_state(log):
    log.append("acme", [case(n, "done" if n % 3 else "open") for n in range(1, 13)])
    numbers = lambda **asked: [r.number for r in log.records.page("acme", "case", **asked)]  # noqa: E731
    assert numbers(limit=4) == [1, 2, 3, 4]
    assert numbers(limit=4, after=4) == [5, 6, 7, 8]
    assert numbers(limit=2, newest_first=True) == [12, 11]
    assert numbers(limit=9, after=3, newest_first=True) == [2, 1]
    assert numbers(limit=9, states=["open"]) == [3, 6, 9, 12]
    assert numbers(limit=2, states=["open"], after=3) == [6, 9]
    assert numbers(limit=3, states=["open", "done"], newest_first=True) == [12, 11, 10]
    assert numbers(limit=3, states=[]) == []
    assert [r.number for r in log.records.all("acme", "case")] == list(range(1, 13))


def test_records_that_were_touched_since_and_those_that_stand_open(log):
    log.append("acme", [case(n, "done" if n % 3 else "open") for n in range(1, 8)])
    log.append("acme", [draft(), case(2, "done"), case(3, "done"), case(9), case(8, "done")])
    log.append("globex", [case(5, client="globex")])
    touched = lambda after, *states: [  # noqa: E731
        each.number for each in log.records.touched("acme", "case", after=after, states=states)
    ]
    assert touched(7) == [2, 3, 8, 9]
    assert touched(7, "open") == [2, 3, 6, 8, 9]
    assert touched(12, "open") == [6, 9]
    assert touched(12) == []
    assert touched(0) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert touched(10, "open", "done") == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_many_records_are_written_and_read_at_once(log):
    log.append("acme", [case(n) for n in range(1, 1203)])
    log.append("acme", [case(n, "done") for n in range(1, 1203, 2)])
    found = list(log.records.all("acme", "case"))
    assert [r.number for r in found] == list(range(1, 1203))
    assert {r.state for r in found[::2]} == {"done"}
    assert {r.state for r in found[1::2]} == {"open"}


def test_no_client_sees_anothers_records(log):
    log.append("acme", [case(1)])
    log.append("globex", [case(1, "done", client="globex"), case(2, client="globex")])
    assert told(log.records.all("acme", "case")) == [("T-1", "open", [1])]
    assert told(log.records.all("globex", "case")) == [("T-1", "done", [1]), ("T-2", "open", [2])]
    assert log.records.rebuild("acme") == Rebuilt(1, 1, ())
    assert log.records.since("globex", "case") == Since(("case",), 2)


def test_another_streams_entries_are_in_no_record(log):
    log.append("acme", [case(1)], stream="site-2")
    assert log.records.get("acme", "case", "T-1") is None
    log.append("acme", [case(1)])
    assert told(log.records.all("acme", "case")) == [("T-1", "open", [1])]
    assert log.records.rebuild("acme") == Rebuilt(1, 1, ())


def test_what_fails_leaves_records_as_they_were(make):
    def fail(_text):
        raise RuntimeError("redactor")

    log = make(projections=CASE, redact=fail)
    log.append("acme", [case(1)])
    with pytest.raises(RuntimeError, match=r"^redactor$"):
        log.append("acme", [case(1, "done"), case(2, body=Body(b"x", "text/plain"))])
    assert told(log.records.all("acme", "case")) == [("T-1", "open", [1])]


def test_a_fold_that_fails_keeps_its_entry_out(make):
    def fold(_document, entry):
        if entry.outcome == "bad":
            raise RuntimeError("fold")
        return Folded(1, "open", {"seq": entry.seq})

    log = make(projections={"case": Projection(key=lambda _: "k", fold=fold)})
    log.append("acme", [case(1)])
    with pytest.raises(RuntimeError, match=r"^fold$"):
        log.append("acme", [case(1), case(1, "bad")])
    assert log.head("acme").seq == 1
    assert log.records.get("acme", "case", "k").document == {"seq": 1}


def test_an_append_holds_only_while_nothing_newer_is_there(log):
    since = log.records.since("acme", "case")
    assert since == Since(("case",), 0)
    log.append("acme", [draft(), case(1)], since=since)
    with pytest.raises(
        Superseded,
        match=r"^acme: another command has logged something of kind case meanwhile \(seq 2\); repeat$",
    ):
        log.append("acme", [case(2)], since=since)
    assert log.head("acme").seq == 2
    since = log.records.since("acme", "case")
    assert since == Since(("case",), 2)
    log.append("acme", [draft(), draft(kind="other")])
    log.append("acme", [case(2)], since=since)
    assert [r.key for r in log.records.all("acme", "case")] == ["T-1", "T-2"]


def test_an_append_holds_for_every_kind_that_was_read(log):
    log.append("acme", [case(1), draft(kind="other")])
    since = log.records.since("acme", "case", "other", "third")
    assert since == Since(("case", "other", "third"), 2)
    log.append("acme", [draft()], since=since)
    log.append("acme", [draft(kind="other")])
    with pytest.raises(Superseded, match=r"of kind other meanwhile \(seq 4\); repeat$"):
        log.append("acme", [case(2)], since=since)
    log.append("acme", [case(2)], since=log.records.since("acme", "other"))


def test_a_store_without_projections_compares_kinds_too(make):
    log = make()
    log.append("acme", [draft(kind="agreement")])
    with pytest.raises(Superseded):
        log.append("acme", [draft()], since=Since(("agreement",), 0))
    log.append("acme", [draft()], since=Since(("agreement",), 1))


def test_records_made_again_are_the_same(log):
    for round_ in range(3):
        log.append("acme", [case(n, f"s{round_}") for n in range(1, 40, round_ + 1)] + [draft()])
    before = list(log.records.all("acme", "case"))
    assert log.records.rebuild("acme") == Rebuilt(39 + 20 + 13, 39, ())
    assert list(log.records.all("acme", "case")) == before


def test_nothing_to_make_again_is_nothing(log):
    assert log.records.rebuild("acme") == Rebuilt(0, 0, ())
