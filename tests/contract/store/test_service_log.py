"""The ServiceLog contract: every store is held to it, the one in memory as those in SQLite and PostgreSQL."""

import json
from base64 import b64encode
from dataclasses import replace

import pytest

from netmgr.errors import StoreError
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Body
from netmgr.model.verification import ChainVerifier
from netmgr.ports.store import Gone
from tests.unit.log.drafts import draft, erasure, intent, result


def seqs(entries):
    return [entry.seq for entry in entries]


def verified(log, client="acme", stream="main"):
    with log.snapshot(client, stream=stream) as snapshot:
        verifier = ChainVerifier(client, stream, [])
        for page in snapshot.pages():
            verifier.page(page, {b.digest: b.intact for b in snapshot.bodies(page[0].seq, page[-1].seq)})
    return verifier.finish()


def test_entries_are_numbered_linked_and_kept_as_returned(log):
    first = log.append("acme", [draft(device="core1"), draft(device="core2")])
    second = log.append("acme", [draft(device="core3")])
    assert seqs(first + second) == [1, 2, 3]
    assert [entry.prev for entry in first + second] == ["0" * 64, first[0].hash, first[1].hash]
    assert tuple(log.entries("acme")) == first + second


def test_nothing_to_append_is_nothing_appended(log):
    assert log.append("acme", []) == ()
    assert log.head("acme") is None


def test_the_head_is_the_newest_entry(log):
    assert log.head("acme") is None
    *_, last = log.append("acme", [draft(), draft()])
    head = log.head("acme")
    assert (head.seq, head.hash, head.time, head.id) == (2, last.hash, last.time, last.id)


def test_time_is_the_clocks_but_never_goes_back(log, clock):
    times = []
    for elapsed in (0.0, 90.000001, -3600.0):
        clock.elapsed = elapsed
        times += [entry.time for entry in log.append("acme", [draft()])]
    assert times == [
        "2026-11-23T08:00:00.000000Z",
        "2026-11-23T08:01:30.000001Z",
        "2026-11-23T08:01:30.000001Z",
    ]
    ids = [entry.id for entry in log.entries("acme")]
    assert ids == sorted(set(ids))


def test_a_batch_is_all_or_nothing(log):
    log.append("acme", [draft()])
    with pytest.raises(ValueError, match=r"^client: a draft of globex cannot go into the log of acme$"):
        log.append("acme", [draft(), draft(client="globex", body=Body(b"x", "text/plain"))])
    assert seqs(log.entries("acme")) == [1]
    assert log.head("globex") is None


def test_a_redactor_that_fails_leaves_nothing_behind(make):
    def fail(_text):
        raise RuntimeError("redactor")

    log = make(redact=fail)
    with pytest.raises(RuntimeError, match=r"^redactor$"):
        log.append("acme", [draft(), draft(body=Body(b"x", "text/plain"))])
    assert log.head("acme") is None


def test_no_call_sees_another_client(log):
    """Law 7: the same ids, digests and plans under two clients stay apart."""
    for client in ("acme", "globex"):
        log.append(
            client,
            [
                intent("c-1", client=client),
                draft(client=client, kind="inventory", facts={"digest": client}),
                draft(client=client, device="core1", body=Body(client.encode(), "text/plain")),
            ],
        )
    theirs = list(log.entries("globex"))
    digest = theirs[2].body.digest
    assert {entry.client for entry in theirs} == {"globex"}
    assert log.entry("acme", theirs[0].id) is None
    assert log.body("acme", digest) is Gone.MISSING
    assert log.body("globex", digest) == b"globex"
    for client in ("acme", "globex"):
        assert log.last_inventory_digest(client) == client
        assert [entry.client for entry in log.open_intents(client, "network")] == [client]
        assert log.plan_used(client, "plan-of-c-1").client == client
        assert {entry.client for entry in log.entries(client)} == {client}
    log.append("acme", [result("c-1")])
    assert len(log.open_intents("globex", "network")) == 1
    for client in ("acme", "globex"):
        with log.snapshot(client) as snapshot:
            assert [body.content for body in snapshot.bodies(1, 9)] == [client.encode()]
            assert {stored.seq for page in snapshot.pages() for stored in page} <= {1, 2, 3, 4}
    with pytest.raises(StoreError, match=rf"^acme: no entry has a body {digest}; "):
        log.erase("acme", digest, erasure(digest))
    assert log.body("globex", digest) == b"globex"
    assert log.head("initech") is None
    assert log.last_inventory_digest("initech") is None
    assert log.plan_used("initech", "plan-of-c-1") is None
    assert list(log.entries("initech")) == []


def test_streams_are_chains_of_their_own(log):
    log.append("acme", [draft(), draft()])
    (entry,) = log.append("acme", [draft(body=Body(b"x", "text/plain"))], stream="site-2")
    assert (entry.stream, entry.seq, entry.prev) == ("site-2", 1, "0" * 64)
    assert (log.head("acme").seq, log.head("acme", stream="site-2").seq) == (2, 1)
    assert log.entry("acme", entry.id) == entry
    order = log.erase("acme", entry.body.digest, erasure(entry.body.digest))
    assert (order.stream, order.seq) == ("site-2", 2)
    assert verified(log, stream="site-2").holds


FILTERS = [
    ({}, [1, 2, 3, 4, 5, 6]),
    ({"after": 4}, [5, 6]),
    ({"after": 6}, []),
    ({"until": 2}, [1, 2]),
    ({"until": 0}, []),
    ({"after": 2, "until": 4}, [3, 4]),
    ({"until": 4, "newest_first": True, "limit": 2}, [4, 3]),
    ({"until": 4, "request": "r-2"}, [4]),
    ({"limit": 2}, [1, 2]),
    ({"limit": 0}, []),
    ({"after": 1, "limit": 2}, [2, 3]),
    ({"newest_first": True}, [6, 5, 4, 3, 2, 1]),
    ({"newest_first": True, "limit": 2}, [6, 5]),
    ({"newest_first": True, "after": 3}, [6, 5, 4]),
    ({"kind": "change"}, [1, 2, 3, 4]),
    ({"kind": "audit"}, [5]),
    ({"change": "c-1"}, [1, 2, 3]),
    ({"device": "core1"}, [2, 5]),
    ({"request": "r-2"}, [4, 5]),
    ({"ticket": "T-1"}, [4, 6]),
    ({"ticket": "T-1", "kind": "inventory"}, [6]),
    ({"kind": "change", "device": "core1"}, [2]),
    ({"kind": "change", "newest_first": True, "limit": 1}, [4]),
    ({"kind": "nothing"}, []),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_entries_are_found_by_every_filter(log, filters, expected):
    log.append(
        "acme",
        [
            intent("c-1"),
            result("c-1", device="core1"),
            result("c-1"),
            intent("c-2", request="r-2", ticket="T-1"),
            draft(kind="audit", device="core1", request="r-2"),
            draft(kind="inventory", facts={"digest": "d"}, ticket="T-1"),
        ],
    )
    assert seqs(log.entries("acme", **filters)) == expected


def test_entries_come_in_pages_that_leave_nothing_out(log):
    log.append("acme", [draft(device=f"d{n % 2}") for n in range(1203)])
    assert seqs(log.entries("acme")) == list(range(1, 1204))
    assert seqs(log.entries("acme", newest_first=True)) == list(range(1203, 0, -1))
    assert seqs(log.entries("acme", device="d0", limit=601)) == list(range(1, 1203, 2))
    assert seqs(log.entries("acme", device="d1", newest_first=True, limit=502))[-1] == 1202 - 2 * 501
    with log.snapshot("acme") as snapshot:
        pages = list(snapshot.pages())
    assert [stored.seq for page in pages for stored in page] == list(range(1, 1204))
    assert max(map(len, pages)) <= 1000


def test_an_entry_is_found_by_its_id(log):
    _, second = log.append("acme", [draft(), draft(device="core2")])
    assert log.entry("acme", second.id) == second
    assert log.entry("acme", "0198a1b2-0000-7000-8000-000000000001") is None


def test_a_change_is_open_from_its_intent_to_its_result(log):
    def opened(target="network"):
        return [entry.change for entry in log.open_intents("acme", target)]

    assert opened() == []
    log.append(
        "acme", [intent("c-1"), intent("c-2"), intent("c-3", target="lab"), intent("c-1", device="core1")]
    )
    log.append("acme", [draft(phase="decision", change="c-1"), result("c-1", device="core1")])
    assert (opened(), opened("lab")) == (["c-1", "c-2"], ["c-3"])
    log.append("acme", [result("c-2", kind="recover", action="recover", outcome="rolled_back")])
    assert (opened(), opened("lab")) == (["c-1"], ["c-3"])
    log.append("acme", [result("c-1"), draft(phase="result"), draft(phase="intent")])
    assert (opened(), opened("lab")) == ([], ["c-3"])
    assert log.open_intents("acme", "lab")[0].facts == {"plan": "plan-of-c-3"}


def test_a_plan_is_used_once_a_change_has_begun_with_it(log):
    assert log.plan_used("acme", "plan-of-c-1") is None
    first, _, _ = log.append("acme", [intent("c-1"), intent("c-2"), draft(facts={"plan": "p-3"})])
    assert log.plan_used("acme", "plan-of-c-1") == first
    assert log.plan_used("acme", "p-3") is None


def test_the_last_inventory_is_known_for_each_target(log):
    assert log.last_inventory_digest("acme") is None
    for digest, target in (("d-1", "network"), ("d-2", "lab"), ("d-3", "lab")):
        log.append(
            "acme",
            [draft(kind="inventory", action="record", target=target, facts={"digest": digest}), draft()],
        )
    assert log.last_inventory_digest("acme") == "d-3"
    assert log.last_inventory_digest("acme", "network") == "d-1"
    assert log.last_inventory_digest("acme", "lab") == "d-3"


def test_bodies_are_kept_redacted_under_a_salted_digest(make):
    log = make(redact=lambda text: text.replace(b"hunter2", b"<secret:bgp>"))
    (entry,) = log.append("acme", [draft(body=Body(b"password hunter2", "text/plain"))])
    assert log.body("acme", entry.body.digest) == b"password <secret:bgp>"
    assert entry.body.size == 21
    with log.snapshot("acme") as snapshot:
        (body,) = snapshot.bodies(1, 1)
        (stored,) = (stored for page in snapshot.pages() for stored in page)
    assert body.intact
    assert (body.digest, len(body.salt)) == (entry.body.digest, 32)
    assert json.loads(stored.line) == entry.document()
    assert log.body("acme", "0" * 64) is Gone.MISSING


def test_bodies_of_a_range_come_in_the_entries_order(log):
    bodies = [Body(b"%d" % n, "text/plain") if n % 3 else None for n in range(1, 10)]
    log.append("acme", [draft(body=body) for body in bodies])
    with log.snapshot("acme") as snapshot:
        assert [body.content for body in snapshot.bodies(2, 7)] == [b"2", b"4", b"5", b"7"]


def test_an_erased_body_is_gone_and_the_chain_still_holds(log):
    _, entry = log.append(
        "acme", [draft(body=Body(b"keep", "text/plain")), draft(body=Body(b"forget", "text/plain"))]
    )
    digest = entry.body.digest
    order = log.erase("acme", digest, erasure(digest))
    assert (order.seq, order.kind, order.facts) == (3, "erasure", {"basis": "GDPR-17", "digest": digest})
    assert log.body("acme", digest) is Gone.ERASED
    assert log.body("acme", order.body.digest) == b"the person asked for it"
    found = verified(log)
    assert (found.holds, found.present, found.erased, found.missing) == (True, 2, 1, 0)


def test_several_bodies_are_asked_for_together(log):
    entries = log.append(
        "acme", [draft(body=Body(b"%d" % number, "text/plain")) for number in range(1, 1200)]
    )
    digests = [entry.body.digest for entry in entries]
    log.erase("acme", digests[6], erasure(digests[6]))
    wanted = {digest: b"%d" % number for number, digest in enumerate(digests, start=1)}
    assert log.bodies("acme", [*digests, "0" * 64]) == wanted | {
        digests[6]: Gone.ERASED,
        "0" * 64: Gone.MISSING,
    }
    assert log.bodies("acme", digests[:2]) == {digests[0]: b"1", digests[1]: b"2"}
    assert log.bodies("globex", digests[:1]) == {digests[0]: Gone.MISSING}
    assert log.bodies("acme", []) == {}


def test_a_body_is_erased_once_and_only_if_it_is_there(log):
    (entry,) = log.append("acme", [draft(body=Body(b"forget", "text/plain"))])
    digest = entry.body.digest
    log.erase("acme", digest, erasure(digest))
    with pytest.raises(StoreError, match=rf"^acme: body {digest} was already erased \(seq 2\)$"):
        log.erase("acme", digest, erasure(digest))
    with pytest.raises(
        StoreError, match=rf"^acme: no entry has a body {'f' * 64}; `netmgr log show` names them$"
    ):
        log.erase("acme", "f" * 64, erasure("f" * 64))
    assert log.head("acme").seq == 2


@pytest.mark.parametrize("order", [draft(), erasure("e" * 64)])
def test_an_order_that_does_not_name_the_body_is_a_programming_error(log, order):
    (entry,) = log.append("acme", [draft(body=Body(b"x", "text/plain"))])
    with pytest.raises(ValueError, match=rf"^order: not an erasure of {entry.body.digest}$"):
        log.erase("acme", entry.body.digest, order)
    assert log.body("acme", entry.body.digest) == b"x"


def test_many_bodies_are_erased_together_or_none_is(log):
    made = log.append("acme", [draft(body=Body(b"%d" % n, "text/plain")) for n in range(3)])
    first, second, third = (entry.body.digest for entry in made)
    log.erase("acme", third, erasure(third, body=None))
    with pytest.raises(StoreError, match=f"body {third} was already erased"):
        log.erase_all("acme", [erasure(digest, body=None) for digest in (first, second, third)])
    with pytest.raises(StoreError, match="acme: "):
        log.erase_all("acme", [erasure(first, body=None), erasure(first, body=None)])
    with pytest.raises(ValueError, match="globex"):
        log.erase_all("acme", [erasure(first, body=None), erasure(second, body=None, client="globex")])
    assert (log.body("acme", first), log.body("acme", second), log.head("acme").seq) == (b"0", b"1", 4)
    orders = log.erase_all("acme", [erasure(digest, body=None) for digest in (second, first)])
    assert [(order.seq, order.facts["digest"]) for order in orders] == [(5, second), (6, first)]
    assert {log.body("acme", digest) for digest in (first, second, third)} == {Gone.ERASED}
    assert log.erase_all("acme", []) == ()


def test_an_order_of_another_client_erases_nothing(log):
    (entry,) = log.append("acme", [draft(body=Body(b"x", "text/plain"))])
    with pytest.raises(ValueError, match=r"^client: a draft of globex cannot go into the log of acme$"):
        log.erase("acme", entry.body.digest, erasure(entry.body.digest, client="globex"))
    assert log.body("acme", entry.body.digest) == b"x"


def test_a_snapshot_stands_still(log):
    (entry,) = log.append("acme", [draft(body=Body(b"x", "text/plain"))])
    with log.snapshot("acme") as snapshot:
        before = [stored for page in snapshot.pages() for stored in page]
        log.append("acme", [draft()])
        assert [stored for page in snapshot.pages() for stored in page] == before
        assert [body.content for body in snapshot.bodies(1, 9)] == [b"x"]
    assert seqs(log.entries("acme")) == [1, 2]
    assert entry.seq == 1


def checkpoint(seq, signature=b"s", **fields):
    made = Checkpoint(
        "acme", "main", seq, "a" * 64, "2026-11-23T08:00:00.000000Z", b64encode(bytes(32)).decode(), ""
    )
    return replace(made, signature=b64encode(signature.ljust(64)).decode(), **fields)


def test_issued_checkpoints_are_remembered_for_their_stream(log):
    for issued in (checkpoint(5), checkpoint(2), checkpoint(2, b"a"), checkpoint(3, stream="site-2")):
        log.remember("acme", issued)
    log.remember("globex", checkpoint(9, client="globex"))
    with log.snapshot("acme") as snapshot:
        assert snapshot.checkpoints() == (checkpoint(2, b"a"), checkpoint(2), checkpoint(5))
    with log.snapshot("acme", stream="site-2") as snapshot:
        assert snapshot.checkpoints() == (checkpoint(3, stream="site-2"),)
    with pytest.raises(ValueError, match=r"^client: a checkpoint of globex cannot go into the log of acme$"):
        log.remember("acme", checkpoint(9, client="globex"))


def test_each_store_has_an_identity_of_its_own(make):
    first, second = make(), make()
    assert len(first.identity) == 36
    assert first.identity == first.identity
    assert first.identity != second.identity
