"""A new key takes the old one's place: signed by it in every log, whatever dies in between."""

from base64 import b64encode
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.access import Actor
from netmgr.model.key_rotation import Rotation
from netmgr.workflows.log import checkpoint, current_key, verify
from netmgr.workflows.log_keys import KeyKeeping, rotate, unsaid
from tests.clock import ManualClock
from tests.unit.log.drafts import draft

CLIENTS = ("acme", "globex")


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def keeping(clock, keys):
    log = MemoryServiceLog(clock)
    for client in CLIENTS:
        log.append(client, [draft(client=client)])
    actor = Actor(id="p-17", auth="os", on="ops1")
    signer = SigningKey(keys / "log-ed25519")
    return KeyKeeping(log, signer, actor, "r-0", lambda: CLIENTS, lambda _: True)


NUMBERS = count(1)


def turn(keeping, **given):
    """A command of its own."""
    return rotate(replace(keeping, request=f"r-{next(NUMBERS)}"), **given)


def signed(keeping, clock, client="acme"):
    return checkpoint(keeping.log, keeping.signer, clock, client)


def problems(keeping, client="acme", **given):
    return [str(problem) for problem in verify(keeping.log, keeping.signer, client, **given).problems]


def test_the_new_key_signs_and_the_old_one_vouches_for_it_and_is_gone(keeping, clock, keys):
    old, before = keeping.signer.public_key(), signed(keeping, clock)
    pem = (keys / "log-ed25519").read_bytes()
    done = turn(keeping)
    assert (done.rotation.old, done.resumed) == (old, False)
    assert done.entries == (("acme", 2), ("globex", 2))
    after = signed(keeping, clock)
    assert after.raw_key == done.rotation.new == keeping.signer.public_key() != old
    assert SigningKey(keys / "log-ed25519").public_key() == done.rotation.new
    assert not [path for path in keys.rglob("*") if path.is_file() and pem.strip() in path.read_bytes()]
    assert [path.name for path in sorted(keys.iterdir()) if path.is_file()] == [
        "log-ed25519",
        "log-ed25519.rotations",
    ]
    for given in (before, after):
        assert problems(keeping, against=given, key=old) == []
    found = verify(keeping.log, keeping.signer, "acme")
    assert [(each.seq, each.new, each.signed) for each in found.rotated] == [(2, done.rotation.new, True)]
    assert (found.checkpoints, found.witnessed) == (2, 2)
    assert problems(keeping, against=before, key=done.rotation.new) == [
        "seq 1: the checkpoint is signed with another key than the one given"
    ]


def test_the_old_key_signs_nothing_after_its_rotation(keeping, clock, keys):
    thief = SigningKey(keys / "log-ed25519")
    thief.public_key()
    turn(keeping)
    stolen = replace(keeping, signer=thief)
    assert stolen.signer.public_key() != keeping.signer.public_key()
    # A process that read the key before signs with the one that the log names.
    assert signed(stolen, clock).raw_key == keeping.signer.public_key()
    head = keeping.log.head("acme")
    from tests.integration.log.test_verifier import signed as by_hand

    forged = by_hand(thief, head.seq, head.hash)
    assert problems(keeping, against=forged) == [
        f"seq 2: the checkpoint of {forged.time} is signed with a key that was replaced at seq 2"
    ]


def test_a_rotation_that_the_old_key_did_not_sign_is_tampering(keeping, clock):
    old, other = keeping.signer.public_key(), b"n" * 32
    facts = Rotation(old, other, b"s" * 64).facts()
    keeping.log.append("acme", [draft(kind="key", action="rotate", facts=facts)])
    for odd in ({"new": "?"}, {**facts, "signature": None}):
        keeping.log.append("acme", [draft(kind="key", action="rotate", facts=odd)])
    assert problems(keeping) == [
        "seq 2: rotates the key, but the old key has not signed that: forged",
        "seq 3: is no rotation of a key: edited or forged",
        "seq 4: is no rotation of a key: edited or forged",
    ]
    assert signed(keeping, clock).raw_key == old


def test_a_second_successor_is_tampering(keeping):
    rotation = turn(keeping).rotation
    again = Rotation(rotation.old, b"n" * 32, None)
    keeping.log.append("acme", [draft(kind="key", action="rotate", facts=again.facts())])
    assert problems(keeping) == ["seq 3: rotates a key that was replaced at seq 2 already: forged"]


class Killed(Exception):
    pass


def dies(after):
    """A function that does what it did, and dies at its end the ``after``-th time."""
    calls = count(1)

    def made(function):
        def wrapped(*arguments, **options):
            done = function(*arguments, **options)
            if next(calls) == after:
                raise Killed
            return done

        return wrapped

    return made


STEPS = {
    "the next key made": ("netmgr.adapters.signing_key.write_durably", 1),
    "its line written": ("netmgr.adapters.signing_key.write_durably", 2),
    "one log told": ("netmgr.adapters.store_memory.MemoryServiceLog.append", 1),
    "all logs told": ("netmgr.adapters.store_memory.MemoryServiceLog.append", 2),
    "the key in its place": ("netmgr.adapters.signing_key.Path.replace", 3),
}


@pytest.mark.parametrize(("name", "after"), STEPS.values(), ids=STEPS)
def test_what_was_killed_is_finished_by_the_same_command(name, after, keeping, clock, keys, monkeypatch):
    import importlib

    first = signed(keeping, clock).raw_key
    module, _, attribute = name.rpartition(".")
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:
        parent, _, cls = module.rpartition(".")
        owner = getattr(importlib.import_module(parent), cls)
    monkeypatch.setattr(owner, attribute, dies(after)(getattr(owner, attribute)))
    with pytest.raises(Killed):
        turn(keeping)
    monkeypatch.undo()
    # Whoever comes next has read nothing yet.
    anew = replace(keeping, signer=SigningKey(keys / "log-ed25519"))
    for client in CLIENTS:
        assert signed(anew, clock, client).raw_key == current_key(anew.log, anew.signer, client)
        assert problems(anew, client) == []
    done = turn(anew)
    if attribute != "replace":
        assert (done.resumed, done.rotation.old) == (True, first)
    for client in CLIENTS:
        assert signed(anew, clock, client).raw_key == done.rotation.new == anew.signer.public_key()
        assert problems(anew, client) == []
        said = [entry.facts["old"] for entry in anew.log.entries(client, kind="key")]
        assert len(said) == len(set(said)) == len(anew.signer.rotations())
    assert unsaid(anew) == ()


def test_a_restored_log_that_does_not_know_of_it_is_told_first(keeping, clock):
    before = signed(keeping, clock)
    rotation = turn(keeping).rotation
    restored = replace(keeping, log=MemoryServiceLog(clock))
    restored.log.append("acme", [draft()])
    restored.log.remember("acme", before)
    assert unsaid(restored) == ("acme",)
    done = turn(restored)
    assert (done.rotation, done.resumed, done.entries) == (rotation, True, (("acme", 2),))
    assert unsaid(restored) == ()
    assert turn(restored).rotation.old == rotation.new


def test_a_lost_key_is_replaced_without_its_signature_and_the_log_says_so(keeping, clock, keys):
    old, before = keeping.signer.public_key(), signed(keeping, clock)
    with pytest.raises(UsageError, match="is not lost"):
        turn(keeping, lost=old)
    (keys / "log-ed25519").unlink()
    anew = replace(keeping, signer=SigningKey(keys / "log-ed25519"))
    done = turn(anew, lost=old)
    assert (done.rotation.signature, done.entries) == (None, (("acme", 2), ("globex", 2)))
    after = signed(anew, clock)
    assert problems(anew, against=before, key=old) == []
    assert problems(anew, against=after, key=anew.signer.public_key()) == []
    assert problems(anew, against=after, key=old) == [
        "seq 2: the checkpoint is signed with another key than the one given, which was lost: seq 2 names another "
        "without its signature"
    ]
    assert [each.signed for each in verify(anew.log, anew.signer, "acme").rotated] == [False]


def test_a_key_that_the_log_names_and_that_is_not_here_is_one_line(keeping, clock, keys):
    stale = SigningKey(keys.with_name("copy") / "log-ed25519")
    stale._path.parent.mkdir(mode=0o700)
    keeping.signer.public_key()
    Path(stale._path).write_bytes((keys / "log-ed25519").read_bytes())
    stale._path.chmod(0o600)
    turn(keeping)
    with pytest.raises(StoreError, match="another key took its place, which is not here"):
        signed(replace(keeping, signer=stale), clock)


def test_the_same_request_rotates_once(keeping):
    first, again = rotate(keeping), rotate(keeping)
    assert (again.rotation, again.entries) == (first.rotation, first.entries)
    assert len(keeping.signer.rotations()) == 1


def test_it_needs_the_manager_of_every_client(keeping):
    with pytest.raises(Refused, match="p-17 may not agree globex"):
        turn(replace(keeping, permitted=lambda client: client == "acme"))
    assert not keeping.signer.under_way()


def test_what_was_noted_of_rotations_is_damaged(keeping, keys):
    keeping.signer.public_key()
    for text in ("none", "[]", '{"old": "a", "new": "b"}'):
        (keys / "log-ed25519.rotations").write_text(text)
        with pytest.raises(StoreError, match="is damaged"):
            unsaid(keeping)
    assert b64encode(keeping.signer.public_key())
