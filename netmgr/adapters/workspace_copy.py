"""The files of a workspace as members of an archive, its git repositories as bundles, and back again."""

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from typing import Final

from netmgr.adapters.directory_lock import locked
from netmgr.adapters.git_repository import INERT, quiet_environment
from netmgr.adapters.private_files import private_directory, synced
from netmgr.errors import StoreError
from netmgr.model.archive import Repository
from netmgr.ports.state import Member

FILES: Final = "files/"
REPOSITORIES: Final = "repositories/"

#: What can be made again, belongs to this machine, or is copied in another way (the store), by its place under .netmgr.
_LEFT: Final = frozenset({"cache", "emulated", "lab", "locks", "twins"})
_STORE: Final = ("store.db", "store.db-wal", "store.db-shm")
_LIMIT: Final = 600  # seconds for one command of git
#: Programs installed beside the workspace.
_FOREIGN: Final = frozenset({".venv", "__pycache__", "node_modules"})


class WorkspaceFiles:
    """See ``netmgr.ports.state.WorkspaceCopy``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def members(self) -> Iterator[Member]:
        """Files first: a repository that grows meanwhile has more than what names it, never less."""
        repositories: list[Path] = []
        yield from self._files(self._root, repositories)
        for number, path in enumerate(repositories):
            yield from self._repository(path, f"{REPOSITORIES}{number:04}")

    def unpack(self, members: Iterable[Member]) -> int:
        """Files as they come; repositories from their bundles."""
        count, about = 0, {}
        for member in members:
            name, _, kind = member.name.rpartition(".")
            if member.name.startswith(FILES):
                self._write(member)
                count += member.kind != "directory"
            elif kind == "json":
                about[name] = Repository.model_validate_json(member.data)
                self._make(about[name])
            else:
                self._fill(about[name], member.data)
        return count

    def _files(self, directory: Path, repositories: list[Path]) -> Iterator[Member]:
        """All but git repositories, which are noted down."""
        try:
            found = sorted(directory.iterdir())
        except OSError as error:
            raise StoreError(f"{directory}: {error.strerror}; make it readable for you") from error
        for path in found:
            if path.is_symlink() or not path.is_dir():
                if member := self._file(path):
                    yield member
            elif _is_repository(path) and not path.is_relative_to(self._root / ".netmgr"):
                repositories.append(path)
            elif path.name not in _FOREIGN and not self._left(path):
                mode = stat.S_IMODE(path.stat().st_mode)
                yield Member(self._name(path), b"", mode, "directory")
                # One of ours may be cut off at its older end, which no bundle can say: its files, while nobody writes.
                with locked(path) if _is_repository(path) else nullcontext():
                    yield from self._files(path, repositories)

    def _name(self, path: Path) -> str:
        return FILES + path.relative_to(self._root).as_posix()

    def _left(self, path: Path) -> bool:
        return path.parent == self._root / ".netmgr" and path.name in _LEFT

    def _file(self, path: Path) -> Member | None:
        name = self._name(path)
        if path.parent == self._root / ".netmgr" and path.name in _STORE:
            return None
        try:
            found = path.lstat()
            if stat.S_ISLNK(found.st_mode):
                return Member(name, os.fsencode(path.readlink()), 0o777, "link")
            # Sockets and pipes are somebody's who runs now.
            return (
                Member(name, path.read_bytes(), stat.S_IMODE(found.st_mode))
                if stat.S_ISREG(found.st_mode)
                else None
            )
        except FileNotFoundError:
            return None  # gone since it was listed
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error

    def _repository(self, path: Path, name: str) -> Iterator[Member]:
        bare = path.name != ".git"
        head = _git(path, "symbolic-ref", "--quiet", "HEAD", check=False) or _git(path, "rev-parse", "HEAD")
        remotes = _git(path, "config", "--local", "--get-regexp", r"^remote\..*\.url$", check=False)
        urls = (line.split(" ", 1) for line in remotes.splitlines())
        place = (path if bare else path.parent).relative_to(self._root).as_posix()
        about = Repository(
            path=place,
            head=head.strip(),
            bare=bare,
            remotes={key.removeprefix("remote.").removesuffix(".url"): url for key, url in urls},
        )
        yield Member(f"{name}.json", about.model_dump_json().encode())
        if _git(path, "for-each-ref", "--count=1"):
            yield Member(f"{name}.bundle", _git_bytes(path, "bundle", "create", "--quiet", "-", "--all"))

    def _write(self, member: Member) -> None:
        path = self._inside(member.name.removeprefix(FILES))
        try:
            if member.kind == "directory":
                path.mkdir(mode=member.mode & 0o777)
                return
            if member.kind == "link":
                path.symlink_to(os.fsdecode(member.data))
                return
            descriptor = os.open(
                path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(member.data)
                os.fchmod(file.fileno(), member.mode & 0o777)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"{path}: cannot be written: {error.strerror}") from error

    def _inside(self, name: str) -> Path:
        """No member of an archive is written elsewhere, nor through a link that another one made."""
        parts = PurePosixPath(name).parts
        path = self._root.joinpath(*parts)
        parents = [self._root.joinpath(*parts[:depth]) for depth in range(1, len(parts))]
        if not parts or ".." in parts or parts[0] == "/" or any(parent.is_symlink() for parent in parents):
            raise StoreError(
                f"{name}: the archive has a file that leads out of the workspace; it was not made by netmgr"
            )
        return path

    def _make(self, about: Repository) -> None:
        directory = self._directory(about)
        private_directory(directory if about.bare else directory.parent)
        _git(directory, "init", "--quiet", *(["--bare"] if about.bare else []))
        for name, url in about.remotes.items():
            _git(directory, "remote", "add", "--", name, url)
        if about.head.startswith("refs/"):
            _git(directory, "symbolic-ref", "HEAD", about.head)

    def _fill(self, about: Repository, bundle: bytes) -> None:
        directory = self._directory(about)
        detached = not about.head.startswith("refs/")
        packed = directory.absolute() / "netmgr-restore.bundle"
        packed.write_bytes(bundle)
        try:
            wanted = ["+refs/*:refs/*", *(["HEAD"] if detached else [])]
            _git(directory, "fetch", "--quiet", "--update-head-ok", str(packed), *wanted)
        finally:
            packed.unlink()
        if detached:
            _git(directory, "update-ref", "--no-deref", "HEAD", about.head)
        if not about.bare:
            _git(directory, "reset", "--quiet", "--mixed")
        synced(directory)

    def _directory(self, about: Repository) -> Path:
        place = self._root if about.path == "." else self._inside(about.path)
        return place if about.bare else place / ".git"


def _is_repository(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def _git(directory: Path, *arguments: str, check: bool = True) -> str:
    return _git_bytes(directory, *arguments, check=check).decode(errors="surrogateescape")


def _git_bytes(directory: Path, *arguments: str, check: bool = True) -> bytes:
    """A command of git on the repository ``directory``: a bare one, or the ``.git`` of a work tree."""
    try:
        done = subprocess.run(
            ["git", *INERT, *arguments],
            cwd=directory.parent if directory.name == ".git" else directory,
            env=quiet_environment(directory.absolute()),
            capture_output=True,
            timeout=_LIMIT,
            check=False,
        )
    except FileNotFoundError as error:
        raise StoreError(
            f"{directory}: it is a git repository, and git is not installed; install git"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise StoreError(f"{directory}: git {arguments[0]} does not answer; try `git fsck` there") from error
    if done.returncode and check:
        said = " ".join(done.stderr.decode(errors="replace").split())
        raise StoreError(f"{directory}: git {arguments[0]}: {said}; try `git fsck` there")
    return done.stdout if not done.returncode else b""
