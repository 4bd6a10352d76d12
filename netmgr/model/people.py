"""config/people.yaml: who may do what, for whom, from when to when. Entries of the log carry ids, never names."""

import base64
import binascii
import struct
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from netmgr.model.base import Frozen
from netmgr.model.device import in_order
from netmgr.model.fields import DateValue, Email, Items, Name, Phone, Text, UserName, matching
from netmgr.model.money import Money

#: What a person may do for a client: look, change devices, approve changes, read and check the log, decide on the
#: agreement and money, and look after people and settings.
Role = Literal["viewer", "engineer", "approver", "auditor", "manager", "administrator"]

#: Stands for every client in ``roles``.
EVERY_CLIENT = "*"


def _public_key(value: str) -> str:
    """An OpenSSH public key line of type ssh-ed25519 (RFC 8709), with or without a comment."""
    words = value.split(" ")
    header = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32)
    try:
        blob = base64.b64decode(words[1], validate=True) if words[0] == "ssh-ed25519" else b""
    except (IndexError, binascii.Error):
        blob = b""
    if not blob.startswith(header) or len(blob) != len(header) + 32:
        # Not shown: somebody may have put the private key here.
        raise ValueError("is not an Ed25519 public key; write the line of an id_ed25519.pub")
    return f"ssh-ed25519 {words[1]}"


ClientOrEvery = Annotated[str, matching(r"\*|[a-z0-9]+(?:-[a-z0-9]+)*", "a client's id or *", "acme")]
PublicKey = Annotated[Text, AfterValidator(_public_key)]


class Validity(Frozen):
    """The days on which a person may act; both ends belong to it, None is open."""

    from_: DateValue | None = Field(default=None, alias="from")
    to: DateValue | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.from_, self.to)
        return self


class PersonEntry(Frozen):
    """One person as written. ``roles`` are per client id, or ``*`` for every client."""

    name: Text | None = None
    logins: Items[UserName] = ()
    keys: Items[PublicKey] = ()
    roles: Mapping[ClientOrEvery, Items[Role]] = {}
    rate_class: Name | None = None
    cost: Money | None = None
    """What an hour of theirs costs the provider: for its own eyes (``report --all``), in nothing for a client."""
    email: Email | None = None
    """Where somebody on call is told."""
    phone: Phone | None = None
    valid: Validity = Field(default_factory=Validity)


class Person(PersonEntry):
    """One person. ``id`` is opaque: it stands in the log in place of the name."""

    id: Name

    def roles_for(self, client: str) -> frozenset[Role]:
        """Every role that the person has for ``client``."""
        return frozenset((*self.roles.get(client, ()), *self.roles.get(EVERY_CLIENT, ())))

    def may_act_on(self, day: date) -> bool:
        """Whether the person is valid on ``day``."""
        return (self.valid.from_ or day) <= day <= (self.valid.to or day)


class People(Frozen):
    """Everybody, by id."""

    people: Mapping[Name, Person] = {}

    def by_login(self, login: str) -> Person | None:
        """Who uses this operating-system login; logins are unique."""
        return next((person for person in self.people.values() if login in person.logins), None)

    def by_key(self, key: str) -> Person | None:
        """Who holds this Ed25519 public key (``ssh-ed25519 BASE64``); keys are unique."""
        return next((person for person in self.people.values() if key in person.keys), None)
