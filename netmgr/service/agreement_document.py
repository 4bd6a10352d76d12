"""The agreement as a document that both parties sign, in one of its languages (pure)."""

from netmgr.document.block import (
    Block,
    Definition,
    Definitions,
    Document,
    Paragraph,
    Section,
    Signature,
    SignatureLine,
    Signatures,
)
from netmgr.document.locale import Words
from netmgr.document.numbering import numbered
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Party
from netmgr.service.agreement_annexes import Annexed, annexes
from netmgr.service.agreement_clauses import clauses
from netmgr.service.agreement_terms import said


def agreement_document(agreement: Agreement, annexed: Annexed, words: Words, *, signed: bool) -> Document:
    """The document. One that is not ``signed`` says on every page what it is: a draft of this version."""
    client, provider = agreement.parties.client, agreement.parties.provider
    title = said(agreement.title, words) or words.text("IT support service agreement")
    version = words.text("Version {version}", version=str(agreement.version))
    chapters = clauses(agreement, words)
    ending = Section("signatures", words.text("Signatures"), (_signatures(client, provider, words),))
    return Document(
        title=title,
        kind=version,
        author=said(provider.name, words),
        day=agreement.effective,
        opening=_opening(client, provider, words),
        sections=(
            *numbered(chapters, words),
            ending,
            *numbered(annexes(agreement, annexed, words), words),
        ),
        header=f"{title} · {said(client.name, words)} · {said(provider.name, words)}",
        footer=words.text("{version} · {digest}", version=version, digest=agreement.digest[:16]),
        marks=()
        if signed
        else (words.text("For signature: nothing in it holds before both parties have signed."),),
    )


def _opening(client: Party, provider: Party, words: Words) -> tuple[Block, ...]:
    return (
        Paragraph(words.text("This agreement is made between")),
        Definitions(
            (
                Definition(words.text("Party A, the Client"), _party(client, words)),
                Definition(words.text("Party B, the Provider"), _party(provider, words)),
            )
        ),
    )


def _party(party: Party, words: Words) -> str:
    signs = said(party.represented_by.title, words)
    parts = [
        said(party.name, words),
        said(party.address, words),
        words.text("registered as {number}", number=party.registration) if party.registration else "",
        words.text("tax number {number}", number=party.tax_id) if party.tax_id else "",
        party.email or "",
        party.phone or "",
        words.text(
            "represented by {name}",
            name=words.text("{name} ({title})", name=party.represented_by.name, title=signs)
            if signs
            else party.represented_by.name,
        ),
    ]
    return words.text(", ").join(filter(None, parts))


def _signatures(client: Party, provider: Party, words: Words) -> Signatures:
    return Signatures(
        tuple(
            Signature(
                role,
                said(party.name, words),
                (
                    SignatureLine(words.text("Signed by"), party.represented_by.name),
                    SignatureLine(words.text("Signature")),
                    SignatureLine(words.text("Place and date")),
                ),
            )
            for role, party in (
                (words.text("Party A, the Client"), client),
                (words.text("Party B, the Provider"), provider),
            )
        )
    )
