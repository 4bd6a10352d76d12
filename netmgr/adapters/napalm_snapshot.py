"""Commits of any NAPALM driver without a timer: brought back by loading what ran before, as long as this session lasts.

Nothing on the device ends such a commit by itself, and no other process can take it up: the plan says so beforehand
(strategy ``snapshot``). What an interrupted process left is judged by what the device runs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.ssh_login import known_hosts_of
from netmgr.errors import DeviceError
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.endpoint import Endpoint
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm

#: What is found where nobody can take a commit back any more.
_LEFT = {
    "confirmed": "no timer took it back; `netmgr rollback` of the change does",
    "rolled_back": "it runs what it ran before",
}


class SnapshotCommits(CommitControl):
    """See ``CommitControl``. What ran before stays in memory only."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm) -> None:
        super().__init__(endpoint, form)
        self._before: dict[str, str] = {}
        """Commit id → what ran before it, of commits that nobody has decided yet."""
        self._back: Callable[[Any, str], str] = self.load
        """How the device is brought to a configuration: as it was loaded last."""

    def options(self, sock: Any) -> Mapping[str, object]:
        """netmiko's, which most drivers speak through: only the host key on record is accepted."""
        end = self.endpoint
        return {
            "port": end.port,
            "ssh_strict": True,
            "alt_host_keys": True,
            "alt_key_file": known_hosts_of(end, end.device),
            "key_file": end.key_file,
            "use_keys": end.key_file is not None,
            "allow_agent": end.use_agent,
            "sock": sock,
        }

    def pending(self, _driver: Any) -> Probe:
        """Nothing that the device knows of."""
        return Probe()

    def load(self, driver: Any, candidate: str) -> str:
        """As the form says that a whole configuration is loaded."""
        self._back = self.load
        shown = str(driver.get_config(retrieve="running")["running"])
        return super().load(driver, self.form.candidate(self.form.canonical(candidate), shown))

    def merge(self, driver: Any, candidate: str) -> str:
        """What differs, and the same on the way back."""
        self._back = self.merge
        return super().merge(driver, candidate)

    def commit(self, driver: Any, order: CommitOrder) -> CommitState:
        """Without a timer: the device keeps it whatever happens to its management."""
        self._before[order.commit] = self.fence(driver, order)
        driver.commit_config()
        return self.state(driver, order)

    def state(self, driver: Any, order: CommitOrder) -> CommitState:
        """Pending means here: this session can still bring it back."""
        return self.judged(driver, order, pending=order.commit in self._before)

    def confirm(self, driver: Any, order: CommitOrder) -> CommitState:
        """There is nothing to send: it only cannot be brought back any more."""
        self._before.pop(order.commit, None)
        return self.state(driver, order)

    def abort(self, driver: Any, order: CommitOrder) -> CommitState:
        """What ran before, loaded and committed. What another process committed is left as it is, and told of."""
        before = self._before.get(order.commit)
        if before is None:
            state = self.state(driver, order)
            return state.model_copy(update={"detail": _LEFT.get(state.state, state.detail)})
        self._back(driver, before)
        driver.commit_config()
        del self._before[order.commit]
        return self.state(driver, order)

    def explain(self, error: Exception, phase: str) -> DeviceError | None:
        """A driver that cannot do it at all."""
        if isinstance(error, NotImplementedError):
            why = f"the driver {self.form.driver} cannot do this: {error}".rstrip(": ")
            return DeviceError(self.endpoint.device, phase, why)
        return super().explain(error, phase)
