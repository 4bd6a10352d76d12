"""Agreements and assets as they are written: working copies. What counts is what was signed (the service log)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Amendment
from netmgr.model.asset import Asset
from netmgr.model.origins import Origin


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """agreement.yaml, read and typed. ``at`` is where the value at a path was written, for messages."""

    agreement: Agreement
    at: Callable[..., Origin] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Assets:
    """assets.yaml, by id."""

    assets: Mapping[str, Asset]
    at: Callable[..., Origin] = field(repr=False, compare=False)


class Agreements(Protocol):
    """The clients' agreement.yaml and assets.yaml. Every method raises InputError with every problem of the file."""

    def working_copy(self, client: str) -> WorkingCopy | None:
        """What agreement.yaml says; None where there is none."""

    def create(self, client: str, agreement: Agreement, *, comment: str) -> str:
        """Write a first agreement.yaml; its path. Raises InputError where there is one."""

    def amend(self, client: str, amendment: Amendment) -> str:
        """Begin the next version in agreement.yaml: number, day and a line in ``amendments``; the rest, comments too,
        stays as it is written. Its path.
        """

    def assets(self, client: str) -> Assets:
        """What assets.yaml says; nothing where there is none."""
