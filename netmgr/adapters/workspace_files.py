"""The files that a new workspace begins with: packed into the wheel, or the repository itself when run from it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netmgr.adapters.private_files import synced
from netmgr.errors import UsageError

_PARTS = ("config", "templates", "playbooks")


def make_workspace(directory: Path, *, examples: bool) -> None:
    """Copy the starting files into ``directory``, all or nothing. Raises UsageError where that cannot be done."""
    with new_workspace(directory) as new:
        for part in _PARTS:
            shutil.copytree(_source() / part, new / part)
        if examples:
            shutil.copytree(_source() / "inventory", new / "inventory")
            shutil.copytree(_source() / "examples", new / "examples")
        else:
            (new / "inventory").mkdir()
        (new / ".gitignore").write_text(".netmgr/\nsecrets/\n")
        new.chmod(0o755)


@contextmanager
def new_workspace(directory: Path) -> Iterator[Path]:
    """An empty directory that takes the name ``directory``, new or empty, when all is well, and is gone otherwise.

    Raises UsageError where that cannot be done.
    """
    try:
        if directory.exists() and any(directory.iterdir()):
            raise UsageError(f"{directory} is not empty; name a new directory")
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".netmgr-new-") as temporary:
            new = Path(temporary) / "workspace"
            new.mkdir(mode=0o700)
            yield new
            new.replace(directory)
            synced(directory.parent)
    except OSError as error:
        raise UsageError(
            f"{directory}: cannot be made: {error.strerror}; choose a place that you can write to"
        ) from error


def _source() -> Path:
    """Where the starting files are: inside the installed package, or beside it in the repository."""
    package = Path(__file__).parent.parent
    packed = package / "workspace"
    return packed if packed.is_dir() else package.parent
