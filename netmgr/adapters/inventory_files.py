"""The files of the workspace's clients: read without following anything out of a client's directory, written whole."""

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from netmgr.adapters.inventory_assembly import FILES
from netmgr.adapters.private_files import synced
from netmgr.adapters.yaml_lines import MAX_BYTES
from netmgr.errors import InputError
from netmgr.model.origins import Origin, Problem
from netmgr.model.suggest import did_you_mean

#: Files of a client that are no part of its inventory.
_OTHERS = ("agreement.yaml", "assets.yaml", "playbooks.yaml")


def read_file(
    path: Path, shown: str, *, inside: Path | None = None, kind: str = "YAML file"
) -> bytes | Problem | None:
    """A regular file's content, why it cannot be had, or None where it is not there.

    ``shown`` is the path for messages. With ``inside``, a symbolic link that leads out of that directory is refused.
    Never waits: a pipe or device in place of the file is refused unread.
    """
    origin = Origin(shown, 1)
    try:
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            return Problem(
                origin, "the file is a symbolic link that leads elsewhere; put the file itself here"
            )
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return Problem(origin, f"it is not a file; put a {kind} here")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return (
            Problem(origin, "the symbolic link leads nowhere; put the file itself here")
            if path.is_symlink()
            else None
        )
    except (OSError, RuntimeError) as error:
        reason = (
            os.strerror(error.errno)
            if isinstance(error, OSError) and error.errno
            else "too many symbolic links"
        )
        return Problem(origin, f"the file cannot be read ({reason}); make it readable for you")


def client_directories(root: Path) -> tuple[str, ...]:
    """Names of the directories in ``inventory`` that hold one of a client's files. Raises InputError."""
    try:
        entries = sorted(entry for entry in (root / "inventory").iterdir() if not entry.name.startswith("."))
        return tuple(
            entry.name
            for entry in entries
            if any((entry / name).is_symlink() or (entry / name).exists() for name in FILES)
        )
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InputError(
            [f"inventory:1: the directory cannot be read ({error.strerror}); make it readable"]
        ) from None


def read_client(root: Path, client: str) -> dict[str, bytes | Problem]:
    """The inventory files of one client: name → content, or why it cannot be had.

    Raises InputError where the directory itself cannot be read.
    """
    directory = root / "inventory" / client
    shown = f"inventory/{client}"
    if directory.is_symlink() or not directory.resolve().is_relative_to(root.resolve()):
        raise InputError(
            [f"{shown}:1: the directory is a symbolic link; put the client's directory itself here"]
        )
    try:
        present = sorted(entry.name for entry in directory.iterdir())
    except NotADirectoryError:
        raise InputError(
            [f"{shown}:1: it is not a directory; put the client's files into a directory"]
        ) from None
    except OSError as error:
        raise InputError(
            [f"{shown}:1: the directory cannot be read ({error.strerror}); make it readable"]
        ) from None
    files: dict[str, bytes | Problem] = {}
    for name in present:
        if name in FILES:
            content = read_file(directory / name, f"{shown}/{name}", inside=directory)
            if content is not None:
                files[name] = content
        elif name.endswith((".yaml", ".yml")) and name not in _OTHERS:
            message = f"the file is not one of a client's; {did_you_mean(name, (*FILES, *_OTHERS))}"
            files[name] = Problem(Origin(f"{shown}/{name}", 1), message)
    return files


def write_client(root: Path, client: str, files: Mapping[str, str]) -> None:
    """Make the client's directory with ``files``; it appears whole, or not at all. Raises InputError."""
    shown, target = f"inventory/{client}", root / "inventory" / client
    draft = target.with_name(f".{client}.{secrets.token_hex(4)}")
    if os.path.lexists(target):
        raise InputError([f"{shown}:1: the client exists already; choose another id"])
    try:
        target.parent.mkdir(exist_ok=True)
        draft.mkdir()
        try:
            for name, text in files.items():
                with (draft / name).open("x", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
            # Fails where somebody made the client meanwhile: a directory with files in it is not replaced.
            draft.rename(target)
        except BaseException:
            for leftover in draft.iterdir():
                leftover.unlink()
            draft.rmdir()
            raise
    except OSError as error:
        raise InputError([f"{shown}:1: cannot be written ({error.strerror}); nothing was changed"]) from None


def update_client(root: Path, client: str, files: Mapping[str, bytes]) -> None:
    """Replace files of a client, in the order given: each is the old one or the new one whatever happens, and keeps its
    permissions. Raises InputError, which says what was written before.
    """
    written: list[str] = []
    for name, data in files.items():
        path = (root / "inventory" / client / name).resolve()
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
            try:
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            synced(path.parent)
        except OSError as error:
            done = f"only {', '.join(written)} was written" if written else "nothing was changed"
            raise InputError(
                [f"inventory/{client}/{name}:1: cannot be written ({error.strerror}); {done}"]
            ) from None
        written.append(name)
