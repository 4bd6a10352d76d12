"""A rotation of the key that signs checkpoints is killed anywhere: the same command finishes it, and one key signs."""

import json

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.workflows import log as workflow
from tests.faults.commands import Command, stage
from tests.faults.test_crash_points import clean_run, first_and_last, killed

pytestmark = pytest.mark.tally("rotations killed")


def _rotate(site, forks):
    for words in (("deploy", "--yes", "-m", "first"), ("log", "checkpoint")):
        assert site.here(*words).code == 0
    return ("log", "key", "rotate", "--yes")


ROTATION = Command("log key rotate", _rotate, ("before",), writes_devices=False)


def sign(site, first):
    """A checkpoint by whoever signs now, and what is wrong with it for somebody who knows the first key alone."""
    key, clock = SigningKey(site.state / "keys/log-ed25519"), SystemClock()
    with open_sqlite(site.state / "store.db", clock) as log:
        issued = workflow.checkpoint(log, key, clock, "pair")
        found = workflow.verify(log, key, "pair", against=issued, key=first)
    return issued.raw_key, list(map(str, found.problems)), len(found.rotated)


@pytest.mark.faults
def test_killed_anywhere_it_is_finished_by_the_same_command(forks, cases, tmp_path):
    scene = stage(ROTATION, tmp_path, forks)
    site, trace = scene.site, tmp_path / "trace"
    found = clean_run(scene, forks, trace)
    # When the new key is in its place, what is left is that the store is closed.
    ended = max(number for number, call in enumerate(found) if "keys/" in call.path)
    points = first_and_last(found[: ended + 1])
    cases.expect(len(points))
    site.restore(scene.saved)
    first = SigningKey(site.state / "keys/log-ed25519").public_key()
    for call in points:
        killed(scene, forks, call, trace)
        between, problems, _ = sign(site, first)
        assert problems == [], f"killed before {call}"
        done = site.here("log", "key", "rotate", "--yes", "-o", "json")
        assert done.code == 0, done
        last, problems, count = sign(site, first)
        assert problems == [], f"killed before {call}"
        rotations = SigningKey(site.state / "keys/log-ed25519").rotations()
        # One that had ended already was followed by another.
        assert (count, len(rotations)) in ((1, 1), (2, 2)), f"killed before {call}"
        assert last == rotations[-1].new
        assert between in (first, *(each.new for each in rotations))
        shown = json.loads(site.here("log", "key", "show", "-o", "json").out)
        assert (shown["under_way"], shown["unsaid"]) == (False, []), f"killed before {call}"
        cases.hold()
