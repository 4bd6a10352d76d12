"""assets.yaml: what else is looked after, beside the network's devices: servers, workstations, software, lines."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from netmgr.model.base import Frozen
from netmgr.model.device import Service, in_order
from netmgr.model.fields import DateValue, Items, Text
from netmgr.model.names import Identifier

AssetKind = Literal[
    "server", "workstation", "printer", "storage", "phone", "software", "service", "line", "other"
]


class Licence(Frozen):
    """Software's licence: what it is called, how many may use it, until when."""

    name: Text
    seats: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    until: DateValue | None = None


class Asset(Frozen):
    """One thing that is looked after. ``uid`` never changes, whatever it is called; the key where it is not said.

    ``owner`` is a role or department, not a person. ``service`` is from when to when it is looked after: fees count
    from it.
    """

    kind: AssetKind
    uid: Identifier | None = None
    name: Text | None = None
    maker: Text | None = None
    model: Text | None = None
    serial: Text | None = None
    owner: Text | None = None
    site: Identifier | None = None
    os: Text | None = None
    purchased: DateValue | None = None
    warranty_until: DateValue | None = None
    support_until: DateValue | None = None
    licences: Items[Licence] = ()
    in_scope: bool = True
    service: Service = Field(default_factory=Service)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.purchased, self.warranty_until)
        return self
