"""One device's connection: a NAPALM driver, with every exception that it leaks mapped to one of ours.

What NAPALM has no word for differs between drivers (trust at login, ids and fences of commits): that is the form's
``CommitControl``.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

from netmgr.adapters.commit_controls import control_for
from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_look import look
from netmgr.adapters.ssh_login import login_error
from netmgr.adapters.vendor_errors import vendor_error, words
from netmgr.errors import AuthenticationFailed, DeviceError, HostKeyRejected, Unreachable
from netmgr.model.backup import Capture
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.check_state import Question, Seen
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.state import AdjacencyState, Observation, Reading
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm


class NapalmSession:
    """Speaks to one device. Methods raise DeviceError and nothing else. ``timeout`` in seconds, for each answer."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm, timeout: int, jumps: JumpHosts) -> None:
        self.endpoint, self.form, self._jumps = endpoint, form, jumps
        self._timeout = endpoint.timeout or timeout
        self._control = control_for(endpoint, form)
        self._driver_class = self._control.driver_class(_driver_class(str(form.driver)))
        self._driver: Any = None

    def open(self) -> None:
        """Log in; who answers is verified against the endpoint's own records and nothing else."""
        end = self.endpoint
        if self._driver_class is None:
            raise DeviceError(end.device, "connect", f"NAPALM's driver {self.form.driver} is not installed")
        self._control.channel = self._way()
        options = {
            **self.form.optional_args,
            **end.options,
            **self._control.options(self._control.channel()),
        }
        driver = self._driver_class(
            end.hostname, end.username, end.password, timeout=self._timeout, optional_args=options
        )
        self._control.prepare(driver)
        with self._explained("connect"):
            driver.open()
        self._driver = driver

    def close(self) -> None:
        """Close the connection; a pending commit stays pending on the device."""
        if self._driver is not None:
            driver, self._driver = self._driver, None
            with self._explained("disconnect"):
                self._control.close(driver)

    def relogin(self) -> None:
        """A new login in place of the old one."""
        self.close()
        self.open()

    def read(self) -> Reading:
        """The running configuration, and whether somebody's commit is pending."""
        with self._speaking("read") as driver:
            running = self._control.running(driver)
            pending = self._control.pending(driver).pending
            return Reading(running=running, digest=sha256_hex(running), pending=pending)

    def observe(self) -> Observation:
        """Log in where there is no connection yet, and read what an audit judges over the one connection."""
        if self._driver is None:
            self.open()
        reading = self.read()
        with self._speaking("read") as driver:
            startup = self._control.startup(driver, reading.running)
            request = self.form.interfaces
            shown = request.parse(driver.cli([request.command])[request.command]) if request else None
            return Observation(reading=reading, startup=startup, interfaces=shown)

    def marker(self) -> Marker | None:
        """Log in where there is no connection yet, and ask what tells cheaply whether the configuration has changed.

        Where the driver's login costs more than the answer is worth, the login is for this alone.
        """
        try:
            if self._control.glances:
                self._control.channel = self._way()
                with self._explained("connect"):
                    return self._control.glance(self._timeout)
            if self._driver is None:
                self.open()
            with self._speaking("marker") as driver:
                return self._control.marker(driver)
        except (Unreachable, HostKeyRejected, AuthenticationFailed):
            raise
        except DeviceError:
            return None  # whatever is wrong with the device, reading it says so

    def last_change(self) -> LastChange | None:
        """Who changed the configuration last, where the platform says so."""
        with self._speaking("who changed it") as driver:
            return self._control.last_change(driver) if self.form.attribution else None

    def _way(self) -> Callable[[], Any]:
        """Gives a channel to the device through its jump hosts, None where there are none."""
        end = self.endpoint
        return partial(self._jumps.channel, end.jump, end, end.device)

    def capture(self) -> Capture:
        """Log in where there is no connection yet, and read everything that a backup keeps."""
        if self._driver is None:
            self.open()
        with self._speaking("backup") as driver:
            running, startup, missing = self._control.shown(driver)
            sure = self.form.framed or "running" in self.form.endings
            return Capture(
                running=running,
                startup=startup,
                facts=self._facts(driver),
                digest=sha256_hex(self.form.canonical(running)),
                missing=missing,
                repeated=None if sure else self._control.shown(driver)[:2] == (running, startup),
            )

    @staticmethod
    def _facts(driver: Any) -> dict[str, Any] | None:
        """What identifies the device; what counts seconds would be another one each time."""
        try:
            facts: Mapping[str, Any] = driver.get_facts()
        except NotImplementedError:
            return None
        return {name: value for name, value in facts.items() if name != "uptime"}

    def show(self, command: str) -> str:
        """What a read-only command shows."""
        with self._speaking("show") as driver:
            return str(driver.cli([command])[command])

    def probe(self) -> Probe:
        """Log in, and ask whether somebody's commit is pending."""
        self.open()
        with self._speaking("probe") as driver:
            return self._control.pending(driver)

    def load(self, candidate: str, *, merge: bool = False) -> str:
        """Load a complete configuration, or what differs from it; the answer is the driver's diff."""
        with self._speaking("load") as driver:
            return (self._control.merge if merge else self._control.load)(driver, candidate)

    def discard(self) -> None:
        """Forget the candidate."""
        with self._speaking("discard") as driver:
            self._control.discard(driver)

    def commit(self, order: CommitOrder) -> CommitState:
        """Commit the candidate with the device's own timer, bound to the order's fence."""
        with self._speaking("commit") as driver:
            return self._control.commit(driver, order)

    def commit_state(self, order: CommitOrder) -> CommitState:
        """What the device says of the commit, and the digest that it runs now."""
        with self._speaking("read back") as driver:
            return self._control.state(driver, order)

    def confirm(self, order: CommitOrder) -> CommitState:
        """Confirm the commit, whichever session made it; where that fails the state says why."""
        with self._speaking("confirm") as driver:
            return self._control.confirm(driver, order)

    def abort(self, order: CommitOrder) -> CommitState:
        """Bring the device back to before the commit, if it is pending; one that was sent and is late is refused."""
        with self._speaking("rollback") as driver:
            return self._control.abort(driver, order)

    def adjacencies(self, within: float | None = None) -> tuple[AdjacencyState, ...]:
        """What the platform's state requests answer, ``within`` so many seconds or else the session's own limit."""
        with self._speaking("state") as driver:
            requests = self.form.state_requests
            self._control.patience(driver, self._timeout if within is None else within)
            try:
                answers = driver.cli([request.command for request in requests if not request.optional])
                answers |= {r.command: self._answer(driver, r.command) for r in requests if r.optional}
            finally:
                self._control.patience(driver, self._timeout)
            return tuple(state for request in requests for state in request.parse(answers[request.command]))

    @staticmethod
    def _answer(driver: Any, command: str) -> str:
        """What the device answers, nothing where it refuses the command."""
        from napalm.base.exceptions import CommandErrorException

        try:
            return str(driver.cli([command])[command])
        except CommandErrorException:
            return ""

    def look(self, question: Question) -> Seen:
        """What the checks want to know; a part that the device cannot tell does not keep the others."""
        return look(partial(self._speaking, "state"), self.form, question)

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
        name = self.endpoint.device
        try:
            yield
        except Exception as error:
            known = (
                self._control.explain(error, phase)
                or login_error(error, name, phase, self.endpoint.known_hosts)
                or vendor_error(error, name, phase)
            )
            if known:
                raise known from (None if known is error else error)
            # Drivers leak whatever they met; each is this device's answer, and spoils no other's.
            raise DeviceError(name, phase, f"{type(error).__name__}: {words(error)}") from error


@cache
def _driver_class(name: str) -> Any:
    """The driver, or None where there is none. Before any thread asks: loading on demand is for one at a time."""
    from napalm import get_network_driver
    from napalm.base.exceptions import ModuleImportError

    try:
        return get_network_driver(name)
    except ModuleImportError:
        return None
