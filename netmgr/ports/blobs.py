"""Artefacts by digest: plans and snapshots. No record holds a path."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol


class Blobs(Protocol):
    """A client's encrypted artefacts, durable when ``put`` returns."""

    def put(self, client: str, data: bytes) -> str:
        """Keep ``data``; the answer is its SHA-256 in hexadecimal. Raises StoreError when it cannot be kept."""

    def get(self, client: str, digest: str) -> bytes:
        """The data again, checked against its digest. Raises StoreError when it is missing or altered."""

    def older(self, client: str, before: datetime) -> Sequence[str]:
        """The digests of what was put before that moment, in order."""

    def remove(self, client: str, digests: Iterable[str]) -> None:
        """Destroy these, durably; what is gone already stays so. Raises StoreError."""


class Plans(Protocol):
    """Saved plans by id."""

    def save(self, client: str, plan_id: str, document: bytes) -> None:
        """Keep a plan's document."""

    def load(self, client: str, plan_id: str) -> bytes | None:
        """The document, or None for an unknown plan."""
