"""Archives that leave the house: what went in, file by file, and the manifest that says so."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from netmgr.errors import StoreError
from netmgr.model.canonical import canonical
from netmgr.model.chain import StoredBody
from netmgr.model.digest import sha256_hex
from netmgr.ports.handover import Piece

_DIGEST: Final = re.compile("[0-9a-f]{64}")


@dataclass(slots=True)
class Contents:
    """What went in so far: (name, size, SHA-256) of each file. ``manifest`` is the SHA-256 of the manifest."""

    files: list[tuple[str, int, str]] = field(default_factory=list)
    manifest: str = ""

    def watched(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The same pieces; each is in ``files`` once it was taken."""
        for each in pieces:
            yield Piece(each.name, each.size, self._watched(each))

    def closing(self, made: Mapping[str, Any]) -> Iterator[Piece]:
        """The last pieces: ``made`` with every file as manifest.json, and SHA256SUMS."""
        listed = [{"name": name, "size": size, "sha256": digest} for name, size, digest in sorted(self.files)]
        manifest = canonical({**made, "files": listed})
        self.manifest = sha256_hex(manifest)
        yield from self.watched([piece("manifest.json", manifest)])
        sums = "".join(f"{digest}  {name}\n" for name, _, digest in sorted(self.files))
        yield from self.watched([piece("SHA256SUMS", sums.encode())])

    def _watched(self, each: Piece) -> Iterator[bytes]:
        digest = sha256()
        for chunk in each.chunks:
            digest.update(chunk)
            yield chunk
        self.files.append((each.name, each.size, digest.hexdigest()))


def piece(name: str, content: bytes) -> Piece:
    """A file whose content is there."""
    return Piece(name, len(content), [content])


def stored(client: str, body: StoredBody) -> Iterator[Piece]:
    """A body of the log with its salt. Raises StoreError for one whose digest is no name of a file."""
    if not _DIGEST.fullmatch(body.digest):
        raise StoreError(f"{client}: a body's digest was altered; run `netmgr log verify -c {client}`")
    yield piece(f"log/bodies/{body.digest}", body.content)
    yield piece(f"log/bodies/{body.digest}.salt", body.salt)
