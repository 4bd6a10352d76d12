"""The contract of the outbox: the one in memory, in SQLite and in PostgreSQL are held to the same."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.adapters.outbox_memory import MemoryOutbox
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.adapters.store_sql import open_store
from netmgr.adapters.store_sql.outbox import SqlOutbox
from netmgr.adapters.store_sql.schema import metadata
from netmgr.model.entry import Body, rfc3339
from netmgr.model.notification import Backlog, Batch, Condition, Notification, Routed
from tests.clock import ManualClock
from tests.postgresql import PASSWORD
from tests.unit.log.drafts import draft, intent, result

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
TIME = rfc3339(NOW)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture(scope="module")
def shared(request):
    """One database for all: to make the tables takes longer than any test."""
    return request.getfixturevalue("postgresql").database()


def emptied(store):
    with store.database.writer.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "store":
                connection.execute(table.delete())


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def make(request, tmp_path, clock):
    """Make a store: its log and its outbox."""
    opened = []

    def made(**options):
        if request.param == "memory":
            log = MemoryServiceLog(clock, **options)
            return log, log.outbox
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path}/log{len(opened)}.db"
        else:
            url = request.getfixturevalue("shared")
        opened.append(open_store(url, clock, password=PASSWORD, **options))
        emptied(opened[-1])
        return opened[-1], SqlOutbox(opened[-1].database)

    yield made
    for store in opened:
        store.close()


@pytest.fixture
def store(make):
    return make()


@pytest.fixture
def outbox(store):
    return store[1]


def note(number, recipient="mail:noc@acme.example", **known):
    made = {"client": "acme", "severity": "warning", "created": TIME, "document": b"{}"} | known
    return Notification(id=f"n-{number}", recipient=recipient, **made)


def condition(subject="audit core1", recipient="mail:noc@acme.example", event="audit.drifted"):
    return Condition(recipient, subject, event, "warning", TIME, TIME)


def filled(outbox, *notes, client="acme", **routed):
    assert outbox.route(client, [], lambda _: Routed(notes, **routed))


def ids(notifications):
    return [each.id for each in notifications]


def test_what_is_appended_together_is_one_batch_of_the_outbox(store, clock):
    log, outbox = store
    log.append("acme", [intent("c-1"), result("c-1", device="core1"), result("c-1")])
    clock.elapsed = 1.5
    log.append("acme", [result("c-2")])
    log.append("acme", [result("c-3")], stream="site-2")
    log.append("globex", [result("c-9", client="globex")])
    assert outbox.unrouted("acme", 10) == (
        Batch("main", 1, 3, "2026-11-23T08:00:00.000000Z"),
        Batch("main", 4, 4, "2026-11-23T08:00:01.500000Z"),
        Batch("site-2", 1, 1, "2026-11-23T08:00:01.500000Z"),
    )
    assert len(outbox.unrouted("acme", 2)) == 2
    assert [batch.first for batch in outbox.unrouted("globex", 10)] == [1]


@pytest.mark.parametrize(
    "drafts",
    [
        [],
        [intent("c-1")],
        [draft(phase="result")],
        [draft(kind="notify", action="send", phase="result", outcome="failed")],
        [draft(phase="decision", change="c-1", facts={"decision": "confirm"})],
    ],
    ids=["nothing", "a beginning", "no outcome", "that nobody could be told", "a decision"],
)
def test_what_is_no_news_is_not_in_the_outbox(store, drafts):
    log, outbox = store
    log.append("acme", drafts)
    assert outbox.unrouted("acme", 10) == ()


def test_a_change_that_is_held_is_news(store):
    log, outbox = store
    log.append("acme", [draft(phase="decision", change="c-1", facts={"decision": "hold"})])
    assert len(outbox.unrouted("acme", 10)) == 1


def test_what_was_not_appended_is_not_in_the_outbox(make):
    """One transaction: where an entry is refused, nobody is told of those before it."""

    def fail(_text):
        raise RuntimeError("redactor")

    log, outbox = make(redact=fail)
    with pytest.raises(RuntimeError, match=r"^redactor$"):
        log.append("acme", [result("c-1"), result("c-2", body=Body(b"x", "text/plain"))])
    assert outbox.unrouted("acme", 10) == ()
    assert log.head("acme") is None


def test_routing_replaces_batches_by_what_is_told(store):
    log, outbox = store
    log.append("acme", [result("c-1")])
    log.append("acme", [result("c-2")])
    first, second = outbox.unrouted("acme", 10)
    stands = condition()
    seen = []
    assert outbox.route(
        "acme", [first], lambda standing: seen.append(standing) or Routed((note(1), note(2)), (stands,))
    )
    assert outbox.unrouted("acme", 10) == (second,)
    assert ids(outbox.notifications("acme", limit=10)) == ["n-2", "n-1"]
    assert outbox.route("acme", [second], lambda standing: seen.append(standing) or Routed())
    assert seen == [{}, {("mail:noc@acme.example", "audit core1"): stands}]


def test_a_batch_is_routed_once(store):
    log, outbox = store
    log.append("acme", [result("c-1")])
    log.append("acme", [result("c-2")])
    first, second = outbox.unrouted("acme", 10)
    assert outbox.route("acme", [first], lambda _: Routed((note(1),)))
    assert not outbox.route("acme", [second, first], lambda _: Routed((note(2),)))
    assert outbox.unrouted("acme", 10) == (second,)
    assert ids(outbox.notifications("acme", limit=10)) == ["n-1"]


def test_a_decision_that_fails_changes_nothing(store):
    log, outbox = store
    log.append("acme", [result("c-1")])
    batches = outbox.unrouted("acme", 10)

    def fail(_standing):
        raise RuntimeError("rules")

    with pytest.raises(RuntimeError, match=r"^rules$"):
        outbox.route("acme", batches, fail)
    assert outbox.unrouted("acme", 10) == batches


def test_the_same_notification_is_made_once(outbox):
    filled(outbox, note(1))
    claimed = outbox.claim("acme", NOW, LATER)
    assert outbox.settle(claimed, "sent", now=NOW)
    filled(outbox, note(1), note(2))
    assert [(each.id, each.state) for each in outbox.notifications("acme", limit=10)] == [
        ("n-2", "pending"),
        ("n-1", "sent"),
    ]


def test_conditions_stand_until_they_are_over(outbox):
    core1, core2, told = condition(), condition("audit core2"), condition(recipient="webhook:chat")
    filled(outbox, standing=(core1, core2, told))
    worse = replace(core1, event="audit.unreachable", told=rfc3339(LATER))
    filled(outbox, standing=(worse,), over=((core2.recipient, core2.subject),))
    seen = []
    outbox.route("acme", [], lambda standing: seen.append(standing) or Routed())
    outbox.route("globex", [], lambda standing: seen.append(standing) or Routed())
    assert seen == [{(each.recipient, each.subject): each for each in (worse, told)}, {}]


def test_each_recipient_s_notifications_are_sent_in_their_order(outbox):
    filled(outbox, note(1), note(2), note(3, "webhook:chat"), note(4, "webhook:chat"))
    claimed = []
    while made := outbox.claim("acme", NOW, LATER):
        claimed.append(made)
    assert [(each.id, each.state, each.attempts, each.due) for each in claimed] == [
        ("n-1", "sending", 1, rfc3339(LATER)),
        ("n-3", "sending", 1, rfc3339(LATER)),
    ]
    assert outbox.settle(claimed[1], "sent", now=NOW)
    assert outbox.claim("acme", NOW, LATER).id == "n-4"
    assert outbox.claim("acme", NOW, LATER) is None


def test_what_could_not_be_sent_keeps_the_recipient_s_later_ones_waiting_until_it_is_due(outbox):
    filled(outbox, note(1), note(2))
    claimed = outbox.claim("acme", NOW, LATER)
    again = NOW + timedelta(minutes=1)
    assert outbox.settle(claimed, "pending", now=NOW, due=again, error="connection refused")
    assert outbox.claim("acme", again - timedelta(seconds=1), LATER) is None
    second = outbox.claim("acme", again, LATER)
    assert (second.id, second.attempts, second.error) == ("n-1", 2, "connection refused")
    assert outbox.settle(second, "failed", now=again, error="550")
    assert outbox.claim("acme", again, LATER).id == "n-2"


def test_a_claim_that_ran_out_is_somebody_else_s(outbox):
    """kill -9 while sending: nothing is lost, and who comes back late changes nothing."""
    filled(outbox, note(1))
    dead = outbox.claim("acme", NOW, LATER)
    assert outbox.claim("acme", LATER - timedelta(seconds=1), LATER) is None
    alive = outbox.claim("acme", LATER, LATER + timedelta(minutes=10))
    assert (alive.id, alive.attempts) == (dead.id, 2)
    assert not outbox.settle(dead, "pending", now=LATER, due=LATER)
    assert outbox.settle(alive, "sent", now=LATER)
    assert not outbox.settle(dead, "failed", now=LATER, error="late")
    (made,) = outbox.notifications("acme", limit=10)
    assert (made.state, made.error, made.settled) == ("sent", None, rfc3339(LATER))


def test_what_has_failed_may_be_tried_once_more(outbox):
    filled(outbox, note(1), note(2))
    assert outbox.settle(outbox.claim("acme", NOW, LATER), "failed", now=NOW, error="550")
    assert not outbox.revive("acme", "n-2", LATER)
    assert not outbox.revive("acme", "n-9", LATER)
    assert not outbox.revive("globex", "n-1", LATER)
    assert outbox.revive("acme", "n-1", LATER)
    assert outbox.claim("acme", NOW, LATER) is None  # it comes before the second again
    again = outbox.claim("acme", LATER, LATER + timedelta(minutes=10))
    assert (again.id, again.state, again.attempts, again.settled) == ("n-1", "sending", 2, None)
    assert not outbox.revive("acme", "n-1", LATER)


def test_one_is_found_by_its_id(outbox):
    filled(outbox, note(1), note(2))
    claimed = outbox.claim("acme", NOW, LATER)
    assert outbox.settle(claimed, "sent", now=LATER)
    found = outbox.find("acme", "n-1")
    assert (found.state, found.settled) == ("sent", rfc3339(LATER))
    assert outbox.find("acme", "n-2").state == "pending"
    assert outbox.find("acme", "n-3") is None
    assert outbox.find("globex", "n-1") is None


def test_how_much_waits_is_counted(store):
    log, outbox = store
    assert outbox.backlog("acme") == Backlog(0, {}, None)
    filled(outbox, note(1), note(2), note(3, created="2026-11-23T07:00:00.000000Z"))
    outbox.settle(outbox.claim("acme", NOW, LATER), "sent", now=NOW)
    outbox.claim("acme", NOW, LATER)
    log.append("acme", [result("c-1")])
    assert outbox.backlog("acme") == Backlog(
        1, {"sent": 1, "sending": 1, "pending": 1}, NOW - timedelta(hours=1)
    )
    assert outbox.backlog("globex") == Backlog(0, {}, None)


def test_what_was_settled_long_ago_is_forgotten_and_what_waits_is_not(outbox):
    filled(outbox, note(1), note(2, "webhook:chat"))
    outbox.settle(outbox.claim("acme", NOW, LATER), "sent", now=NOW)
    assert outbox.forget("globex", LATER) == 0
    assert outbox.forget("acme", NOW) == 0
    assert outbox.forget("acme", LATER) == 1
    assert ids(outbox.notifications("acme", limit=10)) == ["n-2"]
    filled(outbox, note(3))
    assert ids(outbox.notifications("acme", limit=10)) == ["n-3", "n-2"]


def test_notifications_are_removed_whether_they_were_sent_or_not(outbox):
    filled(outbox, note(1), note(2), note(3, "webhook:chat"))
    outbox.settle(outbox.claim("acme", NOW, LATER), "sent", now=NOW)
    assert outbox.remove("globex", ["n-1"]) == 0
    assert outbox.remove("acme", ["n-1", "n-2", "n-9"]) == 2
    assert ids(outbox.notifications("acme", limit=10)) == ["n-3"]
    assert outbox.claim("acme", NOW, LATER).id == "n-3"


def test_notifications_are_listed_by_state(outbox):
    filled(outbox, note(1), note(2, "webhook:chat"), note(3, "webhook:ticket"))
    outbox.settle(outbox.claim("acme", NOW, LATER), "sent", now=NOW)
    assert ids(outbox.notifications("acme", state="sent", limit=10)) == ["n-1"]
    assert ids(outbox.notifications("acme", state="pending", limit=1)) == ["n-3"]


def test_no_call_sees_another_client(outbox):
    """Law 7: the same ids under two clients stay apart."""
    filled(outbox, note(1))
    filled(outbox, note(1, client="globex", document=b'{"client":"globex"}'), client="globex")
    theirs = outbox.claim("globex", NOW, LATER)
    assert (theirs.client, theirs.document) == ("globex", b'{"client":"globex"}')
    assert outbox.settle(theirs, "sent", now=NOW)
    assert [each.state for each in outbox.notifications("acme", limit=10)] == ["pending"]
    assert outbox.claim("initech", NOW, LATER) is None


def test_of_many_who_claim_at_once_each_notification_is_one_s(outbox):
    """Each in its recipient's order, whoever sends it."""
    every = [note(number, f"webhook:w{number % 3}") for number in range(24)]
    filled(outbox, *every)
    taken, settled = [], []

    def work():
        idle = 0
        while idle < 50:
            claimed = outbox.claim("acme", NOW, LATER)
            if claimed is None:
                idle += 1
                continue
            taken.append(claimed)
            assert outbox.settle(claimed, "sent", now=NOW)
            settled.append(claimed.id)

    # The memory's is one process's own, whose steps nobody shares.
    threads = [threading.Thread(target=work) for _ in range(1 if isinstance(outbox, MemoryOutbox) else 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.id for each in taken) == sorted(each.id for each in every)
    for recipient in ("webhook:w0", "webhook:w1", "webhook:w2"):
        assert [each.id for each in taken if each.recipient == recipient] == [
            each.id for each in every if each.recipient == recipient
        ]
    assert len(settled) == 24
