"""One device's connection: a NAPALM driver, with every exception that it leaks mapped to one of ours.

What goes beyond NAPALM's own interface is napalm_frr's: a commit has an id and a fence, and another session can ask for
it. A platform without these would need a session class of its own beside this one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
from netmgr.model.state import AdjacencyState, Observation, Reading
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

    def __init__(self, endpoint: Endpoint, form: PlatformForm, timeout: int) -> None:
        self.endpoint, self.form, self._timeout = endpoint, form, timeout
        self._driver: Any = None

    def open(self) -> None:
        """Log in; the host key is verified against the endpoint's known_hosts and nothing else."""
        from napalm import get_network_driver

        end = self.endpoint
        if not Path(end.known_hosts).exists():
            raise HostKeyRejected(
                end.device,
                "connect",
                f"no host key on record: there is no {end.known_hosts}; write the device's key there, as ssh would",
            )
        driver = get_network_driver(self.form.driver)(
            end.hostname,
            end.username,
            end.password,
            timeout=self._timeout,
            optional_args={
                "port": end.port,
                "key_file": end.key_file,
                "known_hosts": end.known_hosts,
                "allow_agent": end.use_agent,
                **self.form.optional_args,
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
                    detail = one_line(error)
            return self._commit_state(driver, order, detail)

    def abort(self, order: CommitOrder) -> CommitState:
        """Bring the device back to before the commit, if it is pending."""
        from napalm_frr.errors import RollbackFailedError

        with self._speaking("rollback") as driver:
            detail = ""
            if _state(driver.commit_status(order.commit)) == "pending":
                driver.adopt(order.commit, order.epoch)
                try:
                    driver.rollback()
                except RollbackFailedError as error:
                    detail = one_line(error)
            return self._commit_state(driver, order, detail)

    def adjacencies(self) -> tuple[AdjacencyState, ...]:
        """What the platform's state requests answer."""
        with self._speaking("state") as driver:
            requests = self.form.state_requests
            answers = driver.cli([request.command for request in requests])
            return tuple(state for request in requests for state in request.parse(answers[request.command]))

    @staticmethod
    def _commit_state(driver: Any, order: CommitOrder, detail: str = "") -> CommitState:
        status = driver.commit_status(order.commit)
        state = _state(status)
        running = driver.digest(driver.get_config(retrieve="running")["running"])
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
        except DeviceError:
            raise
        except frr.HostKeyError as error:
            raise HostKeyRejected(
                name, phase, f"{one_line(error)}; check it, then mend known_hosts"
            ) from error
        except (frr.PrivilegeError, napalm.ConnectAuthError) as error:
            raise AuthenticationFailed(name, phase, one_line(error)) from error
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
        except (napalm.ConnectionException, EOFError, OSError) as error:
            raise Unreachable(name, phase, one_line(error)) from error
        except Exception as error:
            # Drivers leak their transports' exceptions; each is this device's answer, and spoils no other's.
            raise DeviceError(name, phase, f"{type(error).__name__}: {one_line(error)}") from error


def one_line(error: BaseException) -> str:
    """An exception's message without line breaks."""
    return " ".join(str(error).split())


def _state(status: dict[str, Any]) -> str:
    return _ENDS.get(str(status["state"]), "pending")
