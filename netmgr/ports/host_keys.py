"""The host keys of devices and jump hosts: asked for without logging in to them, and put on record."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

from netmgr.errors import DeviceError
from netmgr.model.host_key import Door, KeyReport


class HostKeys(Protocol):
    """Holds the connections to jump hosts for as long as its context lasts."""

    def look(self, doors: Sequence[Door]) -> Mapping[Door, KeyReport | DeviceError]:
        """What each server offers now. Jump hosts before it are logged in to, with their own keys verified."""

    def record(self, door: Door, report: KeyReport) -> None:
        """Put exactly the offered key on record. Raises StoreError; never replaces a key that is there."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
