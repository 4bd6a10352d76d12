"""Archives of a workspace's state in a directory: each a gzipped tar, encrypted with age as it is written."""

import io
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from netmgr.adapters.private_files import private_directory, synced
from netmgr.errors import StoreError, UsageError
from netmgr.ports.state import Member, Written

if TYPE_CHECKING:
    import pyrage

_PIECE: Final = 1 << 20
SUFFIX: Final = ".netmgr-state.age"


class DirectoryArchives:
    """See ``netmgr.ports.state.Archives``. Nothing but ciphertext is written to the directory."""

    def __init__(self, directory: Path, recipients: Sequence[str]) -> None:
        self.directory, self._recipients = directory, recipients

    def write(self, name: str, members: Iterable[Member]) -> Written:
        """Beside its place, synced, then renamed."""
        import pyrage

        private_directory(self.directory)
        path = self.directory / f"{name}{SUFFIX}"
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            to = [pyrage.x25519.Recipient.from_str(text) for text in self._recipients]
            try:
                descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    encrypt(_tar(members), file, to)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.rename(path)
                synced(self.directory)
            finally:
                unfinished.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be written: {error.strerror or error}; nothing was kept"
            ) from error
        except pyrage.RecipientError as error:
            raise StoreError(
                f"config/netmgr.yaml: state.recipients: {error}; `netmgr backup key FILE` makes one"
            ) from error
        return self.written(name)

    def names(self) -> Sequence[str]:
        """By name, which is the time."""
        try:
            found = [path.name.removesuffix(SUFFIX) for path in self.directory.glob(f"[!.]*{SUFFIX}")]
        except OSError as error:
            raise StoreError(f"{self.directory}: {error.strerror}; make it readable for you") from error
        return sorted(found)

    def written(self, name: str) -> Written:
        """From the file itself."""
        return written(self.path(name))

    def prune(self, keep: int) -> Sequence[str]:
        """The oldest go."""
        old = self.names()[:-keep]
        for name in old:
            (self.directory / f"{name}{SUFFIX}").unlink(missing_ok=True)
        return old

    def path(self, name: str) -> Path:
        """Where one is."""
        return self.directory / f"{name}{SUFFIX}"


def written(path: Path) -> Written:
    """An archive's size and digest. Raises StoreError."""
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
            return Written(path.name.removesuffix(SUFFIX), os.fstat(file.fileno()).st_size, digest)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; name an archive that is there") from error


@contextmanager
def opened(path: Path, identity: Path, scratch: Path) -> Iterator[Iterator[Member]]:
    """The members of the archive ``path``, decrypted with the age identity in the file ``identity``.

    The clear text is in a file of ``scratch`` that has no name, and none of it is handed over before all of it was
    proved to be what was encrypted. Raises StoreError, in one line.
    """
    import pyrage

    with tempfile.TemporaryFile(dir=scratch) as clear:
        try:
            with path.open("rb") as file:
                pyrage.decrypt_io(file, clear, identities(identity))
        except OSError as error:
            # What is cut off or altered in the middle is found while it is read.
            raise StoreError(f"{path}: {error.strerror or error}; take another archive") from error
        except pyrage.DecryptError as error:
            raise StoreError(
                f"{path}: {error}; it was altered, or {identity} is not one of its recipients' identities"
            ) from error
        clear.seek(0)
        try:
            with tarfile.open(fileobj=clear, mode="r:gz") as archive:
                yield (_member(archive, info) for info in archive)
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise StoreError(f"{path}: not an archive of netmgr's state: {error}") from error


def identities(path: Path) -> "list[object]":
    """The age identities of a file as age-keygen writes it. Raises UsageError; no message has a line of the file."""
    import pyrage

    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found: list[object] = [
            pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")
        ]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as an age identity: {error.__class__.__name__}") from error
    except pyrage.IdentityError:
        raise UsageError(
            f"{path}: holds no age identity; name the file that `netmgr backup key` made"
        ) from None
    if not found:
        raise UsageError(f"{path}: holds no age identity; name the file that `netmgr backup key` made")
    return found


def encrypt(pieces: Iterator[bytes], file: BinaryIO, recipients: "Sequence[pyrage.x25519.Recipient]") -> None:
    """Write the bytes to the file as they come, encrypted with age. Raises what ``pieces`` raises, and OSError."""
    import pyrage

    reader = _Reader(pieces)
    try:
        pyrage.encrypt_io(reader, file, recipients)
    except pyrage.EncryptError:
        if reader.error is not None:  # what pyrage only quotes
            raise reader.error from None
        raise


def _tar(members: Iterable[Member]) -> Iterator[bytes]:
    """A pax archive (POSIX.1-2001), gzipped, piece by piece: none of it waits on a disk in clear."""
    packer = zlib.compressobj(wbits=31)
    for member in members:
        info = tarfile.TarInfo(member.name)
        info.mode = member.mode
        data = member.data
        if member.kind == "link":
            info.type, info.linkname, data = tarfile.SYMTYPE, os.fsdecode(member.data), b""
        elif member.kind == "directory":
            info.type = tarfile.DIRTYPE
        info.size = len(data)
        yield packer.compress(info.tobuf(tarfile.PAX_FORMAT))
        for start in range(0, len(data), _PIECE):
            yield packer.compress(data[start : start + _PIECE])
        yield packer.compress(bytes(-len(data) % tarfile.BLOCKSIZE))
    yield packer.compress(bytes(2 * tarfile.BLOCKSIZE)) + packer.flush()


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    if info.issym():
        return Member(info.name, os.fsencode(info.linkname), info.mode, "link")
    if info.isdir():
        return Member(info.name, b"", info.mode, "directory")
    file = archive.extractfile(info)
    if file is None:
        raise tarfile.TarError(f"{info.name} is no file")
    return Member(info.name, file.read(), info.mode)


class _Reader(io.RawIOBase):
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # collections.abc.Buffer is of Python 3.12
        view = memoryview(buffer)
        while not self._left:
            try:
                self._left = memoryview(next(self._pieces))
            except StopIteration:
                return 0
            except Exception as error:
                self.error = error
                raise
        taken = min(len(view), len(self._left))
        view[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken
