"""config/provider.yaml: who bills: the provider's legal entities, their banks, the series of their numbers."""

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import Email, LocaleTag, Phone, Text, matching, shown
from netmgr.model.names import Identifier
from netmgr.model.wording import Wording

_IBAN = r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}"


def _iban(value: str) -> str:
    """Without spaces. Its check digits are right: from the fifth character on, letters as 10 to 35, modulo 97 leaves 1
    (ISO 13616).
    """
    plain = value.replace(" ", "")
    if (
        not re.fullmatch(_IBAN, value)
        or int("".join(str(int(each, 36)) for each in plain[4:] + plain[:4])) % 97 != 1
    ):
        example = "GB33 BUKB 2020 1555 5555 55"
        raise ValueError(f"{shown(value)} is no IBAN whose check digits are right; write it like {example}")
    return plain


Iban = Annotated[
    str, AfterValidator(_iban), WithJsonSchema({"type": "string", "pattern": rf"^{_IBAN}$", "maxLength": 42})
]
Bic = Annotated[str, matching(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", "a BIC (ISO 9362)", "BUKBGB22")]
Country = Annotated[str, matching(r"[A-Z]{2}", "a country (ISO 3166-1, two letters)", "GB")]
VatId = Annotated[
    str, matching(r"[A-Z]{2}[A-Z0-9+*]{2,13}", "a VAT number with its country's prefix", "DE123456789")
]


class Address(Frozen):
    """Where somebody is. ``country`` is what electronic invoices need of it."""

    street: Wording
    city: Wording
    postcode: Annotated[Text, Field(max_length=16)] | None = None
    region: Wording | None = None
    country: Country


class Bank(Frozen):
    """Where the client pays to: an IBAN, or an account's ``number`` where there are none."""

    name: Wording | None = None
    holder: Wording | None = None
    """Whose account it is, where it is not the entity's name."""
    iban: Iban | None = None
    bic: Bic | None = None
    number: Text | None = None

    @model_validator(mode="after")
    def _one_account(self) -> Self:
        if (self.iban is None) == (self.number is None):
            raise ValueError("write iban, or number where the bank's country has no IBAN; not both")
        return self


class Contact(Frozen):
    """Whom clients ask about invoices: a desk, or a person."""

    name: Wording
    email: Email
    phone: Phone | None = None


class Series(Frozen):
    """Numbers without a gap: ``prefix`` and the number with ``pad`` digits at least. ``first`` goes on after another
    system's numbers.
    """

    prefix: Annotated[str, matching(r"[A-Z0-9/._-]{0,16}", "capitals, digits, / . _ -; at most 16", '"R-"')]
    pad: Annotated[int, Field(ge=1, le=12)] = 5
    first: Annotated[int, Field(ge=1, le=999_999_999)] = 1

    def number(self, count: int) -> str:
        """``R-00042``."""
        return f"{self.prefix}{count:0{self.pad}}"


class LegalEntity(Frozen):
    """A company that bills. Credit notes take their numbers from the invoices' series unless they have their own."""

    name: Wording
    address: Address
    registration: Text | None = None
    vat_id: VatId | None = None
    tax_number: Text | None = None
    """As its own country's tax office knows it."""
    bank: Bank
    contact: Contact
    language: LocaleTag = "en"
    """Of invoices to clients whose language is not known."""
    invoices: Series
    credit_notes: Series | None = None

    @model_validator(mode="after")
    def _own_numbers(self) -> Self:
        if self.vat_id is None and self.tax_number is None:
            raise ValueError("an invoice names its issuer's tax number; write vat_id or tax_number")
        if self.credit_notes is not None and self.credit_notes.prefix == self.invoices.prefix:
            raise ValueError(
                "credit_notes: the prefix is the invoices', so that a number could come twice; write another, or "
                "leave credit_notes out"
            )
        return self

    @property
    def credits(self) -> Series:
        """What credit notes are numbered by."""
        return self.credit_notes or self.invoices


class Provider(Frozen):
    """The whole file. A client that ``clients`` does not name is billed by ``default``."""

    entities: Annotated[Mapping[Identifier, LegalEntity], Field(min_length=1)]
    default: Identifier | None = None
    clients: Mapping[Identifier, Identifier] = {}
    """Client → the entity that bills it."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.default is not None and self.default not in self.entities:
            raise ValueError(f"default: no entity {shown(self.default)} under entities; write it there")
        return self

    def of(self, client: str) -> tuple[str, LegalEntity] | None:
        """The entity that bills this client, with its id. None where the file says nothing and has several."""
        only = next(iter(self.entities)) if len(self.entities) == 1 else None
        name = self.clients.get(client, self.default or only)
        return (name, self.entities[name]) if name is not None else None
