"""netmgr is killed before every single write, fsync, rename of its commands; nothing that it called done is lost.

The calls are those of a clean run under strace. Each command is killed before each of them, at the same place again.
"""

import signal
from pathlib import Path

import pytest

from tests.faults.commands import COMMANDS, Scene, stage
from tests.faults.strace import Call, calls, everything, injecting
from tests.faults.workspace import Done, check_devices, check_log, check_recovered

pytestmark = pytest.mark.tally("crash points")
BY_NAME = {command.name: command for command in COMMANDS}
#: In every test run; everything else is in `make faults`.
QUICK = ("deploy", "recover, decided")


def clean_run(scene: Scene, forks, trace: Path) -> list[Call]:
    """Every call of the command that changes one of netmgr's files.

    Without the index of the log's write-ahead file: that is memory which processes share, made anew by who comes next.
    """
    scene.site.restore(scene.saved)
    scene.site.run(forks, *scene.words, trace=trace, options=everything())
    found = [call for call in calls(trace, scene.site.state) if not call.path.endswith("-shm")]
    assert found
    return found


def first_and_last(found: list[Call]) -> list[Call]:
    """Of calls of one kind in a row on one file, the first and the last."""
    ends = []
    for before, call, after in zip([None, *found], found, [*found[1:], None], strict=False):
        kind = (call.name, call.path)
        if any(other is None or (other.name, other.path) != kind for other in (before, after)):
            ends.append(call)
    return ends


def killed(scene: Scene, forks, call: Call, trace: Path) -> tuple[Done, int]:
    """The command, killed before the call; and how many entries the log had before.

    Ids are random, so that SQLite spreads them over a page more or less: the last calls of a run are not in every run.
    """
    for _ in range(10):
        scene.site.restore(scene.saved)
        begun = len(scene.site.entries())
        done = scene.site.run(forks, *scene.words, trace=trace, options=injecting(call, "signal=KILL"))
        if done.code == -signal.SIGKILL:
            last = calls(trace, scene.site.state)[-1]
            assert (last.name, last.number) == (call.name, call.number), "killed elsewhere"
            return done, begun
    raise AssertionError("the fault did not fire")


def kill_at(scene: Scene, forks, call: Call, trace: Path) -> None:
    """Kill the command before the call; then everything must hold, and can be brought to its end."""
    done, begun = killed(scene, forks, call, trace)
    entries = check_recovered(scene.site, done.acknowledged, scene.states)
    had_intent = any(entry.phase == "intent" for entry in entries[begun:])
    pushed = {name: scene.site.device(name).journal for name in scene.before}
    again = scene.site.here(*scene.words)
    assert again.code in (0, 1, 4, 5), again
    assert "internal" not in again.err
    check_devices(scene.site, check_log(scene.site, done.acknowledged))
    if had_intent or not scene.command.writes_devices:
        assert {name: scene.site.device(name).journal for name in scene.before} == pushed, "pushed again"
    assert scene.site.running() in scene.states
    for path in scene.site.state.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, f"{path}: others may read it"


def every(scene: Scene, forks, points: list[Call], cases, trace: Path) -> None:
    cases.expect(len(points))
    wrong = []
    for call in points:
        try:
            kill_at(scene, forks, call, trace)
        except AssertionError as error:
            wrong.append(f"{scene.command.name}: killed before {call}: {error}")
        else:
            cases.hold()
    assert not wrong, f"{len(wrong)} of {len(points)}:\n" + "\n".join(wrong[:5])


@pytest.mark.parametrize("name", QUICK)
def test_killed_between_its_files(name, forks, cases, tmp_path):
    scene = stage(BY_NAME[name], tmp_path, forks)
    points = first_and_last(clean_run(scene, forks, tmp_path / "trace"))
    every(scene, forks, points[::2], cases, tmp_path / "trace")


@pytest.mark.faults
@pytest.mark.parametrize("name", BY_NAME)
def test_killed_before_every_call(name, forks, cases, tmp_path):
    scene = stage(BY_NAME[name], tmp_path, forks)
    every(scene, forks, clean_run(scene, forks, tmp_path / "trace"), cases, tmp_path / "trace")
