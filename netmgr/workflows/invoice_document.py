"""Invoices and credit notes as files, from nothing but what was issued."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from netmgr.document.as_json import block_json, section_json
from netmgr.document.block import Document, Section, Table
from netmgr.document.locale import LOCALES, Words
from netmgr.document.table_csv import table_csv
from netmgr.errors import UsageError
from netmgr.model.digest import sha256_hex
from netmgr.model.issued_invoice import Invoice
from netmgr.ports.office import Office
from netmgr.service.electronic_invoice import electronic_invoice
from netmgr.service.electronic_rules import lacking
from netmgr.service.invoice_document import invoice_document
from netmgr.workflows.agreement_document import Rendered

FORMATS = ("pdf", "html", "md", "json", "csv", "xml")
SCHEMA = "netmgr.invoice-document/1"
_UNKNOWN_YET = ("number", "issued", "due")
"""What a draft does not say."""


@dataclass(frozen=True, slots=True)
class RenderedInvoice:
    """The files, in the order of the formats; of ``csv`` one for each table.

    ``plain`` says why the PDF carries no electronic invoice; None where it does, or where none was asked for.
    """

    files: tuple[Rendered, ...]
    plain: str | None


def render_invoice(
    office: Office,
    invoice: Invoice,
    formats: Sequence[str],
    *,
    draft: bool = False,
    fapiao: str | None = None,
) -> RenderedInvoice:
    """The invoice (or credit note) in each of FORMATS that is asked for; nothing is read and nothing recorded.

    The same invoice gives the same bytes on the same machine: dates are its own. A ``draft`` says on every page that it
    is one, and its number and days nowhere. ``fapiao`` is the number that was recorded for it (China). The PDF is a
    Factur-X (EN 16931) where the invoice has all that this needs, and ``plain`` says why where it has not. Raises
    UsageError for an unknown format, and for ``xml`` alone where there can be none; DocumentError where a file cannot
    be made.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise UsageError(f"invoices are made as {', '.join(FORMATS)}, not as {', '.join(unknown)}")
    words = office.words(invoice.locale if invoice.locale in LOCALES else "en", invoice.timezone)
    document = invoice_document(invoice, words, draft=draft, fapiao=fapiao)
    why = "a draft is none" if draft else lacking(invoice)
    if why is not None and "xml" in formats:
        raise UsageError(f"there is no electronic invoice of it: {why}")
    electronic = None
    if why is None and {"pdf", "xml"} & set(formats):
        electronic = electronic_invoice(invoice, words)
        office.check_electronic(electronic)
    stem = _stem(invoice, draft=draft)
    files: list[Rendered] = []
    for name in formats:
        for ending, data in _made(
            office, invoice, document, words, electronic, name, draft=draft, fapiao=fapiao
        ):
            files.append(Rendered(f"{stem}.{ending}", name, words.language, data, sha256_hex(data)))
    return RenderedInvoice(tuple(files), why if "pdf" in formats else None)


def _made(
    office: Office,
    invoice: Invoice,
    document: Document,
    words: Words,
    electronic: bytes | None,
    name: str,
    *,
    draft: bool,
    fapiao: str | None,
) -> Iterator[tuple[str, bytes]]:
    match name:
        case "pdf":
            yield name, office.hybrid(document, words, electronic)
        case "xml":
            yield name, electronic or b""
        case "json":
            whole = invoice_json(invoice, document, words, draft=draft, fapiao=fapiao)
            yield name, (dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()
        case "csv":
            for table in _tables(document.sections):
                # With a mark that spreadsheets take for "this is UTF-8".
                yield f"{table.key}.csv", table_csv(table).encode("utf-8-sig")
        case _:
            yield name, office.renderers[name](document, words)


def invoice_json(
    invoice: Invoice, document: Document, words: Words, *, draft: bool, fapiao: str | None
) -> dict[str, Any]:
    """The document for programs: ``invoice`` has exact values, ``sections`` what a reader sees."""
    return {
        "schema": SCHEMA,
        "draft": draft,
        "language": words.language,
        "title": document.title,
        "fapiao": fapiao,
        "invoice": invoice.model_dump(
            mode="json", exclude_none=True, exclude=set(_UNKNOWN_YET) if draft else None
        ),
        "opening": [block_json(block) for block in document.opening],
        "sections": [section_json(section) for section in document.sections],
    }


def _tables(sections: Sequence[Section]) -> Iterator[Table]:
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield block


def _stem(invoice: Invoice, *, draft: bool) -> str:
    kind = invoice.kind.replace("_", "-")
    which = f"draft-{invoice.draft.first}" if draft else invoice.number.replace("/", "-")
    return f"{invoice.client}-{kind}-{which}"
