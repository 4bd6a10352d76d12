"""Documents for paper and word processors."""

from datetime import date
from typing import Protocol

from netmgr.document.block import Document
from netmgr.document.locale import Words


class Typesetter(Protocol):
    """A page of HTML → PDF."""

    def pdf(self, page: str, day: date, electronic: bytes | None = None) -> bytes:
        """The page as a tagged PDF (PDF/UA-1). The same page and day make the same bytes on the same machine.

        ``day`` is the document's own date. ``electronic`` is the invoice that the page shows as valid EN 16931 XML: the
        PDF is a Factur-X then (PDF/A-3a, and still PDF/UA-1), which carries it. Raises DocumentError where a
        character has no glyph in any font, where the page asks for anything from outside, or where this machine cannot
        typeset.
        """


class WordProcessor(Protocol):
    """A document → a file for word processors."""

    def docx(self, document: Document, words: Words) -> bytes:
        """The document as Office Open XML (ISO/IEC 29500); the same document makes the same bytes."""
