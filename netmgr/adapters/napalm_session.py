"""One device's connection: a NAPALM driver, with every exception that it leaks mapped to one of ours.

What goes beyond NAPALM's own interface is napalm_frr's: a commit has an id and a fence, and another session can ask for
it. A platform without these would need a session class of its own beside this one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_drivers import load_drivers_on_demand
from netmgr.adapters.napalm_look import look
from netmgr.adapters.ssh_login import key_of, known_hosts_of, login_error, one_line
from netmgr.errors import ConfigRejected, DeviceError, Fenced, Unreachable, WrongDevice
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.check_state import Question, Seen
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.state import AdjacencyState, Observation, Reading
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm

#: The device's word for a commit → ours. What is neither over nor unknown is pending.
_ENDS = {
    "none": "unknown",
    "unknown": "unknown",
    "confirmed": "confirmed",
    "rolled_back": "rolled_back",
    "rolled_back_hard": "rolled_back",
    "failed": "failed",
}


class NapalmSession:
    """Speaks to one device. Methods raise DeviceError and nothing else. ``timeout`` in seconds, for each answer."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm, timeout: int, jumps: JumpHosts) -> None:
        self.endpoint, self.form, self._jumps = endpoint, form, jumps
        self._timeout = endpoint.timeout or timeout
        self._driver: Any = None

    def open(self) -> None:
        """Log in; the host key is verified against the endpoint's known_hosts and nothing else."""
        load_drivers_on_demand()
        from napalm import get_network_driver

        end = self.endpoint
        driver = get_network_driver(self.form.driver)(
            end.hostname,
            end.username,
            end.password,
            timeout=self._timeout,
            optional_args={
                **self.form.optional_args,
                **end.options,
                "port": end.port,
                "key_file": end.key_file,
                "pkey": key_of(end, end.device),
                "known_hosts": known_hosts_of(end, end.device),
                "allow_agent": end.use_agent,
                "sock": self._jumps.channel(end.jump, end, end.device),
            },
        )
        with self._explained("connect"):
            driver.open()
        self._driver = driver

    def close(self) -> None:
        """Close the connection; a pending commit stays pending on the device."""
        if self._driver is not None:
            driver, self._driver = self._driver, None
            with self._explained("disconnect"):
                driver.close()

    def relogin(self) -> None:
        """A new login in place of the old one."""
        self.close()
        self.open()

    def read(self) -> Reading:
        """The running configuration, and whether somebody's commit is pending."""
        with self._speaking("read") as driver:
            running = self.form.canonical(driver.get_config(retrieve="running")["running"])
            status = driver.commit_status()
            return Reading(
                running=running,
                digest=sha256_hex(running),
                pending=status["commit"] if _state(status) == "pending" else None,
            )

    def observe(self) -> Observation:
        """Log in, and read what an audit judges over the one connection."""
        self.open()
        reading = self.read()
        with self._speaking("read") as driver:
            startup = self.form.canonical(driver.get_config(retrieve="startup")["startup"])
            request = self.form.interfaces
            shown = request.parse(driver.cli([request.command])[request.command]) if request else None
            return Observation(reading=reading, startup=startup, interfaces=shown)

    def show(self, command: str) -> str:
        """What a read-only command shows."""
        with self._speaking("show") as driver:
            return str(driver.cli([command])[command])

    def probe(self) -> Probe:
        """Log in, and ask whether somebody's commit is pending."""
        self.open()
        with self._speaking("probe") as driver:
            status = driver.commit_status()
            if _state(status) != "pending":
                return Probe()
            return Probe(pending=status["commit"], remaining=status.get("left"))

    def load(self, candidate: str) -> str:
        """Load a complete configuration; the answer is the driver's diff."""
        with self._speaking("load") as driver:
            driver.load_replace_candidate(config=candidate)
            return str(driver.compare_config())

    def discard(self) -> None:
        """Forget the candidate."""
        with self._speaking("discard") as driver:
            driver.discard_config()

    def commit(self, order: CommitOrder) -> CommitState:
        """Commit the candidate with the device's own timer, bound to the order's fence."""
        from napalm_frr.errors import CommitRolledBackError, RollbackFailedError

        with self._speaking("commit") as driver:
            driver.fence(order.change, order.commit, order.epoch, order.expected)
            try:
                driver.commit_config(message=order.message, revert_in=order.seconds)
            except (CommitRolledBackError, RollbackFailedError) as error:
                return self._commit_state(driver, order).model_copy(update={"detail": one_line(error)})
            return CommitState(state="pending", running=driver.read_back, remaining=float(order.seconds))

    def commit_state(self, order: CommitOrder) -> CommitState:
        """What the device says of the commit, and the digest that it runs now."""
        with self._speaking("read back") as driver:
            return self._commit_state(driver, order)

    def confirm(self, order: CommitOrder) -> CommitState:
        """Confirm the commit, whichever session made it; where that fails the state says why."""
        from napalm_frr.errors import NotConfirmedError

        with self._speaking("confirm") as driver:
            detail = ""
            if _state(driver.commit_status(order.commit)) == "pending":
                try:
                    driver.adopt(order.commit, order.epoch)
                    driver.confirm_commit()
                except NotConfirmedError as error:
                    if error.code == "epoch":
                        raise Fenced(self.endpoint.device, "confirm", one_line(error)) from error
                    detail = one_line(error)
            return self._commit_state(driver, order, detail)

    def abort(self, order: CommitOrder) -> CommitState:
        """Bring the device back to before the commit, if it is pending; one that was sent and is late is refused."""
        from napalm_frr.errors import RollbackFailedError

        with self._speaking("rollback") as driver:
            detail = ""
            if order.takes_over:
                driver.shut_out(order.change, order.epoch)
            if _state(driver.commit_status(order.commit)) == "pending":
                driver.adopt(order.commit, order.epoch)
                try:
                    driver.rollback()
                except RollbackFailedError as error:
                    detail = one_line(error)
            return self._commit_state(driver, order, detail)

    def adjacencies(self, within: float | None = None) -> tuple[AdjacencyState, ...]:
        """What the platform's state requests answer, ``within`` so many seconds or else the session's own limit."""
        with self._speaking("state") as driver:
            requests = self.form.state_requests
            driver.timeout = self._timeout if within is None else within
            try:
                answers = driver.cli([request.command for request in requests])
            finally:
                driver.timeout = self._timeout
            return tuple(state for request in requests for state in request.parse(answers[request.command]))

    def look(self, question: Question) -> Seen:
        """What the checks want to know; a part that the device cannot tell does not keep the others."""
        return look(partial(self._speaking, "state"), self.form, question)

    @staticmethod
    def _commit_state(driver: Any, order: CommitOrder, detail: str = "") -> CommitState:
        status = driver.commit_status(order.commit, running=True)
        state, running = _state(status), status["running"]
        why = detail or ("" if state in ("pending", "confirmed") else str(status.get("reason") or ""))
        return CommitState.model_validate(
            {"state": state, "running": running, "remaining": status.get("left"), "detail": why}
        )

    @contextmanager
    def _speaking(self, phase: str) -> Iterator[Any]:
        """The open driver, whose exceptions come out as ours."""
        if self._driver is None:
            raise Unreachable(self.endpoint.device, phase, "not connected")
        with self._explained(phase):
            yield self._driver

    @contextmanager
    def _explained(self, phase: str) -> Iterator[None]:
        """Whatever the driver or its transport raises, as a DeviceError with device and phase."""
        from napalm.base import exceptions as napalm

        from napalm_frr import errors as frr

        name = self.endpoint.device
        try:
            yield
        except frr.NotFrrError as error:
            raise WrongDevice(
                name, phase, f"{one_line(error)}; check the inventory's platform and address"
            ) from error
        except frr.DaemonDownError as error:
            raise WrongDevice(name, phase, f"{one_line(error)}; start it again first") from error
        except frr.CommitRefusedError as error:
            raise Fenced(name, phase, one_line(error)) from error
        except (napalm.ReplaceConfigException, napalm.MergeConfigException, napalm.CommitError) as error:
            raise ConfigRejected(name, phase, one_line(error)) from error
        except napalm.CommandErrorException as error:
            raise DeviceError(name, phase, one_line(error)) from error
        except Exception as error:
            if known := login_error(error, name, phase, self.endpoint.known_hosts):
                raise known from (None if known is error else error)
            # Drivers leak their transports' exceptions; each is this device's answer, and spoils no other's.
            raise DeviceError(name, phase, f"{type(error).__name__}: {one_line(error)}") from error


def _state(status: dict[str, Any]) -> str:
    return _ENDS.get(str(status["state"]), "pending")
