"""The formats that documents are made in: each a function from the document to the file's bytes."""

from collections.abc import Mapping

from netmgr.adapters.package_templates import document_templates
from netmgr.document.block import Document
from netmgr.document.html import html
from netmgr.document.locale import Words
from netmgr.document.markdown import markdown
from netmgr.ports.office import Renderer


def _html(document: Document, words: Words) -> bytes:
    return html(document, words, document_templates()).encode()


def _markdown(document: Document, words: Words) -> bytes:
    return markdown(document, words).encode()


def _pdf(document: Document, words: Words) -> bytes:
    return hybrid(document, words, None)


def hybrid(document: Document, words: Words, electronic: bytes | None) -> bytes:
    """A PDF that carries the invoice that it shows for programs, too (Factur-X)."""
    from netmgr.adapters.typeset_pdf import WeasyPrint

    return WeasyPrint().pdf(html(document, words, document_templates()), document.day, electronic)


def _docx(document: Document, words: Words) -> bytes:
    from netmgr.adapters.typeset_docx import PythonDocx

    return PythonDocx().docx(document, words)


def check_electronic(xml: bytes) -> None:
    """Nothing but that: it is valid by the schema of EN 16931. Raises DocumentError."""
    from netmgr.adapters.facturx_pdf import check

    check(xml)


RENDERERS: Mapping[str, Renderer] = {"pdf": _pdf, "html": _html, "md": _markdown, "docx": _docx}
"""By the file name's ending."""
