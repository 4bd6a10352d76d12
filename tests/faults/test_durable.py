"""What netmgr calls done is on the disk: every file that it wrote is synced by then, and so is the name of every file.

Killing a process proves nothing of this, for what it wrote lives on in the machine's memory. The calls of a clean run
do: between the last write to a file and the moment when netmgr says so, there is an fsync. Where root may mount one, a
disk is cut off in that very moment as well.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.faults.commands import COMMANDS, Scene, stage
from tests.faults.strace import Event, events, everything
from tests.faults.workspace import Workspace, check_log

BY_NAME = {command.name: command for command in COMMANDS}
#: Without a meaning after a power cut: the index of the write-ahead file, what is cached, who holds a lease.
VOLATILE = ("store.db-shm", "store.db.new-shm")
UNSURE = ("locks", "cache")
SYNCS, WRITES = {"fsync", "fdatasync"}, {"write", "writev", "pwrite64", "pwritev", "ftruncate"}


def unsynced(found: list[Event], state: Path, heard: str) -> list[list[str]]:
    """For each time that something was called done: the files and directories below ``state`` not on the disk then."""
    said, dirty = [], set[str]()
    for event in found:
        paths = [path.removesuffix(" (deleted)") for path in event.paths]
        if event.name == "write" and paths[:1] == [heard]:
            said.append(sorted(dirty))
        if event.name in SYNCS or event.name.startswith("unlink"):
            dirty.discard(paths[-1])
        mine = [path for path in paths if path == str(state) or path.startswith(f"{state}/")]
        if not mine or mine[-1].endswith(VOLATILE) or any(f"{state}/{name}/" in mine[-1] for name in UNSURE):
            continue
        if event.name in WRITES:
            dirty.add(mine[-1])
        elif event.name.startswith("rename"):
            dirty = {mine[-1] if path == mine[0] else path for path in dirty} | {str(Path(mine[-1]).parent)}
        elif event.name.startswith("mkdir"):
            dirty.add(str(Path(mine[-1]).parent))
    return said


@pytest.mark.tally("durable")
@pytest.mark.parametrize("name", ["first deploy", "deploy", "recover, decided"])
def test_nothing_is_called_done_before_it_is_on_the_disk(name, forks, tmp_path):
    scene = stage(BY_NAME[name], tmp_path, forks)
    scene.site.restore(scene.saved)
    trace = tmp_path / "trace"
    done = scene.site.run(forks, *scene.words, trace=trace, options=everything())
    said = unsynced(events(trace), scene.site.state, str(tmp_path / "site.heard"))
    assert done.acknowledged
    assert said
    # The database's own file gets its pages from the write-ahead file, which is synced first and kept until they are.
    assert [[p for p in late if not p.endswith("store.db")] for late in said] == [[]] * len(said)


def loop_devices() -> str:
    """Why no disk can be cut off here; empty where one can."""
    if os.geteuid():
        return "not root"
    if not all(map(shutil.which, ("mkfs.ext4", "mount", "umount"))):
        return "no mkfs.ext4 or mount"
    return "" if Path("/dev/loop-control").exists() else "no loop devices"


@pytest.fixture
def disk(tmp_path):
    """A mounted file system in a file."""
    image, mount = tmp_path / "disk.img", tmp_path / "disk"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(48 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, timeout=60)
    subprocess.run(["mount", "-o", "loop", str(image), str(mount)], check=True, timeout=60)
    try:
        yield image, mount
    finally:
        subprocess.run(["umount", str(mount)], check=True, timeout=60)


def cut(image: Path, mount: Path, to: Path) -> Path:
    """The disk as it is at this moment, without what is in memory only, mounted as after a power cut."""
    copy = to / "after.img"
    shutil.copyfile(image, copy)
    again = to / "after"
    again.mkdir()
    subprocess.run(["mount", "-o", "loop", str(copy), str(again)], check=True, timeout=60)
    return again


#: For an ordinary user, and where nothing can be mounted, this is no case: the calls above speak for it.
if not loop_devices():

    @pytest.mark.faults
    @pytest.mark.tally("power cuts")
    @pytest.mark.parametrize("phase", ["load", "commit", "relogin", "confirm", "after"])
    def test_the_power_is_cut(phase, forks, disk, tmp_path):
        """Killed in a phase of a deploy, and the disk copied as it is, unsynced: whatever was called done is on it."""
        image, mount = disk
        scene: Scene = stage(BY_NAME["deploy"], mount / "work", forks)
        scene.site.restore(scene.saved)
        os.sync()
        faults = {} if phase == "after" else {"FAULTS_DIE_AT": phase}
        done = scene.site.run(forks, *scene.words, **faults)
        assert done.code == (0 if phase == "after" else -9)
        again = cut(image, mount, tmp_path)
        try:
            site = Workspace(again / "work/site")
            entries = check_log(site, done.acknowledged)
            assert [entry.seq for entry in entries] == [entry.seq for entry in scene.site.entries()]
            assert len([line for line in done.acknowledged if line.startswith("snapshot ")]) == 2
        finally:
            subprocess.run(["umount", str(again)], check=True, timeout=60)
