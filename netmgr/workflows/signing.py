"""Signing an agreement: what both have signed is recorded with the document and with the content, and counts."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from netmgr.errors import InputError, UsageError
from netmgr.model.agreement import Agreement
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Body, rfc3339
from netmgr.service.versions import KIND, SignedVersion
from netmgr.workflows.agreement import append, check, frozen, known, written
from netmgr.workflows.agreement_document import render
from netmgr.workflows.runtime import Runtime

Party = Literal["client", "provider"]
Form = Literal["rendered", "signed", "scan"]
"""The document as it was rendered, with signatures appended to it (as PDF's digital ones are), or another file."""


def sign(
    runtime: Runtime,
    document: bytes,
    by: Mapping[Party, str],
    *,
    at: datetime | None = None,
    scan: bool = False,
) -> SignedVersion:
    """Record that both have signed the working copy: from its day on it is what counts.

    ``document`` is the signed PDF, ``by`` who signed for each party. It has to be what is rendered of the working copy,
    or begin with that; a ``scan`` of paper is somebody's word for it. Raises InputError where the working copy has
    errors, UsageError where it is not the next version, the document is another, or the times are impossible; then
    nothing is recorded.
    """
    runtime.require("agree")
    errors = [found for found in check(runtime) if found.finding.severity == "error"]
    if errors:
        raise InputError([f"{found.place}: {found.finding.message}" for found in errors])
    agreement = frozen(runtime, written(runtime).agreement)
    _refuse_untimely(runtime, agreement, at)
    if not document.startswith(b"%PDF-"):
        raise UsageError("the signed document is no PDF; name the file that both have signed")
    rendered, form = _compared(runtime, document, scan=scan)
    body = {"agreement": json.loads(agreement.canonical()), "signatures": dict(by)}
    signed = runtime.draft(
        kind=KIND,
        action="sign",
        phase="result",
        outcome="signed",
        visibility="client",
        facts={
            "version": agreement.version,
            "digest": agreement.digest,
            "document": sha256_hex(document),
            "rendered": rendered,
            "form": form,
            "effective": agreement.effective.isoformat(),
            "timezone": agreement.timezone,
            "signed_by": sorted(by),
        },
        body=Body(canonical(body), "application/json"),
        at=at,
    )
    kept = runtime.draft(
        kind=KIND,
        action="document",
        phase="result",
        outcome="kept",
        visibility="client",
        facts={"version": agreement.version, "document": sha256_hex(document)},
        body=Body(document, "application/pdf"),
    )
    append(runtime, signed, kept)
    newest = known(runtime).newest
    assert newest is not None  # noqa: S101 - it was appended just now
    return newest


def _refuse_untimely(runtime: Runtime, agreement: Agreement, at: datetime | None) -> None:
    now, newest = runtime.clock.now(), known(runtime).newest
    if newest and agreement.version == newest.version:
        raise UsageError(
            f"version {newest.version} is signed already (seq {newest.seq}); `netmgr agreement amend` begins the next"
        )
    if at is not None and at > now:
        raise UsageError(f"--at {rfc3339(at)}: that is to come; a signature is recorded when it was given")
    if newest and (at or now) < newest.signed:
        raise UsageError(
            f"--at {rfc3339(at or now)}: version {newest.version} was signed later ({rfc3339(newest.signed)})"
        )


def _compared(runtime: Runtime, document: bytes, *, scan: bool) -> tuple[str, Form]:
    """The rendered document's digest that ``document`` is of, and what it is of it."""
    made = list(_rendered(runtime))
    for data, digest in made:
        if document.startswith(data):
            return digest, "rendered" if document == data else "signed"
    if scan:
        return made[0][1], "scan"
    raise UsageError(
        "the document is not what agreement.yaml and the inventory render now; render it again and sign that, or say "
        "--scan where it is a scan of the signed paper"
    )


def _rendered(runtime: Runtime) -> Iterator[tuple[bytes, str]]:
    for file in render(runtime, ["pdf"], []):
        yield file.data, file.digest
