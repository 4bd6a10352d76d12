"""One device's connection: a NAPALM driver, with every exception that it leaks mapped to one of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from netmgr.errors import (
    AuthenticationFailed,
    ConfigRejected,
    DeviceError,
    Fenced,
    HostKeyRejected,
    Unreachable,
    WrongDevice,
)
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.state import AdjacencyState, Reading
from netmgr.platforms.form import PlatformForm


class NapalmSession:
    """Speaks to one device. Methods raise DeviceError and nothing else."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm, timeout: int) -> None:
        self.endpoint, self.form, self._timeout = endpoint, form, timeout
        self._driver: Any = None

    @contextmanager
    def _speaking(self, phase: str) -> Iterator[Any]:
        """The open driver; what goes wrong inside is raised as ours, with device and phase."""
        from napalm.base import exceptions as napalm

        name = self.endpoint.device
        if self._driver is None:
            raise Unreachable(name, phase, "not connected")
        try:
            yield self._driver
        except DeviceError:
            raise
        except (napalm.ReplaceConfigException, napalm.MergeConfigException, napalm.CommitError) as error:
            raise ConfigRejected(name, phase, _line(error)) from error
        except napalm.CommitConfirmException as error:
            raise Fenced(name, phase, _line(error)) from error
        except (napalm.ConnectionException, EOFError, OSError) as error:
            raise Unreachable(name, phase, _line(error)) from error
        except Exception as error:  # noqa: BLE001 - drivers leak their transports' exceptions; each becomes a device's error
            raise DeviceError(name, phase, f"{type(error).__name__}: {_line(error)}") from error
