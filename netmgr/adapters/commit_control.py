"""What differs between families of NAPALM drivers: who is trusted at login, and how a commit is armed and ended.

One control belongs to one device's session (``napalm_session``). Its methods get the open driver and may raise whatever
the driver raises: the session makes one of our errors of it. A device whose commits leave no memory of their ids is
judged by what it runs (``judged``).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from netmgr.adapters.vendor_errors import vendor_error
from netmgr.errors import ConfigRejected, DeviceError, Fenced
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.digest import sha256_hex
from netmgr.model.endpoint import Endpoint
from netmgr.model.last_change import LastChange
from netmgr.model.marker import Marker
from netmgr.model.status import Probe
from netmgr.platforms.form import PlatformForm


class CommitControl(ABC):
    """One family of drivers, for one device. ``form`` is the platform's, ``endpoint`` says whom to trust."""

    glances = False
    """Whether the marker is worth a login of its own: a driver's may cost half as much again."""

    def __init__(self, endpoint: Endpoint, form: PlatformForm) -> None:
        self.endpoint, self.form = endpoint, form
        self.channel: Callable[[], Any] = lambda: None
        """Another way to the device, for who needs a second connection; None where it leads through no jump host."""

    def driver_class(self, found: Any) -> Any:
        """The class that is used for NAPALM's own; None where that is not installed."""
        return found

    @abstractmethod
    def options(self, sock: Any) -> Mapping[str, object]:
        """The driver's options for a login that verifies whom it speaks to. ``sock`` leads through jump hosts.

        Raises DeviceError where nobody is trusted: then nobody is contacted.
        """

    def prepare(self, driver: Any) -> None:  # noqa: B027 - most drivers take everything as options
        """Set what the driver takes no option for, before it opens."""

    def close(self, driver: Any) -> None:
        """Close the connection; a pending commit stays pending on the device."""
        driver.close()

    def patience(self, driver: Any, seconds: float) -> None:
        """From now on an answer may take so many seconds."""
        driver.timeout = seconds

    @abstractmethod
    def pending(self, driver: Any) -> Probe:
        """Whether somebody's commit is pending, and the seconds until its timer ends."""

    def load(self, driver: Any, candidate: str) -> str:
        """Load a complete configuration; the answer is the driver's diff. A refused line raises."""
        driver.load_replace_candidate(config=candidate)
        return str(driver.compare_config())

    def merge(self, driver: Any, candidate: str) -> str:
        """Load what brings the device to a complete configuration, and nothing else; see ``load``."""
        if self.form.remediation is None:  # the driver works that out, whatever it is given
            return self.load(driver, candidate)
        remedy = self.form.remediation(self.running(driver), self.form.canonical(candidate))
        driver.load_merge_candidate(config=remedy.script)
        return str(driver.compare_config())

    def discard(self, driver: Any) -> None:
        """Forget the candidate."""
        driver.discard_config()

    @abstractmethod
    def commit(self, driver: Any, order: CommitOrder) -> CommitState:
        """Commit the candidate with the device's own timer. Raises Fenced unless the device is as the order expects."""

    @abstractmethod
    def state(self, driver: Any, order: CommitOrder) -> CommitState:
        """What becomes of the commit, and the digest that runs now."""

    @abstractmethod
    def confirm(self, driver: Any, order: CommitOrder) -> CommitState:
        """Confirm the commit, whichever process made it; where that fails the state says why."""

    @abstractmethod
    def abort(self, driver: Any, order: CommitOrder) -> CommitState:
        """Bring the device back to before the commit, if it is pending."""

    def explain(self, error: Exception, phase: str) -> DeviceError | None:
        """An exception that this family's libraries raise, as ours; None for any other."""
        return vendor_error(error, self.endpoint.device, phase)

    def running(self, driver: Any) -> str:
        """The running configuration in canonical form."""
        return self.form.canonical(driver.get_config(retrieve="running")["running"])

    def startup(self, driver: Any, running: str) -> str:  # noqa: ARG002 - for devices that have no other
        """What the device would boot into, in canonical form. ``running`` was read just before."""
        return self.form.canonical(driver.get_config(retrieve="startup")["startup"])

    def glance(self, timeout: float) -> Marker | None:  # noqa: ARG002 - for families whose drivers do it
        """See ``marker``; asked where ``glances``, over a login for this alone. ``timeout`` in seconds."""
        return None

    def marker(self, driver: Any) -> Marker | None:  # noqa: ARG002 - for families that know nothing of the kind
        """What tells cheaply whether the running configuration has changed; None where only reading it does."""
        return None

    def last_change(self, driver: Any) -> LastChange | None:  # noqa: ARG002 - for families that know nobody
        """Who changed the configuration last, asked where the form has an ``attribution``; None: nobody is named."""
        return None

    def shown(self, driver: Any) -> tuple[str, str | None, tuple[str, ...]]:
        """Running and startup configuration as the device shows them, and the daemons whose part is missing.

        None is the startup configuration of a platform that has no other than the running one.
        """
        found = driver.get_config(retrieve="all")
        return str(found["running"]), str(found["startup"]) or None, ()

    def must_hold(self, found: str, wanted: str) -> None:
        """Raise ConfigRejected unless the candidate, as the device reads it, is the one that was wanted."""
        if found == wanted:
            return
        lost = sorted(set(wanted.splitlines()) - set(found.splitlines()))
        added = sorted(set(found.splitlines()) - set(wanted.splitlines()))
        line = self.form.redact((lost or added or ["the order of its lines"])[0]).strip()
        what = (
            f"did not take {line}"
            if lost
            else f"has besides: {line}"
            if added
            else "has another order of lines"
        )
        raise ConfigRejected(self.endpoint.device, "load", f"the device {what}")

    # -- for families whose devices do not remember a commit's id ---------------------------------------------------

    def fence(self, driver: Any, order: CommitOrder) -> str:
        """The running configuration, if the device is as the order expects it: nothing pending, nothing changed."""
        if (probe := self.pending(driver)).pending:
            raise Fenced(self.endpoint.device, "commit", f"commit {probe.pending} is pending on the device")
        running = self.running(driver)
        if sha256_hex(running) != order.expected:
            raise Fenced(
                self.endpoint.device,
                "commit",
                "the running configuration has changed since the plan was made",
            )
        return running

    def judged(
        self,
        driver: Any,
        order: CommitOrder,
        *,
        pending: bool,
        remaining: float | None = None,
        detail: str = "",
    ) -> CommitState:
        """The state as the running configuration tells it. ``pending`` is to be asked first, the rest after it.

        In this order a timer that ends in between is seen: what was over before the configuration was read stays over.
        """
        running = sha256_hex(self.running(driver))
        if pending:
            return CommitState(state="pending", running=running, remaining=remaining, detail=detail)
        if running == order.after:
            return CommitState(state="confirmed", running=running, detail=detail)
        if running == order.expected:
            return CommitState(state="rolled_back", running=running, detail=detail or "the device went back")
        neither = "the device runs neither what was planned nor what it ran before"
        return CommitState(state="failed", running=running, detail=detail or neither)
