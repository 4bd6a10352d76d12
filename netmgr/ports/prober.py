"""Asking devices for a sign of life."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from netmgr.model.endpoint import Endpoint
from netmgr.model.probe import Probed


class Prober(Protocol):
    """Asks without a login on the device."""

    def probe(self, endpoints: Iterable[Endpoint], timeout: int) -> Mapping[str, Probed]:
        """Device → what it answered within ``timeout`` seconds. Raises nothing for a device that does not."""
