"""Packs for clients: a gzipped tar, encrypted to the client's age key as it is written."""

import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from netmgr.adapters.private_files import synced
from netmgr.adapters.state_archives import encrypt
from netmgr.errors import StoreError, UsageError
from netmgr.ports.handover import Piece
from netmgr.ports.store import Signer
from netmgr.verifier import EXCERPT, NAME, source


class WorkspaceHandover:
    """See ``netmgr.ports.handover.Handover``. Nothing but ciphertext is written."""

    def __init__(self, workspace: Path, signer: Signer) -> None:
        self._workspace, self.signer = workspace, signer

    @property
    def verifier(self) -> Piece:
        """The file in the package."""
        content = source()
        return Piece(NAME, len(content), [content])

    @property
    def excerpt_verifier(self) -> Piece:
        """The file in the package."""
        content = source(EXCERPT)
        return Piece(EXCERPT, len(content), [content])

    def inventory(self, client: str) -> Iterator[Piece]:
        """inventory/<client>/: regular files, by name."""
        directory = self._workspace / "inventory" / client
        if directory.is_symlink():
            raise StoreError(f"{directory}: is a symbolic link; put the directory itself here")
        for path in sorted(directory.rglob("*")):
            if (
                not path.is_file()
                or path.is_symlink()
                or not path.resolve().is_relative_to(directory.resolve())
            ):
                continue
            try:
                content = path.read_bytes()
            except OSError as error:
                raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
            yield Piece(path.relative_to(directory).as_posix(), len(content), [content])

    @contextmanager
    def written(self, path: str, recipient: str, pieces: Iterable[Piece]) -> Iterator[int]:
        """Beside its place, synced; named last."""
        import pyrage

        place = Path(path)
        if place.exists() or place.is_symlink():
            raise UsageError(f"{place}: is there already; name another file")
        try:
            to = pyrage.x25519.Recipient.from_str(recipient)
        except pyrage.RecipientError as error:
            raise UsageError(f"--to {recipient}: {error}; give the client's age key (age1…)") from None
        unfinished = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                encrypt(_tar(pieces), file, [to])
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            yield size
            os.link(unfinished, place)  # unlike a renaming, never over another file
            synced(place.parent)
        except OSError as error:
            raise StoreError(
                f"{place}: cannot be written: {error.strerror or error}; nothing was packed"
            ) from error
        finally:
            unfinished.unlink(missing_ok=True)


def _tar(pieces: Iterable[Piece]) -> Iterator[bytes]:
    """A pax archive (POSIX.1-2001), gzipped, piece by piece."""
    packer = zlib.compressobj(wbits=31)
    for piece in pieces:
        info, size = tarfile.TarInfo(piece.name), 0
        info.mode, info.size = 0o600, piece.size
        yield packer.compress(info.tobuf(tarfile.PAX_FORMAT))
        for chunk in piece.chunks:
            size += len(chunk)
            yield packer.compress(chunk)
        if size != piece.size:
            raise StoreError(f"{piece.name}: has {size} bytes, not {piece.size}; nothing was packed")
        yield packer.compress(bytes(-size % tarfile.BLOCKSIZE))
    yield packer.compress(bytes(2 * tarfile.BLOCKSIZE)) + packer.flush()
