"""Files of an invoice: made once, kept in the log, and given out from there ever after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from netmgr.errors import StoreError, Superseded
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Body, Draft
from netmgr.model.invoice_record import InvoiceRecord
from netmgr.service.invoice_record import KIND
from netmgr.workflows.invoice_document import render_invoice
from netmgr.workflows.invoice_log import ATTEMPTS, invoice_draft, ledger, whole
from netmgr.workflows.invoicing import Drafted
from netmgr.workflows.runtime import Runtime

_MEDIA: Final = {
    "pdf": "application/pdf",
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
    "csv": "text/csv",
    "xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """One file: ``digest`` is SHA-256 of ``data``. ``kept``: it was made before."""

    name: str
    format: str
    data: bytes
    digest: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Files:
    """The files, by format. ``plain`` says why a PDF that was made now carries no electronic invoice."""

    files: tuple[InvoiceFile, ...]
    plain: str | None = None


def files(runtime: Runtime, number: str, formats: Sequence[str]) -> Files:
    """An invoice or credit note in these formats. What was made of it before is given out as it is.

    Raises UsageError for an unknown invoice or format, StoreError where a file that was kept is gone or altered: it
    is not made again, because fonts and programs differ.
    """
    runtime.require("read")
    for attempt in range(ATTEMPTS):
        since = runtime.open_records().since(runtime.client, KIND)
        record = ledger(runtime).found(number, runtime.client)
        there = {name: file for name, file in record.documents.items() if file.format in formats}
        lacking = [name for name in formats if name not in {file.format for file in there.values()}]
        kept = {name: _kept(runtime, record, name) for name in there}
        if not lacking:
            return _sorted(formats, kept.values())
        made = render_invoice(runtime.open_office(), whole(runtime, record), lacking, fapiao=record.fapiao)
        fresh = [InvoiceFile(one.name, one.format, one.data, one.digest, False) for one in made.files]
        try:
            runtime.log.append(runtime.client, [_draft(runtime, record, one) for one in fresh], since=since)
        except Superseded:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        return _sorted(formats, [*kept.values(), *fresh], made.plain)
    raise AssertionError("the last attempt returns or raises")


def draft_files(runtime: Runtime, drafted: Drafted, formats: Sequence[str]) -> Files:
    """A draft in these formats, which says on every page that it is one. Nothing is kept."""
    made = render_invoice(runtime.open_office(), drafted.invoice, formats, draft=True)
    found = [InvoiceFile(one.name, one.format, one.data, one.digest, False) for one in made.files]
    return _sorted(formats, found)


def _kept(runtime: Runtime, record: InvoiceRecord, name: str) -> InvoiceFile:
    file = record.documents[name]
    data = runtime.log.body(runtime.client, file.body)
    if not isinstance(data, bytes):
        gone = "missing" if data is None else data.value
        raise StoreError(f"{runtime.client}: {name}, which was kept of {record.number}, is {gone}")
    if sha256_hex(data) != file.digest:
        raise StoreError(f"{runtime.client}: {name} is not what was kept; run `netmgr log verify`")
    return InvoiceFile(name, file.format, data, file.digest, True)


def _draft(runtime: Runtime, record: InvoiceRecord, file: InvoiceFile) -> Draft:
    facts = {
        "entity": record.entity,
        "number": record.number,
        "format": file.format,
        "name": file.name,
        "digest": file.digest,
    }
    body = Body(file.data, _MEDIA[file.format])
    return invoice_draft(runtime, "document", "kept", facts=facts, body=body)


def _sorted(formats: Sequence[str], found: Iterable[InvoiceFile], plain: str | None = None) -> Files:
    order = {name: place for place, name in enumerate(formats)}
    return Files(tuple(sorted(found, key=lambda one: (order[one.format], one.name))), plain)
