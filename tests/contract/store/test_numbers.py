"""The contract of numbers: every store hands them out without a gap, once each, with the entry that has them."""

import pytest

from netmgr.errors import StoreError, Superseded
from netmgr.model.numbering import Counted, Counter
from netmgr.model.record import Difference, Since
from tests.unit.log.drafts import draft

R, C = Counter("example", "R-"), Counter("example", "C-", 7)


def issued(counter, number, client="acme", **fields):
    facts = {"entity": counter.entity, "series": counter.series, "count": number}
    return draft(client=client, kind="invoice", action="issue", facts=facts, **fields)


def said(counter, number, client="acme"):
    facts = {"entity": counter.entity, "series": counter.series, "next": number}
    return draft(client=client, kind="numbering", action="continue", facts=facts)


def take(log, counter, client="acme", **how):
    entries = log.append_numbered(client, counter, lambda n: [issued(counter, n, client)], **how)
    return [entry.facts["count"] for entry in entries]


def rebuilt(log, client="acme"):
    return log.records.rebuild(client).differences


def test_every_series_of_every_entity_counts_by_itself_and_across_clients(log):
    other = Counter("branch", "R-")
    assert [take(log, R), take(log, R, "globex"), take(log, C), take(log, other), take(log, R)] == [
        [1],
        [2],
        [7],
        [1],
        [3],
    ]
    assert log.numbers() == (
        Counted("branch", "R-", 1),
        Counted("example", "C-", 7),
        Counted("example", "R-", 3),
    )
    assert [e.facts["count"] for e in log.entries("acme", kind="invoice")] == [1, 7, 1, 3]
    assert [e.facts["count"] for e in log.entries("globex", kind="invoice")] == [2]


def test_where_nothing_is_logged_no_number_is_taken(log):
    take(log, R)
    with pytest.raises(ZeroDivisionError):
        log.append_numbered("acme", R, lambda number: [issued(R, number // 0)])
    with pytest.raises(ValueError, match="a draft of globex cannot go into the log of acme"):
        log.append_numbered("acme", R, lambda number: [issued(R, number, "globex")])
    read = log.records.since("acme", "invoice")
    take(log, C)
    with pytest.raises(Superseded):
        take(log, R, since=read)
    assert log.numbers() == (Counted("example", "C-", 7), Counted("example", "R-", 1))
    assert take(log, R, since=Since(("invoice",), log.head("acme").seq)) == [2]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda n: [],
        lambda n: [draft()],
        lambda n: [issued(R, n + 1)],
        lambda n: [issued(C, n)],
        lambda n: [issued(R, n), issued(R, n)],
    ],
)
def test_exactly_one_entry_has_the_number(log, wrong):
    with pytest.raises(ValueError, match="numbers: the entries have"):
        log.append_numbered("acme", R, wrong)
    assert (log.numbers(), log.head("acme")) == ((), None)


def test_others_go_with_it(log):
    entries = log.append_numbered("acme", R, lambda n: [draft(), issued(R, n), draft()])
    assert [entry.kind for entry in entries] == ["change", "invoice", "change"]


def test_somebody_can_say_how_a_series_goes_on_but_never_back(log):
    take(log, R)
    assert [e.kind for e in log.continue_numbers("acme", R, 40, [said(R, 40)])] == ["numbering"]
    assert take(log, R, "globex") == [40]
    for taken in (1, 40):
        with pytest.raises(StoreError, match="example R- has handed out 40 already; go on with a higher one"):
            log.continue_numbers("acme", R, taken, [said(R, taken)])
    assert take(log, R) == [41]
    log.continue_numbers("acme", C, 3, [said(C, 3)])
    assert take(log, C) == [3]
    assert rebuilt(log) == ()


def test_a_body_that_is_erased_takes_no_number_with_it(log):
    from netmgr.model.entry import Body

    body = Body(b'{"number":"R-00001"}', "application/json")
    (entry,) = log.append_numbered("acme", R, lambda n: [issued(R, n, body=body)])
    log.erase("acme", entry.body.digest, draft(kind="erasure", facts={"digest": entry.body.digest}))
    assert rebuilt(log) == ()
    assert take(log, R) == [2]


def test_made_again_the_numbers_are_what_the_entries_of_all_clients_say(log):
    take(log, R)
    take(log, R, "globex")
    assert (rebuilt(log), rebuilt(log, "globex")) == ((), ())
    log.append("acme", [issued(R, 5), issued(C, 9)])
    assert rebuilt(log, "globex") == (
        Difference("numbers", "example:C-", "missing"),
        Difference("numbers", "example:R-", "wrong"),
    )
    assert log.numbers() == (Counted("example", "C-", 9), Counted("example", "R-", 5))
    assert rebuilt(log) == ()
    assert (take(log, R), take(log, C)) == ([6], [10])
