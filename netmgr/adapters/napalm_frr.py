"""FRR's commits: the device itself keeps each commit's id and timer, and a fence that refuses older leases."""

from collections.abc import Mapping
from typing import Any

from napalm_frr import errors as frr
from netmgr.adapters.commit_control import CommitControl
from netmgr.adapters.ssh_login import key_of, known_hosts_of, one_line
from netmgr.errors import DeviceError, Fenced, WrongDevice
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.marker import Marker
from netmgr.model.status import Probe

#: The device's word for a commit → ours. What is neither over nor unknown is pending.
_ENDS = {
    "none": "unknown",
    "unknown": "unknown",
    "confirmed": "confirmed",
    "rolled_back": "rolled_back",
    "rolled_back_hard": "rolled_back",
    "failed": "failed",
}


class FrrCommits(CommitControl):
    """See ``CommitControl``."""

    def options(self, sock: Any) -> Mapping[str, object]:
        """The host key is verified against the endpoint's known_hosts and nothing else."""
        end = self.endpoint
        return {
            "port": end.port,
            "key_file": end.key_file,
            "pkey": key_of(end, end.device),
            "known_hosts": known_hosts_of(end, end.device),
            "allow_agent": end.use_agent,
            "sock": sock,
        }

    def pending(self, driver: Any) -> Probe:
        """The device says whose."""
        status = driver.commit_status()
        if _state(status) != "pending":
            return Probe()
        return Probe(pending=status["commit"], remaining=status.get("left"))

    def marker(self, driver: Any) -> Marker | None:
        """The digest of the configuration itself, which the program on the router makes."""
        return Marker(revision=driver.commit_status(running=True)["running"])

    def shown(self, driver: Any) -> tuple[str, str | None, tuple[str, ...]]:
        """A part is told of as one, instead of refused: it is better than nothing, and nobody takes it for good."""
        running, missing = driver.running_parts()
        return running, driver.get_config(retrieve="startup")["startup"], missing

    def commit(self, driver: Any, order: CommitOrder) -> CommitState:
        """Bound to the order's fence, which the device judges."""
        driver.fence(order.change, order.commit, order.epoch, order.expected)
        try:
            driver.commit_config(message=order.message, revert_in=order.seconds)
        except (frr.CommitRolledBackError, frr.RollbackFailedError) as error:
            return self.state(driver, order).model_copy(update={"detail": one_line(error)})
        return CommitState(state="pending", running=driver.read_back, remaining=float(order.seconds))

    def state(self, driver: Any, order: CommitOrder) -> CommitState:
        """What the device remembers of the commit's id."""
        return _commit_state(driver, order)

    def confirm(self, driver: Any, order: CommitOrder) -> CommitState:
        """Raises Fenced where the device has seen a later lease."""
        detail = ""
        if _state(driver.commit_status(order.commit)) == "pending":
            try:
                driver.adopt(order.commit, order.epoch)
                driver.confirm_commit()
            except frr.NotConfirmedError as error:
                if error.code == "epoch":
                    raise Fenced(self.endpoint.device, "confirm", one_line(error)) from error
                detail = one_line(error)
        return _commit_state(driver, order, detail)

    def abort(self, driver: Any, order: CommitOrder) -> CommitState:
        """One that was sent and is late is refused from now on."""
        detail = ""
        if order.takes_over:
            driver.shut_out(order.change, order.epoch)
        if _state(driver.commit_status(order.commit)) == "pending":
            driver.adopt(order.commit, order.epoch)
            try:
                driver.rollback()
            except frr.RollbackFailedError as error:
                detail = one_line(error)
        return _commit_state(driver, order, detail)

    def explain(self, error: Exception, phase: str) -> DeviceError | None:
        """What napalm_frr raises beyond what a login does."""
        name = self.endpoint.device
        match error:
            case frr.NotFrrError():
                return WrongDevice(
                    name, phase, f"{one_line(error)}; check the inventory's platform and address"
                )
            case frr.DaemonDownError():
                return WrongDevice(name, phase, f"{one_line(error)}; start it again first")
            case frr.CommitRefusedError():
                return Fenced(name, phase, one_line(error))
        return None


def _commit_state(driver: Any, order: CommitOrder, detail: str = "") -> CommitState:
    status = driver.commit_status(order.commit, running=True)
    state, running = _state(status), status["running"]
    why = detail or ("" if state in ("pending", "confirmed") else str(status.get("reason") or ""))
    return CommitState.model_validate(
        {"state": state, "running": running, "remaining": status.get("left"), "detail": why}
    )


def _state(status: dict[str, Any]) -> str:
    return _ENDS.get(str(status["state"]), "pending")
