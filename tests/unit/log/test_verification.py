"""Law 9: an edit, deletion, reordering, truncation or rewrite is detected, the last two against a checkpoint."""

import json
import os
from dataclasses import replace
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model.chain import GENESIS, Head, Sealed, seal
from netmgr.model.checkpoint import Checkpoint
from netmgr.model.entry import Draft
from netmgr.model.verification import ChainVerifier
from tests.unit.log.drafts import NOON, chain, draft, erasure, sealed, verified

CHAIN = chain(6)
"""Sealed once: verification changes nothing."""

SEQS = st.integers(0, len(CHAIN) - 1)


def witness(links: list[Sealed], seq: int) -> Checkpoint:
    """A checkpoint of seq; signatures are the workflow's concern."""
    return Checkpoint("acme", "main", seq, links[seq - 1].entry.hash, "2026-11-23T12:30:00.000000Z", "", "")


def with_line(link: Sealed, line: bytes) -> Sealed:
    return replace(link, stored=link.stored._replace(line=line))


def problems(links: list[Sealed], *witnesses: Checkpoint) -> list[str]:
    return [str(problem) for problem in verified(links, witnesses).problems]


def test_an_untouched_chain_holds():
    found = verified(CHAIN, [witness(CHAIN, 2), witness(CHAIN, 4)])
    assert found.holds
    assert (found.entries, found.seq, found.hash, found.time) == (
        6,
        6,
        CHAIN[-1].entry.hash,
        CHAIN[-1].entry.time,
    )
    assert (found.present, found.erased, found.missing) == (3, 0, 0)
    assert (found.checkpoints, found.witnessed) == (2, 4)


def test_pages_of_any_size_give_the_same_verdict():
    links = chain(7)
    for size in (1, 2, 3, 7, 100):
        verifier = ChainVerifier("acme", "main", [witness(links, 7)])
        for start in range(0, len(links), size):
            page = links[start : start + size]
            verifier.page(
                [link.stored for link in page], {link.body.digest: True for link in page if link.body}
            )
        assert verifier.finish() == verified(links, [witness(links, 7)])


def test_no_page_at_all_is_an_empty_chain():
    found = ChainVerifier("acme", "main", []).finish()
    assert (found.holds, found.entries, found.seq) == (True, 0, 0)


@settings(deadline=None)
@given(SEQS, st.data())
def test_any_edited_byte_is_detected(index, data):
    line = CHAIN[index].stored.line
    place = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != line[place]))
    edited = with_line(CHAIN[index], line[:place] + bytes([byte]) + line[place + 1 :])
    assert not verified([*CHAIN[:index], edited, *CHAIN[index + 1 :]]).holds


@settings(deadline=None)
@given(SEQS, st.data())
def test_any_inserted_or_removed_text_is_detected(index, data):
    line = CHAIN[index].stored.line
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    text = data.draw(
        st.binary(max_size=3) | st.sampled_from([b" ", b"\n", b',"hash":"' + b"0" * 64 + b'"', b'"seq":1,'])
    )
    changed = line[:start] + text + line[end:]
    if changed != line:
        assert not verified([*CHAIN[:index], with_line(CHAIN[index], changed), *CHAIN[index + 1 :]]).holds


@settings(deadline=None)
@given(SEQS.filter(lambda index: index < len(CHAIN) - 1))
def test_any_deletion_is_detected(index):
    found = problems([*CHAIN[:index], *CHAIN[index + 1 :]])
    assert found == [f"seq {index + 1}: deleted: seq {index + 2} follows {index} (missing: {index + 1})"]


@settings(deadline=None)
@given(SEQS, SEQS)
def test_any_swap_is_detected(first, second):
    swapped = list(CHAIN)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert verified(swapped).holds == (first == second)


@settings(deadline=None)
@given(st.permutations(range(len(CHAIN))))
def test_any_reordering_is_detected(order):
    assert verified([CHAIN[index] for index in order]).holds == (list(order) == list(range(len(CHAIN))))


@settings(deadline=None)
@given(SEQS)
def test_any_repetition_is_detected(index):
    found = problems([*CHAIN[: index + 1], *CHAIN[index:]])
    assert f"seq {index + 1}: comes after seq {index + 1}: out of order or repeated" in found


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 6))
def test_any_truncation_below_a_checkpoint_is_detected(seq, length):
    found = problems(CHAIN[:length], witness(CHAIN, seq))
    if length >= seq:
        assert found == []
    else:
        assert found == [
            f"seq {seq}: a checkpoint of 2026-11-23T12:30:00.000000Z covers it, but the log ends at {length}: truncated"
        ]


@settings(deadline=None)
@given(st.integers(1, 6), SEQS)
def test_any_rewrite_below_a_checkpoint_is_detected(seq, index):
    """Whoever holds the store can edit an entry and seal everything after it anew: only a checkpoint tells."""
    rewritten = _reseal(CHAIN, index)
    assert verified(rewritten).holds
    assert problems(rewritten, witness(CHAIN, seq)) == (
        [f"seq {seq}: is not what the checkpoint of 2026-11-23T12:30:00.000000Z witnessed: rewritten"]
        if index < seq
        else []
    )


def _reseal(links: list[Sealed], index: int) -> list[Sealed]:
    rewritten, previous = list(links[:index]), links[index].entry.prev
    for link in links[index:]:
        document = json.loads(link.stored.line) | {"prev": previous}
        del document["hash"]
        if link is links[index]:
            document["actor"] = "p-18"
        previous = sha256(rfc8785.dumps(document)).hexdigest()
        rewritten.append(with_line(link, rfc8785.dumps(document | {"hash": previous})))
    return rewritten


def test_an_entry_resealed_alone_breaks_the_link_after_it():
    resealed = [*CHAIN[:2], _reseal(CHAIN, 2)[2], *CHAIN[3:]]
    assert problems(resealed) == ["seq 4: prev is not the hash of seq 3; one of the two was replaced"]


def test_an_entry_that_lies_about_its_place_is_noticed_under_a_hash_that_fits():
    document = json.loads(CHAIN[1].stored.line) | {"seq": 5}
    del document["hash"]
    own = sha256(rfc8785.dumps(document)).hexdigest()
    liar = with_line(CHAIN[1], rfc8785.dumps(document | {"hash": own}))
    assert problems([CHAIN[0], liar]) == [
        "seq 2: deleted: seq 5 follows 1 (missing: 2 to 4)",
        "seq 5: the store's index disagrees with the entry (filed as seq 2)",
    ]


def test_an_edit_under_the_old_hash_is_named_once():
    edited = with_line(CHAIN[2], CHAIN[2].stored.line.replace(b"p-17", b"p-18"))
    assert problems([*CHAIN[:2], edited, *CHAIN[3:]]) == [
        "seq 3: its hash is not that of its content; the entry was edited"
    ]


def test_every_deleted_range_is_named():
    assert problems([CHAIN[3], CHAIN[5]]) == [
        "seq 1: deleted: seq 4 follows 0 (missing: 1 to 3)",
        "seq 5: deleted: seq 6 follows 4 (missing: 5)",
    ]


def test_a_chain_of_another_client_or_stream_is_not_this_one():
    assert problems(chain(1, client="globex")) == [
        "seq 1: belongs to client globex, stream main, not to this chain"
    ]
    assert problems(chain(1, stream="site-2")) == [
        "seq 1: belongs to client acme, stream site-2, not to this chain"
    ]


def test_time_that_goes_back_is_a_problem_even_in_a_sealed_chain():
    head = replace(_head(CHAIN[-1]), time="")
    early = seal("acme", "main", head, [draft()], now=NOON.replace(hour=11), random=os.urandom, redact=bytes)
    assert problems([*CHAIN, *early]) == [
        "seq 7: is recorded at 2026-11-23T11:00:00.000000Z, before the previous entry's 2026-11-23T12:00:00.000000Z"
    ]


def _head(link: Sealed):
    entry = link.entry
    return replace(GENESIS, seq=entry.seq, hash=entry.hash, time=entry.time, id=entry.id)


@pytest.mark.parametrize(
    "column", ["body", "change", "device", "id", "kind", "phase", "request", "seq", "target"]
)
def test_an_index_that_leads_astray_is_a_problem(column):
    stored = CHAIN[0].stored
    value = 99 if column == "seq" else "x" * 64
    astray = replace(CHAIN[0], stored=stored._replace(**{column: value}))
    seq = 99 if column == "seq" else 1
    found = problems([astray, *CHAIN[1:]])
    assert f"seq 1: the store's index disagrees with the entry (filed as seq {seq})" in found


def test_a_subject_that_leads_astray_is_a_problem():
    (plan,) = sealed(draft(phase="intent", change="c-1", facts={"plan": "plan-1"}))
    for value in (None, "plan-2"):
        astray = replace(plan, stored=plan.stored._replace(subject=value))
        assert problems([astray]) == ["seq 1: the store's index disagrees with the entry's facts"]
    (other,) = sealed(draft(kind="audit"))
    invented = replace(other, stored=other.stored._replace(subject="plan-1"))
    assert problems([invented]) == ["seq 1: the store's index disagrees with the entry's facts"]


def test_facts_in_another_form_are_named_even_under_a_hash_that_fits():
    """A dishonest writer, not an intruder: duplicate keys that two readers would understand differently."""
    (link,) = sealed(draft(facts={"outcome": 1}))
    unhashed = link.stored.line.replace(b'{"outcome":1}', b'{"outcome":1,"outcome":2}').replace(
        b',"hash":"%b"' % link.entry.hash.encode(), b""
    )
    own = sha256(unhashed).hexdigest().encode()
    line = unhashed.replace(b',"id"', b',"hash":"%b","id"' % own, 1)
    assert problems([with_line(link, line)]) == [
        "seq 1: facts are not in canonical form; the entry was edited"
    ]


BODIES = [link.body.digest for link in CHAIN if link.body]


def test_a_missing_body_is_a_failure():
    found = verified(CHAIN, gone=frozenset({BODIES[1]}))
    assert (found.present, found.erased, found.missing) == (2, 0, 1)
    assert [str(p) for p in found.problems] == [
        f"seq 3: body {BODIES[1]} is MISSING and no erasure entry names it"
    ]


def test_an_altered_body_is_a_failure():
    altered = [
        replace(link, body=link.body._replace(content=b"x")) if link is CHAIN[2] else link for link in CHAIN
    ]
    assert problems(altered) == [f"seq 3: body {BODIES[1]} was altered"]


def test_a_body_erased_by_order_is_no_failure():
    links = [*CHAIN, *_after(CHAIN, erasure(BODIES[1]))]
    found = verified(links, gone=frozenset({BODIES[1]}))
    assert (found.holds, found.present, found.erased, found.missing) == (True, 3, 1, 0)


def test_an_order_without_effect_is_a_failure():
    links = [*CHAIN, *_after(CHAIN, erasure(BODIES[1]))]
    assert problems(links) == [f"seq 7: erases body {BODIES[1]}, which is still there or was never logged"]
    links = [*CHAIN, *_after(CHAIN, erasure("e" * 64))]
    assert problems(links) == [f"seq 7: erases body {'e' * 64}, which is still there or was never logged"]


def test_one_order_excuses_one_body():
    links = [*CHAIN, *_after(CHAIN, erasure(BODIES[1]))]
    found = verified(links, gone=frozenset(BODIES[:2]))
    assert [str(p) for p in found.problems] == [
        f"seq 1: body {BODIES[0]} is MISSING and no erasure entry names it"
    ]


def _after(links: list[Sealed], *drafts) -> list[Sealed]:
    return seal("acme", "main", _head(links[-1]), drafts, now=NOON, random=os.urandom, redact=bytes)


def restoration(*, first: int = 5, last: int | None = None, **fields) -> Draft:
    """The entry that opens a log which was restored from a backup that ended before ``first``."""
    lost = {"first": first, **({} if last is None else {"last": last})}
    facts = {"from": first - 1, "lost": lost, "archive": "0" * 64, "made": "2026-11-23T11:00:00.000000Z"}
    return draft(**({"kind": "state", "action": "restore", "outcome": "restored", "facts": facts} | fields))


LOST = chain(9)
"""The log before it was lost; a backup had its first four entries."""
EARLIER, LATER = "2026-11-23T11:59:00.000000Z", "2026-11-23T12:01:00.000000Z"


def restored(**lost) -> list[Sealed]:
    """A log that goes on after its fourth entry, restored at noon."""
    head = LOST[3].entry
    tail = seal(
        "acme",
        "main",
        Head(head.seq, head.hash, head.time, head.id),
        [restoration(**lost), *(draft(facts={"after": number}) for number in range(5))],
        now=NOON,
        random=os.urandom,
        redact=bytes,
    )
    return [*LOST[:4], *tail]


def verdict(links: list[Sealed], checkpoint: Checkpoint) -> list[bool]:
    """Of each problem, whether it was lost and no more."""
    return [problem.lost for problem in verified(links, [checkpoint]).problems]


@pytest.mark.parametrize("seq", [5, 7, 9])
@pytest.mark.parametrize("last", [None, 9])
def test_what_a_restored_log_lost_is_told_from_tampering(seq, last):
    assert verdict(restored(last=last), replace(witness(LOST, seq), time=EARLIER)) == [True]
    # The log is as short as the backup was, but for the entry that says so.
    assert verdict(restored(last=last)[:5], replace(witness(LOST, seq), time=EARLIER)) == [True]


@pytest.mark.parametrize(
    ("links", "checkpoint"),
    [
        (restored(), replace(witness(LOST, 7), time=LATER)),
        (restored(last=6), replace(witness(LOST, 7), time=EARLIER)),
        (restored(first=6), replace(witness(LOST, 7), time=EARLIER)),
        (restored(phase="intent", outcome=None), replace(witness(LOST, 7), time=EARLIER)),
        (restored(), replace(witness(LOST, 4), time=EARLIER, hash="0" * 64)),
    ],
    ids=["made afterwards", "beyond what is lost", "said of another place", "no result", "of before"],
)
def test_a_restoration_excuses_nothing_else(links, checkpoint):
    assert verdict(links, checkpoint) == [False]


def test_a_checkpoint_made_after_the_restoration_binds_it():
    links = restored()
    found = verified(links, [replace(witness(links, 8), time=LATER)])
    assert (found.holds, found.witnessed) == (True, 8)
