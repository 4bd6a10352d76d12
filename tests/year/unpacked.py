"""Everything that can be read in a file: as it is, and what is packed in it."""

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(where, bytes): the file itself, the text and attachments of a PDF, the members of an archive, and theirs."""
    yield name, data
    if data.startswith(b"%PDF-1"):
        reader = PdfReader(io.BytesIO(data))
        yield f"{name} (text)", "\n".join(page.extract_text() for page in reader.pages).encode()
        yield f"{name} (properties)", repr(reader.metadata).encode()
        for attached, versions in reader.attachments.items():
            for content in versions:
                yield from unpacked(f"{name}: {attached}", content)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from unpacked(f"{name}: {member}", archive.read(member))
    elif data[257:262] == b"ustar" or data.startswith(b"\x1f\x8b"):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                content = archive.extractfile(member)
                if content is not None:
                    yield from unpacked(f"{name}: {member.name}", content.read())


def below(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a directory, unpacked."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield from unpacked(str(path.relative_to(directory)), path.read_bytes())
