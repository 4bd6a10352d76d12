"""A Maildir, as Courier's and Dovecot's manuals describe it: new/ is what was delivered, cur/ what was taken in."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from netmgr.errors import StoreError, UsageError
from netmgr.model.mail import LARGEST
from netmgr.ports.mailbox import Delivered
from netmgr.service.desk import moment

ASIDE: Final = ".Aside"
"""The folder (Maildir++) of what is no client's."""


class Maildir:
    """One Maildir. Only regular files are read, and no link is followed."""

    def __init__(self, directory: Path) -> None:
        """Raises UsageError for what is no Maildir."""
        self._directory = directory
        if not all((directory / name).is_dir() for name in ("new", "cur")):
            raise UsageError(
                f"{directory} is no Maildir (no new/ and cur/); name the directory that mail is delivered to"
            )

    def new(self) -> Iterator[Delivered]:
        """What is in new/, by the time that its name begins with, or by its name."""
        try:
            names = sorted((path.name for path in (self._directory / "new").iterdir()), key=_age)
        except OSError as error:
            raise self._unusable("new", error) from error
        for name in names:
            if not name.startswith(".") and (found := self._read(name)):
                yield found

    def done(self, name: str) -> None:
        """Into cur/, as seen (flag S)."""
        self._move(name, self._directory / "cur" / f"{name.partition(':')[0]}:2,S")

    def aside(self, name: str) -> None:
        """Into new/ of the folder of what is no client's, which is made at first use."""
        folder = self._directory / ASIDE
        try:
            for part in ("cur", "new", "tmp"):
                (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / "maildirfolder").touch(mode=0o600)
        except OSError as error:
            raise self._unusable(ASIDE, error) from error
        self._move(name, folder / "new" / name)

    def _read(self, name: str) -> Delivered | None:
        """None for what is gone meanwhile, or is no file."""
        try:
            number = os.open(
                self._directory / "new" / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            )
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno == 40:
                return None
            raise self._unusable(f"new/{name}", error) from error
        about = os.fstat(number)
        if not stat.S_ISREG(about.st_mode):
            os.close(number)
            return None
        with os.fdopen(number, "rb") as file:
            arrived = moment(int(about.st_mtime))
            content = file.read(LARGEST + 1)
            return Delivered(name, content if len(content) <= LARGEST else None, arrived)

    def _move(self, name: str, to: Path) -> None:
        try:
            (self._directory / "new" / name).rename(to)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unusable(f"new/{name}", error) from error

    def _unusable(self, name: str, error: OSError) -> StoreError:
        return StoreError(
            f"{self._directory / name}: {error.strerror}; make the Maildir readable and writable for you"
        )


def _age(name: str) -> tuple[int, str]:
    seconds = name.partition(".")[0]
    return (int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 20 else 0, name)
