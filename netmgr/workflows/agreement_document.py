"""Agreements as documents: the working copy for signature, or a version as it was signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from netmgr.errors import InputError, UsageError
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Language
from netmgr.model.digest import sha256_hex
from netmgr.service.agreement_annexes import Annexed
from netmgr.service.agreement_document import agreement_document
from netmgr.workflows.agreement import check, content, frozen, known, written
from netmgr.workflows.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file: its name, what it is, its SHA-256."""

    name: str
    format: str
    language: str
    data: bytes
    digest: str


def render(
    runtime: Runtime, formats: Sequence[str], languages: Sequence[Language], *, version: int | None = None
) -> tuple[Rendered, ...]:
    """The working copy in each language and format, or signed ``version`` again; nothing is recorded.

    Without ``languages`` in all that the agreement names. Raises InputError where the working copy has errors,
    UsageError for a language that it is not made in, or a version that nobody signed.
    """
    runtime.require("read")
    agreement = _working_copy(runtime) if version is None else _signed(runtime, version)
    unknown = [language for language in languages if language not in agreement.languages]
    if unknown:
        made = " and ".join(agreement.languages)
        raise UsageError(f"the agreement is made in {made}, not in {', '.join(unknown)}; add it to languages")
    office = runtime.open_office()
    annexed = _annexed(runtime, agreement)
    files = []
    for language in languages or agreement.languages:
        words = office.words(language, agreement.timezone)
        document = agreement_document(agreement, annexed, words, signed=False)
        for name in formats:
            data = office.renderers[name](document, words)
            file = f"{runtime.client}-agreement-v{agreement.version}.{language}.{name}"
            files.append(Rendered(file, name, language, data, sha256_hex(data)))
    return tuple(files)


def _working_copy(runtime: Runtime) -> Agreement:
    errors = [found for found in check(runtime) if found.finding.severity == "error"]
    if errors:
        raise InputError([f"{found.place}: {found.finding.message}" for found in errors])
    return frozen(runtime, written(runtime).agreement)


def _signed(runtime: Runtime, version: int) -> Agreement:
    found = next((one for one in known(runtime).versions if one.version == version), None)
    if found is None:
        raise UsageError(f"nobody has signed version {version}; `netmgr agreement show` lists what is signed")
    return content(runtime, found)


def _annexed(runtime: Runtime, agreement: Agreement) -> Annexed:
    inventory = runtime.inventories.load(runtime.client)
    office = runtime.open_office()
    coverage = agreement.coverage
    assets = office.agreements.assets(runtime.client).assets if coverage.assets is not None else {}
    return Annexed(
        devices=tuple(
            device
            for device in inventory.devices
            if device.lifecycle != "external" and coverage.devices.covers(device)
        ),
        sites=inventory.client.sites,
        assets={name: asset for name, asset in assets.items() if coverage.covers(asset)},
        backup_sets=inventory.client.backup_sets,
        contacts=inventory.client.contacts,
        fingerprint=office.fingerprint(),
    )
