"""Whether an invoice has what EN 16931 demands of an electronic one (pure). Rules by their names there."""

import re
from collections.abc import Iterator

from babel import Locale

from netmgr.model.issued_invoice import Buyer, Invoice

_VAT = re.compile(r"([A-Z]{2})[A-Z0-9+*]{2,13}")
_OTHERWISE = {"EL": "GR", "XI": "GB"}
"""Prefixes of VAT numbers that are no country's code."""


def lacking(invoice: Invoice) -> str | None:
    """Why there is no electronic invoice of this one: what is lacking, and where to write it. None where nothing is."""
    return next(_lacking(invoice), None)


def _lacking(invoice: Invoice) -> Iterator[str]:
    seller, buyer, draft = invoice.seller, invoice.buyer, invoice.draft
    codes = {each.code for each in draft.taxes}
    if invoice.locale.startswith("zh") or seller.address.country == "CN":
        yield "Chinese invoices have their own electronic form, the fapiao"
    if draft.digits > 2:  # BR-DEC-09 …
        yield f"EN 16931 has sums with two decimals, {draft.currency} has {draft.digits}"
    if not draft.lines:  # BR-16
        yield "it has no lines"
    if not _known(seller.address.country):  # BR-CL-14
        yield f"no country has the code {seller.address.country} (entities.{invoice.entity}.address.country)"
    country = buyer_country(buyer)
    if country is None or not _known(country):  # BR-11
        yield "the buyer's country is not known (the agreement's parties.client.country)"
    if codes > {"O"}:  # BR-O-11 … BR-O-14
        yield "category O (outside the tax) stands alone on an invoice; bill it by itself"
    if not (seller.registration or (seller.vat_id and vat_numbers(invoice))):  # BR-CO-26
        yield f"the seller has neither registration nor vat_id (entities.{invoice.entity})"
    if seller.vat_id and not _known(_OTHERWISE.get(seller.vat_id[:2], seller.vat_id[:2])):  # BR-CO-09
        yield f"no country has the prefix of {seller.vat_id} (entities.{invoice.entity}.vat_id)"
    if codes & {"K", "G"} and not seller.vat_id:  # BR-IC-02, BR-G-02
        yield f"categories K and G need the seller's VAT number (entities.{invoice.entity}.vat_id)"
    if "AE" in codes and not (buyer_vat_id(buyer) or buyer.registration):  # BR-AE-02
        yield "category AE needs the buyer's VAT number (tax_id) or registration (the agreement's parties.client)"
    if "K" in codes and not buyer_vat_id(buyer):  # BR-IC-02
        yield "category K needs the buyer's VAT number (the agreement's parties.client.tax_id)"


def vat_numbers(invoice: Invoice) -> bool:
    """Whether VAT numbers may stand on it: not where all is outside the tax (BR-O-02)."""
    return all(each.code != "O" for each in invoice.draft.taxes)


def buyer_vat_id(buyer: Buyer) -> str | None:
    """The buyer's tax number, where it is a VAT number with its country's prefix (BR-CO-09)."""
    plain = (buyer.vat_id or "").replace(" ", "")
    found = _VAT.fullmatch(plain)
    return plain if found and _known(_OTHERWISE.get(found[1], found[1])) else None


def buyer_country(buyer: Buyer) -> str | None:
    """As it is written, else as the VAT number says."""
    if buyer.country is not None:
        return buyer.country
    vat_id = buyer_vat_id(buyer)
    return _OTHERWISE.get(vat_id[:2], vat_id[:2]) if vat_id else None


def _known(code: str) -> bool:
    return code in Locale("en").territories
