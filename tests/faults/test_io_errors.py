"""The disk fails, or is full, at every single call: one clear line, a documented exit code, nothing half done.

A disk that fails does so once (EIO); one that is full stays full for every later call of the same name (ENOSPC).
"""

from pathlib import Path

import pytest

from tests.faults.commands import COMMANDS, Scene, stage
from tests.faults.strace import CHANGES, OPENS, Call, calls, everything, injecting
from tests.faults.test_crash_points import first_and_last
from tests.faults.workspace import Done, Workspace, check_recovered

pytestmark = pytest.mark.tally("I/O errors")
BY_NAME = {command.name: command for command in COMMANDS}
QUICK = ("deploy",)
#: Calls that need space; a full disk still lets names be removed.
NEED_SPACE = frozenset(f"write|pwrite64|fsync|fdatasync|ftruncate|rename|link|mkdir|{OPENS}".split("|"))
#: Also called for what has nothing to do with netmgr's files: full for one call only.
SHARED = frozenset({"write", *OPENS.split("|")})
#: docs/reference/exit-codes.md: done all the same, failed, rolled back, refused.
DOCUMENTED = (0, 1, 4, 5)


def faults(found: list[Call]) -> list[tuple[Call, str]]:
    """Each call with each error that it can give."""
    full = [
        (call, "error=ENOSPC" + ("" if call.name in SHARED else "+"))
        for call in found
        if call.name in NEED_SPACE
    ]
    return [*((call, "error=EIO") for call in found), *full]


def broken(scene: Scene, forks, call: Call, error: str, trace: Path) -> Done:
    """The command with that call going wrong. SQLite's last calls are not in every run, as its pages fill at random."""
    what, stays, _ = error.partition("+")
    for _ in range(10):
        scene.site.restore(scene.saved)
        options = [word + stays if word.startswith("inject=") else word for word in injecting(call, what)]
        done = scene.site.run(forks, *scene.words, trace=trace, options=options)
        hit = [made for made in calls(trace, scene.site.state, f"{CHANGES}|{OPENS}") if made.injected]
        if hit:
            assert (hit[0].name, hit[0].number) == (call.name, call.number), "another call failed"
            return done
    raise AssertionError("the fault did not fire")


def fail_at(scene: Scene, forks, call: Call, error: str, trace: Path) -> None:
    done = broken(scene, forks, call, error, trace)
    assert done.code in DOCUMENTED, done
    assert "internal" not in done.err, done.err
    assert "Traceback" not in done.err, done.err
    assert len(done.errors) <= 1, done.err
    if done.code == 5 or (done.code == 1 and not done.out):
        assert done.errors or "refused" in done.out, done
    scene_before = Workspace(scene.saved)
    journals = {name: scene_before.device(name).journal for name in scene.before}
    entries = scene.site.entries()
    if not any(entry.phase == "intent" and entry.request == scene.request for entry in entries):
        kept = {name: scene.site.device(name).journal[: len(journals[name])] for name in scene.before}
        assert kept == journals
        if not scene.command.closes_earlier:
            now = {name: scene.site.device(name).journal for name in scene.before}
            assert now == journals, "a device was touched without an intent"
    check_recovered(scene.site, done.acknowledged, scene.states)


def every(scene: Scene, forks, points: list[tuple[Call, str]], cases, trace: Path) -> None:
    cases.expect(len(points))
    wrong = []
    for call, error in points:
        try:
            fail_at(scene, forks, call, error, trace)
        except AssertionError as failure:
            wrong.append(f"{scene.command.name}: {error} at {call}: {failure}")
        else:
            cases.hold()
    assert not wrong, f"{len(wrong)} of {len(points)}:\n" + "\n".join(wrong[:8])


def clean_run(scene: Scene, forks, trace: Path) -> list[Call]:
    scene.site.restore(scene.saved)
    scene.site.run(forks, *scene.words, trace=trace, options=everything())
    return calls(trace, scene.site.state, f"{CHANGES}|{OPENS}")


@pytest.mark.parametrize("name", QUICK)
def test_an_error_at_a_file_s_first_and_last_call(name, forks, cases, tmp_path):
    scene = stage(BY_NAME[name], tmp_path, forks)
    points = faults(first_and_last(clean_run(scene, forks, tmp_path / "trace")))
    every(scene, forks, points[::6], cases, tmp_path / "trace")


@pytest.mark.faults
@pytest.mark.parametrize("name", BY_NAME)
def test_an_error_at_every_call(name, forks, cases, tmp_path):
    scene = stage(BY_NAME[name], tmp_path, forks)
    points = faults(first_and_last(clean_run(scene, forks, tmp_path / "trace")))
    every(scene, forks, points, cases, tmp_path / "trace")
